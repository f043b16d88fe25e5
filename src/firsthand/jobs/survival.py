"""Buying again, as a survival curve: customers whose follow-up is not over count for as long as they were seen."""

from __future__ import annotations

from typing import Any

from firsthand.jobs.figures import Period
from firsthand.jobs.world import World
from firsthand.measures.outcomes import durations

DAYS = (30, 90, 180, 365)


def survival(world: World, *, period: Period = Period(), every: bool = False) -> list[dict[str, Any]]:
    """Share who bought again by day 30, 90, 180 and 365 after the first purchase: Kaplan–Meier with Greenwood's
    interval on the log-log scale, by lifelines; only days that somebody was followed for.

    period: of the first purchase.  every: each fifth day of the first year, for a curve.
    """
    followed = period.within(durations(world.seen)).to_pyarrow()
    if not followed.num_rows:
        return []
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
