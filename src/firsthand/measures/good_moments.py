"""Good moments: those that met every standard, and drew no bad signal."""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share
from firsthand.measures.seen import Seen

BOTTOM = 0.25


def moments(seen: Seen) -> ir.Table:
    """Share of moments that met every standard of their touchpoint that could be seen, and drew no bad signal and no bottom score.

    Standards: a wait, a duration, a promise kept, the customer's next answer to a question. A bottom score is one
    in the lowest quarter of its scale. A moment is seen by signals where one would have shown, had it been bad: a
    contact about a subject, a search for help and what was done to a cart (once 24 hours are over), a payment for
    an order whose price is known, a promise fulfilled. Where only the bad shows (a return, a fee, a failed payment, a
    promise withdrawn), a signal alone does not make a moment seen: all that is seen would be bad. Moments of which nothing
    could be seen are not judged; answering a survey is itself no moment to be judged by the answer.
    """
    judged = _judged(seen)
    return observed(judged, judged.good)


def _judged(seen: Seen) -> ir.Table:
    points = seen.touchpoints.drop("stage", "kind", "channel", "owner", "contradicts")
    told = seen.judged.rename(of_life="life", of_step="step")
    life = seen.timeline.left_join(
        told, [seen.timeline.life == told.of_life, seen.timeline.step.fill_null(0) == told.of_step]
    ).drop("of_life", "of_step")
    met = life.filter(
        _.seen.fill_null(False) | _.wait_seconds.notnull() | _.duration_seconds.notnull() | _.promise_id.notnull() | _.score.notnull()
        | _.touchpoint.isin(seen.touchpoints.filter(_.score_question.notnull()).touchpoint)
    ).left_join(points, "touchpoint")  # fmt: skip
    states = seen.promises.select("promise_id", "state")
    met = met.left_join(states, "promise_id").drop("promise_id_right")
    met = met.left_join(_next_scores(seen), ["life", "step"]).drop("life_right", "step_right")
    reached = (_.score - _.scale_low) / (_.scale_high - _.scale_low).nullif(0)
    tests = {
        "wait_ok": _.wait_seconds <= _.most_wait,
        "duration_ok": _.duration_seconds <= _.most_duration,
        "promise_ok": (_.promise_kept & _.state.isin(["kept", "late", "broken", "overdue"])).ifelse(
            _.state == "kept", ibis.null("boolean")
        ),
        "answer_ok": _.next_score >= _.least_score,
        "score_ok": reached > BOTTOM,
        "signals_ok": _.seen.fill_null(False).ifelse(~_.bad, ibis.null("boolean")),
    }
    tested = met.mutate(**tests)
    seen_any = reduce(lambda one, other: one | other, [tested[name].notnull() for name in tests])
    good = reduce(lambda one, other: one & other, [tested[name].fill_null(True) for name in tests])
    judged = tested.mutate(good=good & ~_.bad.fill_null(False)).filter(seen_any, _.touchpoint.notnull())
    return judged.filter(_.kind.fill_null("other") != "answer")


def _next_scores(seen: Seen) -> ir.Table:
    """The score that the customer gave next to the question in a touchpoint's standard, if it came in time."""
    asked = seen.touchpoints.filter(_.score_question.notnull())
    asked = asked.select("touchpoint", "score_question", "score_within_days")
    met = seen.timeline.filter(_.life > 0).select("life", "step", "touchpoint", "occurred_at")
    moment = met.inner_join(asked, "touchpoint")
    answers = seen.timeline.filter(_.score.notnull(), _.life > 0)
    answers = answers.select("life", "score", "question", answered_at="occurred_at")
    both = moment.inner_join(
        answers,
        [
            moment.life == answers.life,
            moment.score_question == answers.question,
            answers.answered_at > moment.occurred_at,
        ],
    )
    waited = both.answered_at.epoch_seconds() - both.occurred_at.epoch_seconds()
    both = both.filter(waited <= both.score_within_days * 86_400)
    return both.group_by("life", "step").aggregate(next_score=_.score.argmin(_.answered_at))


GOOD_MOMENTS = Measure("good_moments", "Good moments", moments, share, "share", private=True)
