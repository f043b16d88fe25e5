"""The circumstances that customers were in, as far as the record tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ibis import _

from firsthand.jobs.world import World, rows_of

Row = dict[str, Any]
MOST = 40
"""Of more different values, a circumstance is nothing to group by."""


def circumstances(world: World) -> list[Row]:
    """Each circumstance with its `name`, `value`, and how many `customers` were in it; by name, the most frequent first."""
    told = world.seen.timeline.filter(_.life > 0, _.situation.keys().length() > 0)
    each = told.select("life", name=_.situation.keys().unnest(), value=_.situation.values().unnest())
    rows = rows_of(each.group_by("name", "value").aggregate(customers=_.life.nunique()))
    return sorted(rows, key=lambda row: (row["name"], -row["customers"], row["value"]))


def to_group_by(told: Sequence[Row], fewest: int) -> list[str]:
    """Names of circumstances to group by: those with not too many values, one of them of `fewest` customers at least."""
    customers: dict[str, list[int]] = {}
    for row in told:
        customers.setdefault(row["name"], []).append(row["customers"])
    return [name for name, each in customers.items() if len(each) <= MOST and max(each) >= fewest]
