"""Kept early."""

import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import DAY, one_each, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, days: float = 1) -> ir.Table:
    """A promise that was fulfilled at least a day before it was due, by the first date given. It shows where it was."""
    kept = lives.promises.filter(_.state == "kept").select("promise_id", "settled_at", "promised_for")
    early = kept.mutate(gap=seconds(_.settled_at, _.promised_for)).filter(_.gap >= days * DAY)
    done = lives.timeline.filter(_.promise_state == "kept").select(
        "promise_id", "life", "step", "occurred_at", "position"
    )
    both = done.inner_join(early, "promise_id").filter(_.occurred_at == _.settled_at)
    return one_each(both, "position").select("life", "step", evidence=span(_.gap) + " early")


KEPT_EARLY = Signal("kept_early", "Got it earlier than promised", find, good=True)
