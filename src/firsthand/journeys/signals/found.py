"""All signals of a world in one table."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.signal import Lives, Signal

PLACE = (
    "customer_id", "occurred_at", "day", "touchpoint", "kind", "stage", "owner", "channel", "source", "employee",
    "team", "situation", "properties",
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


def judged(lives: Lives, signals: Sequence[Signal], shown: ir.Table) -> ir.Table:
    """What signals tell of single interactions: whether it could be seen how they were, and whether they were bad.

    shown: what `found` returns for these signals.
    Returns life, step (0 for nobody's), seen (a bad signal shows there, or would have, had it been bad), bad (a bad one
    shows). A row can be bad and not seen: where only the bad shows, nobody can tell how it was for the others.
    """
    could = [signal.looked_at(lives).select("life", "step") for signal in signals if signal.looked_at]
    telling = [signal.name for signal in signals if not (signal.good or signal.always)]
    bad = shown.filter(_.signal.isin(telling)).select("life", "step")
    both = ibis.union(bad.mutate(seen=0, bad=1), *[table.mutate(seen=1, bad=0) for table in could])
    told = both.group_by("life", step=_.step.fill_null(0)).aggregate(seen=_.seen.max(), bad=_.bad.max())
    return told.mutate(seen=_.seen == 1, bad=_.bad == 1)


def _of(signal: Signal, lives: Lives) -> ir.Table:
    told = lives.shows(signal)
    later = {
        name: (told[name] if name in told.columns else ibis.null()).cast(kind) for name, kind in _SHOWN_LATER.items()
    }
    return told.mutate(**later).select(
        "life", "evidence", *_SHOWN_LATER, signal=ibis.literal(signal.name), step=_.step.fill_null(0)
    )
