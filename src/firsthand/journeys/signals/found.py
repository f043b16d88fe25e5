"""All signals of a world in one table."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.signal import Lives, Signal

PLACE = (
    "customer_id", "occurred_at", "day", "touchpoint", "kind", "stage", "owner", "channel", "source", "employee",
    "team", "properties",
)  # fmt: skip
COLUMNS = ("signal", "life", "step", *PLACE, "evidence")
_SHOWN_LATER = {"shown_at": "timestamp('UTC')", "shown_day": "date"}


def found(lives: Lives, signals: Sequence[Signal]) -> ir.Table:
    """A row for each signal, with what tables.Timeline says of the interaction at which it shows, and the evidence.

    `occurred_at` and `day` are those of the interaction, unless the signal says that it shows later.
    """
    each = ibis.union(*[_of(signal, lives) for signal in signals]).rename(of_life="life", of_step="step").cache()
    at = lives.timeline.select("life", "step", *PLACE)
    both = each.inner_join(at, [each.of_life == at.life, each.of_step == at.step.fill_null(0)])
    return both.mutate(
        occurred_at=ibis.coalesce(_.shown_at, _.occurred_at), day=ibis.coalesce(_.shown_day, _.day)
    ).select(*COLUMNS)


def _of(signal: Signal, lives: Lives) -> ir.Table:
    told = lives.shows(signal)
    later = {
        name: (told[name] if name in told.columns else ibis.null()).cast(kind) for name, kind in _SHOWN_LATER.items()
    }
    return told.mutate(**later).select(
        "life", "evidence", *_SHOWN_LATER, signal=ibis.literal(signal.name), step=_.step.fill_null(0)
    )
