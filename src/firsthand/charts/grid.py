"""Shares in two directions."""

from __future__ import annotations

from typing import Any

import altair as alt

from firsthand.charts.look import FAINT, rows

Row = dict[str, Any]
BAND = 26
PALE, DEEP, LETTERS = "#eef3f6", "#7ba5c4", "#1f2d37"
"""The same in the dark: letters can be read on every shade between the two."""


def cohort_grid(cohorts: list[Row], *, width: int, title: str = "months after the first") -> alt.LayerChart:
    """Who came back, a field for each cohort and month after it: the darker, the larger the share.

    cohorts: as in `show retention`.
    """
    data = [
        {"cohort": cohort["cohort"], "month": row["month"], "value": row["value"]}
        for cohort in cohorts
        for row in cohort["months"]
        if row["value"] is not None
    ]
    most = max((row["value"] for row in data), default=1) or 1
    base = alt.Chart(rows(data)).properties(
        width=width - 70, height=BAND * max(len({row["cohort"] for row in data}), 1)
    )
    x = alt.X("month:O", title=title, axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False))
    y = alt.Y("cohort:O", title=None, axis=alt.Axis(domain=False, ticks=False, labelColor=FAINT))
    shade = alt.Color("value:Q", scale=alt.Scale(domain=[0, most], range=[PALE, DEEP]), legend=None)
    field = base.mark_rect(cornerRadius=2).encode(x=x, y=y, color=shade)
    form = ".0%" if width >= 400 else ".0f"
    shown = "datum.value" if width >= 400 else "datum.value * 100"
    text = base.transform_calculate(said=shown).mark_text(fontSize=11 if width >= 400 else 9)
    return alt.layer(field, text.encode(x=x, y=y, color=alt.value(LETTERS), text=alt.Text("said:Q", format=form)))
