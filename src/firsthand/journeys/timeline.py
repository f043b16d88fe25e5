"""The timeline: the newest version of every interaction, in the order of its customer's life, as the map knows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.functions import epoch_us, hashed, json_extract_string, local_time
from firsthand.journeys.map import ExperienceMap
from firsthand.tables import Timeline


def newest(interactions: ir.Table) -> ir.Table:
    """The newest version of each interaction: by `version`, then when it reached us, then its position.

    Only what shares the hash of its id with another is sorted: corrections, and hardly anything else.
    """
    marked = interactions.mutate(mark=hashed(_.interaction_id))
    shared = marked.group_by("mark").having(_.count() > 1).aggregate()
    latest = [_.version.desc(), _.received_at.desc(), _.position.desc()]
    last = (
        marked.semi_join(shared, "mark")
        .mutate(nth=ibis.row_number().over(group_by="interaction_id", order_by=latest))
        .filter(_.nth == 0)
    )
    return marked.anti_join(shared, "mark").drop("mark").union(last.drop("mark", "nth"))


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


NARROW = (
    "row", "key", "interaction_id", "version", "received_at", "occurred_at", "position", "source", "event", "channel",
    "direction", "touchpoint",
)  # fmt: skip


def timeline(interactions: ir.Table, people: ir.Table, map_: ExperienceMap, timezone: str) -> ir.Table:
    """Everything that is shown reads this.

    interactions: the record, each with `row`, a number of its own, and `key`, the identifier that tells whose it is.
    people: key, customer_id, life.  timezone: the home's; `day` is its.
    Returns tables.Timeline, ordered by life and time (those of nobody first). All that needs sorting or matching is
    done on few narrow columns first; the wide rows are met once, by number.
    """
    points = ibis.memtable(map_.table().select(["touchpoint", "stage", "kind", "owner", "channel"]))
    by_properties = any("properties" in rule for point in map_.touchpoints for rule in point.rules)
    narrow = interactions.select(*NARROW, *(["properties"] if by_properties else []))
    placed = recognised(newest(narrow), map_).left_join(people, "key")
    nobody = -1 - (hashed(_.interaction_id) & ibis.literal(2**62 - 1, "uint64")).cast("int64")
    lives = placed.mutate(life=_.life.fill_null(nobody)).select(*PLACED)
    wide = interactions.drop("touchpoint", "key").inner_join(steps(lives, map_.journey_pause_days), "row")
    whole = wide.left_join(points.rename(map_channel="channel"), "touchpoint").mutate(
        channel=ibis.coalesce(_.channel, _.map_channel), day=local_time(timezone, _.occurred_at).date()
    )
    return whole.select(*Timeline.columns).order_by("life", "step", "occurred_at")


PLACED = ("row", "interaction_id", "life", "customer_id", "occurred_at", "position", "touchpoint", "recognised")
STEPS = ("step", "next_touchpoint", "gap_seconds", "journey")


def steps(lives: ir.Table, pause_days: float) -> ir.Table:
    """Adds each interaction's place in its customer's life: step, next touchpoint, gap, journey. Nobody has none."""
    life = ibis.window(group_by="life", order_by=[_.occurred_at, _.position, _.interaction_id])
    pause = pause_days * 86_400e6
    known = _.life > 0
    placed = lives.mutate(
        step=ibis.ifelse(known, ibis.row_number().over(life) + 1, ibis.null("int64")),
        next_touchpoint=_.touchpoint.lead().over(life),
        gap_seconds=(epoch_us(_.occurred_at.lead().over(life)) - epoch_us(_.occurred_at)) / 1e6,
        begins=(epoch_us(_.occurred_at) - epoch_us(_.occurred_at.lag().over(life)) > pause)
        .cast("float64")
        .fill_null(0.0),
    )
    so_far = ibis.cumulative_window(group_by="life", order_by="step")
    journeys = placed.mutate(
        journey=ibis.ifelse(known, (_.begins.sum().over(so_far) + 1).cast("int64"), ibis.null("int64"))
    )
    return journeys.select("row", "life", "customer_id", "touchpoint", "recognised", *STEPS)
