"""Gone quiet after a bad moment."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.broken_promise import BROKEN_PROMISE
from firsthand.journeys.signals.failed_self_help import FAILED_SELF_HELP
from firsthand.journeys.signals.long_wait import LONG_WAIT
from firsthand.journeys.signals.moments import DAY, seconds, span
from firsthand.journeys.signals.repeat_contact import REPEAT_CONTACT
from firsthand.journeys.signals.signal import Lives, Signal, came_from_customer
from firsthand.journeys.signals.surprise_fee import SURPRISE_FEE

BAD = (BROKEN_PROMISE, FAILED_SELF_HELP, LONG_WAIT, REPEAT_CONTACT, SURPRISE_FEE)
BOTTOM = 0.25


def find(lives: Lives, *, quiet_days: float = 180, around_days: float = 30) -> ir.Table:
    """A bad moment about which a customer was heard of last, and then not for 180 days.

    Heard of: anything that came from the customer. The last of it came within 30 days before or after the bad moment:
    a broken promise, a wait beyond the standard, a repeat contact, a surprise fee, failed self-help, or a score in the
    lowest quarter of its scale. It shows at the last such moment, once for a customer.
    """
    scored = lives.timeline.filter(_.score.notnull(), (_.score - _.scale_low) <= BOTTOM * (_.scale_high - _.scale_low))
    bad = ibis.union(_moments(scored), *(_moments(lives.shows(each)) for each in BAD)).distinct()
    heard = (
        lives.timeline.filter(_.life > 0, came_from_customer(_)).group_by("life").aggregate(last=_.occurred_at.max())
    )
    silent = heard.filter(seconds(_.last, lives.now) > quiet_days * DAY)
    times = lives.timeline.select("life", "step", "occurred_at").inner_join(bad, ["life", "step"])
    at = ibis.coalesce(_.shown_at, _.occurred_at)
    both = times.mutate(at=at).inner_join(silent, "life").filter(seconds(_.last, _.at).abs() <= around_days * DAY)
    latest = [ibis.desc("at"), ibis.desc("step")]
    final = both.mutate(nth=ibis.row_number().over(group_by="life", order_by=latest)).filter(_.nth == 0)
    evidence = "not heard of for " + span(seconds(_.last, lives.now))
    return final.select("life", "step", "shown_at", "shown_day", evidence=evidence)


def _moments(shown: ir.Table) -> ir.Table:
    """Where something bad was, and when, if that was not when it happened."""
    when = {"shown_at": "timestamp('UTC')", "shown_day": "date"}
    told = {name: (shown[name] if name in shown.columns else ibis.null()).cast(kind) for name, kind in when.items()}
    return shown.select("life", "step", **told)


GONE_QUIET = Signal(
    "gone_quiet",
    "Went quiet after a bad moment",
    find,
    source="Hirschman, *Exit, Voice, and Loyalty*, 1970: most who leave do so without a word",
)
