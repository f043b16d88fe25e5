"""Where the timeline lies: a base that was made as a whole, and over it the lives that changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firsthand.jobs.home import Home
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


def timeline_sql(base: list[str], overlay: list[str]) -> str:
    """SQL of tables.Timeline: what the overlay says of a life counts in place of what the base says. Not for no files at all."""
    if not overlay:
        return f"SELECT * FROM read_parquet({base})"
    changed = f"SELECT * FROM read_parquet({overlay}) WHERE interaction_id IS NOT NULL"
    if not base:
        return changed
    lives = f"(SELECT DISTINCT life FROM read_parquet({overlay}))"
    return f"SELECT * FROM read_parquet({base}) ANTI JOIN {lives} USING (life) UNION ALL BY NAME {changed}"
