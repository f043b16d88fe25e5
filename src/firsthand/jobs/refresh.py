"""Refresh: the timeline is made anew of record and map when either has changed; of the lives that changed, if that is enough."""

from __future__ import annotations

import tempfile
from contextlib import suppress

import ibis
from ibis.backends.duckdb import Backend

from firsthand.errors import Overtaken
from firsthand.jobs.grow import grow, growable
from firsthand.jobs.home import Home
from firsthand.jobs.identify import identify, keep, numbered, record, untold
from firsthand.jobs.ingredients import of_timeline
from firsthand.journeys import ExperienceMap, load_map, timeline
from firsthand.lake import delta, files, version
from firsthand.lake.read import prepare, read
from firsthand.people import told_together
from firsthand.tables import Interactions, Overlay, Timeline

TRIES = 10


def refresh(home: Home, *, anyway: bool = False) -> bool:
    """Makes the timeline anew if what it was made from has changed (or, as a whole, `anyway`); tells whether it did.

    Where somebody else does so at the same time and is faster, it is looked at once more what is left to do.
    """
    for _ in range(TRIES):
        with suppress(Overtaken):
            return _refreshed(home, anyway=anyway)
    return _refreshed(home, anyway=anyway)


def _refreshed(home: Home, *, anyway: bool) -> bool:
    made_from = of_timeline(home)
    before = delta.made_from(home.lake, Overlay)
    whole = before.get("base") == str(version(home.lake, Timeline.table_name))
    if not anyway and whole and all(before.get(key) == value for key, value in made_from.items()):
        return False
    delta.create(home.lake)  # a home of an older version lacks tables
    made_from = of_timeline(home)
    map_ = map_of(home)
    grows = not anyway and whole and growable(home, before, made_from)
    if not (grows and read(home.lake, lambda: grow(home, sorting(home), map_, before, made_from))):
        read(home.lake, lambda: _rebuild(home, sorting(home), map_, made_from))
    return True


ibis.options.sql.fuse_selects = False  # merging nested selects is two thirds of the time an expression takes to compile


def map_of(home: Home) -> ExperienceMap:
    """The home's experience map; an empty one where there is none."""
    return load_map(home.map_file) if home.map_file.is_file() else ExperienceMap((), (), {})


def backend(home: Home) -> Backend:
    """DuckDB behind Ibis, in memory, able to read the home's lake."""
    connection = ibis.duckdb.connect(temp_directory=tempfile.gettempdir())
    prepare(connection.con, home.lake)
    return connection


MEMORY = "3GB"
"""What sorting the timeline may hold; the rest waits on disk, at hardly any loss of time."""


def sorting(home: Home) -> Backend:
    """The same, for work on all of the record."""
    connection = backend(home)
    connection.con.execute(f"SET memory_limit = '{MEMORY}'")
    connection.con.execute("SET preserve_insertion_order = false")  # rows have an order of their own
    return connection


def _rebuild(home: Home, connection: Backend, map_: ExperienceMap, made_from: dict[str, str]) -> None:
    parts = files(home.lake, Interactions.table_name, int(made_from["record"]))
    told = numbered(connection.con, parts)
    told_together(connection.con, told, home.settings.country)
    people, review = identify(home, connection.con)
    pins = keep(home, connection.con, people, review, made_from)
    record(connection.con, told, home.settings.country)
    connection.con.register("people", people)
    expression = timeline(
        connection.table("record"), connection.table("people"), map_, home.settings.timezone, untold(connection.con, parts)
    )  # fmt: skip
    rows = expression.cast(dict(ibis.schema(Timeline.schema()).items())).to_pyarrow_batches(chunk_size=100_000)
    base = delta.overwrite(home.lake, Timeline, rows, made_from)
    delta.overwrite(home.lake, Overlay, Overlay.schema().empty_table(), made_from | pins | {"base": base})
    connection.disconnect()
