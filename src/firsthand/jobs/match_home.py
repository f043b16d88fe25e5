"""Who is who in a home by names, dates of birth and addresses: train or use the model, score, decide."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from firsthand.jobs.home import Home
from firsthand.jobs.identify import decisions, rules_of
from firsthand.jobs.people_models import keep_model, models
from firsthand.jobs.people_told import VALUES, tell_people
from firsthand.jobs.refresh import refresh
from firsthand.jobs.who_is_who import probable
from firsthand.lake import connect, delta
from firsthand.lake.read import rows, view
from firsthand.people.apart import Label, components, contradiction, words
from firsthand.people.clusters import Pairs, cluster
from firsthand.people.linked import strongest_tree
from firsthand.people.model import Model, predict, train
from firsthand.people.resolve import labels_of
from firsthand.people.scored import filled, pairs_of
from firsthand.people.threshold import Threshold, careful
from firsthand.people.verdicts import taken_back
from firsthand.people.weak import fields_told, make_known_pairs
from firsthand.people.weighing import weigh
from firsthand.tables import ComparedPeople, People, ProbablePeople, Table, WhoIsWho

Row = dict[str, Any]
PROBABLE = 0.5
"""From here on a pair that is not joined is worth a person's look."""
GROWN = 2
"""A model is trained anew when there are so many times as many customers as it was trained on."""


@dataclass(frozen=True)
class Found:
    """Pairs of customers of the table `people`.

    compared: how many were.  pairs: those not improbable.  links: those to be joined, as places in `pairs`.
    refused: what stands against joining a pair (reason, and words), by its numbers; None where a person has decided.
    """

    compared: int
    pairs: Pairs
    links: np.ndarray
    refused: Mapping[tuple[int, int], tuple[str, str] | None]


def match_home(home: Home, *, threshold: float | None = None, again: bool = False) -> Row:
    """Joins customers whom weak identifiers tell to be one person; the links are decisions in tables.WhoIsWho.

    A model is trained at the first time, when there are many more customers than it was trained on, and `again`; else
    the kept one compares only who is new, or of whom something else was told since.
    threshold: from which probability on customers are joined; else the model's. Returns what was found and why.
    """
    began = time.perf_counter()
    refresh(home)
    with connect(home.lake) as connection:
        kept = None if again else next(iter(models(home)), None)
        customers, changed = _tell(home, connection, anew=kept is None)
        if kept is not None and _count(connection, "people") > GROWN * kept["records"]:
            kept = None
            _tell(home, connection, anew=True)
        size, new = _count(connection, "people"), _new_last(connection, kept)
        told: Row = {"records": size, "new": new, "trained": False, "pairs_compared": 0, "joined": 0}
        if (kept is None and size < 2) or not new:
            if kept is not None and changed:
                _remember(home, connection, kept["model_id"])
            return told | _outcome(home, kept, customers, customers, began)
        model, pairs, compared = _scored(connection, kept, size - new)
        chosen = _threshold(threshold, kept, pairs)
        found = _linked(home, connection, model, pairs, compared, size, chosen.value)
        held = kept or _keep(home, model, size, found, chosen)
        joined = _decide(home, connection, model, held["model_id"], found)
        _put_aside(home, connection, held["model_id"], size - new if kept else 0, found)
        after = customers
        if joined:
            refresh(home)
            after, _ = _tell(home, connection)
        _remember(home, connection, held["model_id"])
    told |= {"trained": kept is None, "pairs_compared": compared, "joined": joined}
    return told | _outcome(home, held | {"threshold": chosen.value, "why": chosen.why}, customers, after, began)


def _tell(home: Home, connection: duckdb.DuckDBPyConnection, *, anew: bool = False) -> tuple[int, int]:
    """Makes the table `people` of the home's customers; returns how many customers there are, and how many had changed."""
    view(connection, home.lake, People, "found")
    connection.execute("CREATE OR REPLACE TEMP TABLE customers AS SELECT key, customer_id AS person, life FROM found")
    changed = tell_people(home, connection, "customers", anew=anew)
    return int(connection.execute("SELECT count(DISTINCT person) FROM customers").fetchall()[0][0]), changed


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _new_last(connection: duckdb.DuckDBPyConnection, kept: Row | None) -> int:
    """Numbers `people` so that those whom the kept model has not compared come last; returns how many these are."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE numbers AS
        SELECT person, is_new, row_number() OVER (ORDER BY is_new, person) - 1 AS unique_id FROM (
            SELECT person, compared.values_hash IS DISTINCT FROM people.values_hash AS is_new
            FROM people LEFT JOIN (FROM compared WHERE model_id = $model) AS compared ON customer_id = person
        )
        """,
        {"model": kept["model_id"] if kept else ""},
    )
    connection.execute("CREATE OR REPLACE TABLE people AS SELECT numbers.unique_id, people.* EXCLUDE (unique_id), is_new FROM people JOIN numbers USING (person)")  # fmt: skip
    return int(connection.execute("SELECT count(*) FROM people WHERE is_new").fetchall()[0][0])


