"""The world as seen from a moment: what every figure is made of, opened on one version of the lake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.engines import DUCKDB, connect
from firsthand.jobs.home import Home
from firsthand.jobs.refresh import map_of, refresh
from firsthand.jobs.signal_files import signals_of
from firsthand.jobs.timeline_files import layers, timeline_of
from firsthand.journeys import ExperienceMap, promises
from firsthand.journeys.signals import Lives, found, judged
from firsthand.measures import Seen


class World:
    """A home as seen from `as_of`, with its map; `seen` is what measures look at."""

    def __init__(self, home: Home, connection: Any, map_: ExperienceMap, as_of: str | None) -> None:
        self.home = home
        self.connection = connection
        self.map = map_
        self.as_of = home.as_of(as_of)
        life = self._timeline()
        points = connection.create_table("touchpoints", map_.table(), temp=True)
        self.seen = Seen(life, lambda: self._promises(life), self._judged, points, self.as_of, home.settings.currency)

    @cached_property
    def signals(self) -> ir.Table:
        """All that the home's signals find (see journeys.signals.found)."""
        return self.connection.create_table("signals_now", found(self._lives(), signals_of(self.home)), temp=True)

    def _lives(self) -> Lives:
        """Made for each use, so that what it keeps is let go of."""
        seen = self.seen
        return Lives(seen.timeline, lambda: seen.promises, seen.touchpoints, seen.as_of)

    def _judged(self) -> ir.Table:
        told = judged(self._lives(), signals_of(self.home), self.signals)
        return self.connection.create_table("judged_now", told, temp=True)

    def _promises(self, life: ir.Table) -> ir.Table:
        return self.connection.create_table(
            "promises_now", promises(life, self.as_of, self.home.settings.timezone), temp=True
        )

    def _timeline(self) -> ir.Table:
        """The timeline until `as_of`; a view, so that what is asked of it compiles quickly."""
        until = _.occurred_at <= ibis.literal(self.as_of, "timestamp('UTC')")
        whole = timeline_of(self.connection, *layers(self.home))
        return self.connection.create_view("timeline", whole.filter(until), overwrite=True)

    def ended_long_ago(self) -> str | None:
        """The day on which the record ends, if that is more than two days before `as_of` by the clock."""
        if self.home.settings.as_of:
            return None
        (last,) = rows_of(self.seen.timeline.aggregate(at=_.occurred_at.max()))
        if last["at"] is None or self.as_of - last["at"] < timedelta(days=2):
            return None
        day: str = last["at"].astimezone(ZoneInfo(self.home.settings.timezone)).date().isoformat()
        return day


@contextmanager
def world(home: Home, as_of: str | None = None, engine: str = DUCKDB) -> Iterator[World]:
    """Opens the world, after refreshing the timeline if record or map have changed since it was made.

    engine: what works the answers out (see engines.connect).
    """
    refresh(home)
    connection = connect(home, engine)
    try:
        yield World(home, connection, map_of(home), as_of)
    finally:
        connection._cache_name_to_entry.clear()  # tables that an error still holds; Ibis would complain that each cannot be dropped
        connection.disconnect()


def rows_of(table: ir.Table, order: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Runs an expression and returns its rows, in order of the columns named."""
    found: list[dict[str, Any]] = (table.order_by(list(order)) if order else table).to_pyarrow().to_pylist()
    return found
