"""Which pairs of records are compared at all: rules chosen by what they find for the pairs they cost.

Nobody knows the true pairs. But how a pair could be found can be played through: in a thousand imagined pairs of one
person's records, values are missing as often as they are in the data and spoilt as people spoil them, some pairs
worse than others. The rule that finds most of those not found yet for each pair it costs is taken next, until the
budget is spent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb
import numpy as np

from firsthand.people.fields import Field

LEAST_BUDGET = 3_000_000
PAIRS_PER_RECORD = 15
ALL_PAIRS_BELOW = 1_500
SAMPLE = 100_000
IMAGINED = 4_000
MOST_RULES = 16
AGAIN = 0.3
LEAST_GAIN = 0.001


@dataclass(frozen=True)
class Key:
    """Something that two records can have in common.

    sql: over `{0}`, the alias of a record.  fields: those it is made of.
    part: which part of the value: `whole`, `prefix`, `suffix`, `year`, `day`, `swapped`.
    """

    sql: str
    fields: tuple[str, ...]
    part: str = "whole"


@dataclass(frozen=True)
class Rule:
    """A blocking rule: pairs that have all its keys in common.

    pairs: how many it brings, counted or, in a large list, estimated from a sample.
    """

    keys: tuple[Key, ...]
    pairs: int

    @property
    def sql(self) -> str:
        return " AND ".join(f"{key.sql.format('l')} = {key.sql.format('r')}" for key in self.keys) or "1 = 1"

    @property
    def words(self) -> str:
        return " + ".join(_told(key) for key in self.keys) or "every pair"


def budget(records: int) -> int:
    """How many pairs may be compared."""
    return max(LEAST_BUDGET, PAIRS_PER_RECORD * records)


def keys_of(fields: Sequence[Field]) -> list[Key]:
    """All keys that the fields offer."""
    found = []
    for field in fields:
        at = f"{{0}}.{field.name}"
        found.append(Key(at, (field.name,)))
        if field.kind in ("first_name", "surname", "street", "city", "text"):
            found.append(Key(f"nullif(left({at}, 3), '')", (field.name,), "prefix"))
        elif field.kind == "birth_date":
            found += [Key(f"left({at}, 4)", (field.name,), "year"), Key(f"right({at}, 4)", (field.name,), "day")]
        elif field.kind == "postcode":
            found.append(Key(f"left({at}, 3)", (field.name,), "prefix"))
        elif field.kind == "email":
            found.append(Key(f"split_part({at}, '@', 1)", (field.name,), "prefix"))
        elif field.kind in ("phone", "identifier"):
            found += [Key(f"left({at}, 4)", (field.name,), "prefix"), Key(f"right({at}, 4)", (field.name,), "suffix")]
    for one, other in (("first_name", "surname"),):
        if {one, other} <= {field.name for field in fields}:
            both = f"least({{0}}.{one}, {{0}}.{other}) || ' ' || greatest({{0}}.{one}, {{0}}.{other})"
            whole = f"CASE WHEN {{0}}.{one} IS NOT NULL AND {{0}}.{other} IS NOT NULL THEN {both} END"
            found.append(Key(whole, (one, other), "swapped"))
    return found


def choose_rules(
    connection: duckdb.DuckDBPyConnection, people: str, fields: Sequence[Field], *, seed: int = 1
) -> list[Rule]:
    """The rules by which pairs are found, the cheapest first.

    people: SQL name of a table with `unique_id` and the fields.
    """
    records = connection.execute(f"SELECT count(*) FROM {people}").fetchall()[0][0]
    if records <= ALL_PAIRS_BELOW:
        return [Rule((), records * (records - 1) // 2)]
    keys = keys_of(fields)
    counted = _count(connection, people, keys, records)
    rules, found = _candidates(keys, counted, records), _imagined_pairs(connection, people, fields, keys, seed)
    return _greedy(rules, found, budget(records))


def _candidates(keys: Sequence[Key], counted: _Counter, records: int) -> list[Rule]:
    """Single keys, and keys of different fields together, that bring no more than the budget allows."""
    most, rules = budget(records), []
    alone = {key: counted.pairs((key,)) for key in keys}
    rules += [Rule((key,), alone[key]) for key in keys if alone[key] <= most]
    coarse = [key for key in keys if alone[key] > records / 2]
    for pair in combinations(coarse, 2):
        if not set(pair[0].fields) & set(pair[1].fields):
            rules.append(Rule(pair, counted.pairs(pair)))
    dear = {rule.keys for rule in rules if rule.pairs > most}
    names = [key for key in coarse if any(key in pair for pair in dear)]
    for triple in combinations(names, 3):
        if all(pair in dear for pair in combinations(triple, 2)):
            rules.append(Rule(triple, counted.pairs(triple)))
    return [rule for rule in rules if rule.pairs <= most]


class _Counter:
    """Counts the pairs of keys on a sample of records, once for each set of keys."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, keys: Sequence[Key], scale: float) -> None:
        self._connection, self._columns, self._scale = connection, {key: f"k{at}" for at, key in enumerate(keys)}, scale

    def pairs(self, keys: Sequence[Key]) -> int:
        names = [self._columns[key] for key in keys]
        known = " AND ".join(f"{name} IS NOT NULL" for name in names)
        row = self._connection.execute(f"""
            SELECT sum(c * (c - 1) / 2) FROM (SELECT count(*) AS c FROM sampled_keys WHERE {known} GROUP BY {", ".join(names)})
        """).fetchall()[0]
        return round((row[0] or 0) * self._scale)


