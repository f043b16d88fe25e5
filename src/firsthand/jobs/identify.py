"""Who is who in a home: identifiers of the record become customers, who keep the ids that they were given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from firsthand.jobs.home import Home
from firsthand.jobs.secret import keyed
from firsthand.lake import delta
from firsthand.lake.read import rows, view
from firsthand.people import Before, IdentifierRules, first_key, in_force, keys_of, part, resolve, teach_phones
from firsthand.people.ids import nobodys
from firsthand.tables import TIMESTAMP, CustomerIds, Forgotten, IdentifierSets, Interactions, People, ToReview, WhoIsWho


def rules_of(home: Home) -> IdentifierRules:
    """What the home's settings say of its customers' identifiers."""
    settings = home.settings
    return IdentifierRules(tuple(settings.one_per_person), settings.most_holders, settings.country)


def decisions(home: Home) -> list[dict[str, Any]]:
    """What people and models decided, as far as it holds."""
    return in_force(rows(home.lake, WhoIsWho).to_pylist())


def retired(home: Home) -> Callable[[str], bool]:
    """Whether an id was that of a customer who is forgotten: nobody gets it again."""
    told = rows(home.lake, Forgotten)
    hashes = set(told.filter(pc.field("what") == "customer").column("hash").to_pylist())
    if not hashes:
        return nobodys
    hashed = keyed(home)
    return lambda customer: hashed("customer", customer) in hashes


def identify(
    home: Home, connection: duckdb.DuckDBPyConnection, before: Before | None = None
) -> tuple[pa.Table, pa.Table]:
    """The customer of every identifier (tables.People) and what a person should look at (tables.ToReview).

    before: what came out of it last time, so that only what may have changed is worked out again.

    Ids that are given for the first time are written down before anybody can see them.
    Needs the table `told` in the connection (see people.told_together).
    """
    found: tuple[pa.Table, pa.Table] | None = None
    taken_away = retired(home)

    def fresh(_: object) -> pa.Table:
        nonlocal found
        given = rows(home.lake, CustomerIds)
        found = resolve(connection, rules_of(home), given, decisions(home), taken_away, before)
        connection.register("named", found[0])
        unwritten = "SELECT key, customer_id FROM named WHERE key NOT IN (SELECT key FROM given)"
        new = connection.execute(unwritten).to_arrow_table()
        return new.append_column("given_at", pa.array([datetime.now(UTC)] * new.num_rows, TIMESTAMP))

    delta.append_new(home.lake, CustomerIds, fresh)
    assert found
    return found


def keep(
    home: Home, connection: duckdb.DuckDBPyConnection, people: pa.Table, review: pa.Table, made_from: Mapping[str, str]
) -> dict[str, str]:
    """Writes who is who, and the table `told` that it was made of. Returns the versions of all, by which they are found again."""
    sets = (
        connection.execute("SELECT source, keys, times AS interactions FROM told")
        .to_arrow_table()
        .cast(IdentifierSets.schema())
    )
    return {
        "review": delta.overwrite(home.lake, ToReview, review, made_from),
        "sets": delta.overwrite(home.lake, IdentifierSets, sets, made_from),
        "people": delta.overwrite(home.lake, People, people, made_from),
    }


def told_again(home: Home, connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables `told`, `common` and `parted` as the last refresh left them."""
    view(connection, home.lake, IdentifierSets, "sets")
    connection.execute("CREATE OR REPLACE TEMP TABLE told AS SELECT source, keys, interactions AS times FROM sets")
    review = rows(home.lake, ToReview)
    part(connection, review.filter(pc.field("reason") == "shared").select(["key"]))


def numbered(connection: duckdb.DuckDBPyConnection, interactions: list[str]) -> str:
    """SQL of files of the record with `row`, a number for each interaction."""
    connection.register("nothing", Interactions.schema().empty_table())
    rows_of_files = f"(SELECT *, (file_index << 40) + file_row_number AS row FROM read_parquet({interactions}))"
    return rows_of_files if interactions else "(SELECT *, 0 AS row FROM nothing)"


def untold(connection: duckdb.DuckDBPyConnection, interactions: list[str]) -> list[str]:
    """Columns of the record in which nobody told anything. Of lists the files say only that they hold nothing, not that none was told."""
    if not interactions:
        return []
    empty = (
        "split_part(path_in_schema, ', ', 1) AS name, bool_and(coalesce(stats_null_count = num_values, false)) AS empty"
    )
    names = connection.execute(f"SELECT name FROM (SELECT {empty} FROM parquet_metadata({interactions}) GROUP BY name) WHERE empty ORDER BY name").fetchall()  # fmt: skip
    told = ", ".join(f"count({name}) AS {name}" for (name,) in names)
    counted = connection.execute(f"SELECT {told} FROM read_parquet({interactions})").fetch_arrow_table().to_pylist() if told else [{}]  # fmt: skip
    return [name for name, count in counted[0].items() if not count]


def record(connection: duckdb.DuckDBPyConnection, interactions: str, country: str = "", name: str = "record") -> None:
    """Makes a view of interactions with the `key` of whose each is, the first identifier that few people share.

    interactions: SQL of a table.  country: as in the settings. Needs the tables `common` and `parted` that `resolve` leaves.
    """
    teach_phones(connection)
    own = f"SELECT *, {first_key('identifiers', country)} AS key FROM {interactions}"
    if connection.execute("FROM common LIMIT 1").fetchall():
        own = f"""
            SELECT own.* REPLACE (CASE WHEN common.key IS NULL THEN own.key ELSE parted.rest[1] END AS key)
            FROM ({own}) own LEFT JOIN common ON common.key = own.key
            LEFT JOIN parted ON parted.keys = CASE WHEN common.key IS NOT NULL THEN {keys_of("identifiers", country)} END
        """
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {own}")
