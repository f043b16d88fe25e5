"""Scored pairs, taken from DuckDB and completed."""

from __future__ import annotations

import duckdb
import numpy as np

from firsthand.people.clusters import Pairs, joined
from firsthand.people.model import Model, predict

LARGEST_FILLED = 300


def pairs_of(connection: duckdb.DuckDBPyConnection, table: str) -> Pairs:
    """The pairs of a table of scores (see `model.predict`)."""
    rows = connection.execute(
        f"SELECT unique_id_l, unique_id_r, match_probability FROM {table} ORDER BY 1, 2"
    ).fetchnumpy()
    return Pairs(rows["unique_id_l"], rows["unique_id_r"], rows["match_probability"])


def filled(connection: duckdb.DuckDBPyConnection, model: Model, pairs: Pairs, size: int, threshold: float) -> Pairs:
    """The pairs of the table `people`, with those that no rule brought but that came to lie in one group."""
    groups = joined(pairs.at_least(threshold), size)
    sizes = np.bincount(groups)
    loose = (sizes[groups] > 2) & (sizes[groups] <= LARGEST_FILLED)
    connection.register("grouped", {"record": np.flatnonzero(loose), "in_group": groups[loose]})
    connection.register("scored", {"one": pairs.one, "other": pairs.other})
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE unscored AS
        SELECT '0' AS match_key, a.record AS join_key_l, b.record AS join_key_r
        FROM grouped a JOIN grouped b ON a.in_group = b.in_group AND a.record < b.record
        WHERE NOT EXISTS (SELECT 1 FROM scored WHERE one = a.record AND other = b.record)
    """)
    if not connection.execute("SELECT count(*) FROM unscored").fetchall()[0][0]:
        return pairs
    more = pairs_of(connection, predict(connection, "people", model, pairs="unscored"))
    return Pairs(
        np.concatenate([pairs.one, more.one]),
        np.concatenate([pairs.other, more.other]),
        np.concatenate([pairs.probability, more.probability]),
    )
