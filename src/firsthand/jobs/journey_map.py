"""The journey map with figures: touchpoints with how it was, and the flows of customers between them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from firsthand.jobs.figures import Period
from firsthand.jobs.map_figures import map_figures
from firsthand.jobs.path_figures import travels
from firsthand.jobs.world import World, rows_of
from firsthand.journeys.paths import edges

Row = dict[str, Any]
NODE = ("touchpoint", "stage", "kind", "owner", "customers", "interactions", "how_it_was")


def journey_map(world: World, period: Period = Period()) -> Row:
    """What `charts.journey_map` draws: stages, touchpoints with how it was, and the flows between them."""
    found = map_figures(world, period)
    nodes = [{key: point[key] for key in NODE} for point in found["touchpoints"]]
    return {"stages": found["stages"], "touchpoints": nodes, **flows(world, period), "as_of": found["as_of"]}


def flows(world: World, period: Period = Period()) -> Row:
    """The flows between touchpoints of the map, the largest first, and how many steps there are in all.

    A step is an edge of the process map (see journeys.paths), gone once. Those that begin or end with something that is not on the
    map are counted in `not_on_map`; every other is in a flow. Rows of `flows` have from, to, customers,
    interactions, share (of the steps from there) and median_seconds.
    """
    names = {point.name for point in world.map.touchpoints}
    pairs = rows_of(edges(travels(world, period)).drop("p90_seconds"))
    onward: Counter[str] = Counter()
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
