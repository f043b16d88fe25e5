"""Contradictory answers."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import HOUR, one_each, seconds
from firsthand.journeys.signals.signal import Lives, Signal, subjects

DAY = "%Y-%m-%d"


def find(lives: Lives, *, within_hours: float = 24) -> ir.Table:
    """Two channels that told different things about the same promise or subject, one after the other.

    Of a promise: another date than the last one told, not told as a change, or told as a change within 24 hours of the
    other channel's change; or something else after it was said to be fulfilled or withdrawn. Of a subject other than a
    product: a touchpoint that by the map `contradicts` the one at which a state of it was told before. What is internal
    was told to nobody. It shows where the second thing was told.
    """
    said = ibis.union(_dates(lives, within_hours), _endings(lives), _states(lives))
    return one_each(said, "evidence").select("life", "step", "evidence")


def _dates(lives: Lives, within_hours: float) -> ir.Table:
    told = _told(lives).filter(_.promised_for.notnull(), _.state.isin(["made", "moved"]))
    before = ibis.window(group_by="promise_id", order_by=["occurred_at", "position"])
    pairs = told.mutate(
        first_channel=_.channel.lag().over(before), first_state=_.state.lag().over(before),
        first_date=_.promised_for.lag().over(before), gap=seconds(_.occurred_at.lag().over(before), _.occurred_at),
    ).filter(_.first_channel != _.channel, _.first_date != _.promised_for)  # fmt: skip
    at_once = (_.first_state == "moved") & (_.gap <= within_hours * HOUR)
    dates = "by " + _.first_date.strftime(DAY) + " in {0}, by " + _.promised_for.strftime(DAY) + " in {1}"
    return _said(pairs.filter((_.state == "made") | at_once), dates)


def _endings(lives: Lives) -> ir.Table:
    before = ibis.window(group_by="promise_id", order_by=["occurred_at", "position"])
    pairs = _told(lives).mutate(first_channel=_.channel.lag().over(before), first_state=_.state.lag().over(before))
    other = pairs.filter(_.first_channel != _.channel, _.first_state.notin(["made", "moved"]), _.state != _.first_state)
    return _said(other, _.first_state.replace("_", " ") + " in {0}, " + _.state.replace("_", " ") + " in {1}")


def _told(lives: Lives) -> ir.Table:
    """What was told about promises, of those that more than one channel told of."""
    told = lives.timeline.filter(
        _.promise_id.notnull(), _.promise_state.notnull(), _.channel.notnull(), _.direction.fill_null("outbound") != "internal"
    ).select("promise_id", "life", "step", "occurred_at", "position", "channel", "promised_for", state=_.promise_state)  # fmt: skip
    shared = told.group_by("promise_id").having(_.channel.nunique() > 1).aggregate()
    return told.semi_join(shared, "promise_id")


def _states(lives: Lives) -> ir.Table:
    """Of the touchpoints that contradict others or are contradicted, each held against the one before about the same subject."""
    differ = lives.touchpoints.select("touchpoint", first=_.contradicts.unnest()).filter(_.first.notnull())
    telling = differ.select("touchpoint").union(differ.select(touchpoint="first"))
    told = lives.timeline.filter(_.life > 0, _.channel.notnull(), _.direction.fill_null("outbound") != "internal")
    about = subjects(told.semi_join(telling, "touchpoint"), "touchpoint", "channel")
    before = ibis.window(group_by=["life", "matter"], order_by="step")
    pairs = about.filter(_.subject_kind != "product").mutate(
        first=_.touchpoint.lag().over(before), first_channel=_.channel.lag().over(before)
    )
    other = pairs.filter(_.first_channel != _.channel).semi_join(differ, ["touchpoint", "first"])
    return _said(other, "“" + _.first + "” in {0}, “" + _.touchpoint + "” in {1}, about " + _.matter)


def _said(pairs: ir.Table, words: ir.StringValue) -> ir.Table:
    """What was told in one channel and the other, in words with places for their names."""
    evidence = words.replace("{0}", _.first_channel).replace("{1}", _.channel)
    return pairs.select("life", "step", evidence=evidence)


CONTRADICTION = Signal("contradiction", "Was told two different things", find)
