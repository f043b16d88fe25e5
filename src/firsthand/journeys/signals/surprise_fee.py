"""Surprise fee."""

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.signal import Lives, Signal, subjects

ROUNDING = 0.005


def find(lives: Lives) -> ir.Table:
    """A charge that the customer had not seen before, or that is above what was said.

    That is: a fee at a touchpoint where the customer was never charged before, or was always charged less, in the
    same currency; or a payment above the price of the orders that it is for. A fee of nothing is none.
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


def _above_the_price(lives: Lives) -> ir.Table:
    columns = ["life", "currency", "amount"]
    moved = lives.timeline.filter(_.kind.isin(["purchase", "payment"]), _.life > 0, _.amount.notnull())
    bought, paid = (moved.filter(_.kind == kind).select(*columns).distinct() for kind in ("purchase", "payment"))
    odd = paid.anti_join(bought, columns).select("life").distinct().cache()  # few: the others paid what something cost
    about = subjects(moved.semi_join(odd, "life"), "kind", "currency", "amount").filter(_.subject_kind == "order")
    charges = about.filter(_.kind == "payment")
    prices = about.filter(_.kind == "purchase").group_by("life", "matter", "currency").aggregate(price=_.amount.sum())
    both = charges.inner_join(prices, ["life", "matter", "currency"])
    sums = both.group_by("life", "step", "currency").aggregate(
        paid=_.amount.max().cast("float64"), price=_.price.sum().cast("float64")
    )
    above = sums.filter(_.paid > _.price + ROUNDING)
    words = _money(_.paid, _.currency) + " paid, the price was " + _money(_.price, _.currency)
    return above.select("life", "step", evidence=words)


def _money(amount: Any, currency: Any) -> Any:
    return amount.round(2).cast("decimal(18, 2)").cast("string") + (" " + currency).fill_null("")


SURPRISE_FEE = Signal("surprise_fee", "Was charged what nobody had said", find)
