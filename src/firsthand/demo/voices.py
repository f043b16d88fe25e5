"""What people write in surveys, in English and German, about what happened to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from firsthand.demo.contact_details import CONTACTS, contact, order_numbers

SECOND, OPENS, GOES_ON, CLOSES = 0.15, 0.22, 0.35, 0.30
"""Share of comments with a second topic, and with an opening, a consequence, a closing."""

SHORT, EMOJI, LETTER, DANGER = 0.08, 0.02, 0.02, 0.04
"""Share of comments without a topic: a word or two, emoji; of those not positive the form letter; of negative ones what hurt people."""

THREAT, LEGAL, NUMBERS = 0.10, 0.03, 0.05
ASKS = {"negative": 0.15, "neutral": 0.12, "positive": 0.0}
PROPOSES = {"negative": 0.15, "neutral": 0.2, "positive": 0.05}
LEAVES_CONTACT = {"negative": 0.12, "neutral": 0.06, "positive": 0.02}
THANKS = {"negative": 0.03, "neutral": 0.05, "positive": 0.2}
MOOD = {"negative": "complaint", "positive": "praise"}


@dataclass(frozen=True)
class Writer:
    """Who writes, and what it is about."""

    language: str
    first: str
    city: str
    email: str
    phone: str
    product: str
    order: int  # -1 where it is about no order
    days: int  # late
    fixed: bool  # after payments were mended


@dataclass(frozen=True)
class Comment:
    """What somebody wrote, and the truth about it.

    topics: what it speaks of, in order.  sentiment: of the whole.  wants: what it asks for, as voice.wants and voice.flags
    name it.  personal_data: what stands in the text and must be masked, as it stands there.
    """

    text: str
    topics: tuple[str, ...] = ()
    sentiment: str = "neutral"
    wants: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()


def comment(rng: np.random.Generator, topic: str, sentiment: str, writer: Writer, *, also: str = "") -> Comment:
    """A comment on a topic, as people write: at length or hardly at all, with slips, sometimes on something else.

    also: a topic that annoyed the writer besides.
    """
    language, said = writer.language, wordings()
    draw = rng.random()
    if draw < EMOJI:
        return Comment(_one(rng, said["emoji"][sentiment]), (), sentiment)
    if draw < EMOJI + SHORT:
        return Comment(_one(rng, said["short"][sentiment][language]), (), sentiment)
    if sentiment != "positive" and draw > 1 - LETTER:
        return Comment(_filled(rng, said["letter"][language], writer), (), "negative", ("complaint",))
    topics: tuple[str, ...] = ()
    wants = set()
    if sentiment == "negative" and draw > 1 - LETTER - DANGER:
        body = [_filled(rng, _one(rng, said["dangers"][language]), writer)]
        wants |= {"danger", "complaint"}
    else:
        side = _side(topic, sentiment)
        body, topics, moods = _told(rng, topic, side, writer, also)
        sentiment = side
        wants |= {MOOD[mood] for mood in moods if mood in MOOD}
        wants |= {"question"} if any("?" in sentence for sentence in body) else set()
    text = _mistyped(rng, " ".join(body), language)
    ends, asked, personal = _ends(rng, topics, sentiment, writer)
    return Comment(" ".join([text, *ends]), topics, sentiment, tuple(sorted(wants | asked)), personal)


def _told(
    rng: np.random.Generator, topic: str, side: str, writer: Writer, also: str
) -> tuple[list[str], tuple[str, ...], list[str]]:
    """Sentences on a topic and perhaps on a second one, the topics, and the mood of each."""
    language, said = writer.language, wordings()
    first, *more = _on(rng, topic, side, writer)
    if rng.random() < OPENS:
        opening = _one(rng, said["openings"][side][language])
        first = f"{opening} {_lowered(first, language) if opening.endswith(',') else first}"
    if not also and rng.random() >= SECOND:
        return [first, *more], (topic,), [side]
    others = [(name, mood) for name in SECONDS for mood in said["topics"][name] if name != topic and mood != "neutral"]
    other, mood = (also, "negative") if also else others[int(rng.integers(len(others)))]
    if other == "payment" and writer.fixed and mood == "negative":
        other = "price" if topic != "price" else "staff"
    sentence = _on(rng, other, mood, writer)[0]
    link = _one(rng, said["joins" if mood == side else "turns"][language])
    if first[-1] == "?" and "{a}," in link:
        link = "{a} {B}"
    joined = link.format(a=first.removesuffix("."), b=_lowered(sentence, language), B=sentence)
    return [joined.replace("?.", "?"), *more], (topic, other), [side, mood]


LOWERED = frozenset(
    "Die Der Das Ich Es Mein Meine Meinen Ihre Ihr Laut Niemand Keiner Bis Sie Jeder Sehr Zu Viel Alles Kaum Nicht Am Dieselbe "
    "Dasselbe Seit Woher Mir Wie Schnelle Flotte Zügige Pünktlich Genau Tolle Große Schöne Riesige Faire Gute Günstiger Billiger "
    "Wirklich Geduldige Kompetente Immer Was Überteuert Praktische".split()
)


def _lowered(sentence: str, language: str) -> str:
    """As it stands after a comma: only nouns, names and "I" keep their capital."""
    word = sentence.split(" ")[0]
    stays = word in ("I", "PayPal") if language == "en" else word not in LOWERED
    return sentence if stays else sentence[0].lower() + sentence[1:]


SECONDS = ("delivery", "app", "payment", "staff", "price", "range")
"""What people also speak of. Instructions and fees are spoken of by those alone whom they met."""


def _on(rng: np.random.Generator, topic: str, side: str, writer: Writer) -> list[str]:
    words = wordings()["topics"][topic][side][writer.language]
    told = [_filled(rng, _one(rng, words["said"]), writer)]
    if words.get("then") and rng.random() < GOES_ON:
        told.append(_filled(rng, _one(rng, words["then"]), writer))
    return told


def _ends(
    rng: np.random.Generator, topics: Sequence[str], sentiment: str, writer: Writer
) -> tuple[list[str], set[str], tuple[str, ...]]:
    """How a comment ends: questions, wishes, threats, thanks, how to reach the writer."""
    language, said = writer.language, wordings()
    ends: list[str] = []
    wants = set[str]()
    personal: tuple[str, ...] = ()
    for shares, kind, want in ((PROPOSES, "suggestions", "suggestion"), (ASKS, "questions", "question")):
        if topics and rng.random() < shares[sentiment]:
            ends.append(_filled(rng, _one(rng, said[kind][topics[0]][language]), writer))
            wants.add(want)
    for share, kind, want in ((THREAT, "threats", "threat_to_leave"), (LEGAL, "legal", "legal")):
        if sentiment == "negative" and rng.random() < share:
            ends.append(_one(rng, said[kind][language]))
            wants.add(want)
    if rng.random() < CLOSES:
        ends.append(_one(rng, said["closings"][sentiment][language]))
    if writer.order >= 0 and rng.random() < NUMBERS:
        ends.append(_one(rng, said["numbers"][language]).format(**order_numbers(rng, writer.order, language)))
    if rng.random() < LEAVES_CONTACT[sentiment]:
        kind = CONTACTS[int(rng.choice(len(CONTACTS), p=(0.36, 0.40, 0.08, 0.16)))]
        detail = contact(rng, kind, email=writer.email, phone=writer.phone, order=writer.order)
        ends.append(_one(rng, said["contact"][kind][language]).format(**{kind: detail}))
        personal = (detail,)
    if rng.random() < THANKS[sentiment]:
        ends.append(_one(rng, said["thanks"][language]))
        wants.add("thanks")
    return ends, wants, personal


def said(comments: Sequence[Comment | None]) -> dict[str, Any]:
    """What was planted in the comments, as a document: how many there are of each sort."""
    written = [each for each in comments if each]
    opened = tuple(sorted(text.split("{")[0] for text in wordings()["letter"].values()))
    return {
        "comments": len(written),
        "topics": dict(sorted(Counter(topic for each in written for topic in each.topics).items())),
        "of_no_topic": sum(not each.topics for each in written),
        "of_two_topics": sum(len(each.topics) == 2 for each in written),
        "sentiment": dict(sorted(Counter(each.sentiment for each in written).items())),
        "wants": dict(sorted(Counter(want for each in written for want in each.wants).items())),
        "with_personal_data": sum(bool(each.personal_data) for each in written),
        "form_letter": {"begins": list(opened), "sent": sum(each.text.startswith(opened) for each in written)},
        "problem_nobody_listed": {"topic": "instructions", "words": "translated instructions of P-017, in German"},
    }


@cache
def wordings() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        files("firsthand.demo").joinpath("files", "comments.yaml").read_text("utf-8")
    )
    return content


def _side(topic: str, sentiment: str) -> str:
    """The mood in which a topic is spoken of that is nearest to how somebody feels."""
    sides = wordings()["topics"][topic]
    return (
        sentiment
        if sentiment in sides
        else "negative"
        if sentiment == "neutral" and "negative" in sides
        else next(iter(sides))
    )


def _one(rng: np.random.Generator, among: Sequence[str]) -> str:
    return among[int(rng.integers(len(among)))]


CHOICE = re.compile(r"\(([^()]*)\)")


def _filled(rng: np.random.Generator, wording: str, writer: Writer) -> str:
    """A wording with one of each set of alternatives, and with what it is about."""
    chosen = CHOICE.sub(lambda choice: _one(rng, choice[1].split("|")), wording)
    fee = "2,90" if writer.language == "de" else "2.90"
    return chosen.format(product=writer.product, days=writer.days, fee=fee, city=writer.city, first=writer.first)


def _mistyped(rng: np.random.Generator, text: str, language: str) -> str:
    """As somebody typed it: with swapped or missing letters, all in capitals or in small letters, without umlauts."""
    draw = rng.random()
    if draw < 0.08:
        words = text.split(" ")
        long = [at for at, word in enumerate(words) if len(word) > 5 and word.isalpha()]
        for at in long[:: max(1, len(long) // 2)]:
            place = int(rng.integers(1, len(words[at]) - 2))
            word = words[at]
            swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
            words[at] = swapped if rng.random() < 0.5 else word[:place] + word[place + 1 :]
        return " ".join(words)
    if draw < 0.10:
        return text.upper()
    if draw < 0.15:
        return text.lower()
    if draw < 0.18 and language == "de":
        for letter, typed in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ü", "Ue")):
            text = text.replace(letter, typed)
        return text
    if draw < 0.21:
        return text.rstrip(".") + "!!!"
    return text
