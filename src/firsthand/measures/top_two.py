"""Top two of five: what several questions are measured by."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import observed
from firsthand.measures.seen import Seen


def top_two(seen: Seen, kind: str) -> ir.Table:
    """Whether answers to questions of a kind are among the top two of five points.

    On another scale, named by `scale`, those in its uppermost quarter of the way from low to high (6 and 7 of 1 to 7).
    """
    asked = scored(seen, kind)
    return observed(asked, asked.uppermost, scale=scale_of(asked))


def scored(seen: Seen, kind: str) -> ir.Table:
    """Answers to questions of a kind that have a score, and whether it is among the uppermost."""
    asked = seen.timeline.filter(_.question_kind == kind, _.score.notnull(), _.scale_high > _.scale_low)
    return asked.mutate(uppermost=_.score >= _.scale_high - (_.scale_high - _.scale_low) / 4)


def scale_of(asked: ir.Table) -> ir.StringValue:
    """A scale in words, such as `1-5`."""
    return asked.scale_low.cast("int64").cast("string") + "-" + asked.scale_high.cast("int64").cast("string")
