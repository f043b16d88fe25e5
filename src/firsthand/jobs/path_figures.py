"""Paths of a home: the process map, variants, and what people did around a touchpoint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.figures import Period
from firsthand.jobs.groups import Comparison
from firsthand.jobs.path_changes import path_changes
from firsthand.jobs.world import World, rows_of
from firsthand.journeys.around import around
from firsthand.journeys.paths import between, edges, ends, loops, travelled
from firsthand.journeys.paths import without as left_out
from firsthand.journeys.variants import variants
from firsthand.tables import KINDS

Row = dict[str, Any]


def path_figures(world: World, compared: Comparison = Comparison(), *, without: Sequence[str] = ()) -> Row:
    """The document of `show paths`: every edge, where customers begin and end, loops; against another period or group, what differs.

    without: kinds of touchpoint to leave out, as if they had not been. Raises UserError where one is none.
    """

    def of(period: Period) -> ir.Table:
        return travels(world, period, without)

    lives = compared.shown(world, of)
    at = rows_of(ends(lives), ["touchpoint"])
    customers = sum(row["starts"] for row in at)
    (nobody,) = rows_of(
        compared.shown(world, lambda period: travels(world, period)).filter(_.life <= 0).aggregate(n=_.count())
    )
    document: Row = {
        "customers": customers,
        "interactions": sum(row["interactions"] for row in at),
        "without_customer": nobody["n"],
        "edges": [_shared(row, customers) for row in _most_first(edges(lives), "from", "to")],
        "starts": [_counted(row, "starts") for row in sorted(at, key=lambda row: -row["starts"]) if row["starts"]],
        "ends": [_counted(row, "ends") for row in sorted(at, key=lambda row: -row["ends"]) if row["ends"]],
        "loops": _most_first(loops(lives), "touchpoint"),
    }
    if (before := compared.beside(world, of)) is not None:
        document["changes"] = path_changes(before, lives)
    return document | {"without": list(without), "as_of": world.as_of.isoformat()}


def variant_figures(
    world: World, *, period: Period = Period(), per: str = "journey", most: int = 20, without: Sequence[str] = ()
) -> Row:
    """The document of `show variants`: the most frequent sequences, and the others together in one row.

    without: see `path_figures`.
    """
    rows = rows_of(variants(travels(world, period, without), per=per, most=most))
    alone = sorted((row for row in rows if row["rank"]), key=lambda row: row["rank"])
    others = next((row for row in rows if not row["rank"]), {"variants": 0, "cases": 0, "customers": 0})
    cases = sum(row["cases"] for row in rows)
    return {
        "per": per,
        "cases": cases,
        "variants": [
            {key: row[key] for key in ("path", "cases", "customers")} | {"share": row["cases"] / cases} for row in alone
        ],
        "others": {key: others[key] for key in ("variants", "cases", "customers")},
        "without": list(without),
        "as_of": world.as_of.isoformat(),
    }


def around_figures(world: World, touchpoint: str, *, period: Period = Period(), steps: int = 3) -> Row:
    """The document of `show around`: what customers met before and after a touchpoint, step by step."""
    lives = travels(world, period)
    there = travelled(lives).filter(_.touchpoint == touchpoint)
    (met,) = rows_of(there.aggregate(interactions=_.count(), customers=_.life.nunique()))
    if not met["interactions"]:
        raise UserError(f'Nobody was at "{touchpoint}" then. {known_touchpoints(lives)}')
    rows = rows_of(around(lives, touchpoint, steps=steps))
    rows.sort(key=lambda row: (row["position"], -row["customers"], row["touchpoint"] or ""))
    return {
        "touchpoint": touchpoint,
        **met,
        "around": [row | {"share": row["customers"] / met["customers"]} for row in rows],
        "as_of": world.as_of.isoformat(),
    }


def known_touchpoints(lives: ir.Table) -> str:
    """What there is, as the end of a message to the user."""
    names = [row["touchpoint"] for row in rows_of(travelled(lives).select("touchpoint").distinct(), ["touchpoint"])]
    return f"There are: {', '.join(names) or 'none'}."


def travels(world: World, period: Period, without: Sequence[str] = ()) -> ir.Table:
    """The timeline within a period, until `as_of`, as if nothing had come before or after, nor what is of these kinds."""
    for kind in without:
        if kind not in KINDS:
            raise UserError(f'--without "{kind}" is no kind of touchpoint. There are: {", ".join(KINDS)}.')
    zone = ZoneInfo(world.home.settings.timezone)
    last = world.as_of
    if period.until:
        over = datetime.combine(period.until + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
        last = min(last, over)
    first = datetime.combine(period.since, time(), zone) if period.since else None
    return left_out(between(period.of_customers(world.seen.timeline), first, last), without)


def _most_first(table: ir.Table, *names: str) -> list[Row]:
    return sorted(rows_of(table, names), key=lambda row: -row["interactions"])


def _shared(row: Row, customers: int) -> Row:
    return row | {"share": row["customers"] / customers}


def _counted(row: Row, what: str) -> Row:
    return {"touchpoint": row["touchpoint"], "customers": row[what]}
