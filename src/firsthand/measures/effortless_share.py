"""Purchases that needed no contact."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, followed_by, heard, made_by_customer, observed, share
from firsthand.measures.seen import Seen

EFFORTLESS_DAYS = 30


def effortless(seen: Seen) -> ir.Table:
    """Share of purchases after which the customer made no contact within 30 days.

    Only purchases whose 30 days are over count.
    """
    days = ibis.interval(days=EFFORTLESS_DAYS)
    bought = followed_by(seen, _.kind == "purchase", made_by_customer(_)).filter(heard(seen))
    bought = bought.filter(bought.occurred_at < seen.now - days)
    return observed(bought, (bought.followed_at > bought.occurred_at + days).fill_null(True))


EFFORTLESS = Measure("effortless_share", "Purchases without a contact in 30 days", effortless, share, "share")
