"""Waiting, as customers felt it."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, median, observed, p90, share
from firsthand.measures.seen import Seen


def waits(seen: Seen) -> ir.Table:
    """Time that customers waited, wherever a record tells it."""
    return observed(seen.timeline.filter(_.wait_seconds.notnull()), _.wait_seconds)


def beyond(seen: Seen) -> ir.Table:
    """Share of waits longer than the standard of their touchpoint; where it has none, nothing is said."""
    standards = seen.touchpoints.filter(_.most_wait.notnull()).select("touchpoint", "most_wait")
    judged = seen.timeline.filter(_.wait_seconds.notnull()).inner_join(standards, "touchpoint")
    return observed(judged, _.wait_seconds > _.most_wait)


WAIT_MEDIAN = Measure("wait_median", "Waited, half of them at most", waits, median, "seconds")
WAIT_P90 = Measure("wait_p90", "Waited, nine of ten at most", waits, p90, "seconds")
WAIT_BEYOND = Measure("wait_beyond_standard", "Waited longer than the standard", beyond, share, "share")
