"""Customer Effort Score 2.0."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share
from firsthand.measures.seen import Seen


def answers(seen: Seen) -> ir.Table:
    """Share who agree (5 to 7 of 7) that the organisation made it easy for them.

    Only of answers asked as `ces` on a scale of 1 to 7. Source: CES 2.0, Dixon, Toman & DeLisi, "The Effortless
    Experience", 2013.
    """
    asked = seen.timeline.filter(_.question_kind == "ces", _.scale_low == 1, _.scale_high == 7, _.score.notnull())
    return observed(asked, _.score >= 5)


CES = Measure("ces", "Easy (CES 2.0)", answers, share, "share", private=True, score=True)
