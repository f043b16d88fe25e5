"""Waits longer than the standard of their touchpoint."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share
from firsthand.measures.seen import Seen


def beyond(seen: Seen) -> ir.Table:
    """Share of waits longer than the standard of their touchpoint; where it has none, nothing is said."""
    standards = seen.touchpoints.filter(_.most_wait.notnull()).select("touchpoint", "most_wait")
    judged = seen.timeline.filter(_.wait_seconds.notnull()).inner_join(standards, "touchpoint")
    return observed(judged, _.wait_seconds > _.most_wait)


WAIT_BEYOND = Measure("wait_beyond_standard", "Waited longer than the standard", beyond, share, "share")
