"""What filters can be set to: the values that are in the record."""

from __future__ import annotations

from collections import Counter
from typing import Any

import ibis.expr.types as ir
import orjson
from ibis import _

from firsthand.jobs.circumstances import circumstances, to_group_by
from firsthand.jobs.labels import topics_of
from firsthand.jobs.world import World, rows_of

MOST = 200
LOOKED_AT = 20_000
FEW = range(2, 41)
"""So many different values make a property one to group by, if each is told of enough customers."""


def choices(world: World) -> dict[str, Any]:
    """A list of values for each filter: those of the map in its order, the others the most frequent first."""
    life = world.seen.timeline
    points = world.map.touchpoints
    fewest = world.home.settings.minimum_group
    told = circumstances(world)
    return {
        "channel": _values(life, "channel"),
        "source": _values(life, "source"),
        "stage": list(world.map.stages),
        "touchpoint": [point.name for point in points],
        "owner": sorted({point.owner for point in points if point.owner}),
        "topic": [topic.name for topic in topics_of(world.home)] if world.home.topics_file.is_file() else [],
        "circumstance": [f"{row['name']}={row['value']}" for row in told if row["customers"] >= fewest][:MOST],
        "by_circumstance": to_group_by(told, fewest),
        "property": _properties(life, fewest),
    }


def touchpoints(world: World) -> dict[str, Any]:
    """Touchpoints as the map has them, those that customers were at, and the kinds of these; what a path can be made of.

    `as_good` has touchpoints that an intended path takes for one step.
    """
    life = world.seen.timeline.filter(_.life > 0)
    return {
        "touchpoints": [
            {"touchpoint": point.name, "stage": point.stage, "kind": point.kind, "owner": point.owner}
            | {"standard": dict(point.standard)}
            for point in world.map.touchpoints
        ],
        "met": _values(life, "touchpoint"),
        "as_good": [list(step) for path in world.map.journeys for step in path.path if len(step) > 1],
        "kinds": _values(life, "kind"),
    }


def _values(life: ir.Table, column: str) -> list[str]:
    counted = life.filter(life[column].notnull()).group_by(value=life[column]).aggregate(n=_.count())
    return [row["value"] for row in sorted(rows_of(counted), key=lambda row: (-row["n"], row["value"]))[:MOST]]


def _properties(life: ir.Table, fewest: int) -> list[str]:
    """Names of properties by which one can group, by the look of some interactions; the most frequent first.

    None of them are those that name employees, and those whose values tell of fewer than `fewest` customers each, as e-mails do.
    """
    told: dict[str, set[tuple[str, int]]] = {}
    often: Counter[str] = Counter()
    looked_at = life.filter(_.life > 0, _.properties.notnull(), _.properties != "{}").select("life", "properties").limit(LOOKED_AT)  # fmt: skip
    for row in rows_of(looked_at):
        for name, value in orjson.loads(row["properties"]).items():
            if isinstance(value, str | bool | int) and value != "":
                told.setdefault(name, set()).add((str(value), row["life"]))
                often[name] += 1
    employees = {row["employee"] for row in rows_of(life.filter(_.employee.notnull()).select("employee").distinct())}
    values = {name: {value for value, _life in pairs} for name, pairs in told.items()}
    grouping = [
        name for name, different in values.items()
        if len(different) in FEW and len(told[name]) >= fewest * len(different) and not employees & different
    ]  # fmt: skip
    return sorted(grouping, key=lambda name: -often[name])
