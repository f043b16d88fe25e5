"""One look for all charts: calm, colour-blind safe, colour for meaning only."""

from __future__ import annotations

import json
import re
from typing import Any

import altair as alt
import vl_convert

from firsthand.charts.language import ENGLISH, Language

INK, FAINT, LINE, GROUND = "#22303a", "#5d6b75", "#dfe4e8", "#ffffff"
CALM, GOOD, BAD, NEUTRAL = "#2f6690", "#3a7d7b", "#c4622d", "#a9b4bc"
STATES = {
    "kept": GOOD, "late": "#e0a458", "broken": BAD, "overdue": "#8c3f1f", "withdrawn": "#cfd6db", "not_due": "#b7cbd9",
}  # fmt: skip
HOW_IT_WAS = (
    (0.5, BAD, "#ffffff", BAD),
    (0.7, "#f0c9a8", INK, "#e0a878"),
    (0.8, "#e8eef0", INK, "#b9c6cd"),
    (0.9, "#b5d5d2", INK, "#8fbdb8"),
    (2.0, "#2c6b69", "#ffffff", "#2c6b69"),
)
"""Ground, ink and edge by the share that was good, as in the report's style sheet: below 50 %, below 70 % …"""
UNSEEN = "#ffffff", "#e9edef"
FONT = "'Source Sans 3', Segoe UI, Helvetica Neue, Arial, sans-serif"
MEASURED = "sans-serif"
"""What text is measured in while a chart is laid out: of a font that this machine lacks, every letter counts as broad."""
WIDE, NARROW, FULL = 680, 330, 1080

CONFIG: dict[str, Any] = {
    "background": GROUND,
    "font": MEASURED,
    "view": {"stroke": None},
    "axis": {
        "labelColor": FAINT, "titleColor": FAINT, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 220,
    },
    "legend": {"labelColor": INK, "labelFontSize": 12, "title": None, "orient": "top", "symbolType": "square"},
    "text": {"color": INK, "fontSize": 12},
    "line": {"strokeWidth": 2},
}  # fmt: skip


BOUNDS = ("value", "low", "high")
TIMES = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))


def scaled(figures: list[dict[str, Any]], unit: str) -> tuple[list[dict[str, Any]], str, str | None]:
    """Figures as they are drawn, the format of their numbers, and what the axis is called: times in the unit that fits."""
    if unit != "seconds":
        return (
            figures,
            {"share": "~%", "points": "+.0f", "days": ".1f"}.get(unit, ",.2f"),
            unit if unit == "days" else None,
        )
    most = max((row["value"] for row in figures if row["value"] is not None), default=0)
    size, name = next((time for time in TIMES if most >= time[0]), (1, "seconds"))
    fitting = [row | {key: None if row[key] is None else row[key] / size for key in BOUNDS} for row in figures]
    return fitting, ".1f", name


def rows(data: list[dict[str, Any]]) -> alt.Data:
    """Rows for a chart."""
    return alt.Data(values=data)


def interval_marks(base: alt.Chart, y: alt.Y) -> list[alt.Chart]:
    """The interval from `low` to `high` over a bar, closed at both ends, so that a short one is no minus before the figure."""
    rule = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q", y=y)
    ends = [base.mark_tick(color=INK, thickness=1.5, size=9).encode(x=x, y=y) for x in ("low:Q", "high:Q")]
    return [rule, *ends]


def svg_of(chart: alt.TopLevelMixin, language: Language = ENGLISH) -> str:
    """A chart as SVG, without any script; its size follows the page."""
    document = json.dumps(language.chart(chart.configure(**CONFIG).to_dict()))
    drawn = str(vl_convert.vegalite_to_svg(document, format_locale=language.numbers))
    svg = drawn.replace(f'font-family="{MEASURED}"', f'font-family="{FONT}"')
    size = re.search(r'<svg[^>]*?width="(\d+)"[^>]*?height="(\d+)"', svg)
    width = size[1] if size else str(WIDE)
    return re.sub(
        r'width="\d+" height="\d+"',
        f'style="width:100%;max-width:{width}px;height:auto" role="img"',
        svg,
        count=1,
    )
