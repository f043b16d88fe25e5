"""How alike the values of pairs are: a number for each field of each pair, for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

UNKNOWN = -1
"""Level of a field that is missing on one side. Else 0 is the closest level, and the last is `different`."""


@dataclass(frozen=True)
class Compared:
    """Pairs as numbers.

    one, other: numbers of the records.  levels: for each field, the level of each pair.  counts: for each field, how many records hold the value that both
    have, where the level is the closest; else 0.  weights: how many pairs each stands for.
    """

    one: np.ndarray
    other: np.ndarray
    levels: list[np.ndarray]
    counts: list[np.ndarray]
    weights: np.ndarray


def compare(
    connection: duckdb.DuckDBPyConnection, people: str, comparisons: Sequence[dict[str, Any]], pairs: str
) -> Compared:
    """Compares pairs.

    pairs: SQL name of a table with `one`, `other` (numbers of records) and `weight`.
    """
    names = [comparison["output_column_name"] for comparison in comparisons]
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in names)
    levels = ", ".join(f"({_level_sql(each)})::TINYINT AS level_{each['output_column_name']}" for each in comparisons)
    for name in names:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE counts_{name} AS SELECT {name} AS value, count(*) AS c FROM {people} WHERE {name} IS NOT NULL GROUP BY 1"
        )
    # One table after the other: in one query DuckDB would work out each level once for every place that names it.
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE levelled AS
        WITH sides AS (SELECT one, other, weight, {sides} FROM {pairs} p JOIN {people} l ON l.unique_id = p.one JOIN {people} r ON r.unique_id = p.other)
        SELECT one, other, weight, {levels}, {", ".join(f"CASE WHEN {name}_l = {name}_r THEN {name}_l END AS same_{name}" for name in names)} FROM sides
    """)
    seen = ", ".join(f"coalesce(counts_{name}.c, 0)::INTEGER AS count_{name}" for name in names)
    joins = " ".join(f"LEFT JOIN counts_{name} ON same_{name} = counts_{name}.value" for name in names)
    found = connection.execute(f"""
        SELECT one, other, weight, {", ".join(f"level_{name}" for name in names)}, {seen} FROM levelled {joins}
    """).fetchnumpy()
    filled = [np.ma.filled(found[f"level_{name}"], UNKNOWN) for name in names]
    counts = [np.ma.filled(found[f"count_{name}"], 0) for name in names]
    return Compared(found["one"], found["other"], filled, counts, np.asarray(found["weight"], dtype=float))


def _level_sql(comparison: dict[str, Any]) -> str:
    """The levels of a comparison as one CASE: -1 for the null level, then 0, 1, 2 …"""
    null, *others = comparison["comparison_levels"]
    *stated, _otherwise = others
    cases = " ".join(f"WHEN {level['sql_condition']} THEN {at}" for at, level in enumerate(stated))
    return f"CASE WHEN {null['sql_condition']} THEN {UNKNOWN} {cases} ELSE {len(stated)} END"


def random_pairs(connection: duckdb.DuckDBPyConnection, records: int, most: int, *, seed: int, into: str) -> None:
    """Makes a table of pairs drawn at random among all, or of all, if they are not more than `most`."""
    total = records * (records - 1) // 2
    if total <= most:
        select = f"SELECT a.i AS one, b.i AS other, 1.0 AS weight FROM range({records}) a(i) JOIN range({records}) b(i) ON a.i < b.i"
    else:
        select = (
            f"SELECT one, other, {total / most} AS weight FROM (SELECT hash(i, {seed}) % {records} AS one, "
            f"hash(i, {seed} + 1) % {records} AS other FROM range({most}) t(i)) WHERE one <> other"
        )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {select}")


def some_of(connection: duckdb.DuckDBPyConnection, blocked: str, each: int, *, into: str) -> None:
    """Makes a table of pairs drawn from each rule's, at most about `each` from one, weighted by how many they stand for.

    blocked: SQL name of a table with join_key_l, join_key_r and match_key, the rule that brought the pair.
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into} AS
        WITH sizes AS (SELECT match_key, greatest(1.0, count(*) / {each}) AS weight FROM {blocked} GROUP BY 1)
        SELECT join_key_l AS one, join_key_r AS other, weight FROM {blocked} JOIN sizes USING (match_key)
        WHERE hash(join_key_l, join_key_r) % 1000000 < 1000000 / weight
    """)
