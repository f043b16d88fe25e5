"""Customers to whom something bad happened lately, and what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import ibis
from ibis import _

from firsthand.jobs.figures import Period
from firsthand.jobs.signal_files import signals_of
from firsthand.jobs.world import World, rows_of

Row = dict[str, Any]
LATELY = timedelta(days=30)


def troubled_customers(world: World, *, period: Period = Period(), listed: int = 50) -> Row:
    """Known customers with bad signals, those with the most different ones first, of as many the one with the newest.

    Where the period is open at both ends: of the 30 days that end with the newest bad signal in it.
    Returns since, until (the days looked at; None where nothing shows), total (customers) and customers, rows of customer_id, count,
    last_day, and signals: rows of signal, title, count, day and evidence (both of the newest).
    """
    titles = {signal.name: signal.title for signal in signals_of(world.home) if not signal.good}
    shown = world.signals.filter(_.life > 0, _.signal.isin(list(titles)))
    if not (period.since or period.until):
        (last,) = rows_of(period.within(shown).aggregate(day=_.day.max()))
        if last["day"] is None:
            return {"since": None, "until": None, "total": 0, "customers": []}
        period = replace(period, since=last["day"] - LATELY + timedelta(days=1), until=last["day"])
    there = period.within(shown)
    each = there.group_by("life", "customer_id").aggregate(
        sorts=_.signal.nunique(), count=_.count(), last_at=_.occurred_at.max(), last_day=_.day.max()
    )
    (total,) = rows_of(each.aggregate(n=_.count()))
    order = [ibis.desc("sorts"), ibis.desc("last_at"), "customer_id"]
    customers = rows_of(each.order_by(order).limit(listed))
    lives = [row["life"] for row in customers]
    told = there.filter(_.life.isin(lives)).group_by("life", "signal").aggregate(
        count=_.count(), day=_.day.max(), evidence=_.evidence.argmax(_.occurred_at)
    )  # fmt: skip
    signals: dict[int, list[Row]] = {life: [] for life in lives}
    for row in rows_of(told) if lives else []:
        signals[row["life"]].append(
            {"signal": row["signal"], "title": titles[row["signal"]], "count": row["count"], "day": row["day"].isoformat(), "evidence": row["evidence"]}
        )  # fmt: skip
    return {
        "since": period.since and period.since.isoformat(),
        "until": period.until and period.until.isoformat(),
        "total": total["n"],
        "customers": [
            {"customer_id": row["customer_id"], "count": row["count"], "last_day": row["last_day"].isoformat()}
            | {"signals": sorted(signals[row["life"]], key=lambda told: (told["day"], told["signal"]), reverse=True)}
            for row in customers
        ],
    }
