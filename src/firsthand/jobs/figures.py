"""Figures: measures by group and period, suppressed where groups are small, as rows that can be printed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from scipy.stats import norm

from firsthand.corrections import LEVEL, holm
from firsthand.errors import UserError
from firsthand.jobs import published
from firsthand.jobs.opened import opened
from firsthand.jobs.voice_tables import by_topic
from firsthand.jobs.world import World, rows_of
from firsthand.lake import files
from firsthand.measures import PERIODS, Measure, Seen, grouped
from firsthand.measures.intervals import difference
from firsthand.measures.refused import ONLY_ON
from firsthand.measures.refused import refused as refused_answers
from firsthand.measures.seen import CIRCUMSTANCE, TOPIC
from firsthand.privacy import suppress
from firsthand.tables import People

Row = dict[str, Any]
NUMBERS = ("value", "low", "high", "customers", "observations")


EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
"""Days that a period can name: around each there are as many others to compare with."""


@dataclass(frozen=True)
class Period:
    """Local days, both included; open where None."""

    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, since: str | None, until: str | None) -> Period:
        """The period between two dates. Raises UserError where one is no such date or they are the wrong way round."""
        period = cls(_day(since, "since"), _day(until, "until"))
        if period.since and period.until and period.since > period.until:
            raise UserError(f"{period.since} is after {period.until}: put the earlier day first.")
        return period

    @classmethod
    def span(cls, text: str) -> Period:
        """The period that `2026-01-01..2026-03-31` names."""
        since, dots, until = text.partition("..")
        if not dots:
            raise UserError(f'"{text}" is no period (expected 2026-01-01..2026-03-31).')
        return cls.of(since or None, until or None)

    def within(self, table: ir.Table) -> ir.Table:
        """The rows whose local day lies in the period."""
        if self.since:
            table = table.filter(_.day >= self.since)
        if self.until:
            table = table.filter(_.day <= self.until)
        return table

    def at_any_time(self) -> Period:
        """The same customers, whatever the day and the place: for what follows a beginning that lies in the period."""
        return Period()

    def of_customers(self, table: ir.Table) -> ir.Table:
        """The rows of the customers that are spoken of: all of them (see `Selection`)."""
        return table


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise UserError(f'--{option} "{text}" is not a date (expected 2026-03-31).') from wrong
    if not EARLIEST <= day <= LATEST:
        raise UserError(f'--{option} "{text}" cannot be asked for (expected a day from {EARLIEST} to {LATEST}).')
    return day


def figures(
    world: World, measures: Sequence[Measure], *, by: Sequence[str] = (), period: Period = Period()
) -> list[Row]:
    """Every measure, for every group that has observations in the period.

    Rows have measure, title, unit, the keys of `by` (and what always tells figures apart) under `by`, value, low,
    high (95 %), customers, observations, speaks_for (share of the group's customers), suppressed, and published: whether it is the
    figure of a closed period as it was when somebody was forgotten (see jobs.published).
    """
    rows = live_figures(world, measures, by=by, period=period)
    if len(by) != 1 or by[0] not in published.KINDS:
        return [row | {"published": False} for row in rows]
    told = published.figures_of(world.home, by[0], world.as_of, since=period.since, until=period.until)
    return published.held(rows, told, measures, by[0], lambda measure: fewest(world, measure, by))


def live_figures(
    world: World, measures: Sequence[Measure], *, by: Sequence[str] = (), period: Period = Period()
) -> list[Row]:
    """The same of the record as it is, whatever was published."""

    seen = _looked_at(world, by)

    def estimated(alike: Sequence[Measure], groups: Sequence[str]) -> ir.Table:
        return alike[0].estimate(grouped(period.within(_observations(alike, seen)), by), groups)

    active = _active(seen, by, period)
    rows = []
    for measure, row in _each(world, measures, by, estimated):
        total = active.get(tuple(row[key] for key in by))
        reach = min(row["customers"] / total, 1.0) if total and row["customers"] is not None else None
        rows.append(_as_row(measure, by, row, speaks_for=reach))
    return rows


def changes(
    world: World, measures: Sequence[Measure], *, before: Period, after: Period, by: Sequence[str] = ()
) -> list[Row]:
    """Each measure's difference between two periods (after minus before), with the interval of the difference.

    Rows as of figures, with beyond_chance. Of means and shares see intervals.difference, of all others between_figures.
    """
    found = differences(
        world, measures, before=lambda seen: grouped(before.within(seen), by),
        after=lambda seen: grouped(after.within(seen), by), by=by,
    )  # fmt: skip
    if others := [measure for measure in measures if not measure.averaged]:
        found += between_figures(*(live_figures(world, others, by=by, period=period) for period in (before, after)))
    order = [measure.name for measure in measures]
    return sorted(found, key=lambda row: order.index(row["measure"]))


def between_figures(before: Sequence[Row], after: Sequence[Row]) -> list[Row]:
    """The differences of figures that stand in both lists (after minus before), of intervals alone: MOVER, Zou & Donner 2008,
    Statistics in Medicine 27.

    As if no customer were in both; where the same come again, the interval is too wide rather than too narrow. customers: of the
    list that has fewer of them.
    """
    earlier = {(row["measure"], *row["by"].items()): row for row in before}
    pairs = [(earlier.get((row["measure"], *row["by"].items())), row) for row in after]
    return [_between(first, last) for first, last in pairs if first]


def _between(first: Row, last: Row) -> Row:
    told: Row = dict.fromkeys(("value", "low", "high", "customers", "observations", "beyond_chance"))
    suppressed = first["suppressed"] or last["suppressed"]
    if not suppressed:
        told |= {
            "value": last["value"] - first["value"],
            "customers": min(first["customers"], last["customers"]),
            "observations": first["observations"] + last["observations"],
        }
        if first["low"] is not None and last["low"] is not None:
            below = math.hypot(last["value"] - last["low"], first["high"] - first["value"])
            above = math.hypot(last["high"] - last["value"], first["value"] - first["low"])
            if below and above:  # else all say the same, and nothing tells how far it could be chance
                low, high = told["value"] - below, told["value"] + above
                told |= {"low": low, "high": high, "beyond_chance": low > 0 or high < 0}
    return {key: last[key] for key in ("measure", "title", "unit", "by")} | told | {"suppressed": suppressed}


def corrected(rows: list[Row]) -> list[Row]:
    """Differences with `beyond_chance` corrected by Holm for all of them together; the intervals stay those of each alone.

    The chance of each is taken from its interval, as if it were normal.
    """
    tested = [row for row in rows if row["low"] is not None]
    half = np.array([(row["high"] - row["low"]) / 2 for row in tested])
    size = np.abs([row["value"] for row in tested])
    sure = np.divide(size, half, out=np.where(size > 0, np.inf, 0.0), where=half > 0)
    chances = 2 * norm.sf(norm.isf(0.025) * sure)
    for row, chance in zip(tested, holm(chances), strict=True):
        row["beyond_chance"] = bool(chance < LEVEL)
    return rows


Part = Callable[[ir.Table], ir.Table]
"""Of observations those that one side of a comparison speaks of, with the columns that it is grouped by."""


def differences(
    world: World, measures: Sequence[Measure], *, before: Part, after: Part, by: Sequence[str] = (), apart: Sequence[str] = ()
) -> list[Row]:  # fmt: skip
    """The difference between two parts of the observations (after minus before) of each measure that is a mean or a share of
    them, with its interval; see intervals.difference.

    apart: keys like those of `by`, whose groups do not add up to anything.
    """

    looked_at = _looked_at(world, by)

    def estimated(alike: Sequence[Measure], groups: Sequence[str]) -> ir.Table:
        seen = _observations(alike, looked_at)
        return difference(before(seen), after(seen), groups)

    rows = []
    averaged = [measure for measure in measures if measure.averaged]
    for measure, row in _each(world, averaged, by, estimated, apart):
        scale = 100 if measure.unit == "points" else 1
        row |= {key: None if row[key] is None else row[key] * scale for key in ("value", "low", "high")}
        if measure.unit == "share" and row["low"] is not None:  # Student's interval of few customers knows no bounds
            row |= {"low": max(row["low"], -1.0), "high": min(row["high"], 1.0)}
        beyond = None if row["low"] is None else row["low"] > 0 or row["high"] < 0
        rows.append(_as_row(measure, [*apart, *by], row, beyond_chance=beyond))
    return rows


def _each(
    world: World,
    measures: Sequence[Measure],
    by: Sequence[str],
    estimated: Callable[[Sequence[Measure], Sequence[str]], ir.Table],
    apart: Sequence[str] = (),
) -> list[tuple[Measure, Row]]:
    """The estimates of every group, suppressed where it is small, with their measure; in the order of the measures.

    estimated: makes the table of estimates of measures that are alike, for the groups named.
    """
    measures = [measure for measure in measures if _groupable(measure, by)]
    found: dict[str, list[Row]] = {measure.name: [] for measure in measures}
    for alike in _alike(measures):
        alone = ["measure", *alike[0].also, *apart]
        groups = [*alone, *by]
        table = suppress(estimated(alike, groups), minimum=fewest(world, alike[0], by), apart=alone, by=by)
        for row in rows_of(table, groups):
            found[row["measure"]].append(row)
    return [(measure, row) for measure in measures for row in found[measure.name]]


def _as_row(measure: Measure, by: Sequence[str], row: Row, **more: Any) -> Row:
    return (
        {"measure": measure.name, "title": measure.title, "unit": measure.unit}
        | {"by": {key: row[key] for key in [*measure.also, *by]}}
        | {key: row[key] for key in NUMBERS}
        | more
        | {"suppressed": row["suppressed"]}
    )


def _groupable(measure: Measure, by: Sequence[str]) -> bool:
    """Whether a measure has a meaning in these groups: a ratio of two sorts of moment by period only, by topic a score only."""
    return (measure.score or TOPIC not in by) and (not measure.weighted or set(by) <= set(PERIODS))


def left_out(measures: Sequence[Measure], by: Sequence[str]) -> list[str]:
    """The titles of the measures that have no meaning in these groups."""
    return [measure.title for measure in measures if not _groupable(measure, by)]


def fewest(world: World, measure: Measure, by: Sequence[str]) -> int:
    """How many customers a figure must speak of to be shown: what people said, and figures on what is personal."""
    return world.home.settings.minimum_group if measure.private else smallest_group(world, by)


def smallest_group(world: World, by: Sequence[str]) -> int:
    """How many customers must be in a group to be told: of single employees, and of what situation customers were in."""
    personal = any(key == "employee" or key.startswith(CIRCUMSTANCE) for key in by)
    return world.home.settings.minimum_group if personal else 0


def _alike(measures: Sequence[Measure]) -> list[list[Measure]]:
    """Measures that one query can answer together: estimated in the same way, told apart by the same columns."""
    together: dict[Any, list[Measure]] = {}
    for measure in measures:
        together.setdefault((measure.estimate, measure.also, measure.private, measure.weighted), []).append(measure)
    return list(together.values())


def _looked_at(world: World, by: Sequence[str]) -> Seen:
    """What measures look at; by topic, the answers whose comment speaks of one, once for each."""
    return replace(world.seen, timeline=by_topic(world)) if TOPIC in by else world.seen


def _observations(measures: Sequence[Measure], seen: Seen) -> ir.Table:
    parts = [measure.observe(seen).mutate(measure=ibis.literal(measure.name)) for measure in measures]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def interval_of(row: Row | None) -> Row | None:
    """The numbers of a figure alone; None where there is none."""
    return None if row is None else {key: row[key] for key in NUMBERS}


def _active(seen: Seen, by: Sequence[str], period: Period) -> dict[tuple[Any, ...], int]:
    """How many customers were active in each group, whether or not a measure speaks of them."""
    lives = grouped(period.within(seen.timeline.filter(_.life > 0)), by)
    counted = lives.group_by(list(by)) if by else lives
    rows = rows_of(counted.aggregate(customers=_.life.nunique()))
    return {tuple(row[key] for key in by): row["customers"] for row in rows}


def summary(world: World) -> Row:
    """What is in the record: counts, span, sources, channels, and what was put aside."""
    from firsthand.jobs.rejections import count_by_reason

    life = world.seen.timeline
    (whole,) = rows_of(life.aggregate(
        interactions=_.count(), customers=_.life.nunique(where=_.life > 0), first=_.occurred_at.min(), last=_.occurred_at.max(),
        nobodys=(_.life < 0).sum(), unrecognised=(~_.recognised).sum(),
    ))  # fmt: skip

    def counts(column: str) -> dict[str, int]:
        rows = rows_of(life.group_by(column).aggregate(n=_.count()).order_by(ibis.desc("n"), column))
        return {row[column] or "unknown": row["n"] for row in rows}

    rejected = count_by_reason(world.home)
    return {
        "interactions": whole["interactions"],
        "customers": whole["customers"],
        "identifiers": _identifiers(world),
        "first": whole["first"].isoformat() if whole["first"] else None,
        "last": whole["last"].isoformat() if whole["last"] else None,
        "sources": counts("source"),
        "channels": counts("channel"),
        "rejected": {"total": sum(rejected.values()), "reasons": rejected},
        "without_customer": whole["nobodys"] or 0,
        "not_recognised": whole["unrecognised"] or 0,
        "as_of": world.as_of.isoformat(),
    }


def _identifiers(world: World) -> dict[str, int]:
    """How many identifiers the record holds, and how many customers they lead to, whatever the moment."""
    people = opened(world.connection, files(world.home.lake, People.table_name), People, "people_now")
    (found,) = rows_of(people.aggregate(count=_.count(), customers=_.life.nunique()))
    return found


def refused(world: World) -> list[Row]:
    """Answers that a measure must not take, each with the reason."""
    order = ["question_kind", "question", "scale_low", "scale_high", "scored"]
    rows = rows_of(refused_answers(world.seen), order)
    return [row | {"reason": _why(row)} for row in rows]


def _why(row: Row) -> str:
    kind, answers = row["question_kind"], f"{row['observations']:,} answers to “{row['question']}”"
    measure = kind.upper() if kind in ("csat", *ONLY_ON) else f"“{kind}”"
    if not row["scored"]:
        return (
            f"{measure} refuses {answers}: they are words that show no scale. Say their scores with import --questions."
        )
    if row["scale_low"] is None or row["scale_high"] is None:
        return (
            f"{measure} refuses {answers}: no scale was told. Say scale_low and scale_high in the mapping, or for a survey "
            "with import --questions."
        )
    asked = f"asked on {row['scale_low']:g} to {row['scale_high']:g}"
    if kind not in ONLY_ON:
        return f"{measure} refuses {answers}: {asked}, whose middle cannot say “as expected”. See mean_score."
    low, high = ONLY_ON[kind]
    return f"{measure} refuses {answers}: {asked}, and it is defined on {low} to {high} only. See mean_score."
