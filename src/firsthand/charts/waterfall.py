"""What speaks for and against two being one person: a waterfall, from before anything is known to what comes out."""

from __future__ import annotations

from typing import Any

import altair as alt

from firsthand.charts.look import BAD, CALM, FAINT, GOOD, INK, NEUTRAL, WIDE, rows

Row = dict[str, Any]
BAND = 30


def waterfall(weighed: Row, *, width: int = WIDE, titled: bool = True) -> alt.LayerChart:
    """Bars in bits: each begins where the one above ends. weighed: a row of `evidence` as in `people why`.

    titled: who is weighed and what comes out stands above it.
    """
    data = _bars(weighed)
    labels = min(300, int(width * 0.45))
    base = alt.Chart(rows(data)).properties(width=width - labels, height=BAND * len(data))
    if titled:
        base = base.properties(title=_title(weighed))
    y = alt.Y(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=labels - 10, domain=False, ticks=False, labelColor=INK),
    )
    colour = alt.Color("side:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    title = (
        "bits: each one to the right doubles the odds that it is one person"
        if width > 500
        else "bits (each doubles the odds)"
    )
    x = alt.X("begin:Q", title=title, scale=alt.Scale(nice=True, padding=40), axis=alt.Axis(tickCount=8))
    bar = base.mark_bar(height=16, cornerRadius=2).encode(x=x, x2="end:Q", y=y, color=colour)
    even = base.mark_rule(color=FAINT, strokeDash=[3, 3]).encode(x=alt.datum(0))
    right = (
        base.mark_text(align="left", dx=5)
        .encode(x="high:Q", y=y, text=alt.Text("bits:Q", format="+.1f"))
        .transform_filter("datum.end >= datum.begin")
    )
    left = (
        base.mark_text(align="right", dx=-5)
        .encode(x="low:Q", y=y, text=alt.Text("bits:Q", format="+.1f"))
        .transform_filter("datum.end < datum.begin")
    )
    return alt.layer(even, bar, right, left)


def _title(weighed: Row) -> alt.Title:
    return alt.Title(
        f"One person with a probability of {weighed['probability']:.1%}",
        subtitle=f"{weighed['one']}  –  {weighed['other']}, weighed by model {weighed['model']}",
        anchor="start", frame="bounds", color=INK, subtitleColor=FAINT, fontWeight="normal", offset=12,
    )  # fmt: skip


COLOURS = {"prior": NEUTRAL, "for": GOOD, "against": BAD, "total": CALM}


def _bars(weighed: Row) -> list[Row]:
    steps = [("before anything is known", weighed["prior_bits"], "prior")]
    steps += [
        (f"{step['field'].replace('_', ' ')}: {step['level']}", step["bits"], "for" if step["bits"] > 0 else "against")
        for step in weighed["fields"]
        if step["bits"]
    ]
    if weighed["alike_bits"]:
        steps.append(("people who are alike for a reason", weighed["alike_bits"], "against"))
    bars, at = [], 0.0
    for label, bits, side in steps:
        bars.append(_bar(label, at, at + bits, side, bits))
        at += bits
    return [*bars, _bar("together", 0.0, weighed["total_bits"], "total", weighed["total_bits"])]


def _bar(label: str, begin: float, end: float, side: str, bits: float) -> Row:
    return {
        "label": label,
        "begin": begin,
        "end": end,
        "low": min(begin, end),
        "high": max(begin, end),
        "side": side,
        "bits": bits,
    }
