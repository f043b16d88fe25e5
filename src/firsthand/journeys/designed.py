"""Designed against actual: who followed a journey's intended path, where the others left it, and for what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.functions import epoch_us
from firsthand.journeys.paths import travelled


def designed(
    timeline: ir.Table, path: Sequence[Collection[str]], *, until: datetime, within: timedelta, beside: Collection[str] = ()
) -> ir.Table:  # fmt: skip
    """How each attempt at an intended path went, held against what the customer really met.

    An attempt begins at each interaction at the first step; where the customer takes that step again as the very next
    thing, the last one begins it. It stays on the path as long as the very next thing is the same step again or the next
    step, and comes in time. Else it has left: for what came next, or for nothing, where nothing came in time.
    Whoever meets the steps in another order, skips one, or goes back has left.

    timeline: tables.Timeline, until `until`.  path: at least two steps, each one touchpoint or several that are as good.
    within: how long after its beginning an attempt counts; one that began later than that before `until` is not
    judged yet.  beside: touchpoints that are on no path, and may come at any time.
    Returns the columns of the interaction that begins it, a row per attempt, and judged, reached (the last step on the
    path, from 1), followed (all of them), left_for (touchpoint; null for nothing, or where followed), seconds (s from the
    beginning to the last step, on whatever way; null where it was not met in time).
    """
    last, patience = len(path), ibis.literal(round(within.total_seconds() * 1e6), "int64")
    number = ibis.cases(
        *((_.touchpoint.isin(list(step)), ibis.literal(nth, "int64")) for nth, step in enumerate(path, 1)),
        else_=ibis.null("int64"),
    )
    met = travelled(timeline)
    met = met.filter(_.touchpoint.notin(list(beside))) if beside else met
    in_order = ibis.window(group_by="life", order_by="step")
    later, so_far = (
        ibis.window(group_by="life", order_by="step", rows=(1, None)),
        ibis.cumulative_window(group_by="life", order_by="step"),
    )
    rows = met.select("life", "step", "touchpoint", at=epoch_us(_.occurred_at), nth=number)
    nothing = ibis.null("int64")
    rows = rows.mutate(
        next=_.touchpoint.lead().over(in_order), next_nth=_.nth.lead().over(in_order),
        next_at=_.at.lead().over(in_order), end=ibis.ifelse(_.nth == last, _.at, nothing).min().over(later),
    )  # fmt: skip
    anew = ((_.next_nth == 1) & (_.next_at - _.at <= patience)).fill_null(False)
    rows = rows.mutate(begins=(_.nth == 1).fill_null(False) & ~anew)
    rows = rows.mutate(
        attempt=ibis.ifelse(_.begins, _.step, nothing).max().over(so_far),
        began=ibis.ifelse(_.begins, _.at, nothing).max().over(so_far),
    ).filter(_.attempt.notnull())
    in_time = (_.next_at - _.began <= patience).fill_null(False)
    goes_on = in_time & ((_.next_nth == _.nth) | (_.next_nth == _.nth + 1)).fill_null(False)
    first = ibis.window(group_by=["life", "attempt"], order_by="step")
    ends = rows.mutate(in_time=in_time).filter((_.nth == last).fill_null(False) | ~goes_on)
    ends = ends.mutate(place=ibis.row_number().over(first)).filter(_.place == 0)
    left = ends.select(
        "life", step="attempt", reached="nth", followed=_.nth == last,
        left_for=ibis.ifelse((_.nth < last) & _.in_time, _.next, ibis.null("string")),
    )  # fmt: skip
    over = epoch_us(ibis.literal(until, "timestamp('UTC')"))
    began = rows.filter(_.begins).select(
        "life", "step", judged=_.at + patience <= over,
        seconds=ibis.ifelse(_.end - _.at <= patience, (_.end - _.at) / 1e6, ibis.null("float64")),
    )  # fmt: skip
    return timeline.inner_join(began, ["life", "step"]).inner_join(left, ["life", "step"])


def bought_afterwards(
    attempts: ir.Table, timeline: ir.Table, *, within: timedelta, days: int, until: datetime
) -> ir.Table:
    """Whether the customer bought in the days after an attempt's time was over; of attempts all of whose days are over.

    Counted from the end of that time, whether the path was followed or left, so that nobody has longer to buy, and what was
    bought on the path does not count (the landmark method: Anderson, Cain & Gelber 1983, J. Clin. Oncology 1).

    attempts: as `designed` returns them.  timeline: tables.Timeline.  within: the same as there.
    Returns the attempts, with value (1 or 0). None where the record holds no purchase: there it is blind.
    """
    bought = timeline.filter(_.kind == "purchase", _.life > 0)
    patience, follow_up = (round(length.total_seconds() * 1e6) for length in (within, timedelta(days=days)))
    over = epoch_us(ibis.literal(until, "timestamp('UTC')"))
    followed = attempts.mutate(from_=epoch_us(_.occurred_at) + patience).filter(
        _.judged, _.from_ + follow_up <= over, bought.count().as_scalar() > 0
    )
    times = bought.select(buyer=_.life, bought_at=epoch_us(_.occurred_at))
    later = followed.inner_join(
        times,
        [
            followed.life == times.buyer,
            times.bought_at > followed.from_,
            times.bought_at <= followed.from_ + follow_up,
        ],
    )
    again = later.select("life", "step").distinct().mutate(bought=ibis.literal(1.0))
    return followed.drop("from_").left_join(again, ["life", "step"]).drop("life_right", "step_right").mutate(
        value=_.bought.fill_null(0.0)
    ).drop("bought")  # fmt: skip
