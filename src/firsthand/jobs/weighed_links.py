"""What speaks for and against two being one person, as a model of the home weighs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from firsthand.jobs.home import Home
from firsthand.jobs.identify import decisions
from firsthand.jobs.people_models import model_named, models
from firsthand.jobs.people_told import tell_people
from firsthand.lake import connect
from firsthand.lake.read import rows
from firsthand.people.weighing import weigh
from firsthand.tables import People

Row = dict[str, Any]


def weighed_decisions(home: Home, chain: Sequence[Row]) -> list[Row]:
    """The evidence behind each link of a chain that a model decided, with the values as they are told now.

    chain: rows as in `people why`. Returns rows as `people.weighing.weigh` does, with decision, model, one and other.
    """
    held = {row["decision_id"]: row for row in decisions(home)}
    found = []
    for step in chain:
        verdict = held.get(step.get("decision", ""))
        if verdict is not None and verdict["probability"] is not None:
            sides = {key: side for side in ("keys", "others") for key in verdict[side]}
            model = model_named(home, verdict["by"].removeprefix("model "))
            weighed = _weighed(home, model, ("keys", "others"), sides)
            found += [{"decision": verdict["decision_id"], **row} for row in weighed]
    return found


def weighed_customers(home: Home, one: str, other: str) -> list[Row]:
    """The evidence on two customers by the newest model, in the same form; none without a model, or if too little was told."""
    newest = next(iter(models(home)), None)
    return [] if newest is None else [{"decision": None, **row} for row in _weighed(home, newest, (one, other), {})]


def _weighed(home: Home, model: Row, pair: Iterable[str], sides: Mapping[str, str]) -> list[Row]:
    """The evidence on two persons. sides: the persons of some keys; all other keys of their customers are left aside."""
    told = rows(home.lake, People).to_pylist()
    parted = {row["customer_id"] for row in told if row["key"] in sides}
    groups = [
        {"key": row["key"], "person": sides.get(row["key"]) or row["customer_id"], "life": row["life"]}
        for row in told if row["key"] in sides or row["customer_id"] not in parted
    ]  # fmt: skip
    with connect(home.lake) as connection:
        connection.register("grouped", pa.Table.from_pylist(groups))
        connection.execute("CREATE OR REPLACE TEMP TABLE persons AS SELECT * FROM grouped")
        tell_people(home, connection, "persons")
        number = dict(connection.execute("SELECT person, unique_id FROM people").fetchall())
        anchor = dict(connection.execute("SELECT unique_id, anchor FROM people").fetchall())
        one, other = (number.get(person) for person in pair)
        if one is None or other is None:
            return []
        connection.execute(f"CREATE OR REPLACE TEMP TABLE pair AS SELECT {one} AS one, {other} AS other, 1.0 AS weight")
        found = weigh(connection, "people", model["model"], "pair")
    return [
        {"model": model["model_id"], **row, "one": anchor[row["one"]], "other": anchor[row["other"]]} for row in found
    ]