def _count(connection: duckdb.DuckDBPyConnection, people: str, keys: Sequence[Key], records: int) -> _Counter:
    share = min(1.0, SAMPLE / records)
    told = [key.sql.format("p") for key in keys]
    values = ", ".join(f"CASE WHEN {sql} IS NOT NULL THEN hash({sql}) END AS k{at}" for at, sql in enumerate(told))
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE sampled_keys AS SELECT {values} FROM {people} p
        WHERE hash(unique_id) % 1000000 < {round(share * 1_000_000)}
    """)
    return _Counter(connection, keys, 1 / share**2)


def _imagined_pairs(
    connection: duckdb.DuckDBPyConnection, people: str, fields: Sequence[Field], keys: Sequence[Key], seed: int
) -> dict[Key, np.ndarray]:
    """For each key, in which imagined pairs of one person's records it is the same."""
    random = np.random.default_rng(seed)
    columns = ", ".join(f"count({field.name}) / count(*)" for field in fields)
    shares = connection.execute(f"SELECT {columns} FROM {people}").fetchall()[0]
    spoilt = random.uniform(0.02, 0.6, IMAGINED)
    swapped = random.random(IMAGINED) < 0.05
    known, whole, halves = {}, {}, {}
    for field, share in zip(fields, shares, strict=True):
        known[field.name] = (random.random(IMAGINED) < share) & (random.random(IMAGINED) < share)
        whole[field.name] = random.random(IMAGINED) > spoilt
        where = random.random(IMAGINED)
        halves[field.name] = (where < 0.4, (where >= 0.4) & (where < 0.8))
    names = {"first_name", "surname"}
    same = {}
    for key in keys:
        good = np.ones(IMAGINED, dtype=bool)
        for name in key.fields:
            first, second = halves[name]
            kept = {"prefix": first, "year": first, "suffix": second, "day": second}.get(key.part, False)
            good &= known[name] & (whole[name] | kept)
            if name in names and key.part != "swapped":
                good &= ~swapped
        same[key] = good
    return same


def _greedy(rules: list[Rule], same: dict[Key, np.ndarray], most: int) -> list[Rule]:
    """Rules with the best yield for their cost, until the budget is spent or little new is found.

    To find a pair again is worth less each time, but not nothing: the imagined pairs are not the true ones.
    """
    finds = [np.logical_and.reduce([same[key] for key in rule.keys]) for rule in rules]
    chosen: list[Rule] = []
    worth, spent = np.ones(IMAGINED), 0
    while len(chosen) < MOST_RULES:
        gains = [
            worth[found].sum() if spent + rule.pairs <= most else 0.0 for rule, found in zip(rules, finds, strict=True)
        ]
        yields = [gain / (rule.pairs + most / 200) for rule, gain in zip(rules, gains, strict=True)]
        best = int(np.argmax(yields)) if yields else -1
        if best < 0 or gains[best] < LEAST_GAIN * IMAGINED:
            break
        chosen.append(rules[best])
        spent += rules[best].pairs
        worth[finds[best]] *= AGAIN
        finds[best] = np.zeros(IMAGINED, dtype=bool)
    return sorted(chosen, key=lambda rule: rule.pairs)


def _told(key: Key) -> str:
    parts = {"prefix": "beginning of ", "suffix": "end of ", "year": "year of ", "day": "day of ", "swapped": ""}
    return parts.get(key.part, "") + " and ".join(key.fields) + (" in either order" if key.part == "swapped" else "")
