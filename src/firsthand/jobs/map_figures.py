"""The experience map with figures: how it was at each touchpoint, who owns it, how many met it."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _

from firsthand.jobs.figures import Period, figures, interval_of
from firsthand.jobs.signal_files import signals_of
from firsthand.jobs.world import World, rows_of
from firsthand.measures import HOW_IT_WAS
from firsthand.measures.intervals import share_of_customers

Row = dict[str, Any]


def map_figures(world: World, period: Period = Period()) -> Row:
    """Every touchpoint of the map in its stage: interactions, customers, bad signals, and `how_it_was` where it could be seen."""
    life = period.within(world.seen.timeline)
    met = rows_of(
        life.filter(_.touchpoint.notnull())
        .group_by("touchpoint")
        .aggregate(interactions=_.count(), customers=_.life.nunique(where=_.life > 0))
    )
    counts = {row["touchpoint"]: row for row in met}
    signals = _bad_signals(world, period)
    found = figures(world, HOW_IT_WAS, by=["touchpoint"], period=period)
    by_name = {(row["measure"], row["by"]["touchpoint"]): row for row in found}
    points = []
    for point in world.map.touchpoints:
        count = counts.get(point.name, {})
        points.append(
            {
                "touchpoint": point.name, "stage": point.stage, "kind": point.kind, "owner": point.owner,
                "expectation": point.expectation, "standard": dict(point.standard),
                "interactions": count.get("interactions", 0), "customers": count.get("customers", 0),
                "bad_signals": signals.get(point.name, {}).get("count", 0),
                "with_bad_signal": signals.get(point.name, {}).get("so", 0),
                "bad_signal_share": interval_of(signals.get(point.name)),
                "how_it_was": interval_of(by_name.get(("how_it_was", point.name))),
                "good_moments": interval_of(by_name.get(("good_moments", point.name))),
            }
        )  # fmt: skip
    return {
        "stages": list(world.map.stages), "touchpoints": points, "blind_spots": list(world.map.blind_spots),
        "as_of": world.as_of.isoformat(),
    }  # fmt: skip


def _bad_signals(world: World, period: Period) -> dict[str, Row]:
    """Bad signals at each touchpoint: count, so (customers who met one), and the share of those who were there."""
    bad = [signal.name for signal in signals_of(world.home) if not signal.good]
    shown = period.within(world.signals).filter(_.signal.isin(bad), _.touchpoint.notnull())
    there = period.within(world.seen.timeline).filter(_.touchpoint.notnull())
    each = there.select("life", "touchpoint", bad=ibis.literal(0)).union(
        shown.select("life", "touchpoint", bad=ibis.literal(1))
    )
    counted = each.group_by("touchpoint").aggregate(
        customers=_.life.nunique(where=_.life > 0), respondents=_.life.nunique(), count=_.count(where=_.bad == 1),
        so=_.life.nunique(where=(_.life > 0) & (_.bad == 1)),
    )  # fmt: skip
    return {row["touchpoint"]: row for row in rows_of(share_of_customers(counted, ["touchpoint", "count", "so"]))}
