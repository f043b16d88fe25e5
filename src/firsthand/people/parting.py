"""One customer made two: what goes with the identifiers that a person names, and what holds each side together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np

from firsthand.people.linked import connected
from firsthand.people.told import unshared
from firsthand.people.verdicts import linked_keys

Row = dict[str, Any]
Sets = Sequence[Sequence[str]]


def together(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], verdicts: Sequence[Row]) -> Sets:
    """What was told together of some identifiers, or decided to be one person's: each set once.

    Needs the tables `told` and `parted` (see people.told).
    """
    found = connection.execute(
        f"SELECT DISTINCT keys FROM {unshared('told')} WHERE list_has_any(keys, $keys) ORDER BY keys", {"keys": [*keys]}
    ).fetchall()
    same = [linked_keys(verdict) for verdict in verdicts if verdict["verdict"] == "same"]
    decided = [[*pair] for named in same for pair in pairwise(named) if set(pair) & set(keys)]
    return [told for (told,) in found] + decided


def sides(sets: Sets, keys: Sequence[str], named: Sequence[str], stays: str | None = None) -> tuple[list[str], list[str]]:  # fmt: skip
    """The identifiers of a customer in two: the other person's, and those that remain.

    sets: see `together`.  named: those said to be another person's.  stays: the one by which the customer was called, if any.
    With the named ones goes what only they link with the one that stays. Where none is said to stay, that is what was never
    told without one of the named; and where that would leave nothing, nothing goes along.
    """
    rest = [key for key in keys if key not in named]
    parts = _parts(rest, (pair for told in sets for pair in pairwise([key for key in told if key in rest])))
    if stays in rest:
        along = [part for part in parts if stays not in part]
    else:
        along = [part for part in parts if all({*named} & {*told} for told in sets if {*part} & {*told})]
    going = {key for part in along for key in part} if along != parts else set()
    return sorted({*named, *going}), [key for key in rest if key not in going]


def falls_apart(sets: Sets, side: Sequence[str]) -> list[str]:
    """One identifier of each part into which a side falls, once it is not linked by the other any more; empty if it holds.

    Sets link as they do where who is who is worked out: each identifier to the first of its set.
    """
    held = set(side)
    links = [(told[0], key) for told in sets for key in told[1:] if {told[0], key} <= held]
    parts = _parts(side, links)
    return [part[0] for part in parts] if len(parts) > 1 else []


def _parts(keys: Sequence[str], links: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Groups of identifiers, whatever a chain of links joins; in their order."""
    number = {key: at for at, key in enumerate(keys)}
    pairs = np.array([(number[a], number[b]) for a, b in links], dtype=np.int64).reshape(-1, 2)
    groups: dict[int, list[str]] = {}
    for key, group in zip(keys, connected(pairs[:, 0], pairs[:, 1], len(keys)).tolist(), strict=True):
        groups.setdefault(group, []).append(key)
    return list(groups.values())
