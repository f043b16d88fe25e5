"""What came after promises that were kept, and after those that were not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.circumstances import circumstances, to_group_by
from firsthand.jobs.figures import Part, Period, corrected, differences, figures
from firsthand.jobs.world import World
from firsthand.measures import AFTER_PROMISES, grouped
from firsthand.measures.seen import CIRCUMSTANCE

Row = dict[str, Any]


def after_promises(world: World, *, by: Sequence[str] = (), period: Period = Period()) -> Row:
    """Who bought again and who was satisfied after promises.

    Returns `figures`, apart for promises kept and not kept, and `differences`: not kept less kept, with `beyond_chance`
    corrected for all of them together. They are differences between customers, and no effect.
    """

    def part(outcome: str) -> Part:
        def chosen(seen: ir.Table) -> ir.Table:
            return grouped(period.within(seen).filter(_.promise == outcome), by)

        return chosen

    together = [replace(measure, also=()) for measure in AFTER_PROMISES]
    return {
        "figures": figures(world, AFTER_PROMISES, by=by, period=period),
        "differences": corrected(differences(world, together, before=part("kept"), after=part("not kept"), by=by)),
    }


def by_circumstance(world: World, *, period: Period = Period()) -> list[Row]:
    """The same for each sort of circumstance that enough customers tell of: `circumstance` and what after_promises says."""
    names = to_group_by(circumstances(world), world.home.settings.minimum_group)
    return [
        {"circumstance": name} | after_promises(world, by=[f"{CIRCUMSTANCE}{name}"], period=period) for name in names
    ]
