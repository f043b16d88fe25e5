"""How late promises were that were kept too late."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, p90
from firsthand.measures.seen import Seen


def late(seen: Seen) -> ir.Table:
    """Time by which promises that were fulfilled late were late."""
    return observed(seen.promises.filter(_.state == "late"), _.late_seconds)


LATENESS = Measure("lateness_p90", "How late, when late (90 % are less)", late, p90, "seconds")
