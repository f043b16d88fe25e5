"""Moments of which the record is blind: customers go through them, and no interaction shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ibis import _
from ibis.common.deferred import Deferred

from firsthand.jobs.world import World, rows_of


def of(*kinds: str) -> Deferred:
    return _.kind.isin(kinds)


def on(*channels: str) -> Deferred:
    return _.channel.isin(channels)


ALWAYS = _.interaction_id.notnull()
WAIT = _.wait_seconds.notnull()
OUTCOMES = ("kept", "withdrawn_by_us", "withdrawn_by_customer")


@dataclass(frozen=True)
class Moment:
    """What customers go through, in words, and how one could come to see it.

    told_by: an interaction that tells that there are such moments; where there is none, only the map can tell, by a
    touchpoint of that kind.  seen_by: an interaction that shows such a moment; none: any of its kind does.
    """

    kind: str
    moment: str
    how: str
    told_by: Deferred | None = None
    seen_by: Deferred | None = None


MOMENTS = (
    Moment("heard_of_us", "how people heard of us", "import campaigns, or ask new customers", ALWAYS),
    Moment("visit", "looking around", "import page views and screens", ALWAYS),
    Moment("visit", "coming to a store and leaving without buying", "import the counts at its door", on("store"), of("visit") & on("store")),
    Moment("visit", "standing in line in a store", "give `wait_seconds` with store visits or purchases", on("store"), on("store") & WAIT),
    Moment("question", "asking before buying", "import searches and questions about products", of("purchase")),
    Moment("cart", "giving up before buying", "import carts and checkouts", of("purchase") & on("web", "app")),
    Moment("purchase", "buying", "import orders", ALWAYS),
    Moment("payment", "paying, and payments that fail", "import invoices and payments", of("purchase")),
    Moment("fee", "being charged a fee", "import what was charged"),
    Moment("refund", "waiting for the money back", "import refunds", of("return")),
    Moment("promise", "what was said about when it comes", "give `promised_for` with orders", of("delivery"), _.promised_for.notnull()),
    Moment("promise", "whether promises were kept", "give `promise_state` with deliveries", _.promise_id.notnull(), _.promise_state.isin(OUTCOMES)),
    Moment("delivery", "getting what was bought", "import the carrier's events", of("promise", "return")),
    Moment("first_use", "opening the parcel, first use", "import activations, or ask a week after the delivery", of("purchase", "delivery")),
    Moment("use", "everyday use", "import logins or what the product reports, or ask", ALWAYS),
    Moment("help_search", "looking for help before asking for it", "import searches and views of the help pages", ALWAYS),
    Moment("contact", "getting in touch", "import calls, chats and tickets", ALWAYS),
    Moment("contact", "waiting on hold", "give `wait_seconds` with calls", of("contact") & on("phone"), on("phone") & WAIT),
    Moment("contact", "waiting for a reply", "give `wait_seconds` with replies", of("contact") & on("email", "chat", "social", "post"), on("email", "chat", "social", "post") & WAIT),
    Moment("return", "sending something back", "import returns", of("purchase", "delivery")),
    Moment("invitation", "who was asked and did not answer", "import the invitations to surveys", of("answer")),
    Moment("answer", "what customers say when asked", "import the answers to surveys", ALWAYS, of("answer") | _.score.notnull()),
    Moment("recommendation", "what customers tell others", "import reviews and referrals", ALWAYS),
    Moment("renewal", "staying on", "import renewals"),
    Moment("cancellation", "leaving", "import cancellations and closed accounts", ALWAYS),
)  # fmt: skip


def blind_moments(world: World) -> list[dict[str, Any]]:
    """Moments of which record or map tell that they happen and of which no interaction is seen: kind, moment, how."""
    on_map = {point.kind for point in world.map.touchpoints}
    tests: dict[str, Any] = {}
    for at, moment in enumerate(MOMENTS):
        tests[f"seen_{at}"] = (of(moment.kind) if moment.seen_by is None else moment.seen_by).any()
        tests[f"told_{at}"] = False if moment.told_by is None else moment.told_by.any()
    (found,) = rows_of(world.seen.timeline.aggregate(**tests))
    return [
        {"kind": moment.kind, "moment": moment.moment, "how": moment.how}
        for at, moment in enumerate(MOMENTS)
        if not found[f"seen_{at}"] and (found[f"told_{at}"] or (moment.seen_by is None and moment.kind in on_map))
    ]
