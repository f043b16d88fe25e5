"""Channel switch for the same matter."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import DAY, contacts_by_matter, one_each, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, within_days: float = 7) -> ir.Table:
    """A contact on another channel than the customer's last one about the same subject, which was at most 7 days before.

    It shows at the later one. Contacts whose channel is not known do not count.
    """
    before = ibis.window(group_by=["life", "matter"], order_by="step")
    known = contacts_by_matter(lives).filter(_.channel.notnull())
    after = known.mutate(came=_.channel.lag().over(before), last=_.occurred_at.lag().over(before))
    switched = after.filter(_.came != _.channel).mutate(gap=seconds(_.last, _.occurred_at))
    nearest = one_each(switched.filter(_.gap <= within_days * DAY), "gap", "matter")
    words = "from " + _.came + " to " + _.channel + " after " + span(_.gap) + " about " + _.matter
    return nearest.select("life", "step", evidence=words)


CHANNEL_SWITCH = Signal(
    "channel_switch",
    "Had to change the channel",
    find,
    source="Dixon, Toman & DeLisi, *The Effortless Experience*, 2013, ch. 2",
)
