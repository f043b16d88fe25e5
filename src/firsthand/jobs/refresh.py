"""Refresh: the timeline is made anew of record and map, when either has changed."""

from __future__ import annotations

import tempfile

import duckdb
import ibis
from ibis.backends.duckdb import Backend

from firsthand.jobs.home import Home
from firsthand.jobs.identify import identify
from firsthand.jobs.ingredients import of_timeline
from firsthand.journeys import ExperienceMap, load_map, timeline
from firsthand.lake import delta, files
from firsthand.lake.read import prepare, read
from firsthand.people import first_key, keys_of, unshared
from firsthand.tables import Interactions, People, Timeline, ToReview


def refresh(home: Home, *, anyway: bool = False) -> bool:
    """Makes the timeline anew if what it was made from has changed (or `anyway`); tells whether it did."""
    made_from = of_timeline(home)
    before = delta.made_from(home.lake, Timeline)
    if not anyway and all(before.get(key) == value for key, value in made_from.items()):
        return False
    delta.create(home.lake)  # a home of an older version lacks tables
    made_from = of_timeline(home)
    map_ = map_of(home)
    read(home.lake, lambda: _rebuild(home, map_, made_from))
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


def _rebuild(home: Home, map_: ExperienceMap, made_from: dict[str, str]) -> None:
    connection = backend(home)
    connection.con.execute(f"SET memory_limit = '{MEMORY}'")
    connection.con.execute("SET preserve_insertion_order = false")  # rows have an order of their own
    told = _numbered(connection.con, files(home.lake, Interactions.table_name))
    people, review = identify(home, connection.con, told)
    delta.overwrite(home.lake, People, people, made_from)
    delta.overwrite(home.lake, ToReview, review, made_from)
    record(connection.con, told, home.settings.country)
    connection.con.register("people", people)
    expression = timeline(connection.table("record"), connection.table("people"), map_, home.settings.timezone)
    rows = expression.cast(dict(ibis.schema(Timeline.schema()).items())).to_pyarrow_batches(chunk_size=100_000)
    delta.overwrite(home.lake, Timeline, rows, made_from)
    connection.disconnect()


def _numbered(connection: duckdb.DuckDBPyConnection, interactions: list[str]) -> str:
    connection.register("nothing", Interactions.schema().empty_table())
    numbered = f"(SELECT *, (file_index << 40) + file_row_number AS row FROM read_parquet({interactions}))"
    return numbered if interactions else "(SELECT *, 0 AS row FROM nothing)"


def record(connection: duckdb.DuckDBPyConnection, interactions: str, country: str = "") -> None:
    """Makes the view `record`: interactions with the `key` of whose each is, the first identifier that few people share.

    interactions: SQL of a table.  country: as in the settings. Needs the variable `shared` that `resolve` leaves.
    """
    own = f"{unshared(keys_of('identifiers', country))}[1]"
    connection.execute(f"""
        CREATE OR REPLACE VIEW record AS
        SELECT * EXCLUDE (first), CASE WHEN list_contains(getvariable('shared')::VARCHAR[], first) THEN {own} ELSE first END AS key
        FROM (SELECT *, {first_key("identifiers", country)} AS first FROM {interactions})
    """)
