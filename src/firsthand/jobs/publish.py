"""Publishing: figures of closed periods are written down before somebody is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.compute as pc

from firsthand import measures
from firsthand.jobs.figures import live_figures
from firsthand.jobs.home import Home
from firsthand.jobs.promise_figures import COUNTS, promise_figures
from firsthand.jobs.published import KINDS, NUMBERS, PROMISES, apart, figures_of, more_is_known, period_of, settled
from firsthand.jobs.world import World, world
from firsthand.lake import connect, delta, files, read
from firsthand.lake.read import rows
from firsthand.tables import Interactions, PublishedFigures

Row = dict[str, Any]


def publish(home: Home) -> int:
    """Writes down every figure by month, quarter and year that is over and not published, or of which more is known now.

    Returns how many. Of promises these are the counts; they are compared by how many outcomes are known. Where something was
    published of the same day, and nothing was told since, there is nothing to look for.
    """
    if read(home.lake, lambda: _up_to_date(home)):
        return 0
    found = read(home.lake, lambda: _new(home))
    if found:
        delta.add(home.lake, PublishedFigures, found)
    return len(found)


def _up_to_date(home: Home) -> bool:
    published = rows(home.lake, PublishedFigures)
    record = files(home.lake, Interactions.table_name)
    if not published.num_rows or not record:
        return not record
    zone = ZoneInfo(home.settings.timezone)
    last, seen_from = (pc.max(published.column(name)).as_py() for name in ("published_at", "as_of"))
    with connect(home.lake) as connection:
        ((told,),) = connection.execute(f"SELECT max(received_at) FROM read_parquet({record})").fetchall()
    return bool(told < last and home.as_of().astimezone(zone).date() == seen_from.astimezone(zone).date())


def _new(home: Home) -> list[Row]:
    now = datetime.now(UTC)
    found: list[Row] = []
    with world(home) as seen:
        today = seen.as_of.astimezone(ZoneInfo(home.settings.timezone)).date()
        for kind in KINDS:
            told = figures_of(home, kind, seen.as_of)
            kept = {(row["measure"], row["period"], row["apart"]): row for row in told}
            for row in (*_measures(seen, kind), *_promises(seen, kind)):
                was = kept.get((row["measure"], row["period"], row["apart"]))
                if (
                    row["period"]
                    and row["period"] < period_of(kind, today)
                    and (was is None or more_is_known(row, was))
                ):
                    found.append(row | {"by": kind, "as_of": seen.as_of, "published_at": now})
    return found


def _measures(seen: World, kind: str) -> Iterator[Row]:
    for row in live_figures(seen, measures.ALL, by=[kind]):
        numbers = {name: row[name] for name in NUMBERS}
        yield {"measure": row["measure"], "period": row["by"][kind], "apart": apart(row, kind), "suppressed": row["suppressed"], **numbers}  # fmt: skip


def _promises(seen: World, kind: str) -> Iterator[Row]:
    for row in promise_figures(seen, by=[kind])["groups"]:
        if not row["published"]:
            none = dict.fromkeys(NUMBERS) | {"observations": settled(row), "suppressed": False, "apart": "{}"}
            for name in COUNTS:
                yield none | {"measure": PROMISES + name, "period": row["by"][kind], "value": float(row[name])}
