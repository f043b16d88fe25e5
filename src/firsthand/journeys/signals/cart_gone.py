"""Cart gone when they came back."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.abandoned_cart import abandoned
from firsthand.journeys.signals.moments import DAY, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal, subjects


def find(lives: Lives, *, within_days: float = 14) -> ir.Table:
    """A customer who left a cart came back within 14 days and found another, and had to fill it anew.

    It shows at the first thing done to a cart after one was abandoned, if its cart id is another. Only where cart ids
    are told, and where nothing was bought meanwhile.
    """
    left = abandoned(lives).select("life", "step", left=ibis.literal(True))
    done = lives.timeline.filter(_.kind.isin(["cart", "purchase"]), _.life > 0).select(
        "life", "step", "occurred_at", "kind"
    )
    after = ibis.window(group_by="life", order_by="step")
    returns = done.left_join(left, ["life", "step"]).mutate(
        back=_.step.lead().over(after), then=_.kind.lead().over(after),
        gap=seconds(_.occurred_at, _.occurred_at.lead().over(after)),
    ).filter(_.left, _.then == "cart", _.gap <= within_days * DAY).select("life", "step", "back", "gap").cache()  # fmt: skip
    both = returns.select("life", "step", "back").union(returns.select("life", step="back", back="back"))
    carts = subjects(lives.timeline.inner_join(both, ["life", "step"]), "back").filter(_.subject_kind == "cart")
    before, now = carts.filter(_.step < _.back), carts.filter(_.step == _.back)
    other = now.semi_join(before, ["life", "back"]).anti_join(before, ["life", "back", "matter"])
    gone = returns.semi_join(other, ["life", "back"])
    return gone.select("life", step="back", evidence="another cart " + span(_.gap) + " later")


CART_GONE = Signal("cart_gone", "Came back and the cart was gone", find)
