"""What people buy, what they are promised, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from firsthand.demo.people import People
from firsthand.demo.planted import (
    AGAIN,
    AGAIN_AFTER_LATE,
    BEGIN,
    CANCELLED_BY_CUSTOMER,
    CANCELLED_BY_US,
    DAY,
    FEE,
    FEE_BELOW,
    FEE_FROM,
    LATE,
    LATER,
    LOST,
    MOVED,
    NEVER_BUYS,
    PUZZLED,
    PUZZLING,
    SPAN,
    USUAL,
)  # fmt: skip

PRODUCTS = np.array([f"P-{number:03d}" for number in range(1, 61)])
PRICES = np.round(np.geomspace(12, 320, 60)[np.argsort(np.sin(np.arange(60) * 7))], 2)
NO_TIME = np.int64(-1)


@dataclass
class Orders:
    """Arrays with one entry per order; times in seconds since BEGIN, -1 where something did not happen."""

    person: np.ndarray
    nth: np.ndarray  # 0 for the first purchase of a person
    placed: np.ndarray
    channel: np.ndarray  # web, app or store
    product: np.ndarray  # index into PRODUCTS
    total: np.ndarray
    carrier: np.ndarray
    promised: np.ndarray  # start of the promised day
    moved_at: np.ndarray
    moved_to: np.ndarray
    handed: np.ndarray
    delivered: np.ndarray
    state: np.ndarray  # store, kept, late, lost, cancelled_by_us, cancelled_by_customer
    cancelled: np.ndarray
    circumstance: np.ndarray
    returned: np.ndarray
    fee: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def daytime(rng: np.random.Generator, seconds: np.ndarray) -> np.ndarray:
    """The same days, at hours when people are awake (UTC)."""
    return seconds // DAY * DAY + ((7 + 13 * rng.beta(2, 2, len(seconds))) * 3600).astype(np.int64)


def make_orders(rng: np.random.Generator, people: People) -> Orders:
    """Each person's purchases, one after the other: whether a next one comes depends on how the last one went."""
    buyers = np.flatnonzero(rng.random(len(people)) >= NEVER_BUYS)
    time = daytime(rng, people.joined[buyers] + rng.exponential(12 * DAY, len(buyers)).astype(np.int64) + DAY)
    rounds: list[Orders] = []
    nth = 0
    while len(buyers):
        inside = time < SPAN
        buyers, time = buyers[inside], time[inside]
        orders = _one_each(rng, people, buyers, time, nth)
        rounds.append(orders)
        happy = np.isin(orders.state, ("kept", "store", "cancelled_by_customer"))
        chance = np.where(happy, AGAIN, AGAIN_AFTER_LATE)
        draw = rng.random(len(buyers))
        soon = draw < chance
        later = ~soon & (rng.random(len(buyers)) < LATER)
        gap = np.where(soon, 16 + 72 * rng.random(len(buyers)), 92 + rng.exponential(110, len(buyers)))
        stay = soon | later
        time = daytime(rng, time + (gap * DAY).astype(np.int64))[stay]
        buyers = buyers[stay]
        nth += 1
    whole = Orders(*(np.concatenate([getattr(part, entry.name) for part in rounds]) for entry in fields(Orders)))
    order = np.argsort(whole.placed, kind="stable")
    return Orders(*(getattr(whole, entry.name)[order] for entry in fields(Orders)))


def _one_each(rng: np.random.Generator, people: People, person: np.ndarray, placed: np.ndarray, nth: int) -> Orders:
    count = len(person)
    has_app = people.phone_app[person] != ""
    draw = rng.random(count)
    channel = np.where(draw < 0.22, "store", np.where(has_app & (draw < 0.65), "app", "web"))
    product = np.minimum(rng.zipf(1.3, count) % 60 + rng.integers(0, 3, count) * 13, 59)
    puzzling = int(np.flatnonzero(PRODUCTS == PUZZLING)[0])
    product = np.where(rng.random(count) < 0.05, puzzling, product)
    total = np.round(PRICES[product] * rng.uniform(0.8, 1.6, count), 2)
    carrier = rng.choice(3, count, p=(0.4, 0.3, 0.3))
    days = rng.integers(2, 6, count)
    promised = placed // DAY * DAY + days * DAY
    draw = rng.random(count)
    late = draw < LATE[people.region[person], carrier]
    fate = rng.random(count)
    limits = np.cumsum([CANCELLED_BY_US, CANCELLED_BY_CUSTOMER, LOST])
    state = np.where(late, "late", "kept").astype("<U21")
    for limit, name in reversed(list(zip(limits, ("cancelled_by_us", "cancelled_by_customer", "lost"), strict=True))):
        state[fate < limit] = name
    state[channel == "store"] = "store"
    slack = np.where(late, 1 + rng.geometric(0.45, count), -rng.integers(0, 2, count)).astype(np.int64)
    arrives = (
        np.maximum(promised + slack * DAY, placed // DAY * DAY + DAY)
        + rng.integers(8, 17, count) * 3600
        + rng.integers(0, 3600, count)
    )
    come = np.isin(state, ("kept", "late"))
    delivered = np.where(come & (arrives < SPAN), arrives, NO_TIME)
    handed = np.where(np.isin(state, ("kept", "late", "lost")), placed + rng.integers(10, 30, count) * 3600, NO_TIME)
    handed = np.where(handed < SPAN, np.minimum(handed, np.where(delivered > 0, delivered - 3600, handed)), NO_TIME)
    moved = (state == "late") & (rng.random(count) < MOVED * 6)
    cancelled = np.where(np.char.startswith(state, "cancelled"), placed + rng.integers(3, 40, count) * 3600, NO_TIME)
    circumstance = rng.choice(
        ("everyday", "gift", "moving house", "urgent replacement"), count, p=(0.68, 0.14, 0.08, 0.10)
    ).astype("<U18")
    if nth == 0:
        circumstance[rng.random(count) < 0.7] = "first purchase"
    puzzled = (product == puzzling) & people.german[person]
    sends_back = rng.random(count) < np.where(puzzled, PUZZLED["return"], USUAL["return"])
    base = np.where(channel == "store", placed, delivered)
    returned = np.where(sends_back & (base > 0), base + rng.integers(2, 15, count) * DAY, NO_TIME)
    since = int((FEE_FROM - BEGIN).astype(int))
    fee = np.where((placed >= since) & (total < FEE_BELOW) & (channel != "store"), FEE, 0.0)
    return Orders(
        person, np.full(count, nth), placed, channel, product, total, carrier, promised,
        np.where(moved, promised + 9 * 3600, NO_TIME), np.where(moved, promised + 3 * DAY, NO_TIME), handed, delivered,
        state, np.where(cancelled < SPAN, cancelled, NO_TIME), circumstance, np.where(returned < SPAN, returned, NO_TIME), fee,
    )  # fmt: skip
