"""Paths: which touchpoint directly follows which, where customers begin and end, and where they go round in circles.

The next touchpoint and the time until it stand on each row of the timeline, so that each of these is one pass.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.functions import epoch_us

UNKNOWN = "not on the map"
"""The touchpoint of what neither the map nor the sender names: people pass there, too."""


def between(timeline: ir.Table, first: datetime | None, last: datetime) -> ir.Table:
    """What happened from `first` to `last`, as if nothing had come after: the latest interaction of each has no gap (see `travelled`)."""
    left = (epoch_us(_.occurred_at) - epoch_us(_moment(last))) / -1e6  # this way round, since `last` is a literal
    there = timeline.filter(_.occurred_at <= _moment(last))
    if first:
        there = there.filter(_.occurred_at >= _moment(first))
    return there.mutate(gap_seconds=ibis.ifelse(_.gap_seconds > left, ibis.null("float64"), _.gap_seconds))


def without(timeline: ir.Table, kinds: Collection[str]) -> ir.Table:
    """The timeline as if interactions of these kinds had not been: step, next touchpoint and gap are those of the others."""
    if not kinds:
        return timeline
    in_order = ibis.window(group_by="life", order_by="step")
    kept = timeline.filter(_.life > 0, ~_.kind.isin(list(kinds)).fill_null(False))
    return kept.mutate(
        step=ibis.row_number().over(in_order) + 1, next_touchpoint=_.touchpoint.lead().over(in_order),
        gap_seconds=(epoch_us(_.occurred_at.lead().over(in_order)) - epoch_us(_.occurred_at)) / 1e6,
    )  # fmt: skip


def _moment(time: datetime) -> ir.TimestampScalar:
    return ibis.literal(time, "timestamp('UTC')")


def travelled(timeline: ir.Table) -> ir.Table:
    """The interactions of known customers, each with a touchpoint, and with a next one unless it was the last (has no gap)."""
    following = ibis.ifelse(_.gap_seconds.isnull(), ibis.null("string"), _.next_touchpoint.fill_null(UNKNOWN))
    return timeline.filter(_.life > 0).mutate(touchpoint=_.touchpoint.fill_null(UNKNOWN), next_touchpoint=following)


def edges(timeline: ir.Table) -> ir.Table:
    """The process map: how often, for how many customers, and how soon one touchpoint directly followed another.

    timeline: tables.Timeline.
    Returns a row per pair that occurred: from, to, interactions (times this way was gone), customers, median_seconds,
    p90_seconds (s; interpolated). Interactions add up to those of known customers, less one for each customer.
    Source: directly-follows graphs, van der Aalst, Process Mining, 2nd ed. 2016, ch. 6.
    """
    ways = travelled(timeline.filter(_.gap_seconds.notnull()))
    counted = ways.group_by(**{"from": _.touchpoint, "to": _.next_touchpoint}).aggregate(
        interactions=_.count(), customers=_.life.nunique(), seconds=_.gap_seconds.quantile([0.5, 0.9])
    )
    return counted.mutate(median_seconds=_.seconds[0], p90_seconds=_.seconds[1]).drop("seconds")


def ends(timeline: ir.Table) -> ir.Table:
    """Where customers begin and end. Whoever is at a touchpoint without having come from one began there.

    timeline: tables.Timeline, or what lies between two moments of it.
    Returns touchpoint, interactions, starts, ends (customers). Starts and ends each add up to all customers.
    """
    passed = travelled(timeline).group_by("touchpoint", "next_touchpoint").aggregate(n=_.count())
    left = ibis.ifelse(_.next_touchpoint.isnull(), _.n, 0)
    there = passed.select("touchpoint", interactions=_.n, starts=_.n, ends=left)
    came = passed.filter(_.next_touchpoint.notnull())
    zero = ibis.literal(0, "int64")
    arrived = came.select(touchpoint=_.next_touchpoint, interactions=zero, starts=-_.n, ends=zero)
    sums = {name: _[name].sum().cast("int64") for name in ("interactions", "starts", "ends")}
    return there.union(arrived).group_by("touchpoint").aggregate(**sums)


def loops(timeline: ir.Table) -> ir.Table:
    """Touchpoints that were met again at once, and three times or more in a row: somebody got nowhere.

    timeline: tables.Timeline.
    Returns touchpoint, interactions (times it followed itself), customers, three_in_a_row (runs of three or more,
    however long), customers_three_in_a_row.
    """
    again = travelled(timeline).filter(_.touchpoint == _.next_touchpoint)
    in_order = ibis.window(group_by=["life", "touchpoint"], order_by="step")
    runs = (
        again.mutate(run=_.step - ibis.row_number().over(in_order))
        .group_by("touchpoint", "life", "run")
        .aggregate(times=_.count())
    )
    return runs.group_by("touchpoint").aggregate(
        interactions=_.times.sum().cast("int64"),
        customers=_.life.nunique(),
        three_in_a_row=(_.times >= 2).sum().cast("int64"),
        customers_three_in_a_row=_.life.nunique(where=_.times >= 2),
    )
