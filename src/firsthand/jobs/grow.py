"""The timeline grows: only those lives are made anew of which something new was told, or that became others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import ibis
from deltalake.exceptions import DeltaError
from ibis.backends.duckdb import Backend

from firsthand.jobs.home import Home
from firsthand.jobs.identify import identify, keep, numbered, record
from firsthand.jobs.timeline_files import layers, timeline_of
from firsthand.journeys import ExperienceMap, arrivals, grown
from firsthand.journeys.timeline import whose
from firsthand.lake import delta, files, version
from firsthand.lake.read import rows
from firsthand.people import Before, in_force, told_together
from firsthand.tables import IdentifierSets, Interactions, Overlay, People, Timeline, ToReview, WhoIsWho

MOST_ARRIVED = 0.05
"""Of all interactions: where more are new, all is made anew."""

MOST_CHANGED = 0.25
"""Of all interactions: where more lie in the overlay, it is merged, which is to make all anew."""

MAY_CHANGE = {"record", "who_is_who"}


def growable(home: Home, before: Mapping[str, Any], made_from: Mapping[str, str]) -> bool:
    """Whether only record or decisions have changed since, and the record by new files alone, few beside the rest.

    before: what the newest overlay was made from.
    """
    if any(before.get(key) != value for key, value in made_from.items() if key not in MAY_CHANGE):
        return False
    if before.get("people") != str(version(home.lake, People.table_name)) or "review" not in before:
        return False
    then = set(_record(home, before))
    now = set(_record(home, made_from))
    return bool(then) and then <= now


def _record(home: Home, made_from: Mapping[str, Any]) -> list[str]:
    return files(home.lake, Interactions.table_name, int(made_from["record"]))


def grow(
    home: Home, connection: Backend, map_: ExperienceMap, before: Mapping[str, Any], made_from: dict[str, str]
) -> bool:
    """Makes the overlay anew; False, with nothing changed in the timeline, where so much changed that all had better be."""
    con, country = connection.con, home.settings.country
    then = set(_record(home, before))
    new = [file for file in _record(home, made_from) if file not in then]
    base, overlay = layers(home, before)
    told = numbered(con, new)
    size = _count(con, f"read_parquet({base})") if base else 0
    if not base or _count(con, told) > MOST_ARRIVED * size:
        return False
    told_together(con, told, country, rows(home.lake, IdentifierSets, int(before["sets"])))
    was = _before(home, before)
    if was is None:
        return False
    people, review = identify(home, con, was)
    con.register("people_now", people)
    con.execute("CREATE TEMP TABLE people AS FROM people_now")
    con.execute("CREATE TEMP TABLE people_before AS FROM people_then SEMI JOIN affected USING (key)")
    if _links_again(con):
        return False
    record(con, told, country)
    connection.create_view("stood", timeline_of(connection, base, overlay))
    arrived = arrivals(connection.table("record"), connection.table("people"), map_, home.settings.timezone)
    connection.create_table("arrived", arrived, temp=True)
    _moved(con)
    _asked_again(home, connection, made_from)
    _changing(con)
    connection.create_table(
        "regrown", grown(connection.table("old"), connection.table("arrived"), map_).cast(_types()), temp=True
    )
    con.execute(f"CREATE VIEW overlay AS {_overlay(overlay)}")
    if _count(con, "overlay") > MOST_CHANGED * size:
        return False
    pins = keep(home, con, people, review, made_from) | {"base": before["base"]}
    lines = con.execute("FROM overlay ORDER BY life, step").to_arrow_reader(100_000)
    delta.overwrite(home.lake, Overlay, lines, made_from | pins)
    return True


def _before(home: Home, made_from: Mapping[str, Any]) -> Before | None:
    """Who was who when the overlay was made from that; None where a version that tells it was compacted and vacuumed since."""
    try:
        return _read_before(home, made_from)
    except (duckdb.Error, DeltaError, OSError):
        return None


def _read_before(home: Home, made_from: Mapping[str, Any]) -> Before:
    decided = made_from["who_is_who"]
    verdicts = [] if decided == "None" else in_force(rows(home.lake, WhoIsWho, int(decided)).to_pylist())
    people, review = (rows(home.lake, table, int(made_from[name])) for table, name in ((People, "people"), (ToReview, "review")))  # fmt: skip
    return Before(people, review, verdicts)


def _types() -> dict[str, Any]:
    return dict(ibis.schema(Timeline.schema()).items())


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _links_again(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether what many seemed to share is one person's by now: interactions of nobody are then somebody's."""
    found = "people SEMI JOIN affected USING (key) ANTI JOIN people_before USING (key) SEMI JOIN (SELECT unnest(keys) AS key FROM told_before) USING (key)"
    return _count(con, found) > 0


