"""The beginning: where customers come from, how long until they buy, and how many never do."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, median, observed, share, sold
from firsthand.measures.seen import Seen


def _beginnings(seen: Seen) -> ir.Table:
    bought = seen.timeline.filter(_.kind == "purchase", _.life > 0)
    first = bought.group_by("life").aggregate(bought_at=_.occurred_at.min())
    return seen.timeline.filter(_.step == 1).left_join(first, "life").drop("life_right")


def never_bought(seen: Seen) -> ir.Table:
    """Share of customers who, since their first contact, have not bought; nothing where the record holds no purchase at all.

    The group is that of the first contact: by channel or source it tells where customers come from, and n how many.
    """
    return observed(_beginnings(seen).filter(sold(seen)), _.bought_at.isnull())


def days_to_first_purchase(seen: Seen) -> ir.Table:
    """Days from the first contact to the first purchase; of customers who bought later than they first came."""
    bought = _beginnings(seen).filter(_.bought_at > _.occurred_at)
    return observed(bought, (_.bought_at.epoch_seconds() - _.occurred_at.epoch_seconds()) / 86_400)


NEVER_BOUGHT = Measure("never_bought", "Never bought since the first contact", never_bought, share, "share")
DAYS_TO_PURCHASE = Measure(
    "days_to_first_purchase",
    "Days to the first purchase, half of them at most",
    days_to_first_purchase,
    median,
    "days",
)
