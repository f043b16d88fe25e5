"""Who was found to be whom in the sample company, held against the truth."""

from __future__ import annotations

from typing import Any

from firsthand.jobs.home import Home
from firsthand.lake import connect
from firsthand.lake.read import rows
from firsthand.people import teach_phones
from firsthand.people.identifiers import key_of
from firsthand.tables import People

Row = dict[str, Any]
KINDS = {
    "customer_number": "customer_number", "email": "email", "phone": "phone", "card": "loyalty_card",
    "browser": "anonymous_id", "phone_app": "anonymous_id",
}  # fmt: skip
"""Columns of truth_people.csv, and the kinds of identifiers that they hold."""


def people_found(home: Home) -> Row:
    """How many identifiers became how many customers, and how right that is, over pairs of identifiers of the record.

    `precision`: the share of the pairs found to be one person's that are.  `recall`: the share of one person's pairs that
    were found.  `pairs`: how many pairs of one person's there are. They are counted over the whole truth, not a sample of
    it, so they have no interval. Needs the home's `exports/truth_people.csv`.
    """
    truth = str(home.folder / "exports" / "truth_people.csv").replace("'", "''")
    parts = [
        f"SELECT person, {key_of(f'struct_pack(kind := {kind!r}, value := {column})', home.settings.country)} AS key FROM truth"
        for column, kind in KINDS.items()
    ]
    with connect(home.lake) as connection:
        teach_phones(connection)
        connection.register("found", rows(home.lake, People))
        connection.execute(f"CREATE TEMP TABLE truth AS SELECT * FROM read_csv('{truth}', all_varchar = true)")
        connection.execute(
            f"CREATE TEMP TABLE held AS SELECT person, key, customer_id FROM ({' UNION ALL '.join(parts)}) JOIN found USING (key)"
        )
        pairs = "SELECT coalesce(sum(n * (n - 1) / 2), 0)::DOUBLE FROM (SELECT count(*) AS n FROM held GROUP BY {})"
        right, joined, true = (
            connection.execute(pairs.format(by)).fetchall()[0][0]
            for by in ("person, customer_id", "customer_id", "person")
        )
        identifiers, customers = connection.execute(
            "SELECT count(*), count(DISTINCT customer_id) FROM found"
        ).fetchall()[0]
    return {
        "identifiers": identifiers,
        "customers": customers,
        "precision": right / joined if joined else None,
        "recall": right / true if true else None,
        "pairs": int(true),
    }
