"""How it was at each touchpoint: customers all of whose moments there were good."""

import ibis.expr.types as ir

from firsthand.measures.good_moments import moments
from firsthand.measures.measure import Measure, every
from firsthand.measures.seen import Seen


def customers(seen: Seen) -> ir.Table:
    """Share of customers, at each touchpoint, all of whose moments there were good (see good_moments).

    Only moments of the group and period that is shown count.
    """
    return moments(seen)


GOOD_CUSTOMERS = Measure("how_it_was", "Customers for whom it was good", customers, every, "share", private=True)
