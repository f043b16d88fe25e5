"""Around a touchpoint: what people did in the steps before and after it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.paths import travelled


def around(timeline: ir.Table, touchpoint: str, *, steps: int = 3) -> ir.Table:
    """What the same customer met up to `steps` steps before and after each time at a touchpoint.

    timeline: tables.Timeline.  touchpoint: its name.
    Returns position (-1: the step before, 1: the step after), touchpoint (null: there was no such step), interactions
    (times that it stood there), customers. At each position interactions add up to the times at the touchpoint.
    """
    lives = travelled(timeline).select("life", "step", "touchpoint")
    positions = ibis.memtable({"position": [step for step in range(-steps, steps + 1) if step]})
    there = lives.filter(_.touchpoint == touchpoint).drop("touchpoint").cross_join(positions)
    wanted = there.mutate(step=_.step + _.position).view()
    met = wanted.left_join(lives, ["life", "step"]).select("life", "position", "touchpoint")
    return met.group_by("position", "touchpoint").aggregate(interactions=_.count(), customers=_.life.nunique())
