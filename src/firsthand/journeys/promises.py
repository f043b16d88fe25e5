"""Promises: what the organisation said would happen by when, and what became of it."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.functions import local_time

STATES = ("not_due", "kept", "late", "broken", "overdue", "withdrawn")


def promises(timeline: ir.Table, as_of: datetime, timezone: str = "UTC") -> ir.Table:
    """Each promise with a date, its state at `as_of`, and how late it was.

    A promise is judged by the first date given; `moved_to` shows the last. Its first outcome counts: kept (or
    late, if fulfilled after it was due), broken (withdrawn by us), withdrawn (by the customer). Without one it is
    overdue once due, else not_due. The six states add up to all made.

    timeline: tables.Timeline, up to `as_of`.  timezone: the home's.
    Returns a row per promise: promise_id, state, promised_for, moved_to, settled_at, late_seconds (s; null unless
    late, or, so far, overdue), and of the interaction that made it customer_id, life, step, made_at,
    touchpoint, stage, kind, owner, channel, source, team, employee, situation, properties; `day` is the local day on which it was due.
    """
    told = timeline.filter(_.promise_id.notnull())
    order = [_.occurred_at, _.position]
    dated = told.filter(_.promised_for.notnull(), _.promise_state.isin(["made", "moved"]))
    in_order = ibis.window(group_by="promise_id", order_by=order)
    made = (
        dated.mutate(
            nth=ibis.row_number().over(in_order),
            moved_to=_.promised_for.last().over(ibis.window(group_by="promise_id", order_by=order, preceding=None, following=None)),
        )
        .filter(_.nth == 0)
        .select(
            "promise_id", "promised_for", "moved_to", "customer_id", "life", "touchpoint", "stage", "kind", "owner",
            "channel", "source", "team", "employee", "situation", "properties", "step", made_at="occurred_at",
        )
    )  # fmt: skip
    settled = (
        told.filter(_.promise_state.isin(["kept", "withdrawn_by_us", "withdrawn_by_customer"]))
        .mutate(nth=ibis.row_number().over(in_order))
        .filter(_.nth == 0)
        .select("promise_id", "promise_state", settled_at="occurred_at")
    )
    now = ibis.literal(as_of, "timestamp('UTC')")
    both = made.left_join(settled, "promise_id").drop("promise_id_right")
    state = ibis.cases(
        ((_.promise_state == "kept") & (_.settled_at <= _.promised_for), "kept"),
        (_.promise_state == "kept", "late"),
        (_.promise_state == "withdrawn_by_us", "broken"),
        (_.promise_state == "withdrawn_by_customer", "withdrawn"),
        (_.promised_for < now, "overdue"),
        else_="not_due",
    )
    end = ibis.coalesce(_.settled_at, now)
    late = (end.epoch_seconds() - _.promised_for.epoch_seconds()).cast("float64")
    return (
        both.mutate(state=state)
        .mutate(
            late_seconds=_.state.isin(["late", "overdue"]).ifelse(late, ibis.null("float64")),
            day=local_time(timezone, _.promised_for).date(),
        )
        .drop("promise_state")
    )
