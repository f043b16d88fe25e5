"""Answers that a measure must not take, because of the scale they were asked on."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.seen import Seen

ONLY_ON = {"nps": (0, 10), "ces": (1, 7)}
"""Measures that are defined on one scale; satisfaction is told on any, as long as the scale is known."""


def refused(seen: Seen) -> ir.Table:
    """Answers asked as nps, ces or csat that do not count as such.

    Returns question_kind, question, scale_low, scale_high (null where none was told), observations.
    """
    fits = _.question_kind == "csat"
    for kind, (low, high) in ONLY_ON.items():
        fits |= (_.question_kind == kind) & (_.scale_low == low) & (_.scale_high == high)
    told = _.scale_low.notnull() & _.scale_high.notnull()
    asked = seen.timeline.filter(_.score.notnull(), _.question_kind.isin(["csat", *ONLY_ON]))
    wrong = asked.filter(~(fits & told).fill_null(False))
    return wrong.group_by("question_kind", "question", "scale_low", "scale_high").aggregate(observations=_.count())
