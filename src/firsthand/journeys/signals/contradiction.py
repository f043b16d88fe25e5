"""Contradictory answers."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import one_each
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives) -> ir.Table:
    """Two channels that told different things about the same promise, one after the other.

    That is: another first date, not told as a change; or something else after it was said to be fulfilled or withdrawn.
    What is internal was told to nobody. It shows where the second thing was told.
    """
    told = lives.timeline.filter(
        _.promise_id.notnull(), _.promise_state.notnull(), _.channel.notnull(), _.direction.fill_null("outbound") != "internal"
    ).select("promise_id", "life", "step", "occurred_at", "position", "channel", "promised_for", state=_.promise_state)  # fmt: skip
    shared = told.group_by("promise_id").having(_.channel.nunique() > 1).aggregate()
    before = ibis.window(group_by="promise_id", order_by=["occurred_at", "position"])
    pairs = told.semi_join(shared, "promise_id").mutate(
        first_channel=_.channel.lag().over(before), first_state=_.state.lag().over(before),
        first_date=_.promised_for.lag().over(before),
    )  # fmt: skip
    two_dates = (_.first_state == "made") & (_.state == "made") & (_.first_date != _.promised_for)
    reopened = _.first_state.notin(["made", "moved"]) & (_.state != _.first_state)
    differ = pairs.filter(_.first_channel != _.channel, two_dates | reopened)
    day = "%Y-%m-%d"
    dates = "by " + _.first_date.strftime(day) + " in {0}, by " + _.promised_for.strftime(day) + " in {1}"
    states = _.first_state.replace("_", " ") + " in {0}, " + _.state.replace("_", " ") + " in {1}"
    words = (_.first_state == "made").ifelse(dates, states)
    said = words.replace("{0}", _.first_channel).replace("{1}", _.channel)
    return one_each(differ, "promise_id").select("life", "step", evidence=said)


CONTRADICTION = Signal("contradiction", "Was told two different things", find)
