"""Figures over time, with their intervals."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from firsthand.charts.look import BOUNDS, CALM, rows, scaled

Row = dict[str, Any]


def trend(figures: list[Row], *, period: str, unit: str, width: int, height: int = 190) -> alt.LayerChart:
    """A figure by period as a line with its 95 % interval, a bar where it stands between gaps. Suppressed periods are gaps.

    figures: rows of `jobs.figures`, grouped by `period`.
    """
    told, form, title = scaled(figures, unit)
    data = [{"period": row["by"][period]} | {key: row[key] for key in BOUNDS} for row in told]
    scale = alt.Scale(zero=False, nice=True)
    every = max(1, math.ceil(len(data) / (4 if width < 400 else 9)))
    shown = [row["period"] for at, row in enumerate(data) if at % every == 0]
    x = alt.X("period:O", title=None, axis=alt.Axis(values=shown, labelAngle=0, grid=False))
    base = alt.Chart(rows(data)).properties(width=width, height=height)
    band = base.mark_area(opacity=0.18, color=CALM).encode(x=x, y=alt.Y("low:Q", title=title, scale=scale), y2="high:Q")
    y = alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(format=form, tickCount=5))
    line = base.mark_line(color=CALM, point={"size": 24, "color": CALM}).encode(x=x, y=y)
    known = [None, *(row["low"] for row in data), None]
    alone = [
        row
        for row, before, after in zip(data, known, known[2:], strict=False)
        if before is after is None and row["low"] is not None
    ]
    if not alone:
        return alt.layer(band, line)
    bars = alt.Chart(rows(alone)).mark_rule(color=CALM, opacity=0.5)
    return alt.layer(band, bars.encode(x=x, y=alt.Y("low:Q", title=title, scale=scale), y2="high:Q"), line)


def survival_curve(curve: list[Row], *, width: int, height: int = 190) -> alt.LayerChart:
    """Share who have bought again by day: rows with days, value, low, high."""
    base = alt.Chart(rows(curve)).properties(width=width, height=height)
    x = alt.X(
        "days:Q",
        title="days after the first purchase",
        axis=alt.Axis(grid=False, values=[30, 90, 180, 270, 365]),
    )
    band = base.mark_area(opacity=0.18, color=CALM, interpolate="step-after").encode(x=x, y="low:Q", y2="high:Q")
    y = alt.Y("value:Q", title=None, axis=alt.Axis(format="~%", tickCount=5))
    line = base.mark_line(color=CALM, interpolate="step-after").encode(x=x, y=y)
    return alt.layer(band, line)
