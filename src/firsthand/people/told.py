"""What was told together: sets of identifiers, which of these many people share, and the links that the rest make."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from firsthand.people.identifiers import keys_of

OF_ONE = ("customer_number", "loyalty_card")
"""Kinds that are given to one person: they tell how many people hold another identifier, and are never shared."""

HOLDERS = (*OF_ONE, "email")


def told_together(
    connection: duckdb.DuckDBPyConnection, interactions: str, country: str, before: pa.Table | None = None
) -> None:
    """Makes the table `told`: every set of identifiers with who told it and how often (`times`).

    interactions: SQL of a table with `source` and `identifiers`.  before: tables.IdentifierSets, what was told before.
    """
    sets = f"""
        SELECT source, {keys_of("identifiers", country)} AS keys, times
        FROM (SELECT source, identifiers, count(*) AS times FROM {interactions} GROUP BY ALL)
    """
    if before is not None:
        connection.register("told_before", before)
        sets += " UNION ALL SELECT source, keys, interactions FROM told_before"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE told AS
        SELECT source, keys, sum(times)::BIGINT AS times FROM ({sets}) GROUP BY ALL
    """)


def shared(connection: duckdb.DuckDBPyConnection, of_one: Sequence[str], most_holders: int) -> pa.Table:
    """Identifiers of `told` that more than `most_holders` people hold: a family's phone, info@…, a till's browser.

    People are told apart by identifiers of which each has one, and by e-mail. of_one: such kinds, besides the usual.
    Returns key and holders.
    """
    kinds = [*HOLDERS, *of_one]
    never = [*OF_ONE, *of_one]
    return connection.execute(
        """
        WITH sets AS (SELECT row_number() OVER () AS set, keys FROM (SELECT DISTINCT keys FROM told WHERE len(keys) > 1)),
        entries AS (SELECT set, unnest(keys) AS key, split_part(unnest(keys), '=', 1) AS kind FROM sets),
        pairs AS (
            SELECT DISTINCT a.key, b.key AS other, b.kind FROM entries a JOIN entries b ON a.set = b.set AND a.kind <> b.kind
        ), held AS (
            SELECT key, kind, count(*) AS holders FROM pairs
            WHERE list_contains($kinds, kind) AND NOT list_contains($never, split_part(key, '=', 1)) GROUP BY ALL
        )
        SELECT key, max(holders) AS holders FROM held GROUP BY key HAVING max(holders) > $most ORDER BY key
        """,
        {"kinds": kinds, "never": never, "most": most_holders},
    ).to_arrow_table()


def unshared(keys: str) -> str:
    """SQL of a list of keys without those that many share (the variable `shared`, a list)."""
    return f"list_filter({keys}, lambda k: NOT list_contains(getvariable('shared')::VARCHAR[], k))"


def graph(connection: duckdb.DuckDBPyConnection) -> tuple[pa.Table, pa.Table]:
    """The identifiers of `told` that are not shared, by name, and how often which were told together.

    Returns nodes (number, key), and links (one, other, times), which join all of a set to its first.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE linking AS SELECT {unshared('keys')} AS keys, times FROM told")
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE nodes AS
        SELECT row_number() OVER (ORDER BY key) - 1 AS number, key FROM (SELECT DISTINCT unnest(keys) AS key FROM linking)
    """)
    links = connection.execute("""
        SELECT a.number AS one, b.number AS other, sum(times)::BIGINT AS times
        FROM (SELECT keys[1] AS first, unnest(keys[2:]) AS next, times FROM linking WHERE len(keys) > 1)
        JOIN nodes a ON a.key = first JOIN nodes b ON b.key = next GROUP BY ALL ORDER BY ALL
    """).to_arrow_table()
    return connection.execute("SELECT number, key FROM nodes ORDER BY number").to_arrow_table(), links
