"""Failed self-help."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.functions import json_extract_string
from firsthand.journeys.signals.moments import HOUR, contacts, one_each, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal

RESULTS = ("$.results", "$.properties.results")
"""Where senders say how many results a search had; Segment's events keep it one level down."""


def find(lives: Lives, *, within_hours: float = 24) -> ir.Table:
    """A search for help without a result (the sender's property `results` is 0), or one that the same customer
    followed by a contact within 24 hours. It shows at the search; if both hold, once.
    """
    searches = lives.timeline.filter(_.kind == "help_search")
    results = ibis.coalesce(*(json_extract_string(searches.properties, path) for path in RESULTS))
    vain = searches.filter(results.try_cast("float64") == 0).select(
        "life", "step", rank=ibis.literal(0), evidence=ibis.literal("no result")
    )
    searched = searches.filter(_.life > 0).select("life", "step", "occurred_at")
    called = contacts(lives).select("life", contact="step", called_at="occurred_at")
    both = searched.inner_join(called, "life").filter(_.contact > _.step)
    both = both.mutate(gap=seconds(_.occurred_at, _.called_at)).filter(_.gap <= within_hours * HOUR)
    then = one_each(both, "contact")
    then = then.select("life", "step", rank=ibis.literal(1), evidence="got in touch " + span(_.gap) + " later")
    return one_each(vain.union(then), "rank").drop("rank")


def looked_at(lives: Lives) -> ir.Table:
    """Every search of a known customer of which 24 hours are over."""
    searches = lives.timeline.filter(_.kind == "help_search", _.life > 0)
    return searches.filter(seconds(_.occurred_at, lives.now) > 24 * HOUR).select("life", "step")


FAILED_SELF_HELP = Signal(
    "failed_self_help",
    "Looked for help in vain",
    find,
    source="Dixon, Toman & DeLisi, *The Effortless Experience*, 2013: most contacts come from people who tried by themselves",
    looked_at=looked_at,
)
