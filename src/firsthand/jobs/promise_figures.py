"""What became of promises: counts of the six states, the share kept, those due today, those overdue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import ibis
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.figures import Period, figures, interval_of
from firsthand.jobs.world import World, rows_of
from firsthand.journeys.promises import STATES
from firsthand.measures import grouped
from firsthand.measures.kept_share import KEPT_SHARE, LATENESS

Row = dict[str, Any]


def promise_figures(world: World, *, by: Sequence[str] = (), period: Period = Period(), listed: int = 20) -> Row:
    """The document of `show promises`: made = not_due + kept + late + broken + overdue + withdrawn.

    Operations are not suppressed: five broken promises must be seen.
    """
    found = figures(world, [KEPT_SHARE, LATENESS], by=by, period=period)
    kept, late = (
        {tuple(row["by"].values()): row for row in found if row["measure"] == name}
        for name in ("kept_share", "lateness_p90")
    )
    if "employee" in by:
        raise UserError("Promises are not counted by employee: few a head would be a verdict. Use --by team or owner.")
    due = period.within(world.seen.promises)
    table = grouped(due, by)
    counted = table.group_by(list(by)) if by else table
    states = {state: (_.state == state).sum().fill_null(0) for state in STATES}
    rows = counted.aggregate(made=_.count(), moved=(_.moved_to != _.promised_for).sum().fill_null(0), **states)
    groups = []
    for row in rows_of(rows, by):
        key = tuple(row[name] for name in by)
        groups.append(
            {"by": {name: row.pop(name) for name in by}}
            | row
            | {"kept_share": interval_of(kept.get(key)), "lateness_p90_seconds": interval_of(late.get(key))}
        )
    document = groups[0] if not by else {"groups": groups}
    if not by:
        document.pop("by")
    today = world.as_of.astimezone(ZoneInfo(world.home.settings.timezone)).date()
    open_ = due.filter(_.state.isin(["not_due", "overdue"]))
    document["due_today"] = int(open_.filter((_.day == today) & (_.state == "not_due")).count().execute())
    overdue = open_.filter(_.state == "overdue").order_by(ibis.asc("promised_for"), "promise_id").limit(listed)
    document["longest_overdue"] = [
        {key: row[key] for key in ("promise_id", "customer_id", "touchpoint", "owner")}
        | {"promised_for": row["promised_for"].isoformat(), "late_seconds": row["late_seconds"]}
        for row in rows_of(overdue)
    ]
    document["as_of"] = world.as_of.isoformat()
    return document
