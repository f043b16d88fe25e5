"""Answers that a measure must not take, because of the scale they were asked on, or because none was told."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.seen import Seen

ONLY_ON = {"nps": (0, 10), "ces": (1, 7)}
"""Measures that are defined on one scale."""
ON_ANY = ("csat", "effective", "ease", "emotion", "confidence", "expected", "expectation")
"""Kinds that are told on any scale, as long as it is known."""


def refused(seen: Seen) -> ir.Table:
    """Answers asked as one of the kinds that measures are made of, which do not count as such.

    An answer in words without a score is one, if no scale was told; where one was, it is no opinion. So is an answer to
    `expectation` alone on a scale without a middle, which cannot say "as expected".
    Returns question_kind, question, scale_low, scale_high (null where none was told), scored (whether the answers have
    scores), observations.
    """
    kinds = [*ON_ANY, *ONLY_ON]
    asked = seen.timeline.filter(_.score.notnull() | _.answer.notnull(), _.question_kind.isin(kinds))
    told = _.scale_low.notnull() & _.scale_high.notnull()
    fits = _.question_kind.isin(ON_ANY)
    for kind, (low, high) in ONLY_ON.items():
        fits |= (_.question_kind == kind) & (_.scale_low == low) & (_.scale_high == high)
    asked = asked.mutate(scored=_.score.notnull()).filter(_.scored | ~told)
    wrong = asked.filter(~(fits & told).fill_null(False) | _without_middle(seen, asked))
    return wrong.group_by("question_kind", "question", "scale_low", "scale_high", "scored").aggregate(
        observations=_.count()
    )


def _without_middle(seen: Seen, asked: ir.Table) -> ir.BooleanValue:
    """Answers to `expectation` on a scale without a middle, in a source that asks nothing about what was expected."""
    paired = seen.timeline.filter(_.question_kind == "expected").source.fill_null("")
    middle = (asked.scale_low + asked.scale_high) / 2
    alone = ~asked.source.fill_null("").isin(paired)
    return ((asked.question_kind == "expectation") & alone & (middle != middle.floor())).fill_null(False)
