"""One life over time as SVG: a row for each channel, a dot for what happened, and what was bad or good marked by its shape, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from math import sqrt
from typing import Any

from firsthand.charts.lettering import lines_of
from firsthand.charts.look import BAD, CALM, FAINT, FONT, FULL, GOOD, INK, LINE

Row = Mapping[str, Any]
ROW, TOP, AXIS, SIDE, LETTERS = 30.0, 6.0, 24.0, 12.0, 12.0
CELL = 6.0
"""What lies within so many px is one dot, the larger the more it is."""
SMALLEST, LARGEST = 2.6, 6.0


def life_picture(moments: Sequence[Row], channels: Mapping[str, str], *, title: str, width: int = FULL) -> str:
    """The picture of a life.

    moments: rows of `at` (with a time zone), `channel`, `bad` and `good` (whether such a signal shows there), in any order.
    channels: the rows from top to bottom, with what they are called.  title: what the picture says, for those who do not see it.
    """
    label = 150.0 if width > 500 else 86.0
    begin, end = min(row["at"] for row in moments), max(row["at"] for row in moments)
    span = max((end - begin).total_seconds(), 1.0)
    room = width - label - 2 * SIDE
    height = TOP + ROW * len(channels) + AXIS

    def x_of(at: datetime) -> float:
        return label + SIDE + room * (at - begin).total_seconds() / span

    parts = [_ticks(begin, end, x_of, height - AXIS, room)]
    for at, (channel, words) in enumerate(channels.items()):
        y = TOP + ROW * (at + 0.5)
        name = lines_of(words, label - 8, LETTERS)[0]
        parts.append(f'<line x1="{label:g}" x2="{width:g}" y1="{y:g}" y2="{y:g}" stroke="{LINE}"/>')
        parts.append(f'<text x="0" y="{y + 4:g}" font-size="{LETTERS:g}" fill="{INK}">{escape(name)}</text>')
        mine = [row for row in moments if row["channel"] == channel]
        parts += [_dot(x, y, count) for x, count in _cells(mine, x_of)]
        parts += [_diamond(x, y - 8, count) for x, count in _cells([row for row in mine if row["good"]], x_of)]
        parts += [_triangle(x, y + 8, count) for x, count in _cells([row for row in mine if row["bad"]], x_of)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" aria-label="{escape(title, quote=True)}" font-family="{FONT}">{"".join(parts)}</svg>'
    )


def _cells(rows: Sequence[Row], x_of: Any) -> list[tuple[float, int]]:
    """Where dots go in a row, and how many things each stands for."""
    counted: dict[int, list[float]] = {}
    for row in rows:
        x = x_of(row["at"])
        counted.setdefault(int(x // CELL), []).append(x)
    return [(sum(each) / len(each), len(each)) for each in counted.values()]


def _radius(count: int) -> float:
    return min(SMALLEST * sqrt(1 + (count - 1) / 4), LARGEST)


def _dot(x: float, y: float, count: int) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_radius(count):.1f}" fill="{CALM}" fill-opacity="0.75"/>'


def _triangle(x: float, y: float, count: int) -> str:
    r = _radius(count) + 1.4
    return f'<path d="M{x:.1f} {y + r:.1f}L{x - r:.1f} {y - r:.1f}H{x + r:.1f}Z" fill="{BAD}"/>'


def _diamond(x: float, y: float, count: int) -> str:
    r = _radius(count) + 1.0
    return f'<path d="M{x:.1f} {y - r:.1f}l{r:.1f} {r:.1f}l{-r:.1f} {r:.1f}l{-r:.1f} {-r:.1f}Z" fill="{GOOD}"/>'


def _ticks(begin: datetime, end: datetime, x_of: Any, bottom: float, room: float) -> str:
    """Lines at the beginnings of years, months or days, no more of them than can be read; else the two ends."""
    most = max(int(room // 56), 2)
    days = _starts(begin, end, most)
    parts = []
    for day, words in days:
        x = x_of(day)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{bottom:g}" stroke="{LINE}"/>')
        anchor = "end" if x > x_of(end) - 30 else "middle"
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 16:g}" font-size="{LETTERS:g}" text-anchor="{anchor}" fill="{FAINT}">{words}</text>'
        )
    return "".join(parts)


def _starts(begin: datetime, end: datetime, most: int) -> list[tuple[datetime, str]]:
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    months = (end.year - begin.year) * 12 + end.month - begin.month
    if months >= 1:
        each = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if months / step <= most)
        found = []
        for month in range(begin.month, begin.month + months + 1):
            year, nth = begin.year + (month - 1) // 12, (month - 1) % 12
            day = midnight.replace(year=year, month=nth + 1, day=1)
            if ((year * 12 + nth) % each == 0) and begin <= day <= end:
                found.append((day, f"{year}" if each % 12 == 0 else f"{year}-{nth + 1:02}"))
        if found:
            return found
    return [(begin, begin.strftime("%Y-%m-%d")), (end, end.strftime("%Y-%m-%d"))] if end.date() > begin.date() else [(begin, begin.strftime("%Y-%m-%d"))]  # fmt: skip
