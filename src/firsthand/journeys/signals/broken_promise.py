"""Broken or moved promise."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import seconds, span
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives) -> ir.Table:
    """A promise that we moved to later than the first date given, withdrew, fulfilled after it was due, or owe.

    It shows where it was moved, withdrawn or fulfilled; one that is overdue at the interaction that made it, at the time
    when it was due. A promise moved and then fulfilled late shows twice. What the customer moved does not count.
    """
    told = lives.timeline.filter(_.promise_id.notnull(), _.promise_state != "made")
    promises = lives.promises.select("promise_id", "state", "settled_at", "late_seconds", first="promised_for")
    both = told.select(
        "promise_id", "life", "step", "occurred_at", "position", "promise_state", "promised_for", ours=_.direction.fill_null("outbound") != "inbound"
    ).inner_join(promises, "promise_id")  # fmt: skip
    by = seconds(_.first, _.promised_for)
    moved = both.filter(_.promise_state == "moved", _.ours, _.promised_for > _.first)
    ended = both.filter(_.state.isin(["late", "broken"]), _.occurred_at == _.settled_at, _.promise_state != "moved")
    ended = ended.mutate(nth=ibis.row_number().over(group_by="promise_id", order_by="position")).filter(_.nth == 0)
    late = (_.state == "late").ifelse("late by " + span(_.late_seconds), "withdrawn by us")
    never = ibis.null("timestamp('UTC')"), ibis.null("date")
    shown = [
        moved.select("life", "step", evidence="moved by " + span(by), shown_at=never[0], shown_day=never[1]),
        ended.select("life", "step", evidence=late, shown_at=never[0], shown_day=never[1]),
        lives.promises.filter(_.state == "overdue").select(
            "life",
            "step",
            evidence="overdue for " + span(_.late_seconds),
            shown_at=_.promised_for.cast("timestamp('UTC')"),
            shown_day="day",
        ),
    ]
    return ibis.union(*shown)


def looked_at(lives: Lives) -> ir.Table:
    """Where a promise with a date was fulfilled. Not where it was withdrawn: that is always bad."""
    ended = lives.promises.filter(_.state.isin(["kept", "late"])).select("promise_id", "settled_at")
    told = lives.timeline.filter(_.promise_state == "kept").select("promise_id", "life", "step", "occurred_at")
    return told.inner_join(ended, "promise_id").filter(_.occurred_at == _.settled_at).select("life", "step").distinct()


BROKEN_PROMISE = Signal(
    "broken_promise",
    "Was promised something that did not come true",
    find,
    source="Parasuraman, Zeithaml & Berry, “SERVQUAL”, Journal of Retailing 1988: reliability, what matters most",
    looked_at=looked_at,
)
