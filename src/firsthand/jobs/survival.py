"""Buying again, as a survival curve: customers whose follow-up is not over count for as long as they were seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from firsthand.jobs.figures import Period, smallest_group
from firsthand.jobs.world import World
from firsthand.measures import grouped
from firsthand.measures.bought_again import durations

DAYS = (30, 90, 180, 365)


def survival(
    world: World, *, by: Sequence[str] = (), period: Period = Period(), every: bool = False
) -> list[dict[str, Any]]:
    """Share who bought again by day 30, 90, 180 and 365 after the first purchase: Kaplan–Meier with Greenwood's
    interval on the log-log scale, by lifelines; only days that somebody was followed for.

    by: groups of the first purchase, each with a curve of its own; those too small to be told are left out.
    period: of the first purchase.  every: each fifth day of the first year, for a curve.
    Rows have by, days, value, low, high, customers.
    """
    followed = grouped(period.within(durations(world.seen)), by).select(*by, "days", "again").to_pyarrow()
    groups = followed.group_by(list(by)).aggregate([([], "count_all")]).sort_by([(key, "ascending") for key in by]) if by else None  # fmt: skip
    rows = []
    for group in [{}] if groups is None else groups.select(list(by)).to_pylist():
        those = followed
        for key, value in group.items():
            one = pc.field(key)
            those = those.filter(one.is_null() if value is None else one == value)
        if those.num_rows >= max(1, smallest_group(world, by)):
            rows += [{"by": group, **row} for row in _curve(those, every)]
    return rows


def _curve(followed: pa.Table, every: bool) -> list[dict[str, Any]]:
    from lifelines import KaplanMeierFitter

    days = followed.column("days").to_numpy()
    curve = KaplanMeierFitter().fit(days, followed.column("again").to_numpy(zero_copy_only=False))
    bounds = curve.confidence_interval_survival_function_
    rows = []
    for day in (day for day in (range(0, 366, 5) if every else DAYS) if day <= days.max()):
        at = bounds.index.searchsorted(day, side="right") - 1
        low, high = sorted(1 - float(bound) for bound in bounds.iloc[at])
        value = 1 - float(curve.survival_function_at_times(day).iloc[0])
        rows.append({"days": day, "value": value, "low": low, "high": high, "customers": int(followed.num_rows)})
    return rows
