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
        (
            reduce(lambda one, other: one | other, [fits(interactions, rule) for rule in point.rules]),
            point.name,
        )
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


KEY = ["interaction_id", "content_hash"]
NARROW = (
    *KEY, "version", "received_at", "occurred_at", "position", "source", "event", "channel", "direction", "touchpoint",
)  # fmt: skip


def timeline(interactions: ir.Table, customers: ir.Table, map_: ExperienceMap, timezone: str) -> ir.Table:
    """Everything that is shown reads this.

    interactions: the record.  customers: interaction_id, content_hash, customer_id.  timezone: the home's; `day` is its.
    Returns tables.Timeline, ordered by customer and time (those of nobody last). All that needs sorting or matching is
    done on few narrow columns first; the wide rows are met once, by key.
    """
    points = ibis.memtable(map_.table().select(["touchpoint", "stage", "kind", "owner", "channel"]))
    by_properties = any("properties" in rule for point in map_.touchpoints for rule in point.rules)
    narrow = interactions.select(*NARROW, *(["properties"] if by_properties else []))
    placed = recognised(newest(narrow), map_).left_join(customers, KEY)
    lives = placed.select(*KEY, "customer_id", "occurred_at", "position", "touchpoint", "recognised")
    wide = interactions.drop("touchpoint").inner_join(steps(lives, map_.journey_pause_days), KEY)
    whole = wide.left_join(points.rename(map_channel="channel"), "touchpoint").mutate(
        channel=ibis.coalesce(_.channel, _.map_channel), day=local_time(timezone, _.occurred_at).date()
    )
    return whole.select(*Timeline.columns).order_by(ibis.asc("customer_id", nulls_first=False), "step", "occurred_at")


STEPS = ("step", "next_touchpoint", "gap_seconds", "journey")


def steps(lives: ir.Table, pause_days: float) -> ir.Table:
    """Adds each interaction's place in its customer's life: step, next touchpoint, gap, journey. Nobody has none."""
    life = ibis.window(group_by="customer_id", order_by=[_.occurred_at, _.position, _.interaction_id])
    pause = pause_days * 86_400e6
    known = _.customer_id.notnull()
    placed = lives.mutate(
        step=ibis.ifelse(known, ibis.row_number().over(life) + 1, ibis.null("int64")),
        next_touchpoint=ibis.ifelse(known, _.touchpoint.lead().over(life), ibis.null("string")),
        gap_seconds=ibis.ifelse(
            known,
            (epoch_us(_.occurred_at.lead().over(life)) - epoch_us(_.occurred_at)) / 1e6,
            ibis.null("float64"),
        ),
        begins=(epoch_us(_.occurred_at) - epoch_us(_.occurred_at.lag().over(life)) > pause).cast("int64").fill_null(0),
    )
    so_far = ibis.cumulative_window(group_by="customer_id", order_by="step")
    journeys = placed.mutate(journey=ibis.ifelse(known, _.begins.sum().over(so_far) + 1, ibis.null("int64")))
    return journeys.select(*KEY, "customer_id", "touchpoint", "recognised", *STEPS)
