"""What became of promises: counts of the six states, the share kept, those due today, those overdue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.jobs import published
from firsthand.jobs.figures import NUMBERS, Period, fewest, figures, interval_of
from firsthand.jobs.world import World, rows_of
from firsthand.journeys.promises import STATES
from firsthand.measures import grouped
from firsthand.measures.kept_share import KEPT_SHARE
from firsthand.measures.lateness import LATENESS
from firsthand.privacy import suppress

Row = dict[str, Any]
COUNTS = ("made", "moved", *STATES)
FIGURES = {"kept_share": KEPT_SHARE, "lateness_p90_seconds": LATENESS}


def promise_figures(world: World, *, by: Sequence[str] = (), period: Period = Period(), listed: int = 20) -> Row:
    """The document of `show promises`: made = not_due + kept + late + broken + overdue + withdrawn.

    listed: so many of those due today, and of those overdue, are told one by one, the earliest due first.

    Operations are not suppressed: five broken promises must be seen. By employee they are, count and share together.
    """
    due = period.within(world.seen.promises)
    groups = _groups(world, due, by, period)
    document: Row = {"groups": groups} if by else {key: groups[0][key] for key in (*COUNTS, *FIGURES)}
    today = world.as_of.astimezone(ZoneInfo(world.home.settings.timezone)).date()
    open_ = due.filter(_.state.isin(["not_due", "overdue"]))
    now = open_.filter((_.day == today) & (_.state == "not_due"))
    document["due_today"] = int(now.count().execute())
    document["first_due_today"] = _listed(now, listed)
    document["longest_overdue"] = _listed(open_.filter(_.state == "overdue"), listed)
    document["as_of"] = world.as_of.isoformat()
    return document


def _listed(open_: ir.Table, most: int) -> list[Row]:
    """Promises one by one, those that were due first before the others."""
    return [
        {key: row[key] for key in ("promise_id", "customer_id", "touchpoint", "owner")}
        | {"promised_for": row["promised_for"].isoformat(), "late_seconds": row["late_seconds"]}
        for row in rows_of(open_.order_by(ibis.asc("promised_for"), "promise_id").limit(most))
    ]


def _groups(world: World, due: ir.Table, by: Sequence[str], period: Period) -> list[Row]:
    """A row per group; where its share kept is suppressed, so are its counts, which would tell it."""
    told: dict[Any, Row] = {
        (row["measure"], *row["by"].values()): row for row in figures(world, [*FIGURES.values()], by=by, period=period)
    }
    table = grouped(due, by)
    states = {state: (_.state == state).sum().fill_null(0) for state in STATES}
    counts = (table.group_by(list(by)) if by else table).aggregate(
        respondents=_.life.nunique(), made=_.count(), moved=(_.moved_to != _.promised_for).sum().fill_null(0), **states
    )  # fmt: skip
    rows = []
    for row in rows_of(suppress(counts, minimum=fewest(world, KEPT_SHARE, by), by=by), by):
        key = tuple(row[name] for name in by)
        shares = {name: told.get((measure.name, *key)) for name, measure in FIGURES.items()}
        hidden = row["suppressed"] or bool(shares["kept_share"] and shares["kept_share"]["suppressed"])
        blank = dict.fromkeys(NUMBERS)
        rows.append(
            {"by": {name: row[name] for name in by}}
            | {name: None if hidden else row[name] for name in COUNTS}
            | {name: blank if hidden else interval_of(share) for name, share in shares.items()}
            | {"suppressed": hidden}
        )  # fmt: skip
    if len(by) != 1 or by[0] not in published.KINDS:
        return [row | {"published": False} for row in rows]
    kept = published.figures_of(world.home, by[0], world.as_of, since=period.since, until=period.until)
    return _held(rows, kept, by[0], told)


def _held(live: list[Row], kept: Sequence[Row], kind: str, told: dict[Any, Row]) -> list[Row]:
    """Groups of a period with the counts that were published, unless the outcome of more promises is known now."""
    counts: dict[str, Row] = {}
    for row in kept:
        if row["measure"].startswith(published.PROMISES):
            entry = counts.setdefault(row["period"], {"settled": row["observations"]})
            entry[row["measure"].removeprefix(published.PROMISES)] = int(row["value"])
    groups = {row["by"][kind]: row for row in live}
    for period, entry in counts.items():
        if period in groups and published.settled(groups[period]) > entry["settled"]:
            continue
        shares = {name: interval_of(told.get((measure.name, period))) for name, measure in FIGURES.items()}
        groups[period] = {"by": {kind: period}} | {name: entry[name] for name in COUNTS} | shares | {"suppressed": False, "published": True}  # fmt: skip
    return [{"published": False} | groups[period] for period in sorted(groups, key=str)]
