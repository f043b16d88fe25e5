"""The journey map with figures: touchpoints with how it was, and the flows of customers between them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.figures import Period
from firsthand.jobs.map_figures import map_figures
from firsthand.jobs.world import World, rows_of
from firsthand.journeys.timeline import epoch_us

Row = dict[str, Any]
NODE = ("touchpoint", "stage", "kind", "owner", "customers", "interactions", "how_it_was")


def journey_map(world: World, period: Period = Period()) -> Row:
    """What `charts.journey_map` draws: stages, touchpoints with how it was, and the flows between them."""
    found = map_figures(world, period)
    nodes = [{key: point[key] for key in NODE} for point in found["touchpoints"]]
    return {"stages": found["stages"], "touchpoints": nodes, **flows(world, period), "as_of": found["as_of"]}


def flows(world: World, period: Period = Period()) -> Row:
    """The flows between touchpoints of the map, the largest first, and how many steps there are in all.

    A step is an interaction of a known customer and the next one until `as_of`. Those that begin or end with something that is not
    on the map are counted in `not_on_map`; every other is in a flow. Rows of `flows` have from, to, customers,
    interactions, share (of the steps from there) and median_seconds.
    """
    names = {point.name for point in world.map.touchpoints}
    pairs = rows_of(_pairs(period.within(world.seen.timeline), world.seen.now))
    onward: Counter[str | None] = Counter()
    for pair in pairs:
        onward[pair["from"]] += pair["interactions"]
    found = [
        pair | {"share": pair["interactions"] / onward[pair["from"]]}
        for pair in pairs
        if pair["from"] in names and pair["to"] in names
    ]
    found.sort(key=lambda flow: (-flow["customers"], flow["from"], flow["to"]))
    steps = onward.total()
    return {"flows": found, "steps": steps, "not_on_map": steps - sum(flow["interactions"] for flow in found)}


def _pairs(timeline: ir.Table, now: ir.TimestampScalar) -> ir.Table:
    """Each touchpoint and the next of the same customer until now: how often, of how many, and how long between."""
    until_now = (epoch_us(now) - epoch_us(timeline.occurred_at)) / 1e6
    return (
        timeline.filter(_.gap_seconds <= until_now)
        .group_by(**{"from": _.touchpoint, "to": _.next_touchpoint})
        .aggregate(customers=_.life.nunique(), interactions=_.count(), median_seconds=_.gap_seconds.median())
    )
