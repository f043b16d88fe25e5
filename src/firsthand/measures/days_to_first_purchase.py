"""The time from the first contact to the first purchase."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, beginnings, median, observed
from firsthand.measures.seen import Seen


def days_to_first_purchase(seen: Seen) -> ir.Table:
    """Days from the first contact to the first purchase; of customers who bought later than they first came."""
    bought = beginnings(seen).filter(_.bought_at > _.occurred_at)
    return observed(bought, (_.bought_at.epoch_seconds() - _.occurred_at.epoch_seconds()) / 86_400)


DAYS_TO_PURCHASE = Measure(
    "days_to_first_purchase",
    "Days to the first purchase, half of them at most",
    days_to_first_purchase,
    median,
    "days",
)
