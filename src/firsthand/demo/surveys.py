"""Who was asked, who answered, and what they said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firsthand.demo.contacts import Contacts
from firsthand.demo.orders import PRODUCTS, Orders
from firsthand.demo.people import People
from firsthand.demo.planted import (
    APP_SCORE,
    BEGIN,
    CIRCUMSTANCES,
    DAY,
    FIX,
    LATE_HURTS,
    LOYAL_FROM,
    PUZZLING,
    RELEASE,
    SPAN,
)
from firsthand.demo.voices import Comment, Writer, comment

QUESTIONS = {
    "delivery": ("How satisfied are you with the delivery?", "csat", 1, 5),
    "app": ("How satisfied are you with our app?", "csat", 1, 5),
    "service": ("We made it easy for you to solve your matter.", "ces", 1, 7),
    "relationship": ("How likely are you to recommend us?", "nps", 0, 10),
}


@dataclass
class Surveys:
    """One entry per invitation; score -1 where nobody answered."""

    survey: np.ndarray
    person: np.ndarray
    invited: np.ndarray
    answered: np.ndarray
    score: np.ndarray
    order: np.ndarray  # -1 where it is about no order
    agent: np.ndarray
    comments: list[Comment | None]  # None where nobody wrote anything

    def __len__(self) -> int:
        return len(self.survey)


def make_surveys(
    rng: np.random.Generator, people: People, orders: Orders, contacts: Contacts, *, words: np.random.Generator
) -> Surveys:
    """Surveys after deliveries and contacts, in the app, and on the relationship twice a year.

    words: draws what people write and nothing else, so that other words leave every figure as it is.
    """
    asked = [
        _after_delivery(rng, people, orders),
        _in_the_app(rng, people, orders),
        _after_contact(rng, people, contacts),
        _relationship(rng, people, orders),
    ]
    survey, person, invited, score, order, agent, topic = (
        np.concatenate([part[at] for part in asked]) for at in range(7)
    )
    answered = np.where(score >= 0, invited + rng.integers(600, 4 * DAY, len(invited)), -1)
    keep = (invited < SPAN) & (answered < SPAN)
    survey, person, invited, score, order, agent, topic, answered = (
        part[keep] for part in (survey, person, invited, score, order, agent, topic, answered)
    )
    sequence = np.argsort(invited, kind="stable")
    survey, person, invited, score, order, agent, topic, answered = (
        part[sequence] for part in (survey, person, invited, score, order, agent, topic, answered)
    )
    low = np.array([QUESTIONS[name][2] for name in survey])
    high = np.array([QUESTIONS[name][3] for name in survey])
    reach = (score - low) / (high - low)
    sentiment = np.where(reach >= 0.7, "positive", np.where(reach <= 0.45, "negative", "neutral"))
    writes = (score >= 0) & (rng.random(len(score)) < 0.54)
    comments: list[Comment | None] = [None] * len(score)
    fix = int((FIX - BEGIN).astype(int))
    for at in np.flatnonzero(writes):
        writer = _writer(people, orders, int(person[at]), int(order[at]), fixed=invited[at] >= fix)
        about = _about(str(topic[at]), str(sentiment[at]), str(survey[at]), writer, words)
        also = "fee" if topic[at] == "fee" and about != "fee" and words.random() < FEE_BESIDES else ""
        cross = topic[at] in CROSS and sentiment[at] != "positive"
        feeling = "negative" if cross else str(sentiment[at])
        comments[at] = comment(words, about, feeling, writer, also=also)
    return Surveys(survey, person, invited, answered, score, order, agent, comments)


def _writer(people: People, orders: Orders, person: int, order: int, *, fixed: bool) -> Writer:
    late = int((orders.delivered[order] - orders.promised[order]) // DAY) if order >= 0 else 0
    return Writer(
        language="de" if people.german[person] else "en",
        first=str(people.first[person]),
        city=str(people.city[person]),
        email=str(people.email[person]),
        phone=str(people.phone[person]),
        product=str(PRODUCTS[orders.product[order]]) if order >= 0 else "P-030",
        order=order,
        days=max(late, 2),
        fixed=fixed,
    )


CROSS = ("delivery late", "instructions", "fee")
"""What makes those cross who write about it, even where their score is in the middle."""

FEE_BESIDES = 0.4
"""Share of those charged a fee, and pleased all the same, who mention it."""

USUALLY = {
    "positive": (("delivery", "range", "staff", "price", "payment"), (0.30, 0.28, 0.25, 0.10, 0.07)),
    "neutral": (("price", "delivery", "app"), (0.6, 0.25, 0.15)),
    "negative": (("price", "staff", "range", "payment"), (0.35, 0.25, 0.2, 0.2)),
}
"""What people speak of where nothing in particular happened."""


def _about(cause: str, sentiment: str, survey: str, writer: Writer, words: np.random.Generator) -> str:
    if cause in CROSS and sentiment != "positive":
        return cause.split(" ")[0]
    if cause == "app" or (cause == "staff" and sentiment != "neutral"):
        return cause
    if cause == "delivery good" and survey == "delivery" and sentiment == "positive" and words.random() < 0.6:
        return "delivery"
    topics, shares = USUALLY[sentiment]
    chosen = str(words.choice(topics, p=shares))
    return "price" if chosen == "payment" and sentiment == "negative" and writer.fixed else chosen


Part = tuple[np.ndarray, ...]


def _points(mean: np.ndarray, low: int, high: int, rng: np.random.Generator, spread: float) -> np.ndarray:
    return np.clip(np.rint(mean + rng.normal(0, spread, len(mean))), low, high).astype(np.int64)


def _answers(rng: np.random.Generator, score: np.ndarray, chance: float) -> np.ndarray:
    """Scores of those who answer; the very pleased and the very cross are a little more likely to."""
    return np.where(rng.random(len(score)) < chance, score, -1)


def _after_delivery(rng: np.random.Generator, people: People, orders: Orders) -> Part:
    which = np.flatnonzero((orders.delivered > 0) & (rng.random(len(orders)) < 0.9))
    who = orders.person[which]
    late = orders.state[which] == "late"
    hurts = np.array([LATE_HURTS[name] for name in CIRCUMSTANCES])
    cost = hurts[np.searchsorted(CIRCUMSTANCES, orders.circumstance[which])]
    puzzled = (PRODUCTS[orders.product[which]] == PUZZLING) & people.german[who]
    mean = 4.4 + people.patience[who] * 0.6 - late * cost - puzzled * 1.4
    score = _answers(rng, _points(mean, 1, 5, rng, 0.6), 0.38)
    topic = np.where(
        late,
        "delivery late",
        np.where(puzzled, "instructions", np.where(orders.fee[which] > 0, "fee", "delivery good")),
    )
    when = orders.delivered[which] + rng.integers(20, 50, len(which)) * 3600
    return np.full(len(which), "delivery"), who, when, score, which, np.full(len(which), -1), topic.astype("<U20")


def _in_the_app(rng: np.random.Generator, people: People, orders: Orders) -> Part:
    which = np.flatnonzero((orders.channel == "app") & (rng.random(len(orders)) < 0.7))
    who = orders.person[which]
    after = orders.placed[which] >= int((RELEASE - BEGIN).astype(int))
    loyal = orders.nth[which] >= LOYAL_FROM - 1
    mean = np.where(after, np.where(loyal, APP_SCORE["after_loyal"], APP_SCORE["after_others"]), APP_SCORE["before"])
    score = _answers(rng, _points(mean + people.patience[who] * 0.4, 1, 5, rng, 0.6), 0.5)
    count = len(which)
    return (
        np.full(count, "app"),
        who,
        orders.placed[which] + 900,
        score,
        np.full(count, -1),
        np.full(count, -1),
        np.full(count, "app", "<U20"),
    )


def _after_contact(rng: np.random.Generator, people: People, contacts: Contacts) -> Part:
    which = np.flatnonzero(rng.random(len(contacts)) < 0.6)
    who = contacts.person[which]
    mean = np.where(contacts.solved[which], 5.8, 3.1) + people.patience[who]
    score = _answers(rng, _points(mean, 1, 7, rng, 0.9), 0.33)
    when = contacts.time[which] + contacts.talk[which] + 1800
    return (
        np.full(len(which), "service"),
        who,
        when,
        score,
        contacts.order[which],
        contacts.agent[which],
        np.full(len(which), "staff", "<U20"),
    )


def _relationship(rng: np.random.Generator, people: People, orders: Orders) -> Part:
    parts = []
    for wave in range(1, 5):
        when = wave * 175 * DAY + 10 * 3600
        recent = orders.placed < when
        last = np.full(len(people), -1)
        last[orders.person[recent]] = np.flatnonzero(recent)
        asked = np.flatnonzero((last >= 0) & (rng.random(len(people)) < 0.8))
        bad = ~np.isin(orders.state[last[asked]], ("kept", "store"))
        mean = 8.3 + people.patience[asked] * 1.6 - bad * 2.6
        score = _answers(rng, _points(mean, 0, 10, rng, 1.3), 0.27)
        count = len(asked)
        topic = np.where(bad, "delivery late", "delivery good").astype("<U20")
        parts.append(
            (
                np.full(count, "relationship"),
                asked,
                np.full(count, when) + rng.integers(0, 7200, count),
                score,
                np.full(count, -1),
                np.full(count, -1),
                topic,
            )
        )
    return tuple(np.concatenate([part[at] for part in parts]) for at in range(7))
