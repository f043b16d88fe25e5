"""Net Promoter Score."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, net_promoter, observed
from firsthand.measures.seen import Seen


def answers(seen: Seen) -> ir.Table:
    """Would customers recommend us: the share who answer 9 or 10 minus the share who answer 0 to 6, times 100.

    Only of answers asked as `nps` on a scale of 0 to 10; others are refused. Source: Reichheld, "The One Number
    You Need to Grow", HBR 2003; interval: adjusted Wald after Agresti & Coull.
    """
    asked = seen.timeline.filter(_.question_kind == "nps", _.scale_low == 0, _.scale_high == 10, _.score.notnull())
    return observed(asked, ibis.cases((_.score >= 9, 1), (_.score <= 6, -1), else_=0))


NPS = Measure("nps", "Net Promoter Score", answers, net_promoter, "points", private=True, score=True)
