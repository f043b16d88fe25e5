"""Whether customers bought again after a promise, kept or not."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, purchases, share, sold
from firsthand.measures.seen import Seen

BUYING_DAYS = 90


def bought_after(seen: Seen) -> ir.Table:
    """Share of promises within 90 days of whose day the customer bought again; those that were kept and those that were not, apart.

    Not kept: late, broken or overdue. Nothing where the record holds no purchase at all. Only promises whose 90 days are over.
    That fewer come back where it was not kept is a difference between these customers: the promise need not be all that lies
    between them.
    """
    within = ibis.interval(days=BUYING_DAYS)
    due = judged(seen).filter(_.promised_for <= seen.now - within).filter(sold(seen))
    bought = purchases(seen).select(buyer="life", bought_at="occurred_at")
    in_time = [
        due.life == bought.buyer,
        bought.bought_at > due.promised_for,
        bought.bought_at <= due.promised_for + within,
    ]
    followed = due.inner_join(bought, in_time).select("promise_id").distinct().mutate(again=True)
    both = due.left_join(followed, "promise_id")
    return observed(both, both.again.fill_null(False), promise=both.outcome)


def judged(seen: Seen) -> ir.Table:
    """Promises to known customers that can be judged, and whether they were kept."""
    settled = seen.promises.filter(_.life > 0, _.state.isin(["kept", "late", "broken", "overdue"]))
    return settled.mutate(outcome=ibis.ifelse(_.state == "kept", "kept", "not kept"))


BOUGHT_AFTER = Measure(
    "bought_after_promise", "Bought again within 90 days of a promise", bought_after, share, "share", also=("promise",)
)
