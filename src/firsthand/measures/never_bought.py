"""Customers who came and never bought."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, beginnings, observed, share, sold
from firsthand.measures.seen import Seen


def never_bought(seen: Seen) -> ir.Table:
    """Share of customers who, since their first contact, have not bought; nothing where the record holds no purchase at all.

    The group is that of the first contact: by channel or source it tells where customers come from, and n how many.
    """
    return observed(beginnings(seen).filter(sold(seen)), _.bought_at.isnull())


NEVER_BOUGHT = Measure("never_bought", "Never bought since the first contact", never_bought, share, "share")
