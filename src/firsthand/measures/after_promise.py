"""What customers did and said after a promise."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, purchases, share, sold
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import scored

BUYING_DAYS, ANSWERING_DAYS = 90, 14


def bought_after(seen: Seen) -> ir.Table:
    """Share of promises within 90 days of whose day the customer bought again; those that were kept and those that were not, apart.

    Not kept: late, broken or overdue. Nothing where the record holds no purchase at all. Only promises whose 90 days are over. That fewer come back where it was not kept is a
    difference between these customers: the promise need not be all that lies between them.
    """
    within = ibis.interval(days=BUYING_DAYS)
    due = _due(seen).filter(_.promised_for <= seen.now - within).filter(sold(seen))
    bought = purchases(seen).select(buyer="life", bought_at="occurred_at")
    in_time = [
        due.life == bought.buyer,
        bought.bought_at > due.promised_for,
        bought.bought_at <= due.promised_for + within,
    ]
    followed = due.inner_join(bought, in_time).select("promise_id").distinct().mutate(again=True)
    both = due.left_join(followed, "promise_id")
    return observed(both, both.again.fill_null(False), promise=both.outcome)


def satisfied_after(seen: Seen) -> ir.Table:
    """Share of promises after which the customer was satisfied (top two of five); those kept and those not kept, apart.

    Of each promise the first answer about satisfaction within 14 days after it was settled, or was due if it is overdue; promises
    without one are left out. As with what was bought afterwards, a difference between these customers and no effect.
    """
    due = _due(seen).mutate(ended=ibis.coalesce(_.settled_at, _.promised_for))
    answers = scored(seen, "csat").filter(_.life > 0).select(of="life", at="occurred_at", satisfied="uppermost")
    in_time = [
        due.life == answers.of,
        answers.at >= due.ended,
        answers.at <= due.ended + ibis.interval(days=ANSWERING_DAYS),
    ]
    asked = due.inner_join(answers, in_time)
    first = asked.mutate(nth=ibis.row_number().over(group_by="promise_id", order_by="at")).filter(_.nth == 0)
    return observed(first, first.satisfied, promise=first.outcome)


def _due(seen: Seen) -> ir.Table:
    """Promises to known customers that can be judged, and whether they were kept."""
    judged = seen.promises.filter(_.life > 0, _.state.isin(["kept", "late", "broken", "overdue"]))
    return judged.mutate(outcome=ibis.ifelse(_.state == "kept", "kept", "not kept"))


BOUGHT_AFTER = Measure(
    "bought_after_promise", "Bought again within 90 days of a promise", bought_after, share, "share", also=("promise",)
)
SATISFIED_AFTER = Measure(
    "satisfied_after_promise", "Satisfied after a promise", satisfied_after, share, "share", also=("promise",), private=True
)  # fmt: skip
