"""Waiting, as customers felt it: what half of them waited at most."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, median, observed
from firsthand.measures.seen import Seen


def waits(seen: Seen) -> ir.Table:
    """Time that customers waited, wherever a record tells it."""
    return observed(seen.timeline.filter(_.wait_seconds.notnull()), _.wait_seconds)


WAIT_MEDIAN = Measure("wait_median", "Waited, half of them at most", waits, median, "seconds")
