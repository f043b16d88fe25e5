"""What is known of customers beside their identifiers: names, dates of birth, addresses, as most often told of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import duckdb

from firsthand.people import normal
from firsthand.people.columns import find_columns
from firsthand.people.fields import Field
from firsthand.people.identifiers import key_of, keys_of
from firsthand.people.phones import teach_phones
from firsthand.people.told import unshared
from firsthand.sources.sql import literal

FIELDS = [
    Field("first_name", "first_name", ("first_name", "name")),
    Field("surname", "surname", ("last_name", "name")),
    Field("birth_date", "birth_date", ("date_of_birth",)),
    Field("street", "street", ("street", "address")),
    Field("postcode", "postcode", ("postcode",)),
    Field("city", "city", ("city",)),
    Field("email", "email", ("email",)),
    Field("phone", "phone", ("phone",)),
]
"""What is compared of customers, made of the kinds of identifiers that `columns` names. E-mail and phone link by themselves;
here it counts how alike they are where they differ."""
TELLING = ("first_name", "surname", "birth_date", "street")
"""A customer of whom none of these was told is not compared: there is too little to go by."""
MOST_KNOWN = 200_000
"""More known pairs than this tell nothing more."""
SHAPES: dict[str, Callable[[str], str]] = {
    "first_name": normal.words, "surname": normal.words, "street": normal.words, "city": normal.words,
    "postcode": normal.code, "email": normal.email, "phone": normal.phone,
}  # fmt: skip


def make_people_of(
    connection: duckdb.DuckDBPyConnection, interactions: str, country: str, groups: str, orders: Mapping[str, str]
) -> None:
    """Makes the table `people`: each customer of whom something telling was told, with the values most often told.

    interactions: SQL of a table with `source` and `identifiers`.  country: as in the settings.
    groups: SQL name of a table with `key` and `person`, whose each identifier is.  orders: see `date_orders`.
    Needs `common` and `parted` (see told.part).
    Columns: unique_id, numbered from 0 in the order of `person`; person; anchor, the identifier that was most often told
    with the values; values_hash; and the fields. Of equally often told values the first in the alphabet is taken.
    """
    teach_phones(connection)
    kinds = ", ".join(f"'{kind}'" for field in FIELDS for kind in field.columns)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE told_of AS
        WITH sets AS (
            SELECT *, {keys_of("identifiers", country)} AS keys
            FROM (SELECT source, identifiers, count(*) AS times FROM {interactions} GROUP BY ALL)
        ), owned AS (
            SELECT person, key, source, times, identifiers FROM (SELECT *, keys[1] AS key FROM {unshared("sets")}) JOIN {groups} USING (key)
        ), entries AS (SELECT * EXCLUDE (identifiers), unnest(identifiers) AS entry FROM owned)
        SELECT person, key, source, entry.kind AS kind, trim(entry.value) AS value, sum(times)::BIGINT AS times FROM entries
        WHERE entry.kind IN ({kinds}) AND coalesce({key_of("entry", country)}, '') NOT IN (SELECT key FROM common)
        GROUP BY ALL
    """)
    parts = [
        f"SELECT person, source, key, times, '{field.name}' AS field, {sql} AS value FROM told_of WHERE kind = '{kind}'"
        for field in FIELDS
        for kind, sql in _values(field, orders)
    ]
    names = ", ".join(field.name for field in FIELDS)
    telling = ", ".join(f"'{name}'" for name in TELLING)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE values_of AS SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE value IS NOT NULL"
    )
    connection.execute(f"""
        CREATE OR REPLACE TABLE people AS
        WITH anchors AS (
            SELECT person, arg_min(key, (-times, key)) AS anchor FROM (
                SELECT person, key, sum(times) AS times FROM values_of WHERE field IN ({telling}) GROUP BY ALL
            ) GROUP BY person
        )
        SELECT row_number() OVER (ORDER BY person) - 1 AS unique_id, person, anchor,
            md5(concat_ws('|', {", ".join(f"coalesce({field.name}, '')" for field in FIELDS)})) AS values_hash, {names}
        FROM ({_usual("person")}) JOIN anchors USING (person)
    """)


def make_known_pairs(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """Makes a table of what each source told of each customer, and one of the pairs of sources that told of the same one,
    at most `MOST_KNOWN`.

    Needs what `make_people_of` left. Strong identifiers say that these pairs are one person's. Returns the tables' names.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE told_by AS
        SELECT row_number() OVER (ORDER BY person, source) - 1 AS unique_id, * FROM ({_usual("person, source")}) SEMI JOIN people USING (person)
        WHERE coalesce({", ".join(TELLING)}) IS NOT NULL
    """)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE known_pairs AS
        SELECT a.unique_id AS one, b.unique_id AS other, 1.0 AS weight
        FROM told_by a JOIN told_by b ON a.person = b.person AND a.unique_id < b.unique_id
        ORDER BY hash(one, other) LIMIT {MOST_KNOWN}
    """)
    return "told_by", "known_pairs"


def _usual(by: str) -> str:
    """SQL of the values most often told by group, one row for each."""
    columns = ", ".join(f"max(value) FILTER (field = '{field.name}') AS {field.name}" for field in FIELDS)
    return f"""
        SELECT {by}, {columns} FROM (
            SELECT {by}, field, arg_min(value, (-times, value)) AS value FROM (
                SELECT {by}, field, value, sum(times) AS times FROM values_of GROUP BY ALL
            ) GROUP BY {by}, field
        ) GROUP BY {by}
    """


def fields_told(connection: duckdb.DuckDBPyConnection) -> list[Field]:
    """Those fields of which the table `people` has at least one value."""
    counts = connection.execute(
        f"SELECT {', '.join(f'count({field.name})' for field in FIELDS)} FROM people"
    ).fetchone()
    return [field for field, count in zip(FIELDS, counts or (), strict=True) if count]


def _values(field: Field, orders: Mapping[str, str]) -> list[tuple[str, str]]:
    """Kinds of identifiers that tell a field, each with the SQL of its value."""
    found = []
    for kind in field.columns:
        if kind == "name":
            part = normal.given_part if field.name == "first_name" else normal.family_part
            found.append((kind, part("value")))
        elif field.kind == "birth_date":
            found.append((kind, _birth_date(orders)))
        else:
            found.append((kind, SHAPES[field.kind]("value")))
    return found


def date_orders(connection: duckdb.DuckDBPyConnection, interactions: str) -> dict[str, str]:
    """The order in which each source writes dates of birth: `ymd`, `dmy` or `mdy`.

    interactions: SQL of a table with `source` and `identifiers`.
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE dates AS
        SELECT DISTINCT source, unnest(list_transform(list_filter(identifiers, lambda e: e.kind = 'date_of_birth'), lambda e: trim(e.value))) AS born
        FROM {interactions}
    """)
    orders = {}
    for (source,) in connection.execute("SELECT DISTINCT source FROM dates ORDER BY source").fetchall():
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW dates_of AS SELECT born FROM dates WHERE source = {literal(source)}"
        )
        (column,) = find_columns(connection, "dates_of", ["born"], said={"born": "birth_date"})
        orders[source] = column.order
    return orders


def _birth_date(orders: Mapping[str, str]) -> str:
    """SQL of a date of birth, each source's in the order in which that source writes dates."""
    cases = [f"WHEN {literal(source)} THEN {normal.date('value', order)}" for source, order in orders.items()]
    return f"CASE source {' '.join(cases)} END" if cases else "NULL::VARCHAR"
