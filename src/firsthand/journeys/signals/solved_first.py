"""Solved at first contact."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import DAY, contacts_by_matter, seconds
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, within_days: float = 7) -> ir.Table:
    """A contact on a subject after which the customer did not come back about any of its subjects within 7 days.

    A contact that follows another about a subject within 7 days is the repeat, not the first. Only contacts whose 7
    days are over.
    """
    near = ibis.window(group_by=["life", "matter"], order_by="step")
    each = contacts_by_matter(lives).mutate(last=_.occurred_at.lag().over(near), next=_.occurred_at.lead().over(near))
    apart = each.mutate(
        repeat=(seconds(_.last, _.occurred_at) <= within_days * DAY).fill_null(False),
        again=(seconds(_.occurred_at, _.next) <= within_days * DAY).fill_null(False),
    )
    over = apart.filter(seconds(_.occurred_at, lives.now) > within_days * DAY)
    contact = over.group_by("life", "step").aggregate(
        repeat=_.repeat.any(), again=_.again.any(), about=_.matter.collect().sort().join(", ")
    )
    return contact.filter(~_.repeat, ~_.again).select("life", "step", evidence="once about " + _.about)


SOLVED_FIRST = Signal(
    "solved_first",
    "Was helped at the first contact",
    find,
    good=True,
    source="Dixon, Freeman & Toman, “Stop Trying to Delight Your Customers”, Harvard Business Review 2010",
)
