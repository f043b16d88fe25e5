"""Designed against actual: each intended path of the map, held against what customers did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.figures import NUMBERS, Period, differences, interval_of, smallest_group
from firsthand.jobs.path_figures import travels
from firsthand.jobs.world import World, rows_of
from firsthand.journeys import IntendedPath
from firsthand.journeys.designed import bought_afterwards, designed
from firsthand.measures import Measure, grouped
from firsthand.measures.ces import CES
from firsthand.measures.csat import CSAT
from firsthand.measures.good_moments import GOOD_MOMENTS
from firsthand.measures.intervals import quantile, share, shares
from firsthand.measures.measure import share as share_of
from firsthand.measures.nps import NPS
from firsthand.privacy import suppress

Row = dict[str, Any]
Key = tuple[Any, ...]
AFTERWARDS = 90
COST = [GOOD_MOMENTS, NPS, CSAT, CES]


def designed_figures(
    world: World, journey: str | None = None, *, by: Sequence[str] = (), period: Period = Period()
) -> Row:
    """The document of `show designed`: who followed each intended path, where the others left it, and what goes with that.

    journey: its name; all of the map where None.  period: of the attempts' beginnings; what follows is seen until
    `as_of`.  by: groups of the first step.  Not suppressed, except by employee, and what people said.
    Raises UserError where the map has no such journey.
    """
    chosen = _chosen(world, journey)
    if not chosen:
        return {"journeys": [], "as_of": world.as_of.isoformat()}
    keys = ["journey", *by]
    attempts = world.connection.create_table(
        "attempts_designed", ibis.union(*[_attempts(world, path, by, period) for path in chosen])
        if len(chosen) > 1 else _attempts(world, chosen[0], by, period), temp=True, overwrite=True,
    )  # fmt: skip
    judged = attempts.filter(_.judged)
    found: Row = {
        "began": _each(attempts.group_by(keys).aggregate(recent=(~_.judged).sum(), all=_.count()), keys),
        "people": _each(share(_people(judged, keys), keys), keys),
        "reached": _each(_reached(world, judged, chosen, by), [*keys, "nth"]),
        "left": rows_of(shares(judged, ["followed", "reached", "left_for"], keys)),
        "arrived": _each(share(judged.filter(~_.followed).mutate(value=_.seconds.notnull()), keys), keys),
        "median": _each(quantile(judged.mutate(value=_.seconds), [*keys, "followed"]), [*keys, "followed"]),
        "p90": _each(quantile(judged.mutate(value=_.seconds), [*keys, "followed"], q=0.9), [*keys, "followed"]),
        "differences": _differences(world, judged, chosen, by),
    }
    groups = sorted(found["began"], key=str)
    return {
        "journeys": [
            {
                "journey": path.name, "path": [list(step) for step in path.path], "beside": list(path.beside),
                "within_days": path.within_days,
                "groups": [_group(path, key, found, by) for key in groups if key[0] == path.name],
            }
            for path in chosen
        ],
        "as_of": world.as_of.isoformat(),
    }  # fmt: skip


def _chosen(world: World, journey: str | None) -> list[IntendedPath]:
    paths = list(world.map.journeys)
    if journey is None:
        return paths
    chosen = [path for path in paths if path.name == journey]
    if not chosen:
        names = ", ".join(path.name for path in paths)
        raise UserError(
            f'The map has no journey "{journey}". There are: {names}.' if names else
            f"The map has no journeys. Declare in {world.home.map_file} how one is meant to go (journeys: name and path)."
        )  # fmt: skip
    return chosen


def _attempts(world: World, path: IntendedPath, by: Sequence[str], period: Period) -> ir.Table:
    """Attempts at one path that began in the period, with what they did afterwards."""
    within = timedelta(days=path.within_days)
    lives = travels(world, period.at_any_time())
    begun = period.within(designed(lives, path.path, until=world.as_of, within=within, beside=path.beside))
    bought = bought_afterwards(begun, lives, within=within, days=AFTERWARDS, until=world.as_of)
    both = grouped(begun, by).left_join(bought.select("life", "step", bought=_.value), ["life", "step"])
    return both.select(
        "life", "day", *by, "judged", "reached", "followed", "left_for", "seconds", "bought",
        journey=ibis.literal(path.name), last_day=_.day + ibis.interval(days=math.ceil(path.within_days)),
    )  # fmt: skip


def _reached(world: World, judged: ir.Table, chosen: Sequence[IntendedPath], by: Sequence[str]) -> ir.Table:
    """Share of the attempts that got to each step on the path, of journey and group."""
    numbers = ibis.memtable({"nth": list(range(1, max(len(path.path) for path in chosen) + 1))})
    each = judged.cross_join(numbers).mutate(value=_.reached >= _.nth)
    figures = share(each, ["journey", *by, "nth"])
    minimum = smallest_group(world, by)
    return suppress(figures, minimum=minimum, apart=["journey", "nth"], by=by)


def _people(judged: ir.Table, keys: Sequence[str]) -> ir.Table:
    """A row for each customer who began: whether one of the attempts was followed to the end."""
    return judged.group_by([*keys, "life"]).aggregate(value=_.followed.cast("float64").max())


def _differences(world: World, judged: ir.Table, chosen: Sequence[IntendedPath], by: Sequence[str]) -> list[Row]:
    """Those who followed minus those who left: what they said and met in the time of the attempt, and bought after it."""
    keys = ["journey", *by]
    spans = judged.select(*keys, "followed", attempt_of="life", first_day="day", last_day="last_day")

    def met(seen: ir.Table, followed: bool) -> ir.Table:
        those = spans.filter(spans.followed == followed)
        clear = seen.drop(*(key for key in keys if key in seen.columns))
        return clear.inner_join(
            those, [clear.life == those.attempt_of, clear.day >= those.first_day, clear.day <= those.last_day]
        )

    bought = judged.filter(_.bought.notnull()).mutate(value=_.bought)
    afterwards = Measure(
        f"bought_afterwards_{AFTERWARDS}", f"Bought in the {AFTERWARDS} days after", lambda _seen: bought, share_of, "share"
    )  # fmt: skip
    return [
        *differences(world, COST, before=lambda seen: met(seen, False), after=lambda seen: met(seen, True), by=by, apart=["journey"]),
        *differences(
            world, [afterwards], before=lambda rows: rows.filter(~_.followed), after=lambda rows: rows.filter(_.followed),
            by=by, apart=["journey"],
        ),
    ]  # fmt: skip


def _each(table: ir.Table, keys: Sequence[str]) -> dict[Key, Row]:
    return {tuple(row[key] for key in keys): row for row in rows_of(table, keys)}


def _group(path: IntendedPath, key: Key, found: Row, by: Sequence[str]) -> Row:
    """What became of the attempts of one group at one path."""
    steps = [found["reached"].get((*key, nth)) for nth in range(1, len(path.path) + 1)]
    hidden = bool(steps[0] and steps[0]["suppressed"])
    left = [
        row for row in found["left"] if (row["journey"], *(row[name] for name in by)) == key and not row["followed"]
    ]
    left.sort(key=lambda row: (row["reached"], -row["times"], row["left_for"] or ""))
    differs = [row for row in found["differences"] if tuple(row["by"][name] for name in ("journey", *by)) == key]
    blank = dict.fromkeys(NUMBERS)

    def figure(row: Row | None) -> Row | None:
        return blank if hidden and row else interval_of(row)

    return {
        "by": dict(zip(by, key[1:], strict=True)),
        "customers": steps[0] and steps[0]["customers"],
        "attempts": steps[0] and steps[0]["observations"],
        "too_recent": None if hidden else found["began"][key]["recent"],
        "followed": figure(steps[-1]),
        "customers_followed": figure(found["people"].get(key)),
        "steps": [
            {"step": name, "attempts": round(row["value"] * row["observations"]) if row and not hidden else None}
            | {"of_attempts": figure(row)}
            for name, row in zip(path.steps, steps, strict=True)
        ],
        "left": [] if hidden else [
            {"after": path.steps[row["reached"] - 1], "left_for": row["left_for"], "attempts": row["times"]}
            | {"customers": row["so"], "share": interval_of(row)}
            for row in left
        ],
        "arrived_otherwise": figure(found["arrived"].get(key)),
        "seconds": {
            name: {part: figure(found[part].get((*key, followed))) for part in ("median", "p90")}
            for name, followed in (("followed", True), ("left", False))
        },
        "differences": [
            row | {"by": {name: value for name, value in row["by"].items() if name not in ("journey", *by)}} for row in differs
        ],
        "suppressed": hidden,
    }  # fmt: skip
