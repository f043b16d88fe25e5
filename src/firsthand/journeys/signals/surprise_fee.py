"""Surprise fee."""

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import one_each
from firsthand.journeys.signals.signal import Lives, Signal, subjects

ROUNDING = 0.005
ORDER = ["life", "matter", "currency"]


def find(lives: Lives) -> ir.Table:
    """A charge that the customer had not seen before, or that is above what was said.

    That is: a fee at a touchpoint where the customer was never charged before, or was always charged less, in the
    same currency; or a payment with which more was paid for an order, at that touchpoint and less refunds, than the
    order cost. A fee of nothing is none. An order whose price is not known has none to be above.
    """
    return _fees(lives).union(_above_the_price(lives))


def _fees(lives: Lives) -> ir.Table:
    charged = lives.timeline.filter(_.kind == "fee", _.life > 0, _.amount.fill_null(1) > 0)
    alike = ["life", "touchpoint", "currency"]
    seen = charged.select("step", *alike, amount=_.amount.cast("float64")).mutate(
        nth=ibis.row_number().over(group_by=alike, order_by="step"),
        most=_.amount.max().over(group_by=alike, order_by="step", rows=(None, -1)),
    )
    surprising = seen.filter((_.nth == 0) | (_.amount > _.most + ROUNDING))
    why = (_.nth == 0).ifelse("charged for the first time", "higher than ever before")
    return surprising.select("life", "step", evidence=why + ("; " + _money(_.amount, _.currency)).fill_null(""))


def _paid(lives: Lives) -> ir.Table:
    """Payments and refunds, a row for each of their orders: its price, and what was `paid` for it or came `back`.

    A payment for several orders counts for one of them as far as the prices of the others cannot hold it.
    """
    money = lives.timeline.filter(_.kind.isin(["purchase", "payment", "refund"]), _.life > 0, _.amount.notnull())
    money = money.semi_join(money.filter(_.kind == "payment").select("life").distinct(), "life")
    money = money.mutate(amount=_.amount.cast("float64"), currency=_.currency.fill_null(""))
    about = subjects(money, "kind", "touchpoint", "currency", "amount").filter(_.subject_kind == "order").cache()
    prices = about.filter(_.kind == "purchase").group_by(ORDER).aggregate(price=_.amount.sum())
    moved = about.filter(_.kind != "purchase").left_join(prices, ORDER).select(about, "price")
    named = ibis.window(group_by=["life", "step"])
    for_it = moved.mutate(
        others=_.price.sum().over(named) - _.price, known=_.price.count().over(named) == _.matter.count().over(named)
    )
    return for_it.filter(_.known).mutate(
        paid=(_.kind == "payment").ifelse(ibis.ifelse(_.others > 0, ibis.greatest(_.amount - _.others, 0.0), _.amount), 0.0),
        back=(_.kind == "refund").ifelse(_.amount.abs(), 0.0),
    )  # fmt: skip


def looked_at(lives: Lives) -> ir.Table:
    """Every payment for orders whose price is known. Not fees: the first of each customer surprises, whatever it was like."""
    return _paid(lives).filter(_.kind == "payment").select("life", "step").distinct()


def _above_the_price(lives: Lives) -> ir.Table:
    """Payments with which more was paid for one of their orders than it cost."""
    so_far = ibis.cumulative_window(group_by=ORDER, order_by="step")
    there_so_far = ibis.cumulative_window(group_by=[*ORDER, "touchpoint"], order_by="step")
    sums = _paid(lives).mutate(over=_.paid.sum().over(there_so_far) - _.back.sum().over(so_far) - _.price)
    above = one_each(sums.filter(_.kind == "payment", _.over > ROUNDING), ibis.desc("over"), "matter")
    return above.select(
        "life", "step", evidence=_money(_.over, _.currency.nullif("")) + " above the price of " + _.matter
    )


def _money(amount: Any, currency: Any) -> Any:
    return amount.round(2).cast("decimal(18, 2)").cast("string") + (" " + currency).fill_null("")


SURPRISE_FEE = Signal("surprise_fee", "Was charged what nobody had said", find, looked_at=looked_at)
