"""The time from one purchase to the next."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, median, observed, with_next
from firsthand.measures.seen import Seen


def between(seen: Seen) -> ir.Table:
    """Days from a purchase to the customer's next one; of customers who bought again."""
    again = with_next(seen).filter(_.next.notnull())
    return observed(again, (again.next.epoch_seconds() - again.occurred_at.epoch_seconds()) / 86_400)


BETWEEN = Measure(
    "days_between_purchases", "Days until the next purchase, half of them at most", between, median, "days"
)
