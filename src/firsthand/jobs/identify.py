"""Who is who in a home: identifiers of the record become customers, who keep the ids that they were given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from firsthand.errors import LakeError
from firsthand.jobs.home import Home
from firsthand.lake import delta, version
from firsthand.lake.read import rows
from firsthand.people import House, in_force, resolve
from firsthand.tables import CustomerIds, WhoIsWho

TRIES = 20


def house_of(home: Home) -> House:
    """What the home's settings say of its customers' identifiers."""
    settings = home.settings
    return House(tuple(settings.one_per_person), settings.most_holders, settings.country)


def decisions(home: Home) -> list[dict[str, Any]]:
    """What people and models decided, as far as it holds."""
    return in_force(rows(home.lake, WhoIsWho).to_pylist())


def identify(home: Home, connection: duckdb.DuckDBPyConnection, interactions: str) -> tuple[pa.Table, pa.Table]:
    """The customer of every identifier (tables.People) and what a person should look at (tables.ToReview).

    Ids that are given for the first time are written down before anybody can see them.
    interactions: SQL of a table with `source` and `identifiers`.
    """
    for _attempt in range(TRIES):
        seen = version(home.lake, CustomerIds.table_name)
        given = rows(home.lake, CustomerIds)
        people, review = resolve(connection, interactions, house_of(home), given, decisions(home))
        connection.register("named", people)
        fresh = connection.execute(
            "SELECT key, customer_id FROM named WHERE key NOT IN (SELECT key FROM given)"
        ).to_arrow_table()
        now = pa.array([datetime.now(UTC)] * fresh.num_rows, pa.timestamp("us", "UTC"))
        if not fresh.num_rows:
            return people, review
        if delta.append(home.lake, CustomerIds, fresh.append_column("given_at", now), seen=seen or 0):
            return people, review
    raise LakeError(f"Somebody else kept naming customers in {home.lake.url}. Try again: firsthand refresh")
