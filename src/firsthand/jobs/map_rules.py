"""What the rules of the map recognise: those that are silent, and interactions that no rule knows."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import ibis
import ibis.expr.types as ir
import yaml
from ibis import _

from firsthand.jobs.home import Home
from firsthand.jobs.opened import opened
from firsthand.jobs.refresh import backend
from firsthand.jobs.world import World, rows_of
from firsthand.journeys import ExperienceMap
from firsthand.journeys.timeline import fits, newest, recognised
from firsthand.lake import files
from firsthand.tables import Interactions

Row = dict[str, Any]


def silent_rules(world: World) -> list[Row]:
    """Rules by which nothing is recognised, each tested by itself, in one pass over the record.

    Rows have touchpoint, number (of the rule in its touchpoint, from 1), rule, text (the rule as YAML), interactions
    that it fits, and taken_by: the touchpoints that stand earlier and recognised all of those.
    """
    rules = [
        (point.name, number, rule)
        for point in world.map.touchpoints
        for number, rule in enumerate(point.rules, start=1)
    ]
    if not rules:
        return []
    keys = {"touchpoint"}.union(*(rule for *_rest, rule in rules))
    told = _told(world).group_by(sorted(keys)).aggregate(interactions=_.count())
    tested = told.mutate(**{f"fits_{at}": fits(told, rule) for at, (*_rest, rule) in enumerate(rules)})
    placed = recognised(tested, world.map)
    sums: dict[str, ir.Value] = {}
    for at, (name, *_rest) in enumerate(rules):
        fit = placed[f"fits_{at}"]
        sums[f"all_{at}"] = placed.interactions.sum(where=fit).fill_null(0)
        sums[f"own_{at}"] = placed.interactions.sum(where=fit & (placed.touchpoint == name)).fill_null(0)
        sums[f"takers_{at}"] = placed.touchpoint.collect(where=fit, distinct=True)
    (found,) = rows_of(placed.aggregate(**sums))
    return [
        {
            "touchpoint": name, "number": number, "rule": dict(rule), "text": as_yaml(rule),
            "interactions": found[f"all_{at}"], "taken_by": sorted(found[f"takers_{at}"] or []),
        }
        for at, (name, number, rule) in enumerate(rules)
        if not found[f"own_{at}"]
    ]  # fmt: skip


def taken(home: Home, before: ExperienceMap, after: ExperienceMap, name: str) -> list[Row]:
    """Moments of other touchpoints that become those of the touchpoint `name` when the map changes.

    Rows have touchpoint (whose they are before), owner and interactions, the most first.
    """
    connection = backend(home)
    try:
        told = opened(connection, files(home.lake, Interactions.table_name), Interactions, "told")
        then = recognised(newest(told).mutate(sender=_.touchpoint), before)
        then = then.mutate(was=_.touchpoint, touchpoint=_.sender).drop("recognised")
        moved = recognised(then, after).filter(_.touchpoint == name, _.was != name).group_by("was")
        rows = rows_of(moved.aggregate(interactions=_.count()).order_by(ibis.desc("interactions"), "was"))
    finally:
        connection.disconnect()
    owners = {point.name: point.owner for point in before.touchpoints}
    return [
        {"touchpoint": row["was"], "owner": owners[row["was"]], "interactions": row["interactions"]}
        for row in rows
        if row["was"] in owners
    ]


def unknown_interactions(world: World, most: int = 50) -> list[Row]:
    """Interactions that no rule knows, counted by source, event and channel, each with a rule that would fit.

    Rows have source, event, channel, interactions, customers, rule, and text (the rule as YAML). The channel is the one
    that the sender said, since rules ask for that; where the map says it, it is null.
    """
    by_map = [point.name for point in world.map.touchpoints if point.channel]
    unknown = world.seen.timeline.filter(~_.recognised).mutate(
        channel=_.touchpoint.isin(by_map).ifelse(ibis.null("string"), _.channel)
    )
    counted = unknown.group_by("source", "event", "channel").aggregate(
        interactions=_.count(), customers=_.life.nunique(where=_.life > 0)
    )
    rows = rows_of(counted.order_by(ibis.desc("interactions"), "source", "event", "channel").limit(most))
    rules = [{key: row[key] for key in ("source", "event", "channel") if row[key]} for row in rows]
    return [row | {"rule": rule, "text": as_yaml(rule)} for row, rule in zip(rows, rules, strict=True)]


def as_yaml(rule: Mapping[str, Any]) -> str:
    """A rule on one line, as it can stand in map.yaml."""
    return yaml.safe_dump(dict(rule), default_flow_style=True, sort_keys=False, allow_unicode=True, width=inf).strip()


def _told(world: World) -> ir.Table:
    """The newest version of every interaction until `as_of`, as its sender told it: what rules are held against."""
    told = opened(world.connection, files(world.home.lake, Interactions.table_name), Interactions, "told")
    return newest(told).filter(_.occurred_at <= world.seen.now)
