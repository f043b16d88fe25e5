"""Why two identifiers are one person's: the chain of interactions and decisions that links them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import duckdb

from firsthand.people.told import unshared
from firsthand.people.verdicts import linked_keys

Row = dict[str, Any]


def links(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], verdicts: Sequence[Row]) -> list[Row]:
    """What links some identifiers: each pair that was told together, and each that was decided to be one person's.

    Needs the table `told` (see `told_together`) and `parted`. Returns key, other, interactions, sources, and
    decision, by, why, probability where it was decided (then interactions is 0).
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE wanted (key VARCHAR)")
    connection.executemany("INSERT INTO wanted VALUES (?)", [[key] for key in keys])
    rows = connection.execute(f"""
        WITH sets AS (
            SELECT row_number() OVER () AS set, keys, source, times FROM {unshared("told")} WHERE len(keys) > 1
        ), entries AS (SELECT * FROM (SELECT set, source, times, unnest(keys) AS key FROM sets) SEMI JOIN wanted USING (key))
        SELECT a.key, b.key AS other, sum(a.times)::BIGINT AS interactions, list(DISTINCT a.source ORDER BY a.source) AS sources
        FROM entries a JOIN entries b ON a.set = b.set AND a.key < b.key GROUP BY ALL ORDER BY interactions DESC, a.key, other
    """).to_arrow_table().to_pylist()  # fmt: skip
    held = set(keys)
    for verdict in verdicts:
        named = [key for key in linked_keys(verdict) if key in held]
        if verdict["verdict"] == "same":
            told = {
                "decision": verdict["decision_id"],
                **{name: verdict[name] for name in ("by", "why", "probability")},
            }
            rows += [{"key": a, "other": b, "interactions": 0, "sources": [], **told} for a, b in pairwise(named)]
    return rows


def chain(found: Sequence[Row], start: Sequence[str], ends: Sequence[str]) -> list[Row]:
    """The shortest chain of links from one of `start` to one of `ends`; of equally short ones, the most often told. None: empty."""
    beside: dict[str, list[tuple[str, Row]]] = {}
    for row in sorted(found, key=lambda row: ("decision" not in row, -row["interactions"])):
        beside.setdefault(row["key"], []).append((row["other"], row))
        beside.setdefault(row["other"], []).append((row["key"], row))
    came_by: dict[str, tuple[str, Row] | None] = dict.fromkeys(start)
    waiting = deque(start)
    goal = set(ends)
    while waiting:
        key = waiting.popleft()
        if key in goal:
            steps = []
            while (step := came_by[key]) is not None:
                steps.append({**step[1], "key": step[0], "other": key})
                key = step[0]
            return steps[::-1]
        for other, row in beside.get(key, []):
            if other not in came_by:
                came_by[other] = (key, row)
                waiting.append(other)
    return []
