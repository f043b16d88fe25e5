"""Loop: the same step three times."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import HOUR, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal, came_from_customer

KINDS = ("cart", "payment", "help_search", "contact")
"""Steps that lead somewhere. Looking around, people may come by the same thing as often as they like."""


def find(lives: Lives, *, times: int = 3, within_hours: float = 24) -> ir.Table:
    """The same step three times within 24 hours: one event at one touchpoint, about exactly the same subjects.

    Steps are what customers do to carts, payments, searches for help and contacts. It shows at the third time, and not
    again while the loop goes on. What names no subject does not count.
    """
    done = lives.timeline.filter(_.kind.isin(KINDS), came_from_customer(_), _.life > 0)
    often = done.select("life", "step", "occurred_at", "touchpoint", "event")
    often = _near(often, ["life", "touchpoint", "event"], times, within_hours).filter(_.near).select("life")
    alike = done.semi_join(often.distinct().cache(), "life").filter(_.subjects.length() > 0)
    alike = alike.mutate(
        about=_.subjects.map(lambda subject: subject["kind"] + " " + subject["value"]).sort().join(", ")
    )
    same = ["life", "touchpoint", "event", "about"]
    marked = _near(alike.select("step", "occurred_at", *same), same, times, within_hours)
    begins = ~_.near.lag().over(ibis.window(group_by=same, order_by="step")).fill_null(False)
    words = f"{times} times in " + span(_.gap) + " about " + _.about
    return marked.mutate(begins=begins).filter(_.near, _.begins).select("life", "step", evidence=words)


def _near(steps: ir.Table, same: list[str], times: int, within_hours: float) -> ir.Table:
    """Adds `gap`, the time since the step that many times ago, and `near`, whether that is within the hours."""
    before = ibis.window(group_by=same, order_by="step")
    timed = steps.mutate(gap=seconds(_.occurred_at.lag(times - 1).over(before), _.occurred_at))
    return timed.mutate(near=(_.gap <= within_hours * HOUR).fill_null(False))


LOOP = Signal("loop", "Had to do the same thing three times", find)
