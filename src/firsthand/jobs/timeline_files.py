"""Where the timeline lies: a base that was made as a whole, and over it the lives that changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.home import Home
from firsthand.jobs.opened import opened
from firsthand.lake import delta, files
from firsthand.tables import Overlay, Timeline


def layers(home: Home, over: Mapping[str, Any] | None = None) -> tuple[list[str], list[str]]:
    """The files of the base and of the overlay, of one consistent state.

    over: what the commit of an overlay says (lake.delta.made_from); default the newest. It names the version of its base.
    """
    over = delta.made_from(home.lake, Overlay) if over is None else over
    if "base" not in over:
        return [], []
    base = files(home.lake, Timeline.table_name, int(over["base"]))
    return base, files(home.lake, Overlay.table_name, int(over["version"]))


def timeline_of(connection: Any, base: list[str], overlay: list[str]) -> ir.Table:
    """tables.Timeline: what the overlay says of a life counts in place of what the base says."""
    whole = opened(connection, base, Timeline, "timeline_base")
    if not overlay:
        return whole
    changed = opened(connection, overlay, Overlay, "timeline_overlay")
    return whole.anti_join(changed.select("life").distinct(), "life").union(changed.filter(_.interaction_id.notnull()))
