"""Steps that lead to something: how many got to each, and where the others left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from firsthand.charts.language import ENGLISH, Language
from firsthand.charts.lettering import width_of
from firsthand.charts.look import BAD, CALM, FAINT, GOOD, INK, NEUTRAL, interval_marks, rows

Row = dict[str, Any]
HEIGHT = 62
PARTS = {"went on": CALM, "followed it to the end": GOOD, "left for something else": BAD, "came to nothing": NEUTRAL}


def path_bars(group: Row, *, width: int, language: Language = ENGLISH) -> alt.LayerChart:
    """An intended path, a bar per step: the share of attempts still on it, parted by what came next, with its interval.

    group: one of `groups` of `show designed`, not suppressed. Below each bar stands what was left for.
    """
    steps = group["steps"]
    room = width - 70
    bars, notes = [], []
    for nth, row in enumerate(steps):
        value = row["of_attempts"]["value"]
        left = [each for each in group["left"] if each["after"] == row["step"]]
        stopped = sum(each["share"]["value"] for each in left if each["left_for"] is None)
        gone = sum(each["share"]["value"] for each in left) - stopped
        onward = "followed it to the end" if nth == len(steps) - 1 else "went on"
        parts = {onward: value - gone - stopped, "left for something else": gone, "came to nothing": stopped}
        bars += [{"step": row["step"], "part": part, "order": list(PARTS).index(part), "share": share} for part, share in parts.items()]  # fmt: skip
        notes.append(
            {"step": row["step"], "value": value, "note": _fitting(left, room, language)} | _bounds(row["of_attempts"])
        )
    order = [row["step"] for row in steps]
    return _layers(bars, notes, order, room, columns=2 if width < 400 else 4)


def funnel_bars(steps: Sequence[Row], *, width: int) -> alt.LayerChart:
    """A funnel, a bar per step: the share of those who took the first, with its interval.

    steps: of a group of `show funnel`, each with `note`, what stands below its bar.
    """
    room = width - 70
    bars = [{"step": row["step"], "part": "got there", "order": 0, "share": row["of_first"]["value"]} for row in steps]
    notes = [
        {"step": row["step"], "value": row["of_first"]["value"], "note": row["note"]} | _bounds(row["of_first"])
        for row in steps
    ]
    return _layers(bars, notes, [row["step"] for row in steps], room, columns=0)


def _bounds(figure: Row) -> Row:
    return {"low": figure["low"], "high": figure["high"]}


def _fitting(left: Sequence[Row], room: int, language: Language) -> str:
    """What was left for, the most frequent first, as much as fits on a line; the others are counted."""
    if not left:
        return ""
    told = [each for each in left if each["share"]["value"] >= 0.0005]
    phrases = [
        f"{each['left_for'] or language.say('nothing')} {language.number(each['share']['value'], '.1%')}"
        for each in told
    ]
    for count in range(len(phrases), 0, -1):
        others = len(left) - count
        more = language.tell(", {count} others", count=others) if others else ""
        said = language.tell("then {steps}", steps=", ".join(phrases[:count]) + more)
        if width_of(said, 11) <= room + 60:
            return said
    return language.tell("then {count} other things", count=len(left))


def _layers(bars: list[Row], notes: list[Row], order: list[str], room: int, *, columns: int) -> alt.LayerChart:
    y = alt.Y("step:N", sort=order, title=None, axis=None)
    base = alt.Chart(rows(bars)).properties(width=room, height=HEIGHT * len(order))
    parts = [part for part in PARTS if any(row["part"] == part for row in bars)]
    colour: Any = alt.value(CALM)
    if columns:
        scale = alt.Scale(domain=parts, range=[PARTS[part] for part in parts])
        colour = alt.Color("part:N", sort=parts, scale=scale, legend=alt.Legend(columns=columns, labelLimit=0))
    x = alt.X(
        "share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5, grid=False)
    )
    bar = base.mark_bar(height=18).encode(x=x, y=y, color=colour, order=alt.Order("order:Q"))
    told = alt.Chart(rows(notes))
    interval = interval_marks(told, y)
    text = {"align": "left", "baseline": "middle"}
    name = told.mark_text(**text, dy=-20, fontWeight=600, color=INK).encode(x=alt.datum(0), y=y, text="step:N")
    value = told.mark_text(**text, dx=8, color=INK).encode(x="high:Q", y=y, text=alt.Text("value:Q", format=".1%"))
    note = told.mark_text(**text, dy=19, fontSize=11, color=FAINT).encode(x=alt.datum(0), y=y, text="note:N")
    return alt.layer(bar, *interval, name, value, note)
