"""Spending: money that customers spent."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, per_customer
from firsthand.measures.seen import Seen


def spend(seen: Seen) -> ir.Table:
    """Money that customers spent, refunds taken off, per customer who bought; per currency, never summed across."""
    paid = seen.timeline.filter(_.kind.isin(["purchase", "refund"]), _.amount.notnull(), _.life > 0).mutate(
        currency=_.currency.fill_null(seen.currency)
    )
    return observed(paid, (_.kind == "refund").ifelse(-_.amount.abs(), _.amount), "currency")


SPEND = Measure(
    "spend_per_customer", "Spent, per customer who bought", spend, per_customer, "money", also=("currency",)
)
