"""Sources: how much each told, how fresh it is, whom it leads to, and what of it the map does not know."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.world import World, rows_of

Row = dict[str, Any]
LEAST_SILENCE = 2
"""Days of silence that are nothing unusual for any source."""
TIMES_USUAL = 3
"""A source is stale when it is silent for so many times its usual pause."""
USUAL = 0.95
"""The pause between two days with interactions that is seldom exceeded: this quantile of its pauses."""


def source_figures(world: World) -> Row:
    """Every source, the largest first, under `sources`: counts, first and last interaction, last import, and freshness.

    silent_days: days between its last interaction and `as_of`.  usual_pause_days: the pause between two days with
    interactions that it seldom exceeds (95 % of its pauses); null where it has too few days to tell.
    stale: silent for more than three times that, and for more than two days.
    """
    life = world.seen.timeline
    counted = life.group_by("source").aggregate(
        interactions=_.count(), customers=_.life.nunique(where=_.life > 0), without_customer=(_.life < 0).sum(),
        not_recognised=(~_.recognised).sum(), first=_.occurred_at.min(), last=_.occurred_at.max(),
        last_day=_.day.max(), last_import=_.received_at.max(),
    )  # fmt: skip
    channels = life.filter(_.channel.notnull()).group_by("source", "channel").aggregate(n=_.count())
    names: dict[str, list[str]] = {}
    for row in rows_of(channels.order_by("source", ibis.desc("n"))):
        names.setdefault(row["source"], []).append(row["channel"])
    pauses = {row["source"]: row["pause"] for row in rows_of(_pauses(world))}
    today = world.as_of.astimezone(ZoneInfo(world.home.settings.timezone)).date()
    rows = [
        _told(row, pauses.get(row["source"]), today) | {"channels": names.get(row["source"], [])}
        for row in rows_of(counted)
    ]
    return {"sources": sorted(rows, key=lambda row: (-row["interactions"], row["source"]))}


def _pauses(world: World) -> ir.Table:
    """The usual pause of each source, in days."""
    days = world.seen.timeline.select("source", "day").distinct()
    before = ibis.window(group_by="source", order_by="day")
    apart = days.mutate(pause=_.day.delta(_.day.lag().over(before), unit="day"))
    return apart.filter(_.pause.notnull()).group_by("source").aggregate(pause=_.pause.cast("float64").quantile(USUAL))


def _told(row: Row, pause: float | None, today: date) -> Row:
    silent = (today - row["last_day"]).days
    stale = pause is not None and silent > max(LEAST_SILENCE, TIMES_USUAL * pause)
    times = {key: row[key].isoformat() for key in ("first", "last", "last_import")}
    counts = {key: row[key] or 0 for key in ("interactions", "customers", "without_customer", "not_recognised")}
    return (
        {"source": row["source"]} | counts | times | {"silent_days": silent, "usual_pause_days": pause, "stale": stale}
    )
