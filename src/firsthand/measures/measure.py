"""What a measure is: which rows are its observations, what each is worth, and how a figure is made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures import intervals
from firsthand.measures.seen import GROUPABLE, TOPIC, Seen

Observe = Callable[[Seen], ir.Table]
Estimate = Callable[[ir.Table, Sequence[str]], ir.Table]


@dataclass(frozen=True)
class Measure:
    """A figure on how it was for customers.

    unit: share, points, seconds, days, money, score or ratio.  also: columns that always tell figures apart, such
    as the scale of an answer.  private: speaks of what people said, and is suppressed in small groups.
    weighted: its observations have a `weight`, and it is a ratio of sums.  score: each observation is one answer, looked at by
    itself, so that it can stand beside the topics of what was said with it.
    """

    name: str
    title: str
    observe: Observe
    estimate: Estimate
    unit: str
    also: tuple[str, ...] = ()
    private: bool = False
    weighted: bool = False
    score: bool = False

    @property
    def averaged(self) -> bool:
        """Whether it is a mean or a share of its observations, so that a difference can know customers who are on both sides."""
        return self.estimate in (share, mean, net_promoter)


share: Estimate = intervals.share
mean: Estimate = intervals.mean
net_promoter: Estimate = intervals.net_promoter
median: Estimate = intervals.quantile
p90: Estimate = partial(intervals.quantile, q=0.9)


def per_customer(observations: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Mean over customers of the sum of their observations."""
    sums = observations.filter(_.life > 0).group_by([*by, "life"])
    return intervals.mean(sums.aggregate(value=_.value.sum()), by)


def every(observations: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Share of customers, at each touchpoint, all of whose observations there are 1."""
    there = observations.group_by([*dict.fromkeys([*by, "touchpoint"]), "life"])
    return intervals.share(there.aggregate(value=_.value.min()), by)


def observed(table: ir.Table, value: ir.Value, *also: str, **more: ir.Value) -> ir.Table:
    """Observations of a table that carries the groupable columns: those, the value, and what else is named."""
    carried = (*GROUPABLE, TOPIC) if TOPIC in table.columns else GROUPABLE
    return table.select(*carried, *also, value=value.cast("float64"), **more)


def purchases(seen: Seen) -> ir.Table:
    """Purchases of known customers."""
    return seen.timeline.filter(_.kind == "purchase", _.life > 0)


def with_next(seen: Seen) -> ir.Table:
    """Purchases with their number in the customer's life and the time of the next one."""
    life = ibis.window(group_by="life", order_by="step")
    return purchases(seen).mutate(nth=ibis.row_number().over(life), next=_.occurred_at.lead().over(life))


def sold(seen: Seen) -> ir.BooleanScalar:
    """Whether the record holds purchases at all: where it holds none, it is blind, and cannot say that nobody bought."""
    return purchases(seen).count().as_scalar() > 0


def beginnings(seen: Seen) -> ir.Table:
    """The first interaction of each customer, with the time of the first purchase (null where there was none)."""
    first = purchases(seen).group_by("life").aggregate(bought_at=_.occurred_at.min())
    return seen.timeline.filter(_.step == 1).left_join(first, "life").drop("life_right")


def contacts(seen: Seen) -> ir.Table:
    """Contacts that customers made: not those that came from us."""
    return seen.timeline.filter(made_by_customer(_))


def heard(seen: Seen) -> ir.BooleanScalar:
    """Whether the record holds contacts at all: where it holds none, it is blind, and nobody was effortless."""
    return contacts(seen).count().as_scalar() > 0


def made_by_customer(row: Any) -> Any:
    """Whether an interaction is a contact that the customer made."""
    return (row.kind == "contact") & (row.direction.fill_null("inbound") == "inbound")


def followed_by(seen: Seen, first: Any, then: Any) -> ir.Table:
    """Interactions of known customers that are `first`, with the time of the customer's next one that is `then`.

    first, then: conditions on tables.Timeline. Adds `followed_at`, strictly after `occurred_at`; null where none came.
    """
    both = seen.timeline.filter(_.life > 0).mutate(first=first, then=then).filter(_.first | _.then)
    when = ibis.ifelse(_.then, _.occurred_at, ibis.null("timestamp('UTC')"))
    later = ibis.window(group_by="life", order_by=[_.occurred_at, _.first], rows=(1, None))
    return both.mutate(followed_at=when.min().over(later)).filter(_.first)
