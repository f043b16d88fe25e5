"""What was told together: sets of identifiers, which of these many people share, and the links that the rest make."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from firsthand.people.identifiers import keys_of
from firsthand.people.phones import teach_phones

OF_ONE = ("customer_number", "user_id", "loyalty_card")
"""Kinds that are given to one person: they tell people apart before all others."""

TELLING = (*OF_ONE, "email", "phone")
"""Kinds that tell how many people hold another identifier. Of devices and cookies one person has many."""

OF_A_HOUSEHOLD = ("phone", "device", "device_id", "anonymous_id", "cookie", "browser")
"""Kinds that households and shops share by nature."""

MOST_IN_A_HOUSEHOLD = 2


def told_together(
    connection: duckdb.DuckDBPyConnection, interactions: str, country: str, before: pa.Table | None = None
) -> None:
    """Makes the table `told`: every set of identifiers with who told it and how often (`times`); and `told_new`, those of `interactions`.

    interactions: SQL of a table with `source` and `identifiers`.  before: tables.IdentifierSets, what was told before.
    """
    teach_phones(connection)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE told_new AS
        SELECT source, {keys_of("identifiers", country)} AS keys, times
        FROM (SELECT source, identifiers, count(*) AS times FROM {interactions} GROUP BY ALL)
    """)
    sets = "FROM told_new"
    if before is not None:
        connection.register("told_before", before)
        sets += " UNION ALL SELECT source, keys, interactions FROM told_before"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE told AS
        SELECT source, keys, sum(times)::BIGINT AS times FROM ({sets}) GROUP BY ALL
    """)


def shared(
    connection: duckdb.DuckDBPyConnection, of_one: Sequence[str], most_holders: int, *, among: str | None = None
) -> pa.Table:
    """Identifiers of `told` that too many people hold: a family's phone, info@…, a till's browser, a guest's number.

    How many hold one is how many values of a telling kind were told with it; of several kinds, the most. More than
    `most_holders` are too many. Of what a household shares by nature, more than two are, counted by what each person has
    one of, or, where nothing of that was told with it, by e-mail.
    of_one: kinds of which each person has one, besides the usual.  among: SQL name of a table with `key`, the only ones asked for.
    Returns key and holders.
    Most identifiers were told with so few others that they cannot be shared: those are left out before any are paired.
    """
    asked = f"SEMI JOIN {among} USING (key)" if among else ""
    return connection.execute(
        f"""
        WITH met AS (
            SELECT keys, len(keys) - len(list_distinct(list_transform(keys, lambda each: split_part(each, '=', 1)))) + 1 AS others
            FROM (SELECT DISTINCT keys FROM told WHERE len(keys) > 1)
        ), often AS (
            SELECT key FROM (SELECT unnest(keys) AS key, others FROM met) {asked} GROUP BY key HAVING sum(others) > least($most, $household_most)
        ), sets AS (SELECT row_number() OVER () AS set, keys FROM met),
        entries AS (SELECT set, unnest(keys) AS key, split_part(unnest(keys), '=', 1) AS kind FROM sets),
        pairs AS (
            SELECT DISTINCT a.key, a.kind AS held, b.key AS other, b.kind
            FROM (FROM entries SEMI JOIN often USING (key)) AS a JOIN entries b ON a.set = b.set AND a.kind <> b.kind
            WHERE list_contains($telling, b.kind)
        ), counted AS (SELECT key, held, kind, count(*) AS holders FROM pairs GROUP BY ALL),
        held AS (
            SELECT key, max(holders) AS holders,
                CASE WHEN list_contains($household, held)
                    THEN coalesce(max(holders) FILTER (list_contains($of_one, kind)), max(holders) FILTER (kind = 'email')) END AS people
            FROM counted GROUP BY key, held
        )
        SELECT key, CASE WHEN holders > $most THEN holders ELSE people END AS holders
        FROM held WHERE holders > $most OR people > $household_most ORDER BY key
        """,
        {
            "telling": [*TELLING, *of_one], "of_one": [*OF_ONE, *of_one], "most": most_holders,
            "household": [kind for kind in OF_A_HOUSEHOLD if kind not in of_one],
            "household_most": min(MOST_IN_A_HOUSEHOLD, most_holders),
        },
    ).to_arrow_table()  # fmt: skip


def part(connection: duckdb.DuckDBPyConnection, common: pa.Table) -> None:
    """Makes the tables `common`, of identifiers that many share, and `parted`, of what `told` tells with those left out.

    common: `key`.  parted: each list of `keys` that holds a shared one, and the `rest` of it.
    """
    connection.register("common_keys", common)
    connection.execute("CREATE OR REPLACE TEMP TABLE common AS SELECT key FROM common_keys")
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE holding AS
        SELECT row_number() OVER () AS set, keys FROM (
            SELECT DISTINCT keys FROM (SELECT keys, unnest(keys) AS key FROM told) SEMI JOIN common USING (key)
        )
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE parted AS
        WITH entries AS (SELECT set, unnest(keys) AS key, generate_subscripts(keys, 1) AS place FROM holding),
        own AS (SELECT set, list_sort(list({'place': place, 'key': key})) AS own FROM entries ANTI JOIN common USING (key) GROUP BY set)
        SELECT keys, coalesce(list_transform(own, lambda each: each.key), []) AS rest FROM holding LEFT JOIN own USING (set)
    """)


def unshared(sets: str) -> str:
    """SQL of a table with `keys`, each list without those that many share. sets: SQL of it. Needs `parted`."""
    return f"(SELECT sets.* REPLACE (coalesce(parted.rest, sets.keys) AS keys) FROM {sets} AS sets LEFT JOIN parted ON parted.keys = sets.keys)"


def graph(connection: duckdb.DuckDBPyConnection, *, among: str | None = None) -> tuple[pa.Table, pa.Table]:
    """The identifiers of `told` that are not shared, by name, and how often which were told together.

    among: SQL name of a table with `key`: only sets of these. Returns nodes (number, key), and links (one, other, times), which join all
    of a set to its first. Needs `parted`.
    """
    those = f"SEMI JOIN {among} ON keys[1] = {among}.key" if among else ""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE linking AS SELECT keys, times FROM {unshared('told')} AS each {those}"
    )
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
