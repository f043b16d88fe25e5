"""Mean score of every question, on its own scale."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, mean, observed
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import scale_of


def answers(seen: Seen) -> ir.Table:
    """Mean of the scores given to a question, on the scale it was asked on."""
    asked = seen.timeline.filter(_.score.notnull())
    return observed(asked, _.score, "question", scale=scale_of(asked))


MEAN_SCORE = Measure(
    "mean_score", "Mean score", answers, mean, "score", also=("question", "scale"), private=True, score=True
)
