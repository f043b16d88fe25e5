"""Wait beyond the standard."""

import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import span
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives) -> ir.Table:
    """A wait longer than the standard of its touchpoint. Where the touchpoint has none, nothing is said."""
    standards = lives.touchpoints.filter(_.most_wait.notnull()).select("touchpoint", "most_wait")
    waited = lives.timeline.filter(_.wait_seconds.notnull()).inner_join(standards, "touchpoint")
    long = waited.filter(_.wait_seconds > _.most_wait)
    words = "waited " + span(_.wait_seconds) + ", the standard is " + span(_.most_wait)
    return long.select("life", "step", evidence=words)


LONG_WAIT = Signal(
    "long_wait",
    "Waited longer than the standard",
    find,
    source="Maister, “The Psychology of Waiting Lines”, 1985, for why; the standard is the map's",
)
