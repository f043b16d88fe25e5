"""Abandoned cart."""

import math

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import HOUR, seconds
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, within_hours: float = 24, minutes_before: float = 10) -> ir.Table:
    """The last thing done to a cart after which the customer bought nothing, and did nothing more to a cart, in 24 hours.

    Only carts whose 24 hours are over. A purchase on any channel counts, and also one up to 10 minutes before: shops tell
    the minute, and clocks differ.
    """
    left = abandoned(lives, within_hours, minutes_before)
    return left.select("life", "step", evidence=ibis.literal(f"nothing bought in {within_hours:g} hours"))


def abandoned(lives: Lives, within_hours: float = 24, minutes_before: float = 10) -> ir.Table:
    """Carts that were left: the life, step and occurred_at of the last thing done to each."""
    done = lives.timeline.filter(_.kind.isin(["cart", "purchase"]), _.life > 0)
    done = done.select("life", "step", "occurred_at", bought=_.kind == "purchase")
    in_order = ibis.window(group_by="life", order_by=[_.occurred_at, _.bought, _.step])
    so_far = ibis.window(group_by="life", order_by=[_.occurred_at, _.bought, _.step], preceding=None, following=0)
    paid = _.bought.ifelse(_.occurred_at, ibis.null("timestamp('UTC')")).max().over(so_far)
    after = seconds(_.occurred_at, ibis.coalesce(_.occurred_at.lead().over(in_order), lives.now))
    timed = done.mutate(after=after, before=seconds(paid, _.occurred_at))
    left = timed.filter(~_.bought, _.after > within_hours * HOUR, _.before.fill_null(math.inf) > minutes_before * 60)
    return left.select("life", "step", "occurred_at")


def looked_at(lives: Lives) -> ir.Table:
    """Everything done to a cart of which 24 hours are over."""
    done = lives.timeline.filter(_.kind == "cart", _.life > 0, seconds(_.occurred_at, lives.now) > 24 * HOUR)
    return done.select("life", "step")


ABANDONED_CART = Signal("abandoned_cart", "Left a full cart behind", find, looked_at=looked_at)
