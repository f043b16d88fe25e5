"""How often signals show: how many, of how many customers, and the share of those who were there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.figures import Period, smallest_group
from firsthand.jobs.groups import Comparison
from firsthand.jobs.share_changes import share_changes
from firsthand.jobs.signal_files import signals_of
from firsthand.jobs.world import World, rows_of
from firsthand.measures import grouped
from firsthand.measures.intervals import met, share_of_customers
from firsthand.measures.seen import GROUPABLE
from firsthand.privacy import suppress

Row = dict[str, Any]


def signal_figures(world: World, *, by: Sequence[str] = (), compared: Comparison = Comparison()) -> Row:
    """The document of `show signals`; against another period or group, what differs.

    `share` is of the customers who were there: who have any interaction in the group and period. Signals are
    operations and not suppressed, except by employee, where count and share are together.
    """
    known = {signal.name: signal for signal in signals_of(world.home)}
    rows = [
        {
            "signal": row["signal"], "title": known[row["signal"]].title, "good": known[row["signal"]].good,
            "by": {key: row[key] for key in by}, "count": row["count"], "with_signal": row["so"],
            "share": {key: row[key] for key in ("value", "low", "high", "customers", "observations")},
            "suppressed": row["suppressed"],
        }
        for row in rows_of(_counted(world, by, compared), by)
    ]  # fmt: skip
    order = list(known)
    rows.sort(key=lambda row: order.index(row["signal"]))
    document: Row = {"signals": rows}
    if (before := compared.beside(world, lambda period: _met(world, period))) is not None:
        changes = share_changes(before, compared.shown(world, lambda period: _met(world, period)), ["signal"])
        changes["differs"] = [
            {"signal": row["signal"], "title": known[row["signal"]].title, "good": known[row["signal"]].good} | row
            for row in changes["differs"]
        ]
        document["changes"] = changes
    return document | {"as_of": world.as_of.isoformat()}


def _met(world: World, period: Period) -> ir.Table:
    """Which signals each known customer met in a period; with null, so that whoever met none is there, too."""
    there = period.within(world.seen.timeline).select("life", signal=ibis.null("string"))
    return there.union(period.within(world.signals).select("life", "signal")).filter(_.life > 0)


def catalogue(world: World) -> Row:
    """The document of `show signals --list`: what each signal means."""
    rows = [
        {"signal": signal.name, "title": signal.title, "good": signal.good, "definition": signal.definition}
        | {"parameters": dict(signal.parameters), "source": signal.source}
        for signal in signals_of(world.home)
    ]
    return {"catalogue": rows, "as_of": world.as_of.isoformat()}


def _counted(world: World, by: Sequence[str], compared: Comparison) -> ir.Table:
    """A row per signal and group: count, so (customers with it), and the share of those who were there."""
    signals = compared.shown(world, lambda period: period.within(world.signals))
    found = grouped(signals, by).group_by(["signal", *by]).aggregate(
        count=_.count(), so=_.life.nunique(where=_.life > 0)
    )  # fmt: skip
    seen = compared.shown(world, lambda period: period.within(world.seen.timeline))
    there = grouped(seen.select(*GROUPABLE).union(signals.select(*GROUPABLE)), by)  # some show when nothing is
    counts = {"customers": _.life.nunique(where=_.life > 0), "respondents": _.life.nunique()}
    everyone = (there.group_by(list(by)) if by else there).aggregate(**counts)
    figures = share_of_customers(met(found, everyone, by), ["signal", *by, "count", "so"])
    minimum = smallest_group(world, by)
    return suppress(figures, minimum=minimum, apart=["signal"], by=by)
