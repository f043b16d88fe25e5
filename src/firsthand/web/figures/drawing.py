"""Charts as pictures in a page: drawn on the server, for wide pages and for phones, without a style that the page forbids."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.utils.formats import get_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from firsthand import charts
from firsthand.charts.look import FULL, NARROW, WIDE
from firsthand.web.figures.spoken import OF_CHARTS

Row = dict[str, Any]
HALF = 500
CHARTS: dict[str, Callable[..., Any]] = {
    "trend": lambda data, width, **more: charts.trend(data, width=width - 50, **more),
    "share_bars": lambda data, width, **more: charts.share_bars(data, width=width, **more),
    "count_bars": lambda data, width, **more: charts.count_bars(data, width=width, **more),
    "figure_bars": lambda data, width, **more: charts.figure_bars(data, width=width, **more),
    "retention": lambda data, width, **more: charts.cohort_grid(data, width=width, **more),
    "promises": lambda data, width, **more: charts.stacked_bars(data, width=width - 60, **more),
    "waits": lambda data, width, **more: charts.wait_ranges(data, width=width, **more),
    "survival": lambda data, width, **more: charts.survival_curve(data, width=width - 50, **more),
    "funnel": lambda data, width, **more: charts.funnel_bars(data, width=width, **more),
    "path": lambda data, width, **more: charts.path_bars(data, width=width, language=language(), **more),
    "topics": lambda data, width, **more: charts.topic_bars(data, width=width, **more),
    "waterfall": lambda data, width, **more: charts.waterfall(data, width=width - 20, titled=False),
}
"""Charts by name, with the room that their axes take."""


def picture(chart: str, data: Any, *, half: bool = False, **more: Any) -> SafeString:
    """A chart drawn for wide pages and for phones; the style sheet shows the one that fits.

    data: rows, as the chart takes them.  half: two of them stand side by side on wide pages.
    """
    told = json.dumps([data, more], default=str, sort_keys=True)
    drawn = _sizes(_svg(chart, told, HALF if half else WIDE, get_language()), _svg(chart, told, NARROW, get_language()))
    label = escape(gettext("A chart; its figures stand in the table below"))
    return mark_safe(drawn.replace(' role="img"', f' role="img" aria-label="{label}"'))  # noqa: S308


def journey_picture(stages: list[str], points: list[Row], flows: list[Row]) -> SafeString:
    """The journey map, for wide pages and for phones."""
    told = json.dumps([stages, points, flows], default=str)
    return _sizes(_journey(told, FULL, get_language()), _journey(told, NARROW, get_language()))


def _sizes(wide: str, narrow: str) -> SafeString:
    return mark_safe(f'<div class="drawn wide">{wide}</div><div class="drawn narrow">{narrow}</div>')  # noqa: S308


def life_picture(moments: list[Row], channels: dict[str, str], title: str) -> SafeString:
    """One life over time, for wide pages and for phones; never kept."""
    drawn = (
        (size, charts.life_picture(moments, channels, title=title, width=width))
        for size, width in (("wide", FULL), ("narrow", NARROW))
    )
    return mark_safe("".join(f'<div class="drawn life {size}">{svg}</div>' for size, svg in drawn))  # noqa: S308


@lru_cache(maxsize=512)
def _svg(chart: str, told: str, width: int, spoken: str) -> str:
    data, more = json.loads(told)
    return plain(charts.svg_of(CHARTS[chart](data, width, **more), language()))


@lru_cache(maxsize=32)
def _journey(told: str, width: int, spoken: str) -> str:
    stages, points, flows = json.loads(told)
    return plain(charts.journey_map(stages, points, flows, width=width, language=language()))


def language() -> charts.Language:
    """The user's language, for charts."""
    thousands, decimal = (str(get_format(name)) for name in ("THOUSAND_SEPARATOR", "DECIMAL_SEPARATOR"))
    return charts.Language(lambda words: gettext(words) if words in OF_CHARTS else words, thousands, decimal)


def plain(svg: str) -> str:
    """An SVG whose size is an attribute in place of a style, which the page's policy forbids.

    Screen readers pass over it: the figure's title says what it shows, and the table behind it holds every number.
    """
    svg = svg.replace('role="img"', 'aria-hidden="true"', 1)
    return re.sub(r'style="width:100%;max-width:(\d+)px;height:auto[^"]*"', r'width="\1"', svg, count=1)
