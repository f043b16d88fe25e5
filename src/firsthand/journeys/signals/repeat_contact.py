"""Repeat contact."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import DAY, contacts_by_matter, one_each, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, within_days: float = 7) -> ir.Table:
    """A contact that follows an earlier contact of the same customer about the same subject within 7 days.

    It shows at the later one. A customer who has to come back was not helped the first time.
    """
    before = ibis.window(group_by=["life", "matter"], order_by="step")
    again = contacts_by_matter(lives).mutate(last=_.occurred_at.lag().over(before))
    again = again.mutate(gap=seconds(_.last, _.occurred_at)).filter(_.gap <= within_days * DAY)
    nearest = one_each(again, "gap", "matter")
    return nearest.select("life", "step", evidence="again after " + span(_.gap) + " about " + _.matter)


def looked_at(lives: Lives) -> ir.Table:
    """Every contact about a subject."""
    return contacts_by_matter(lives).select("life", "step").distinct()


REPEAT_CONTACT = Signal(
    "repeat_contact",
    "Had to get in touch again",
    find,
    source="Dixon, Freeman & Toman, “Stop Trying to Delight Your Customers”, Harvard Business Review 2010",
    looked_at=looked_at,
)
