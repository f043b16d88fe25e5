"""Recommended."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.signal import Lives, Signal, came_from_customer


def find(lives: Lives) -> ir.Table:
    """Something of the kind recommendation that came from the customer: a referral, a review that praises.

    That they say in a survey that they would is an answer, no signal.
    """
    told = lives.timeline.filter(_.kind == "recommendation", came_from_customer(_))
    return told.select("life", "step", evidence=ibis.literal("told others"))


RECOMMENDED = Signal(
    "recommended",
    "Recommended it to others",
    find,
    good=True,
    source="Reichheld, “The One Number You Need to Grow”, Harvard Business Review 2003, for why; the deed, not the intent",
)
