"""Expectation met: what customers had, held against what they expected."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import scale_of

ALIKE = ("asked_by", "occurred_at", "answer_set", "scale_low", "scale_high")


def answers(seen: Seen) -> ir.Table:
    """Share of answers that say it was as expected or better.

    Asked as a pair, `expected` is what the customer expected and `expectation` what they had, on one scale and in one
    response: the same source, moment and subject `response` (the same customer, where no response is told). It was met if
    what they had is no less. Of several pairs on a scale the first belongs to the first, in the order they were asked;
    where there are not as many of both, they are not judged. Asked alone (worse than, as or better than expected), it
    was met from the middle of the scale on; a scale without a middle is refused. A question that is asked in pairs
    anywhere in its source counts in pairs only. Told apart by scale. An answer belongs to the day it was given.
    Source: disconfirmation of expectations, Oliver, "A Cognitive Model of the Antecedents and Consequences of
    Satisfaction Decisions", Journal of Marketing Research 1980; Parasuraman, Zeithaml & Berry, "SERVQUAL", 1988.
    """
    asked = _in_answer_sets(seen)
    expected = asked.filter(_.question_kind == "expected")
    expected = expected.select(expected="score", **{f"expected_{key}": key for key in (*ALIKE, "nth", "times")})
    alike = ibis.window(group_by=["asked_by", "question"])
    had = asked.filter(_.question_kind == "expectation").mutate(in_pairs=_.beside.max().over(alike) == 1)
    same = [had[key] == expected[f"expected_{key}"] for key in (*ALIKE, "nth")]
    both = had.left_join(expected, same)
    middle = (both.scale_low + both.scale_high) / 2
    judged = both.mutate(
        met=ibis.cases(
            (both.expected.notnull() & (both.times == both.expected_times), both.score >= both.expected),
            (~both.in_pairs & (middle == middle.floor()), both.score >= middle),
        )
    ).filter(_.met.notnull())
    return observed(judged, judged.met, scale=scale_of(judged))


def _in_answer_sets(seen: Seen) -> ir.Table:
    """Answers of both sides, with the response they belong to, and which of how many they are on their scale there.

    `beside`: 1 where something on the same scale was expected in that response; where nobody knows which response it was,
    in any of its source.
    """
    kinds = ["expected", "expectation"]
    asked = seen.timeline.filter(_.question_kind.isin(kinds), _.score.notnull(), _.scale_high > _.scale_low)
    response = asked.subjects.filter(lambda each: each["kind"] == "response")[0]["value"]
    customer = ibis.ifelse(asked.life > 0, asked.life.cast("string"), ibis.null("string"))
    asked = asked.mutate(
        asked_by=asked.source.fill_null(""),
        question=asked.question.fill_null(""),
        answer_set=ibis.coalesce("response " + response, "customer " + customer),
    )
    alike = [*ALIKE, "question_kind"]
    in_order = ibis.window(group_by=alike, order_by=["position", "interaction_id"])
    expected = (_.question_kind == "expected").cast("int64").max()
    of_response, of_source = (
        ibis.window(group_by=list(ALIKE)),
        ibis.window(group_by=["asked_by", "scale_low", "scale_high"]),
    )
    return asked.mutate(
        nth=ibis.row_number().over(in_order),
        times=_.interaction_id.count().over(ibis.window(group_by=alike)),
        beside=ibis.ifelse(_.answer_set.isnull(), expected.over(of_source), expected.over(of_response)),
    )


EXPECTATION_MET = Measure(
    "expectation_met", "As expected or better", answers, share, "share", also=("scale",), private=True
)