def _scored(connection: duckdb.DuckDBPyConnection, kept: Row | None, old: int) -> tuple[Model, Pairs, int]:
    """The model, the pairs that are not improbable, and how many were compared."""
    if kept is not None:
        model: Model = kept["model"]
        pairs = pairs_of(connection, predict(connection, "people", model, new_from=old))
        return model, pairs, len(pairs.one)
    model, compared = train(connection, "people", fields_told(connection), known=make_known_pairs(connection))
    return (
        model,
        pairs_of(connection, predict(connection, "people", model, pairs=compared)),
        _count(connection, compared),
    )


def _threshold(said: float | None, kept: Row | None, pairs: Pairs) -> Threshold:
    if said is not None:
        return Threshold(said, "you said so")
    return Threshold(kept["threshold"], kept["why"]) if kept else careful(pairs.probability)


def _linked(
    home: Home, connection: duckdb.DuckDBPyConnection, model: Model, pairs: Pairs, compared: int, size: int, threshold: float
) -> Found:  # fmt: skip
    """The pairs to be joined: groups that belong together on the whole, in which nothing contradicts."""
    labels = _labels(home, connection)
    pairs = filled(connection, model, pairs, size, threshold)
    refused: dict[tuple[int, int], tuple[str, str] | None] = {}
    for at in np.flatnonzero(pairs.probability >= min(PROBABLE, threshold)):
        one, other = int(pairs.one[at]), int(pairs.other[at])
        fault = contradiction(labels.get(one, ()), labels.get(other, ()))
        if fault is not None:
            refused[one, other] = _against(fault[0].reason, words(*fault))
    allowed = np.array(
        [pair not in refused for pair in zip(pairs.one.tolist(), pairs.other.tolist(), strict=True)], bool
    )
    groups = cluster(pairs.where(allowed), size, threshold)
    inner = allowed & (groups[pairs.one] == groups[pairs.other]) & (pairs.probability >= threshold)
    within = pairs.where(inner)
    parts, torn = components(size, within.one, within.other, (within.probability * 1e9).astype(np.int64), labels)
    refused |= {(each.one, each.other): _against(each.reason, each.detail) for each in torn}
    inner &= parts[pairs.one] == parts[pairs.other]
    places = np.flatnonzero(inner)
    tree = strongest_tree(pairs.one[places], pairs.other[places], pairs.probability[places], size)
    return Found(compared, pairs, places[tree], refused)


def _against(reason: str, detail: str) -> tuple[str, str] | None:
    return None if reason == "decided_different" else (reason, detail)


def _labels(home: Home, connection: duckdb.DuckDBPyConnection) -> Mapping[int, Sequence[Label]]:
    """What speaks against joining customers, by number: what nobody has two of, and what people decided."""
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW nodes AS SELECT unique_id AS number, key FROM customers JOIN people USING (person)"
    )
    undone = [
        row | {"verdict": "different", "keys": row["keys"][:1], "others": row["others"][:1]}
        for row in taken_back(rows(home.lake, WhoIsWho).to_pylist())
    ]
    apart = [row for row in [*decisions(home), *undone] if row["verdict"] == "different"]
    number = _numbers(connection, [key for row in apart for side in ("keys", "others") for key in row[side]])
    return labels_of(connection, rules_of(home).one_per_person, apart, number)


def _numbers(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, int]:
    """The numbers in `people` of the customers whom some identifiers lead to. Needs `nodes`."""
    named = "SELECT key, number FROM nodes SEMI JOIN (SELECT unnest($keys::VARCHAR[]) AS key) USING (key)"
    return dict(connection.execute(named, {"keys": list({*keys})}).fetchall())


def _keep(home: Home, model: Model, size: int, found: Found, chosen: Threshold) -> Row:
    sure = found.pairs.probability[found.pairs.probability >= chosen.value]
    whole = float(found.pairs.probability.sum())
    name = keep_model(
        home, model, records=size, pairs=found.compared, threshold=chosen.value, why=chosen.why,
        expected_precision=float(sure.mean()) if len(sure) else None, expected_recall=float(sure.sum()) / whole if whole else None,
    )  # fmt: skip
    return next(row for row in models(home) if row["model_id"] == name)


