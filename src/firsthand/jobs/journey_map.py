"""The journey map with figures: touchpoints with how it was, and the flows of customers between them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.figures import Period
from firsthand.jobs.map_figures import map_figures
from firsthand.jobs.world import World, rows_of

Row = dict[str, Any]
NODE = ("touchpoint", "stage", "kind", "owner", "customers", "interactions", "how_it_was")


def journey_map(world: World, period: Period = Period()) -> Row:
    """What `charts.journey_map` draws: stages, touchpoints, and flows, the largest first.

    A step is one interaction of a known customer and the next. Those that begin or end with something that is not on
    the map are counted in `not_on_map`; all others are in a flow.
    """
    figures = map_figures(world, period)
    names = {point["touchpoint"] for point in figures["touchpoints"]}
    pairs = rows_of(_pairs(period.within(world.seen.timeline)))
    onward: Counter[str | None] = Counter()
    for pair in pairs:
        onward[pair["from"]] += pair["interactions"]
    flows = [
        pair | {"share": pair["interactions"] / onward[pair["from"]]}
        for pair in pairs
        if pair["from"] in names and pair["to"] in names
    ]
    steps = onward.total()
    return {
        "stages": figures["stages"],
        "touchpoints": [{key: point[key] for key in NODE} for point in figures["touchpoints"]],
        "flows": sorted(flows, key=lambda flow: (-flow["customers"], flow["from"], flow["to"])),
        "steps": steps,
        "not_on_map": steps - sum(flow["interactions"] for flow in flows),
        "as_of": figures["as_of"],
    }


def _pairs(timeline: ir.Table) -> ir.Table:
    """Each touchpoint and the next one of the same customer: how often, of how many customers, and how long between."""
    steps = timeline.filter(_.gap_seconds.notnull()).group_by(**{"from": _.touchpoint, "to": _.next_touchpoint})
    return steps.aggregate(
        customers=_.life.nunique(), interactions=_.count(), median_seconds=_.gap_seconds.median()
    )
