"""Who may be somebody else since it was last worked out who is who: only these are worked out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from firsthand.people.told import shared
from firsthand.people.verdicts import linked_keys

Row = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """What came out of it last time: tables.People, tables.ToReview, and the verdicts that held."""

    people: pa.Table
    review: pa.Table
    verdicts: Sequence[Row]


def shared_again(
    connection: duckdb.DuckDBPyConnection, of_one: Sequence[str], most_holders: int, before: Before
) -> pa.Table:
    """What `shared` returns, counted again only of identifiers in `told_new`."""
    then = before.review.filter(pc.equal(before.review.column("reason"), "shared")).select(["key", "count"])
    connection.register("shared_then", then.rename_columns(["key", "holders"]))
    connection.execute("CREATE OR REPLACE TEMP TABLE new_keys AS SELECT DISTINCT unnest(keys) AS key FROM told_new")
    connection.register("shared_new", shared(connection, of_one, most_holders, among="new_keys"))
    return connection.execute("""
        SELECT key, holders FROM (FROM shared_then ANTI JOIN new_keys USING (key) UNION ALL BY NAME FROM shared_new) ORDER BY key
    """).to_arrow_table()


def find_affected(
    connection: duckdb.DuckDBPyConnection, given: pa.Table, verdicts: Sequence[Row], before: Before
) -> None:
    """Makes the table `affected`: identifiers (`key`) whose customer depends on anything that is new.

    New are what was told (`told_new`), identifiers that came to be shared or are not any more, and verdicts. Whatever is tied to a
    customer of whom something is new is affected, too: by a verdict, by a link that was refused, by an id that was given to the one and is held
    by the other. Needs `told`, `common` (as it is now) and what `shared_again` registered.
    """
    connection.register("people_then", before.people)
    connection.register("given", given)
    connection.register("dirty_keys", pa.table({"key": pa.array(_changed(verdicts, before.verdicts), pa.string())}))
    connection.register("tied_keys", _ties(verdicts, before))
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE dirty AS
        WITH turned AS (
            (SELECT key FROM shared_then EXCEPT FROM common) UNION (FROM common EXCEPT SELECT key FROM shared_then)
        ), near AS (SELECT DISTINCT keys FROM (SELECT keys, unnest(keys) AS key FROM told) SEMI JOIN turned USING (key))
        SELECT key FROM new_keys UNION FROM dirty_keys UNION SELECT unnest(keys) FROM near
    """)
    nobody = "-1 - (hash(key) & 4611686018427387903)::BIGINT"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE tied AS
        WITH elsewhere AS (
            SELECT 'id ' || given.customer_id AS tie, coalesce(life, {nobody}) AS life, CAST('0x' || given.customer_id[2:] AS BIGINT) AS holder
            FROM given LEFT JOIN people_then USING (key) WHERE given.customer_id IS DISTINCT FROM people_then.customer_id
        ), nodes AS (
            SELECT tie, coalesce(life, {nobody}) AS node FROM tied_keys LEFT JOIN people_then USING (key)
            UNION SELECT tie, life FROM elsewhere UNION SELECT tie, holder FROM elsewhere
        )
        FROM nodes SEMI JOIN (SELECT tie FROM nodes GROUP BY tie HAVING count(*) > 1) USING (tie)
    """)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE reached AS
        SELECT DISTINCT coalesce(life, {nobody}) AS node FROM dirty LEFT JOIN people_then USING (key)
    """)
    while _spread(connection):
        pass
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE affected AS
        SELECT key FROM people_then SEMI JOIN reached ON life = node UNION FROM dirty
    """)


def _spread(connection: duckdb.DuckDBPyConnection) -> int:
    """Reaches whatever is tied to what was reached; returns how many more these are."""
    return int(
        connection.execute("""
        INSERT INTO reached
        SELECT DISTINCT node FROM tied SEMI JOIN (SELECT tie FROM tied SEMI JOIN reached USING (node)) USING (tie) ANTI JOIN reached USING (node)
    """).fetchall()[0][0]
    )


def _changed(now: Sequence[Row], then: Sequence[Row]) -> list[str]:
    """The identifiers of verdicts that hold now or held then, but not both."""

    def named(verdicts: Sequence[Row]) -> dict[tuple[Any, ...], Row]:
        return {(each["decision_id"], each["verdict"], *each["keys"], None, *each["others"]): each for each in verdicts}

    held, hold = named(then), named(now)
    others = [held[name] for name in held.keys() - hold.keys()] + [hold[name] for name in hold.keys() - held.keys()]
    return [key for each in others for side in ("keys", "others") for key in each[side]]


def _ties(verdicts: Sequence[Row], before: Before) -> pa.Table:
    """What ties identifiers, told or not: verdicts that they are one person's, and links that were refused."""
    refused = before.review.filter(pc.is_valid(before.review.column("other"))).to_pylist()
    groups = [linked_keys(verdict) for verdict in verdicts if verdict["verdict"] == "same"]
    groups += [[row["key"], row["other"]] for row in refused]
    ties = [str(number) for number, group in enumerate(groups) for _ in group]
    keys = [key for group in groups for key in group]
    return pa.table({"tie": pa.array(ties, pa.string()), "key": pa.array(keys, pa.string())})


def merged(
    connection: duckdb.DuckDBPyConnection, people: pa.Table, review: pa.Table, before: Before
) -> tuple[pa.Table, pa.Table]:
    """Everybody, of what was worked out again and what was not affected; and what a person should look at.

    people, review: of those affected, and all that is shared.
    """
    connection.register("people_again", people)
    everybody = connection.execute("""
        SELECT key, customer_id, life FROM (FROM people_then ANTI JOIN affected USING (key) UNION ALL BY NAME FROM people_again) ORDER BY key
    """).to_arrow_table()
    connection.register("review_then", before.review)
    kept = connection.execute(
        "SELECT * FROM review_then ANTI JOIN affected USING (key) WHERE other IS NOT NULL ORDER BY key, other"
    ).to_arrow_table()
    return everybody.cast(people.schema), pa.concat_tables([kept.cast(review.schema), review])
