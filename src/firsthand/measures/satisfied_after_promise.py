"""Whether customers were satisfied after a promise, kept or not."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.bought_after_promise import judged
from firsthand.measures.measure import Measure, observed, share
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import scored

ANSWERING_DAYS = 14


def satisfied_after(seen: Seen) -> ir.Table:
    """Share of promises after which the customer was satisfied (top two of five); those kept and those not kept, apart.

    Of each promise the first answer about satisfaction within 14 days after it was settled, or was due if it is overdue; promises
    without one are left out. As with what was bought afterwards, a difference between these customers and no effect.
    """
    due = judged(seen).mutate(ended=ibis.coalesce(_.settled_at, _.promised_for))
    answers = scored(seen, "csat").filter(_.life > 0).select(of="life", at="occurred_at", satisfied="uppermost")
    in_time = [
        due.life == answers.of,
        answers.at >= due.ended,
        answers.at <= due.ended + ibis.interval(days=ANSWERING_DAYS),
    ]
    asked = due.inner_join(answers, in_time)
    first = asked.mutate(nth=ibis.row_number().over(group_by="promise_id", order_by="at")).filter(_.nth == 0)
    return observed(first, first.satisfied, promise=first.outcome)


SATISFIED_AFTER = Measure(
    "satisfied_after_promise", "Satisfied after a promise", satisfied_after, share, "share", also=("promise",), private=True
)  # fmt: skip
