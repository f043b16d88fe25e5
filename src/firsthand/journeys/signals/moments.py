"""Moments that several signals look at, and words for how far they are apart."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.functions import epoch_us
from firsthand.journeys.signals.signal import Lives, came_from_customer

HOUR, DAY = 3_600, 86_400


def contacts(lives: Lives) -> ir.Table:
    """Contacts that known customers made: nothing that came from us."""
    return lives.timeline.filter(_.kind == "contact", came_from_customer(_), _.life > 0)


def contacts_by_matter(lives: Lives) -> ir.Table:
    """The same, a row for each subject (see Lives.matters)."""
    return lives.matters.filter(_.kind == "contact", _.inbound)


def one_each(table: ir.Table, *order: Any) -> ir.Table:
    """Of several rows of one interaction the first in that order."""
    each = ibis.window(group_by=["life", "step"], order_by=list(order))
    return table.mutate(nth=ibis.row_number().over(each)).filter(_.nth == 0).drop("nth")


def seconds(begin: Any, end: Any) -> Any:
    """Seconds from one moment to another."""
    return (epoch_us(begin) - epoch_us(end)) / -1e6  # this way round, since `end` may be a literal


def span(length: Any) -> Any:
    """A length of time in words: 2 days, 1 hour, 5 minutes."""
    return ibis.cases(
        (length >= DAY, _counted(length, DAY, "day")),
        (length >= HOUR, _counted(length, HOUR, "hour")),
        else_=_counted(length, 60, "minute"),
    )


def _counted(length: Any, unit: int, name: str) -> Any:
    number = (length / unit).floor().cast("int64")
    return number.cast("string") + (number == 1).ifelse(f" {name}", f" {name}s")
