"""Shares and counts by group."""

from __future__ import annotations

from typing import Any

import altair as alt

from firsthand.charts.lettering import width_of
from firsthand.charts.look import BAD, BOUNDS, CALM, INK, STATES, rows, scaled

Row = dict[str, Any]
BAND = 24


def label_room(names: list[str], width: int) -> int:
    """What the names beside the bars need, in px; long ones are cut off where the bars would have too little."""
    return min(round(max(map(width_of, names, [12] * len(names)), default=0)) + 12, 120 if width < 400 else 200)


def share_bars(figures: list[Row], *, group: str, width: int, colour: str = CALM) -> alt.LayerChart:
    """A share by group: a point with its 95 % interval, the figure beside it, the smallest first."""
    return figure_bars(figures, group=group, unit="share", width=width, colour=colour)


def figure_bars(figures: list[Row], *, group: str, unit: str, width: int, colour: str = CALM) -> alt.LayerChart:
    """A measure by group: a point with its 95 % interval, the figure beside it, the smallest first; times in the unit that fits."""
    told, form, title = scaled([row for row in figures if row["value"] is not None], unit)
    data = sorted(
        (
            {"group": str(row["by"][group] or "unknown")}
            | {key: row[key] for key in BOUNDS}
            | {"end": row["value"] if row["high"] is None else row["high"]}
            for row in told
        ),
        key=lambda row: row["value"],
    )
    exact = ".1%" if unit == "share" else form
    labels = label_room([row["group"] for row in data], width)
    plot = width - labels - 50
    base = alt.Chart(rows(data)).properties(width=plot, height=BAND * max(len(data), 1))
    y = alt.Y("group:N", sort=None, title=None, axis=alt.Axis(labelLimit=labels, domain=False, ticks=False))
    scale = alt.Scale(zero=False, nice=True, padding=12)
    x = alt.X("value:Q", title=title, scale=scale, axis=alt.Axis(format=form, tickCount=4))
    rule = base.mark_rule(color=colour, strokeWidth=2, opacity=0.55).encode(
        x=alt.X("low:Q", title=title, scale=scale), x2="high:Q", y=y
    )
    point = base.mark_point(filled=True, color=colour, size=60, opacity=1).encode(x=x, y=y)
    text = base.mark_text(align="left", color=INK, dx=6).encode(x="end:Q", y=y, text=alt.Text("value:Q", format=exact))
    return alt.layer(rule, point, text)


def count_bars(counts: list[Row], *, group: str, width: int, colour: str = BAD) -> alt.LayerChart:
    """A count by group as a bar, with the count beside it, the largest first. counts: rows with the group and `count`."""
    data = sorted(({"group": row[group], "count": row["count"]} for row in counts), key=lambda row: -row["count"])
    labels = label_room([row["group"] for row in data], width)
    base = alt.Chart(rows(data)).properties(width=width - labels - 50, height=BAND * max(len(data), 1))
    y = alt.Y("group:N", sort=None, title=None, axis=alt.Axis(labelLimit=labels, domain=False, ticks=False))
    x = alt.X("count:Q", title=None, axis=alt.Axis(tickCount=4, format=",d"))
    bar = base.mark_bar(color=colour, height=14, cornerRadius=3).encode(x=x, y=y)
    text = base.mark_text(align="left", color=INK, dx=6).encode(x=x, y=y, text=alt.Text("count:Q", format=","))
    return alt.layer(bar, text)


def stacked_bars(counts: list[Row], *, group: str, width: int, height: int = 210) -> alt.Chart:
    """Promises by period and state: rows with the period, and a count for each state."""
    data = [
        {"period": row["by"][group], "state": state.replace("_", " "), "order": at, "count": row[state]}
        for row in counts
        for at, state in enumerate(STATES)
    ]
    every = max(1, len(counts) // (4 if width < 400 else 9))
    shown = [row["by"][group] for at, row in enumerate(counts) if at % every == 0]
    names = [state.replace("_", " ") for state in STATES]
    colour = alt.Color(
        "state:N",
        sort=names,
        scale=alt.Scale(domain=names, range=list(STATES.values())),
        legend=alt.Legend(columns=3 if width < 400 else 6),
    )
    return (
        alt.Chart(rows(data)).mark_bar().properties(width=width, height=height)
        .encode(
            x=alt.X("period:O", title=None, axis=alt.Axis(values=shown, labelAngle=0, grid=False)),
            y=alt.Y("sum(count):Q", title="promises due"), color=colour, order=alt.Order("order:Q"),
        )
    )  # fmt: skip


def wait_ranges(waits: list[Row], *, width: int) -> alt.LayerChart:
    """Waiting by touchpoint, in minutes on a logarithmic axis: from the median to nine of ten, and the standard.

    waits: rows with touchpoint, median, p90 and standard (s; None where there is none).
    """
    data = [
        {"touchpoint": row["touchpoint"]}
        | {key: row[key] / 60 if row[key] else None for key in ("median", "p90", "standard")}
        for row in waits
    ]
    labels = label_room([row["touchpoint"] for row in data], width)
    base = alt.Chart(rows(data)).properties(width=width - labels, height=34 * max(len(data), 1))
    y = alt.Y("touchpoint:N", sort=None, title=None, axis=alt.Axis(labelLimit=labels, domain=False, ticks=False))
    log = alt.Scale(type="log", nice=True)
    x = alt.X(
        "median:Q",
        scale=log,
        title="minutes (each step ten times as long)",
        axis=alt.Axis(values=[0.1, 1, 10, 100, 1000, 10000], format=",~g"),
    )
    bar = base.mark_bar(height=8, color=CALM, opacity=0.35, cornerRadius=4).encode(x=x, x2="p90:Q", y=y)
    dot = base.mark_point(filled=True, size=70, color=CALM, opacity=1).encode(x=x, y=y)
    standard = base.mark_tick(color=BAD, thickness=3, height=22).encode(x=alt.X("standard:Q", scale=log), y=y)
    return alt.layer(bar, dot, standard)
