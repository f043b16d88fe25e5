"""Funnels: how far customers got along the steps that lead to something, and how long each took them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.functions import epoch_us

MODES = ("ordered", "strict", "any")


def funnel(
    timeline: ir.Table, steps: Sequence[Any], *, until: datetime, mode: str = "ordered",
    within: timedelta | None = None, begin: Any = True,
) -> ir.Table:  # fmt: skip
    """How far each customer got at best: of all attempts the one that reached the most steps, of equal ones the earliest.

    timeline: tables.Timeline, until `until`.  steps: conditions on it.  mode: `ordered` (one after another, other things may
    come between), `strict` (each directly after the one before), `any` (the first k steps, in any order).
    within: how long after an attempt's beginning it counts; then attempts that began later than that before `until` are
    not judged yet.  begin: condition on the interaction that begins an attempt.
    Returns a row per customer who took the first step: life and step of that interaction, judged, reached (the number of steps),
    seconds_2 … (s from the step before; in any order, from when the steps before were done; null if not reached).
    """
    count = len(steps)
    flags = {f"is_{number}": step for number, step in enumerate(steps, 1)}
    narrow = timeline.filter(_.life > 0).select("life", "step", at=epoch_us(_.occurred_at), begins=begin, **flags)
    rows = narrow.filter(ibis.or_(*(narrow[name] for name in flags)))
    if mode == "any":
        timed = _in_any_order(rows, count)
    elif mode == "ordered" and within is None:
        timed = _from_the_first(rows, count)
    else:
        timed = _in_order(rows, count, strict=mode == "strict")
    patience = ibis.null("int64") if within is None else ibis.literal(round(within.total_seconds() * 1e6), "int64")
    over = epoch_us(ibis.literal(until, "timestamp('UTC')"))
    in_time = [_[f"at_{k}"].notnull() & (_[f"at_{k}"] - _.at <= patience).fill_null(True) for k in range(1, count + 1)]
    attempts = timed.filter(_.begins, _.at_1.notnull()).mutate(
        reached=sum(ok.cast("int64") for ok in in_time), judged=(_.at + patience <= over).fill_null(True)
    )
    best = ibis.window(group_by="life", order_by=[_.judged.desc(), _.reached.desc(), _.step])
    chosen = attempts.filter(_.reached >= 1).mutate(nth=ibis.row_number().over(best)).filter(_.nth == 0)
    seconds = {
        f"seconds_{k}": ibis.ifelse(_.reached >= k, (_[f"at_{k}"] - _[f"at_{k - 1}"]) / 1e6, ibis.null("float64"))
        for k in range(2, count + 1)
    }
    return chosen.select("life", "step", "judged", "reached", **seconds)


def _from_the_first(rows: ir.Table, count: int) -> ir.Table:
    """The first attempt of each customer, with at_1 …. Where there is no hurry, none gets further than that."""
    first = rows.filter(_.is_1, _.begins).group_by("life").aggregate(step=_.step.min(), at=_.at.argmin(_.step))
    reached = first.mutate(begins=True, step_1=_.step, at_1=_.at)
    for k in range(2, count + 1):
        taken = rows.filter(rows[f"is_{k}"]).select("life", then="step", then_at="at")
        after = (
            reached.select("life", after=reached[f"step_{k - 1}"]).inner_join(taken, "life").filter(_.then > _.after)
        )
        soonest = {f"step_{k}": _.then.min(), f"at_{k}": _.then_at.argmin(_.then)}
        reached = reached.left_join(after.group_by("life").aggregate(**soonest), "life").drop("life_right")
    return reached


def _in_order(rows: ir.Table, count: int, *, strict: bool) -> ir.Table:
    """Adds at_1 …: from each first step, when the steps after it were soonest taken. Worked out from the last step back."""
    later = ibis.window(group_by="life", order_by="step", rows=(1, None))
    nothing = ibis.null("int64")
    for k in range(count, 0, -1):
        times = {f"from_{k}_{k}": ibis.ifelse(rows[f"is_{k}"], rows["at"], nothing)}
        for then in range(k + 1, count + 1):
            after = rows[f"from_{k + 1}_{then}"]
            beside = ibis.window(group_by="life", order_by="step")
            next_one = rows.step.lead().over(beside) == rows.step + 1
            soonest = ibis.ifelse(next_one, after.lead().over(beside), nothing) if strict else after.min().over(later)
            times[f"from_{k}_{then}"] = ibis.ifelse(rows[f"is_{k}"], soonest, nothing)
        rows = rows.mutate(**times)
    return rows.mutate(**{f"at_{k}": rows[f"from_1_{k}"] for k in range(1, count + 1)})


def _in_any_order(rows: ir.Table, count: int) -> ir.Table:
    """Adds at_1 …: from each interaction on, when the first k steps had soonest all been taken."""
    from_here = ibis.window(group_by="life", order_by="step", rows=(0, None))
    nothing = ibis.null("int64")
    rows = rows.mutate(
        **{
            f"at_{k}": ibis.ifelse(rows[f"is_{k}"], rows["at"], nothing).min().over(from_here)
            for k in range(1, count + 1)
        }
    )
    for k in range(2, count + 1):
        done, this = rows[f"at_{k - 1}"], rows[f"at_{k}"]
        rows = rows.mutate(
            **{f"at_{k}": ibis.ifelse(done.isnull() | this.isnull(), nothing, ibis.greatest(done, this))}
        )
    return rows
