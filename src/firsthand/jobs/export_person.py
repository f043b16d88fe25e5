"""All that a home holds of one person, machine-readable."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import duckdb

from firsthand.jobs.forget import NAMING, spelled, tell_gone, told_values, whose
from firsthand.jobs.gone import home_opened
from firsthand.jobs.home import Home
from firsthand.jobs.person import person

Row = dict[str, Any]


def export_person(home: Home, who: str) -> Row:
    """Everything that the home holds of one customer: what `forget_person` would delete, and what was made of it.

    who: a customer id or an identifier. Keys are in docs/reference/json.md. Other people's identifiers are left out of decisions; a
    rejected record stands as it came, and may name others. Raises UserError where nobody is found.
    """
    found, keys = whose(home, who)
    life = person(home, found) if found else None
    connection = home_opened(home)
    try:
        con = connection.con
        tell_gone(con, keys, int(found[1:], 16) if found else 0)
        pattern, _ = spelled(told_values(con, home.settings.country))
        con.execute(
            "CREATE TEMP TABLE texts AS SELECT DISTINCT md5(text) AS text_hash FROM gone_rows WHERE text IS NOT NULL"
        )
        return {
            "customer_id": found,
            "identifiers": keys,
            "customer_ids": _rows(con, "FROM customer_ids SEMI JOIN gone_keys USING (key) ORDER BY given_at, key"),
            "who_is_who": _decisions(con, {*keys}),
            "consents": _rows(con, "FROM consents SEMI JOIN gone_keys USING (key) ORDER BY told_at, key, purpose"),
            "interactions": [_plain(row) for row in _rows(con, INTERACTIONS)],
            "rejected": _rows(con, f"FROM rejected WHERE rejection_id IN ({NAMING}) ORDER BY rejected_at, line", pattern=pattern) if pattern else [],
            "labels": _rows(con, "FROM labels WHERE interaction_id IN (SELECT interaction_id FROM gone_rows) ORDER BY labelled_at"),
            "readings": _rows(con, READINGS),
            "promises": life["promises"] if life else [],
            "signals": [{"interaction_id": row["interaction_id"], **each} for row in life["life"] for each in row.get("signals", [])] if life else [],
            "exported_at": datetime.now(UTC),
        }  # fmt: skip
    finally:
        connection.disconnect()


INTERACTIONS = """
    SELECT record.* EXCLUDE (row, key) FROM record SEMI JOIN gone_rows USING (interaction_id, content_hash)
    ORDER BY occurred_at, interaction_id, version, position
"""
READINGS = """
    SELECT readings.* EXCLUDE (vectors, encoder), topics_found.topics, themes_found.theme_id FROM readings SEMI JOIN texts USING (text_hash)
    LEFT JOIN topics_found USING (text_hash) LEFT JOIN themes_found USING (text_hash) ORDER BY text_hash
"""


def _rows(con: duckdb.DuckDBPyConnection, question: str, **named: Any) -> list[Row]:
    found: list[Row] = con.execute(question, named or None).to_arrow_table().to_pylist()
    return found


def _plain(row: Row) -> Row:
    """An interaction as JSON has it: amounts as they are written, circumstances and properties as objects."""
    properties = row["properties"]
    with suppress(ValueError):
        properties = json.loads(properties) if properties else None
    amount = None if row["amount"] is None else str(row["amount"])
    return row | {"amount": amount, "circumstances": dict(row["circumstances"] or []), "properties": properties}


def _decisions(con: duckdb.DuckDBPyConnection, keys: set[str]) -> list[Row]:
    """Every decision that names one of the identifiers, those that no longer hold too, and what undid them; of the sides only the person's own."""
    told = _rows(con, "FROM who_is_who ORDER BY decided_at")
    about = {row["decision_id"] for row in told if keys & {*(row["keys"] or []), *(row["others"] or [])}}
    return [
        row | {side: [key for key in row[side] or [] if key in keys] for side in ("keys", "others")}
        for row in told
        if row["decision_id"] in about or row["undoes"] in about
    ]
