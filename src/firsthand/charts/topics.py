"""What customers talk of, and how it was."""

from __future__ import annotations

from typing import Any

import altair as alt

from firsthand.charts.bars import BAND, label_room
from firsthand.charts.look import BAD, GOOD, INK, NEUTRAL, interval_marks, rows

Row = dict[str, Any]
TONES = ("more bad than good", "mixed", "more good than bad")
MIXED = 0.15
"""A mean sentiment nearer to 0 than this is called mixed."""


def topic_bars(topics: list[Row], *, width: int) -> alt.LayerChart:
    """Share of comments by topic, the largest first, in the colour of how it was; the mark is the interval.

    topics: rows with `topic`, `share` and `sentiment` (figures; sentiment -1 to 1, None where too few).
    """
    data = [
        {"topic": row["topic"], "tone": tone(row["sentiment"])}
        | {key: row["share"][key] for key in ("value", "low", "high")}
        for row in topics
        if row["share"]["value"] is not None
    ]
    labels = label_room([row["topic"] for row in data], width)
    base = alt.Chart(rows(data)).properties(width=width - labels - 50, height=BAND * max(len(data), 1))
    y = alt.Y("topic:N", sort=None, title=None, axis=alt.Axis(labelLimit=labels, domain=False, ticks=False))
    x = alt.X("value:Q", title=None, axis=alt.Axis(format="~%", tickCount=4))
    scale = alt.Scale(domain=list(TONES), range=[BAD, NEUTRAL, GOOD])
    colour = alt.Color("tone:N", scale=scale, legend=alt.Legend(columns=1 if width < 400 else 3))
    bar = base.mark_bar(height=14, cornerRadius=3).encode(x=x, y=y, color=colour)
    text = base.mark_text(align="left", color=INK, dx=8).encode(x="high:Q", y=y, text=alt.Text("value:Q", format=".1%"))
    return alt.layer(bar, *interval_marks(base, y), text)


def tone(sentiment: Row | None) -> str | None:
    """A mean sentiment in words; None where it is not known."""
    if sentiment is None or sentiment["value"] is None:
        return None
    value = sentiment["value"]
    return TONES[1] if abs(value) < MIXED else TONES[0] if value < 0 else TONES[2]
