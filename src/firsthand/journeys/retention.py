"""Retention: who came back in the months after they first came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _


def retention(timeline: ir.Table, *, now: datetime, first: Any = True, back: Any = True, months: int = 12) -> ir.Table:
    """Whether each customer came back in each calendar month after that of their first interaction.

    Only full follow-up: a month counts once it is over, so that each cohort is seen whole or not at all.

    timeline: tables.Timeline, until `now`.  now: in the home's time zone.  first, back: conditions on what
    makes a beginning and a coming back.  months: how many are looked at.
    Returns life, day (of the first), cohort (its month, 2026-03), month (from 1), value (1 or 0), a row per customer and month.
    """
    soon = now + timedelta(microseconds=1)
    last = soon.year * 12 + soon.month - 1
    lives = timeline.filter(_.life > 0)
    begun = lives.filter(first).group_by("life").aggregate(day=_.day.min())
    begun = begun.mutate(cohort=_.day.strftime("%Y-%m"), began=_number(_.day))
    came = lives.filter(back).select("life", number=_number(_.day)).distinct().mutate(came=ibis.literal(1.0))
    numbers = ibis.memtable({"month": list(range(1, months + 1))})
    due = begun.cross_join(numbers).mutate(number=_.began + _.month).filter(_.number <= last)
    met = due.left_join(came, ["life", "number"])
    return met.select("life", "day", "cohort", "month", value=_.came.fill_null(0.0))


def _number(day: Any) -> Any:
    """A month's number, by which months can be counted."""
    return day.year().cast("int64") * 12 + day.month().cast("int64")
