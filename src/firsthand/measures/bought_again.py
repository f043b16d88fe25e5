"""Bought again: within 30, 90 and 365 days of the first purchase."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share, with_next
from firsthand.measures.seen import GROUPABLE, Seen


def bought_again(seen: Seen, days: int) -> ir.Table:
    """Share of customers who bought again within the given days of their first purchase.

    Only customers whose days are over, so that late ones do not look disloyal; the cohort is the first purchase.
    """
    within = ibis.interval(days=days)
    first = with_next(seen).filter(_.nth == 0)
    followed = first.filter(first.occurred_at <= seen.now - within)
    return observed(followed, (followed.next <= followed.occurred_at + within).fill_null(False))


def durations(seen: Seen) -> ir.Table:
    """Follow-up of each customer from the first purchase, with the columns that it can be grouped by: days, and whether it ended by
    buying again.

    For survival curves: customers who have not bought again yet are censored at `as_of`.
    """
    first = with_next(seen).filter(_.nth == 0)
    end = ibis.coalesce(first.next, seen.now)
    return first.select(
        *GROUPABLE,
        days=(end.epoch_seconds() - first.occurred_at.epoch_seconds()) / 86_400,
        again=first.next.notnull(),
    )


def _again(days: int) -> Measure:
    observe = partial(bought_again, days=days)
    observe.__doc__ = (bought_again.__doc__ or "").replace("the given days", f"{days} days")
    return Measure(f"bought_again_{days}", f"Bought again within {days} days", observe, share, "share")


BOUGHT_AGAIN = [_again(days) for days in (30, 90, 365)]
