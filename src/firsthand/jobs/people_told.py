"""What is known of customers beside their identifiers: looked up where it was compared before, else made of what was told."""

from __future__ import annotations

import duckdb
import phonenumbers

import firsthand
from firsthand.jobs.home import Home
from firsthand.jobs.identify import numbered, rules_of, told_again
from firsthand.jobs.timeline_files import layers
from firsthand.lake import files
from firsthand.lake.read import as_declared, view
from firsthand.people import ALIKE
from firsthand.people.weak import FIELDS, date_orders, make_people_of
from firsthand.tables import ComparedPeople, Interactions, Timeline

VALUES = ", ".join(("anchor", "values_hash", *(field.name for field in FIELDS)))


def tell_people(home: Home, connection: duckdb.DuckDBPyConnection, groups: str, *, anew: bool = False) -> int:
    """Makes the table `people`: each person of whom something telling was told, by the newest versions of interactions.

    groups: SQL name of a table with `key`, `person` and `life`, whose each identifier is. Whoever stands as in tables.ComparedPeople
    is taken from there, unless `anew` or an older release wrote it; the others are made of what was told of their lives. Columns: those of `make_people_of`, numbered
    in no order, and told_hash. Leaves the tables `told` (see `told_again`) and `standing` (person, told_hash). Returns how many were made, or are no more.
    """
    told_again(home, connection)
    if as_declared(home.lake, ComparedPeople):
        view(connection, home.lake, ComparedPeople, "compared")
    else:
        connection.register("nobody", ComparedPeople.schema().empty_table())
        connection.execute("CREATE OR REPLACE TEMP VIEW compared AS FROM nobody")
    record = numbered(connection, files(home.lake, Interactions.table_name))
    orders = tell_standing(home, connection, groups, record)
    as_it_was = "SELECT person, told_hash FROM standing WHERE false" if anew else (
        "SELECT customer_id AS person, told_hash FROM compared SEMI JOIN standing ON person = customer_id AND standing.told_hash = compared.told_hash"
    )  # fmt: skip
    connection.execute(f"CREATE OR REPLACE TEMP TABLE as_it_was AS {as_it_was}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE changed AS FROM {groups} ANTI JOIN as_it_was USING (person)")
    theirs = f"""(
        SELECT record.source, record.identifiers FROM {record} AS record
        SEMI JOIN (FROM newest SEMI JOIN changed USING (life)) AS newest USING (interaction_id, version, received_at, position)
    )"""
    make_people_of(connection, theirs, rules_of(home).country, "changed", orders)
    connection.execute(f"""
        CREATE OR REPLACE TABLE people AS
        SELECT row_number() OVER () - 1 AS unique_id, person, told_hash, {VALUES} FROM (
            SELECT person, {VALUES} FROM people
            UNION ALL BY NAME
            SELECT customer_id AS person, {VALUES} FROM compared SEMI JOIN as_it_was ON person = customer_id WHERE anchor IS NOT NULL
        ) JOIN standing USING (person)
    """)
    gone = "SELECT customer_id FROM compared ANTI JOIN standing ON person = customer_id"
    counted = f"SELECT (SELECT count(DISTINCT person) FROM changed) + (SELECT count(*) FROM ({gone}))"
    return int(connection.execute(counted).fetchall()[0][0])


def tell_standing(home: Home, connection: duckdb.DuckDBPyConnection, groups: str, record: str) -> dict[str, str]:
    """Makes the table `standing`: by what each person is known (person, told_hash); what is compared of them is a function of that.

    groups: as for `tell_people`.  record: SQL of the interactions. Needs `parted` (see `told_again`). Returns `date_orders`.
    """
    _newest(home, connection)
    orders = date_orders(connection, record)
    form = (
        firsthand.__version__,
        ALIKE,
        phonenumbers.__version__,
        VALUES,
        rules_of(home).country,
        sorted(orders.items()),
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE standing AS
        WITH held AS (SELECT person, bit_xor(hash(key)) AS keys FROM {groups} GROUP BY person),
        beside AS (SELECT person, bit_xor(hash(keys)) AS shared FROM parted JOIN {groups} AS each ON each.key = parted.rest[1] GROUP BY person),
        lived AS (SELECT life, bit_xor(hash(interaction_id, version, received_at, position)) AS rows FROM newest GROUP BY life),
        told AS (SELECT person, bit_xor(rows) AS rows FROM (SELECT DISTINCT person, life FROM {groups}) JOIN lived USING (life) GROUP BY person)
        SELECT person, md5(concat_ws(' ', $form, keys, coalesce(shared, 0), rows)) AS told_hash
        FROM held LEFT JOIN beside USING (person) LEFT JOIN told USING (person)
        """,
        {"form": repr(form)},
    )
    return orders


def _newest(home: Home, connection: duckdb.DuckDBPyConnection) -> None:
    """The table `newest`: the newest version of each interaction of somebody, with whose life it is in."""
    connection.register("no_timeline", Timeline.schema().empty_table())
    base, overlay = (f"read_parquet({parts})" if parts else "no_timeline" for parts in layers(home))
    columns = "life, interaction_id, version, received_at, position"
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW newest AS
        SELECT {columns} FROM {base} AS base ANTI JOIN {overlay} AS overlay USING (life) WHERE life > 0
        UNION ALL SELECT {columns} FROM {overlay} AS overlay WHERE life > 0 AND interaction_id IS NOT NULL
    """)