def _moved(con: duckdb.DuckDBPyConnection) -> None:
    """Lives whose identifiers lead elsewhere now; `unsure` where not all of them lead to the same one."""
    con.execute("""
        CREATE TEMP TABLE moved AS
        SELECT b.life AS was, min(n.life) AS life, min(n.customer_id) AS customer_id,
               count(n.life) < count(*) OR min(n.life) <> max(n.life) AS unsure
        FROM people_before b LEFT JOIN people n USING (key) GROUP BY b.life HAVING unsure OR min(n.life) <> b.life
    """)


def _asked_again(home: Home, connection: Backend, made_from: Mapping[str, str]) -> None:
    """What became of each interaction of an unsure life, after its own identifiers: `asked_again`."""
    con = connection.con
    unsure = _count(con, "moved WHERE unsure")
    record(con, numbered(con, _record(home, made_from) if unsure else []), home.settings.country, "whole_record")
    con.execute("""
        CREATE TEMP TABLE asked AS
        SELECT DISTINCT interaction_id, key FROM whole_record SEMI JOIN (
            SELECT interaction_id, version, received_at, position FROM stood SEMI JOIN (FROM moved WHERE unsure) AS moved ON moved.was = stood.life
        ) USING (interaction_id, version, received_at, position)
    """)
    answered = whose(connection.table("asked"), connection.table("people"))
    connection.create_table("asked_again", answered.select("interaction_id", "life", "customer_id"), temp=True)


def _changing(con: duckdb.DuckDBPyConnection) -> None:
    """The lives to make anew, `changing`, and the rows that they had, with whose they are now, `old`."""
    con.execute("""
        CREATE TEMP TABLE changing AS
        SELECT life FROM arrived UNION SELECT was FROM moved UNION SELECT life FROM moved WHERE NOT unsure
        UNION SELECT life FROM asked_again UNION SELECT life FROM stood SEMI JOIN arrived USING (interaction_id)
    """)
    con.execute("""
        CREATE TEMP TABLE old AS
        SELECT stood.* REPLACE (
            coalesce(asked_again.life, moved.life, stood.life) AS life,
            CASE WHEN asked_again.life IS NOT NULL THEN asked_again.customer_id
                 WHEN moved.life IS NOT NULL THEN moved.customer_id ELSE stood.customer_id END AS customer_id
        )
        FROM stood SEMI JOIN changing ON stood.life = changing.life
        LEFT JOIN asked_again ON stood.interaction_id = asked_again.interaction_id
        LEFT JOIN (FROM moved WHERE NOT unsure) moved ON moved.was = stood.life
    """)


def _overlay(before: list[str]) -> str:
    """SQL of the overlay: lives made anew, lives that are no more (a row without interaction), and what else lay in it."""
    told = [f"FROM read_parquet({before}) ANTI JOIN changing USING (life)"] if before else []
    gone = "SELECT life FROM changing ANTI JOIN regrown USING (life)"
    return " UNION ALL BY NAME ".join(["FROM regrown", gone, *told])