def _decide(home: Home, connection: duckdb.DuckDBPyConnection, model: Model, model_id: str, found: Found) -> int:
    """Writes the links down as decisions of the model."""
    links = found.pairs.where(found.links)
    if not len(links.one):
        return 0
    connection.register("linked", {"one": links.one, "other": links.other, "weight": np.ones(len(links.one))})
    connection.execute("CREATE OR REPLACE TEMP TABLE links AS SELECT * FROM linked")
    sides = dict(connection.execute("""
        SELECT unique_id, list_prepend(anchor, list_sort(list(key) FILTER (key <> anchor)))
        FROM people SEMI JOIN (SELECT one AS unique_id FROM links UNION SELECT other FROM links) USING (unique_id) JOIN customers USING (person)
        GROUP BY unique_id, anchor
    """).fetchall())  # fmt: skip
    now = datetime.now(UTC)
    decided = [
        {
            "decision_id": f"d{uuid.uuid4().hex[:12]}", "verdict": "same", "keys": sides[row["one"]], "others": sides[row["other"]],
            "probability": row["probability"], "undoes": None, "by": f"model {model_id}", "why": _why(row), "decided_at": now,
        }
        for row in weigh(connection, "people", model, "links")
    ]  # fmt: skip
    delta.add(home.lake, WhoIsWho, decided)
    return len(decided)


def _why(weighed: Row) -> str:
    """What was compared, in words, the weightiest first."""
    told = [step for step in weighed["fields"] if step["bits"]]
    told.sort(key=lambda step: -abs(step["bits"]))
    return ", ".join(f"{step['field'].replace('_', ' ')} {step['level']}" for step in told)


def _put_aside(home: Home, connection: duckdb.DuckDBPyConnection, model_id: str, old: int, found: Found) -> None:
    """Writes down what is probable and not joined, and keeps what was found so among those who are not new."""
    doubted = np.flatnonzero(found.pairs.probability >= PROBABLE)
    numbers = np.unique(np.concatenate([found.pairs.one[doubted], found.pairs.other[doubted]]))
    connection.register("doubted", {"unique_id": numbers})
    anchors = dict(connection.execute("SELECT unique_id, anchor FROM people SEMI JOIN doubted USING (unique_id)").fetchall())  # fmt: skip
    joined = set(found.links.tolist())
    doubtful = []
    for at in doubted:
        one, other = int(found.pairs.one[at]), int(found.pairs.other[at])
        against = found.refused.get((one, other), ("probable", "below the threshold"))
        if int(at) not in joined and against is not None:
            doubtful.append({
                "key": anchors[one], "other": anchors[other], "probability": float(found.pairs.probability[at]),
                "reason": against[0], "detail": against[1], "model_id": model_id,
            })  # fmt: skip
    before = rows(home.lake, ProbablePeople).to_pylist()
    number = _numbers(connection, [row[side] for row in before for side in ("key", "other")])
    still = [row for row in before if max(number.get(row["key"], old), number.get(row["other"], old)) < old]
    _replace(home, ProbablePeople, pa.Table.from_pylist([*still, *doubtful], schema=ProbablePeople.schema()), model_id)


def _remember(home: Home, connection: duckdb.DuckDBPyConnection, model_id: str) -> None:
    """Writes down whom the model has compared, and what was told of them."""
    compared = connection.execute(
        f"SELECT standing.person AS customer_id, standing.told_hash, {VALUES}, $model AS model_id FROM standing LEFT JOIN people USING (person) "
        "ORDER BY customer_id",
        {"model": model_id},
    )
    told = compared.to_arrow_table().select(ComparedPeople.schema().names)
    _replace(home, ComparedPeople, told.cast(ComparedPeople.schema()), model_id)


def _replace(home: Home, table: type[Table], told: pa.Table, model_id: str) -> None:
    delta.overwrite(home.lake, table, told, {"model": model_id})


def _outcome(home: Home, held: Row | None, before: int, after: int, began: float) -> Row:
    return {
        "model": held["model_id"] if held else None,
        "threshold": {"value": float(held["threshold"]), "why": held["why"]} if held else None,
        "expected_precision": held["expected_precision"] if held else None,
        "customers_before": before,
        "customers": after,
        "to_review": len(probable(home)),
        "seconds": round(time.perf_counter() - began, 1),
    }
