"""The timeline: the newest version of every interaction, in the order of its customer's life, as the map knows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.map import ExperienceMap
from firsthand.tables import Timeline


@ibis.udf.scalar.builtin
def json_extract_string(document: str, path: str) -> str:  # type: ignore[empty-body]
    """DuckDB's own."""


@ibis.udf.scalar.builtin(name="timezone")
def local_time(zone: str, moment: ibis.dtype("timestamp('UTC')")) -> ibis.dtype("timestamp"):  # type: ignore
    """The clock at a place. (ibis' cast to a zoned timestamp is silently nothing on DuckDB.)"""


@ibis.udf.scalar.builtin
def epoch_us(moment: ibis.dtype("timestamp('UTC')")) -> int:  # type: ignore
    """Microseconds since 1970. (ibis' `delta` counts boundaries, not time.)"""


def newest(interactions: ir.Table) -> ir.Table:
    """The newest version of each interaction: by `version`, then when it reached us, then its position."""
    corrected = interactions.group_by("interaction_id").having(_.count() > 1).select("interaction_id").distinct()
    alone = interactions.anti_join(corrected, "interaction_id")
    latest = [_.version.desc(), _.received_at.desc(), _.position.desc()]
    last = (
        interactions.semi_join(corrected, "interaction_id")
        .mutate(nth=ibis.row_number().over(group_by="interaction_id", order_by=latest))
        .filter(_.nth == 0)
        .drop("nth")
    )
    return alone.union(last)


def recognised(interactions: ir.Table, map_: ExperienceMap) -> ir.Table:
    """Adds `recognised` and sets `touchpoint`: what the first fitting rule of the map says, else the sender."""
    cases = [
        (reduce(lambda one, other: one | other, [fits(interactions, rule) for rule in point.rules]), point.name)
        for point in map_.touchpoints
        if point.rules
    ]
    known = ibis.cases(*cases, else_=ibis.null("string")) if cases else ibis.null("string")
    return interactions.mutate(by_rule=known).mutate(
        recognised=_.by_rule.notnull(), touchpoint=ibis.coalesce(_.by_rule, _.touchpoint)
    ).drop("by_rule")  # fmt: skip


def fits(interactions: ir.Table, rule: Mapping[str, Any]) -> ir.BooleanValue:
    """Whether an interaction fits a rule: every key of it holds."""
    tests = [interactions[key].isin(_words(value)) for key, value in rule.items() if key != "properties"]
    tests += [
        json_extract_string(interactions.properties, '$."' + key + '"').isin(_words(value))
        for key, value in rule.get("properties", {}).items()
    ]
    return reduce(lambda one, other: one & other, tests).fill_null(False)


def _words(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def timeline(interactions: ir.Table, map_: ExperienceMap, timezone: str) -> ir.Table:
    """Everything that is shown reads this.

    interactions: the record, with `customer_id` added.  timezone: the home's; `day` is its.
    Returns tables.Timeline, ordered by customer and time (those of nobody last).
    """
    points = ibis.memtable(map_.table().select(["touchpoint", "stage", "kind", "owner", "channel"]))
    known = recognised(newest(interactions), map_)
    placed = known.left_join(points.rename(map_channel="channel"), "touchpoint").mutate(
        channel=ibis.coalesce(_.channel, _.map_channel), day=local_time(timezone, _.occurred_at).date()
    )
    pause = map_.journey_pause_days * 86_400
    life = ibis.window(group_by="customer_id", order_by=[_.occurred_at, _.position, _.interaction_id])
    steps = (
        placed.filter(_.customer_id.notnull())
        .select("interaction_id", "customer_id", "occurred_at", "position", "touchpoint")
        .mutate(
            step=ibis.row_number().over(life) + 1,
            next_touchpoint=_.touchpoint.lead().over(life),
            gap_seconds=(epoch_us(_.occurred_at.lead().over(life)) - epoch_us(_.occurred_at)) / 1e6,
            begins=(epoch_us(_.occurred_at) - epoch_us(_.occurred_at.lag().over(life)) > pause * 1e6).cast("int64"),
        )
        .mutate(journey=_.begins.fill_null(0).sum().over(ibis.cumulative_window(group_by="customer_id", order_by="step")) + 1)
        .select("interaction_id", "step", "next_touchpoint", "gap_seconds", "journey")
    )
    whole = placed.left_join(steps, "interaction_id")
    return whole.select(*Timeline.columns).order_by(ibis.asc("customer_id", nulls_first=False), "step", "occurred_at")
