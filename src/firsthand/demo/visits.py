"""What people do on the website and in the app."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firsthand.demo.orders import PRODUCTS, Orders, daytime
from firsthand.demo.people import People
from firsthand.demo.planted import BEGIN, DAY, FIX, PAYMENT_FAILS, PUZZLED, PUZZLING, SPAN, USUAL

BROWSING = 3.6  # visits without a purchase, per person, on average


@dataclass
class Visits:
    """Arrays with one entry per event; `product` is an index or -1, `order` an index or -1."""

    person: np.ndarray
    time: np.ndarray
    event: np.ndarray
    app: np.ndarray
    known: np.ndarray  # logged in
    product: np.ndarray
    order: np.ndarray
    session: np.ndarray
    failed: np.ndarray  # orders whose payment failed at first


def make_visits(rng: np.random.Generator, people: People, orders: Orders) -> Visits:
    """Visits that end in an order, visits that do not, and searches for help after a delivery."""
    online = np.flatnonzero(orders.channel != "store")
    fails = np.where(
        orders.placed[online] < int((FIX - BEGIN).astype(int)), PAYMENT_FAILS["before"], PAYMENT_FAILS["after"]
    )
    failed = rng.random(len(online)) < fails
    buying = _sessions(
        rng, orders.person[online], orders.placed[online] - 1200, orders.channel[online] == "app",
        rng.integers(2, 7, len(online)), orders.product[online], online,
    )  # fmt: skip
    ends = [
        _steps(orders, online, name, -seconds, chosen)
        for name, seconds, chosen in (
            ("Product Added", 300, np.full(len(online), True)),
            ("Checkout Started", 200, np.full(len(online), True)),
            ("Payment Failed", 90, failed),
            ("Payment Info Entered", 40, np.full(len(online), True)),
        )
    ]
    count = rng.poisson(BROWSING, len(people))
    person = np.repeat(np.arange(len(people)), count)
    stay = SPAN - DAY - people.joined[person]
    begin = daytime(rng, people.joined[person] + (stay * rng.random(len(person)) ** 1.3).astype(np.int64))
    firsts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]]) if len(person) else np.array([], int)
    begin[firsts] = people.joined[person[firsts]]
    app = (people.phone_app[person] != "") & (rng.random(len(person)) < 0.6)
    looking = _sessions(
        rng, person, begin, app, rng.integers(1, 9, len(person)), rng.integers(0, 60, len(person)), None
    )
    leaving = np.flatnonzero(rng.random(len(person)) < 0.16)
    none = np.full(len(leaving), -1)
    carts = (
        person[leaving], begin[leaving] + 900, np.full(len(leaving), "Product Added"), app[leaving],
        rng.random(len(leaving)) < 0.5, rng.integers(0, 60, len(leaving)), none, np.char.add("s", leaving.astype(str)),
    )  # fmt: skip
    puzzling = int(np.flatnonzero(PRODUCTS == PUZZLING)[0])
    puzzled = (orders.product == puzzling) & people.german[orders.person]
    seeks = (orders.delivered > 0) & (
        rng.random(len(orders)) < np.where(puzzled, PUZZLED["help_search"], USUAL["help_search"])
    )
    seeker = np.flatnonzero(seeks)
    when = orders.delivered[seeker] + rng.integers(3600, 4 * DAY, len(seeker))
    searches = (
        orders.person[seeker], when, np.where(puzzled[seeker], "Help Searched In Vain", "Help Searched"),
        np.full(len(seeker), False), np.full(len(seeker), True), orders.product[seeker], seeker, np.char.add("h", seeker.astype(str)),
    )  # fmt: skip
    parts = [buying, *ends, looking, carts, searches]
    columns = [np.concatenate([part[at] for part in parts]) for at in range(8)]
    inside = np.flatnonzero((columns[1] < SPAN) & (columns[1] >= 0))
    order = inside[np.argsort(columns[1][inside], kind="stable")]
    return Visits(*[*(column[order] for column in columns), online[failed]])


Part = tuple[np.ndarray, ...]


def _sessions(
    rng: np.random.Generator, person: np.ndarray, begin: np.ndarray, app: np.ndarray, length: np.ndarray,
    product: np.ndarray, order: np.ndarray | None,
) -> Part:  # fmt: skip
    """Events of visits: first the landing, then looking around, a step every minute or so."""
    session = np.repeat(np.arange(len(person)), length)
    first = np.r_[0, np.cumsum(length)[:-1]] if len(length) else np.array([], int)
    step = np.arange(len(session)) - np.repeat(first, length)
    looks = rng.choice(
        ("Product Viewed", "Product List Viewed", "Products Searched", "page"), len(session), p=(0.5, 0.25, 0.1, 0.15)
    )
    event = np.where(step == 0, "page", looks)
    seen = np.where(
        event == "Product Viewed",
        np.where(rng.random(len(session)) < 0.5, product[session], rng.integers(0, 60, len(session))),
        -1,
    )
    time = begin[session] + step * 70 + rng.integers(0, 50, len(session))
    known = (rng.random(len(person)) < 0.55)[session]
    name = np.char.add(
        "o" if order is not None else "s", (order if order is not None else np.arange(len(person))).astype(str)
    )
    return person[session], time, event, app[session], known, seen, np.full(len(session), -1), name[session]


def _steps(orders: Orders, online: np.ndarray, event: str, shift: int, chosen: np.ndarray) -> Part:
    which = online[chosen]
    count = len(which)
    return (
        orders.person[which], orders.placed[which] + shift, np.full(count, event), orders.channel[which] == "app",
        np.full(count, True), orders.product[which], which, np.char.add("o", which.astype(str)),
    )  # fmt: skip
