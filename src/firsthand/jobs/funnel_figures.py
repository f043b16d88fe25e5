"""Funnels and retention of a home: shares with intervals, by group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.figures import NUMBERS, Period, smallest_group
from firsthand.jobs.path_figures import known_touchpoints, travels
from firsthand.jobs.world import World, rows_of
from firsthand.journeys.funnels import funnel
from firsthand.journeys.paths import travelled
from firsthand.journeys.retention import retention
from firsthand.measures import grouped
from firsthand.measures.intervals import share
from firsthand.privacy import suppress
from firsthand.tables import KINDS

Row = dict[str, Any]


def funnel_figures(
    world: World, steps: Sequence[str | Sequence[str]], *, mode: str = "ordered", within_days: float | None = None,
    by: Sequence[str] = (), period: Period = Period(),
) -> Row:  # fmt: skip
    """The document of `show funnel`: how many of those who took the first step got to each other one, and how soon.

    steps: touchpoints, or `kind:purchase`; or several touchpoints that are as good.  period: of the attempts' beginnings; what follows is seen until `as_of`.
    by: groups of the first step.  Not suppressed, except by employee: there everything of a small group is.
    """
    if len(steps) < 2 or (mode == "any" and len(set(steps)) < len(steps)):
        raise UserError(
            "A funnel has at least two steps, and in any order they must differ: --step visit --step purchase"
        )
    lives, names = (
        travels(world, period.at_any_time()),
        [step if isinstance(step, str) else " or ".join(step) for step in steps],
    )
    best = funnel(
        lives, [_condition(step) for step in steps], until=world.as_of, mode=mode,
        within=None if within_days is None else timedelta(days=within_days), begin=_within(period),
    )  # fmt: skip
    if by:  # what they can be grouped by stands at the interaction that began them
        best = grouped(lives.inner_join(best, ["life", "step"]), by)
    best = world.connection.create_table("attempts", best.select(
        "life", *by, "judged", "reached", *(f"seconds_{k}" for k in range(2, len(steps) + 1))
    ), temp=True, overwrite=True)  # fmt: skip
    judged = best.filter(_.judged)
    keys = [*by, "number"]
    numbered = [
        judged.mutate(number=ibis.literal(k), value=(_.reached >= k).cast("float64")) for k in range(1, len(steps) + 1)
    ]
    seconds = [
        judged.filter(_.reached >= k).mutate(number=ibis.literal(k), seconds=_[f"seconds_{k}"])
        for k in range(2, len(steps) + 1)
    ]  # fmt: skip
    minimum = smallest_group(world, by)
    of_first = _figures(ibis.union(*numbered), keys, minimum)
    met = {number for *_by, number in of_first if of_first[*_by, number]["value"] != 0}
    _check_met(lives, [step for number, step in enumerate(steps, 1) if number not in met])
    of_previous = _figures(ibis.union(*numbered).filter(_.reached >= _.number - 1), keys, minimum)
    timed = (ibis.union(*seconds) if len(seconds) > 1 else seconds[0]).group_by(keys)
    medians = {
        tuple(row[key] for key in keys): row["median"]
        for row in rows_of(timed.aggregate(median=_.seconds.quantile(0.5)))
    }
    recent: dict[tuple[Any, ...], int] = {}
    if within_days is not None:
        open_ = best.filter(~_.judged)
        counted = (open_.group_by(list(by)) if by else open_).aggregate(n=_.count())
        recent = {tuple(row[key] for key in by): row["n"] for row in rows_of(counted)}
    groups = []
    for group in sorted({key[:-1] for key in of_first} | {key for key, n in recent.items() if n}, key=str):
        told = [(step, (*group, number)) for number, step in enumerate(names, 1)]
        began, late = of_first.get((*group, 1)), recent.get(group, 0)
        hidden = began["value"] is None if began else 0 < late < minimum
        groups.append({
            "by": dict(zip(by, group, strict=True)),
            "too_recent": None if hidden else late,
            "steps": [_step(step, of_first.get(key), of_previous.get(key), medians.get(key), minimum) for step, key in told],
            "suppressed": hidden,
        })  # fmt: skip
    return {
        "steps": names, "mode": mode, "within_days": within_days, "groups": groups, "as_of": world.as_of.isoformat(),
    }  # fmt: skip


def _step(step: str, of_first: Row | None, of_previous: Row | None, median: float | None, minimum: int) -> Row:
    """A step of a funnel; how long it took is not told where fewer than `minimum` customers got there."""
    customers: int | None = 0
    if of_first:
        customers = None if of_first["value"] is None else round(of_first["value"] * of_first["customers"])
    return {
        "step": step, "customers": customers, "of_first": of_first, "of_previous": of_previous,
        "median_seconds": None if customers is None or customers < minimum else median,
    }  # fmt: skip


USUAL = ("visit", "cart", "purchase")


def main_funnel(world: World, period: Period = Period()) -> Row | None:
    """The funnel of the report: the steps of the map's first intended path, else those kinds from visit to purchase that are seen.

    None where that is less than two steps.
    """
    if world.map.journeys:
        path = world.map.journeys[0]
        return funnel_figures(world, path.path, within_days=path.within_days, period=period)
    seen = {row["kind"] for row in rows_of(world.seen.timeline.filter(_.life > 0).select("kind").distinct())}
    kinds = [f"kind:{kind}" for kind in USUAL if kind in seen]
    return funnel_figures(world, kinds, period=period) if len(kinds) > 1 else None


def retention_figures(
    world: World, *, first: str | None = None, back: str | None = None, months: int = 12, period: Period = Period()
) -> Row:
    """The document of `show retention`: of each month's new customers, the share that came back in each month after.

    first, back: touchpoint or `kind:…` that makes a beginning and a coming back; anything where None.
    """
    lives = travels(world, period.at_any_time())
    here = world.as_of.astimezone(ZoneInfo(world.home.settings.timezone))
    _check_met(lives, [step for step in (first, back) if step])
    begins, returns = (_condition(step) if step else True for step in (first, back))
    came = period.within(retention(lives, now=here, first=begins, back=returns, months=months))
    figures = _figures(came, ["cohort", "month"])
    cohorts: dict[str, list[Row]] = {}
    for (cohort, month), figure in sorted(figures.items()):
        cohorts.setdefault(cohort, []).append({"month": month} | figure)
    return {
        "first": first, "back": back,
        "cohorts": [
            {"cohort": cohort, "customers": rows[0]["customers"], "months": rows} for cohort, rows in cohorts.items()
        ],
        "as_of": world.as_of.isoformat(),
    }  # fmt: skip


def _check_met(lives: ir.Table, steps: Sequence[str | Sequence[str]]) -> None:
    """Raises UserError where nobody was ever at a touchpoint that is named alone."""
    named = [step for step in steps if isinstance(step, str) and not step.startswith("kind:")]
    there = travelled(lives).filter(_.touchpoint.isin(named)).select("touchpoint").distinct()
    if named and (lacking := set(named).difference(row["touchpoint"] for row in rows_of(there))):
        first = next(step for step in named if step in lacking)
        raise UserError(f'Nobody was at "{first}" until then. {known_touchpoints(lives)}')


def _condition(step: str | Sequence[str]) -> Any:
    """The condition that a step names: a touchpoint or `kind:…`, or several touchpoints of the map."""
    if not isinstance(step, str):
        return _.touchpoint.isin(list(step))
    if not step.startswith("kind:"):
        return _.touchpoint == step
    if step[5:] not in KINDS:
        raise UserError(f'"{step[5:]}" is no kind. There are: {", ".join(KINDS)}.')
    return _.kind == step[5:]


def _within(period: Period) -> Any:
    since = _.day >= period.since if period.since else ibis.literal(True)
    return since & (_.day <= period.until) if period.until else since


def _figures(observations: ir.Table, keys: Sequence[str], minimum: int = 0) -> dict[tuple[Any, ...], Row]:
    """Shares with intervals, by the values of their keys; of groups of fewer than `minimum` customers without numbers.

    keys: groups, and last what tells the figures of one group apart.
    """
    *by, number = keys
    rows = rows_of(suppress(share(observations, keys), minimum=minimum, apart=[number], by=by), keys)
    return {tuple(row[key] for key in keys): {number: row[number] for number in NUMBERS} for row in rows}
