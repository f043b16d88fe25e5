"""Came back by themselves."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import DAY, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, after_days: float = 7, unasked_days: float = 30) -> ir.Table:
    """A purchase at least 7 days after the customer's last one, with nothing from us in the 30 days before to bring it.

    What would bring it: anything outbound on the channel campaign, or of the kinds heard_of_us and renewal. News about
    an order, an invoice or a survey does not sell.
    """
    called = (
        _.direction.fill_null("inbound") == "outbound",
        (_.channel == "campaign") | _.kind.isin(["heard_of_us", "renewal"]),
    )
    ours = called[0] & called[1].fill_null(False)
    rows = lives.timeline.filter(_.life > 0, (_.kind == "purchase") | ours)
    rows = rows.select("life", "step", "occurred_at", bought=_.kind == "purchase")
    none = ibis.null("timestamp('UTC')")
    earlier = ibis.window(group_by="life", order_by="step", rows=(None, -1))
    told = rows.mutate(
        last=_.bought.fill_null(False).ifelse(_.occurred_at, none).max().over(earlier),
        asked=_.bought.fill_null(False).ifelse(none, _.occurred_at).max().over(earlier),
    ).filter(_.bought)
    back = told.mutate(gap=seconds(_.last, _.occurred_at)).filter(_.gap >= after_days * DAY)
    unasked = back.filter((seconds(_.asked, _.occurred_at) > unasked_days * DAY).fill_null(True))
    return unasked.select("life", "step", evidence="bought again after " + span(_.gap))


CAME_BACK = Signal("came_back", "Came back by themselves", find, good=True)
