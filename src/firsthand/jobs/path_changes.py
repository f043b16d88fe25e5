"""What differs between the paths of two groups or periods beyond chance."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.share_changes import share_changes
from firsthand.journeys.paths import travelled


def path_changes(before: ir.Table, after: ir.Table) -> dict[str, Any]:
    """Edges that another share of customers went, beyond chance; see share_changes.

    before, after: timelines of two periods, or of two groups of customers.
    """
    return share_changes(_ways(before), _ways(after), ["from", "to"])


def _ways(timeline: ir.Table) -> ir.Table:
    """Which ways each customer went; with null for the last step, so that whoever took but one is there, too."""
    return travelled(timeline).select(**{"from": _.touchpoint, "to": _.next_touchpoint, "life": _.life})
