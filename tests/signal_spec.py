"""A signal as a specification: lives given, what is found in them expected."""

from __future__ import annotations

from datetime import datetime

import ibis

from firsthand.journeys.map import ExperienceMap, Touchpoint
from firsthand.journeys.promises import promises
from firsthand.journeys.signals import Lives, Signal, found
from spec import AS_OF, spec

CALLED = Touchpoint("called", "help", "contact", standard={"wait_seconds": 120})


def shows(
    signal: Signal, *, given: str, then: str, as_of: datetime = AS_OF, on_map: tuple[Touchpoint, ...] = (CALLED,)
) -> None:
    """Holds what a signal finds in the lives given against the rows expected."""
    points = ibis.memtable(ExperienceMap(("help",), on_map, {}).table())

    def seen(timeline: ibis.expr.types.Table) -> ibis.expr.types.Table:
        until = timeline.filter(ibis._.occurred_at <= ibis.literal(as_of, "timestamp('UTC')"))
        return found(Lives(until, lambda: promises(until, as_of), points, as_of), [signal])

    spec(given=given, when=seen, then=then)
