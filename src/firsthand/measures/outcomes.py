"""What customers did: bought again, how much, how often, and whether they went quiet."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, median, observed, per_customer, purchases, share
from firsthand.measures.seen import GROUPABLE, Seen

QUIET_DAYS = 180


def with_next(seen: Seen) -> ir.Table:
    """Purchases with their number in the customer's life and the time of the next one."""
    life = ibis.window(group_by="life", order_by="step")
    return purchases(seen).mutate(nth=ibis.row_number().over(life), next=_.occurred_at.lead().over(life))


def bought_again(seen: Seen, days: int) -> ir.Table:
    """Share of customers who bought again within the given days of their first purchase.

    Only customers whose days are over, so that late ones do not look disloyal; the cohort is the first purchase.
    """
    within = ibis.interval(days=days)
    first = with_next(seen).filter(_.nth == 0)
    followed = first.filter(first.occurred_at <= seen.now - within)
    return observed(followed, (followed.next <= followed.occurred_at + within).fill_null(False))


def spend(seen: Seen) -> ir.Table:
    """Money that customers spent, refunds taken off, per customer who bought; per currency, never summed across."""
    paid = seen.timeline.filter(_.kind.isin(["purchase", "refund"]), _.amount.notnull(), _.life > 0).mutate(
        currency=_.currency.fill_null(seen.currency)
    )
    return observed(paid, (_.kind == "refund").ifelse(-_.amount.abs(), _.amount), "currency")


def between(seen: Seen) -> ir.Table:
    """Days from a purchase to the customer's next one; of customers who bought again."""
    again = with_next(seen).filter(_.next.notnull())
    return observed(again, (again.next.epoch_seconds() - again.occurred_at.epoch_seconds()) / 86_400)


def quiet(seen: Seen) -> ir.Table:
    """Share of customers who once bought and of whom nothing was heard for 180 days.

    Heard of: any interaction that came from the customer. The group is that of the last purchase.
    """
    last = seen.timeline.filter(_.life > 0, _.direction.fill_null("inbound") == "inbound")
    heard = last.group_by("life").aggregate(heard_at=_.occurred_at.max())
    final = with_next(seen).filter(_.next.isnull()).inner_join(heard, "life")
    return observed(final, (final.heard_at < seen.now - ibis.interval(days=QUIET_DAYS)).fill_null(True))


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
SPEND = Measure(
    "spend_per_customer", "Spent, per customer who bought", spend, per_customer, "money", also=("currency",)
)
BETWEEN = Measure(
    "days_between_purchases", "Days until the next purchase, half of them at most", between, median, "days"
)
QUIET = Measure("gone_quiet", "Gone quiet for 180 days", quiet, share, "share")
