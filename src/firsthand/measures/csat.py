"""Customer satisfaction: top two of five."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share
from firsthand.measures.seen import Seen


def answers(seen: Seen) -> ir.Table:
    """Share of satisfied answers: the top two of five points.

    On another scale, named by `scale`, the answers in its uppermost quarter of the way from low to high (6 and 7
    of 1 to 7); never summed across scales. Source: ISO 10004:2018, annex on top-box scores.
    """
    asked = seen.timeline.filter(_.question_kind == "csat", _.score.notnull(), _.scale_high > _.scale_low)
    satisfied = _.score >= _.scale_high - (_.scale_high - _.scale_low) / 4
    return observed(asked, satisfied, scale=scale_of(asked))


def scale_of(asked: ir.Table) -> ir.StringValue:
    """A scale in words, such as `1-5`."""
    return asked.scale_low.cast("int64").cast("string") + "-" + asked.scale_high.cast("int64").cast("string")


CSAT = Measure("csat", "Satisfied (top two of five)", answers, share, "share", also=("scale",), private=True)
