"""Variants: the whole sequences of touchpoints that customers, or their journeys, went through."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.paths import travelled


def cases(timeline: ir.Table, per: str = "life") -> ir.Table:
    """The sequence of touchpoints of each case.

    timeline: tables.Timeline.  per: `life` (all of a customer) or `journey` (a part of it that no long pause divides).
    Returns life, path (array of touchpoints, in order), a row per case.
    """
    keys = ["life"] if per == "life" else ["life", "journey"]
    whole = travelled(timeline).group_by(keys).aggregate(path=_.touchpoint.collect(order_by="step"))
    return whole.select("life", "path")


def variants(timeline: ir.Table, *, per: str = "life", most: int = 20) -> ir.Table:
    """The most frequent sequences, and one row for all others together.

    timeline: tables.Timeline.  per: see `cases`.  most: how many stand alone; of equally frequent ones the
    first by alphabet.
    Returns rank (from 1; null for the others), path (null for the others), variants (how many the row speaks of), cases,
    customers (who had such a case). Cases add up to all.
    """
    told = cases(timeline, per)
    counted = told.group_by("path").aggregate(times=_.count())
    ranked = counted.mutate(rank=ibis.row_number().over(order_by=[_.times.desc(), _.path]) + 1)
    alone = ranked.mutate(rank=ibis.ifelse(_.rank <= most, _.rank, ibis.null("int64")))
    joined = told.inner_join(alone.select("path", "rank"), "path")
    rows = joined.group_by("rank").aggregate(
        path=_.path.arbitrary(), variants=_.path.nunique(), cases=_.count(), customers=_.life.nunique()
    )
    return rows.mutate(path=ibis.ifelse(_.rank.isnull(), ibis.null(rows.path.type()), _.path))
