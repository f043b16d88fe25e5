"""Who is who in a home: identifiers of the record become customers, who keep the ids that they were given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from firsthand.jobs.home import Home
from firsthand.lake import delta
from firsthand.lake.read import rows
from firsthand.people import IdentifierRules, in_force, resolve
from firsthand.tables import TIMESTAMP, CustomerIds, WhoIsWho


def rules_of(home: Home) -> IdentifierRules:
    """What the home's settings say of its customers' identifiers."""
    settings = home.settings
    return IdentifierRules(tuple(settings.one_per_person), settings.most_holders, settings.country)


def decisions(home: Home) -> list[dict[str, Any]]:
    """What people and models decided, as far as it holds."""
    return in_force(rows(home.lake, WhoIsWho).to_pylist())


def identify(home: Home, connection: duckdb.DuckDBPyConnection, interactions: str) -> tuple[pa.Table, pa.Table]:
    """The customer of every identifier (tables.People) and what a person should look at (tables.ToReview).

    Ids that are given for the first time are written down before anybody can see them.
    interactions: SQL of a table with `source` and `identifiers`.
    """
    found: tuple[pa.Table, pa.Table] | None = None

    def fresh(_: object) -> pa.Table:
        nonlocal found
        found = resolve(connection, interactions, rules_of(home), rows(home.lake, CustomerIds), decisions(home))
        connection.register("named", found[0])
        unwritten = "SELECT key, customer_id FROM named WHERE key NOT IN (SELECT key FROM given)"
        given = connection.execute(unwritten).to_arrow_table()
        return given.append_column("given_at", pa.array([datetime.now(UTC)] * given.num_rows, TIMESTAMP))

    delta.append_new(home.lake, CustomerIds, fresh)
    assert found
    return found
