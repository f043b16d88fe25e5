"""When people get in touch: why, how, with whom, and whether once was enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firsthand.demo.orders import PRODUCTS, Orders, daytime
from firsthand.demo.people import People
from firsthand.demo.planted import AGENTS, DAY, FEE_CONTACT, PUZZLED, PUZZLING, SOLVED, SPAN, USUAL

WAYS = ("phone", "ticket", "chat")


@dataclass
class Contacts:
    """Arrays with one entry per contact."""

    person: np.ndarray
    time: np.ndarray
    order: np.ndarray
    why: np.ndarray  # where is it, instructions, fee, payment, other
    way: np.ndarray
    agent: np.ndarray
    solved: np.ndarray
    wait: np.ndarray  # seconds on hold, or until the first reply
    talk: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def make_contacts(rng: np.random.Generator, people: People, orders: Orders, failed: np.ndarray) -> Contacts:
    """First contacts by their reasons, and those that come again because nobody had solved it."""
    count = len(orders)
    puzzling = (orders.product == int(np.flatnonzero(PRODUCTS == PUZZLING)[0])) & people.german[orders.person]
    late = np.isin(orders.state, ("late", "lost", "cancelled_by_us"))
    has_failed = np.zeros(count, bool)
    has_failed[failed] = True
    came = np.where(orders.delivered > 0, orders.delivered, orders.placed)
    causes = (
        ("where is it", late, 0.38, orders.promised + 30 * 3600),
        ("instructions", (came > 0) & puzzling, PUZZLED["contact"], came + rng.integers(2, 120, count) * 3600),
        ("instructions", (came > 0) & ~puzzling, USUAL["contact"], came + rng.integers(2, 120, count) * 3600),
        ("fee", orders.fee > 0, FEE_CONTACT, orders.placed + rng.integers(20, 90, count) * 3600),
        ("payment", has_failed, 0.30, orders.placed + rng.integers(600, 7200, count)),
        ("other", np.full(count, True), 0.07, orders.placed + rng.integers(1, 300, count) * 3600),
    )
    which, why, time = [], [], []
    for name, who, chance, when in causes:
        hit = np.flatnonzero(who & (rng.random(count) < chance))
        which.append(hit)
        why.append(np.full(len(hit), name))
        time.append(when[hit])
    order, reason, moment = np.concatenate(which), np.concatenate(why), np.concatenate(time)
    rounds = []
    while len(order):
        inside = (moment < SPAN) & (moment >= 0)
        order, reason, moment = order[inside], reason[inside], moment[inside]
        agent = rng.integers(0, AGENTS, len(order))
        solved = rng.random(len(order)) < SOLVED[agent]
        rounds.append((order, reason, moment, agent, solved))
        again = ~solved & (rng.random(len(order)) < 0.85)
        order, reason = order[again], reason[again]
        moment = daytime(rng, moment[again] + rng.integers(1, 5, int(again.sum())) * DAY)
    columns: list[np.ndarray] = [np.concatenate([part[at] for part in rounds]) for at in range(5)]
    in_time = np.argsort(columns[2], kind="stable")
    order, reason, moment, agent, solved = (column[in_time] for column in columns)
    way = rng.choice(WAYS, len(order), p=(0.5, 0.3, 0.2))
    monday = (moment // DAY + 0) % 7 == 0
    hold = rng.lognormal(np.log(np.where(monday, 210, 95)), 0.8)
    reply = rng.lognormal(np.log(5 * 3600), 0.9, len(order))
    wait = np.where(way == "phone", hold, np.where(way == "chat", hold / 4, reply)).astype(np.int64)
    talk = rng.lognormal(np.log(300), 0.5, len(order)).astype(np.int64)
    return Contacts(orders.person[order], moment, order, reason, way, agent, solved, wait, talk)
