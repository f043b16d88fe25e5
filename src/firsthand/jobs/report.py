"""The report: one self-contained page, charts as SVG with a table behind each; no network, no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from firsthand import charts
from firsthand.charts.look import FULL, NARROW, WIDE
from firsthand.jobs.report_facts import gather
from firsthand.jobs.words import difference_said, duration, findings, percent, shown, tile, worst_way
from firsthand.jobs.world import World

Row = dict[str, Any]


def write_report(world: World, out: Path) -> Row:
    """Writes the page and returns the facts in it."""
    facts = gather(world)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("firsthand", "pages"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters.update(percent=percent, duration=duration, shown=shown, thousands="{:,}".format)
    environment.filters.update(
        difference_said=difference_said, tone=charts.tone, tally=lambda rows: Counter(rows).most_common()
    )
    page = environment.get_template("report.html").render(
        **(facts | {"journey": _journey(facts)}),
        css=files("firsthand").joinpath("pages", "report.css").read_text("utf-8"),
        pictures=_pictures(facts),
        tiles=[tile(row) for row in _headline(facts)],
        findings=findings(facts),
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, "utf-8")
    return facts


HEADLINE = ("how_it_was", "nps", "kept_share", "wait_beyond_standard", "effortless_share", "bought_again_90")


def _headline(facts: Row) -> list[Row]:
    return [facts["headline"][name] for name in HEADLINE if name in facts["headline"]]


def _pictures(facts: Row) -> dict[str, str]:
    """Each chart drawn twice, for wide pages and for phones; the style sheet shows the one that fits."""
    drawn: dict[str, Callable[[int], Any] | None] = {
        "promises": (lambda width: charts.stacked_bars(facts["promises_by_month"], group="month", width=width - 60))
        if facts["promises_by_month"] else None,
        "signals": (lambda width: charts.count_bars(facts["signals"]["by_owner"], group="owner", width=width))
        if facts["signals"]["by_owner"] else None,
        "topics": (lambda width: charts.topic_bars(facts["voice"]["topics"], width=width))
        if facts["voice"] and facts["voice"]["topics"] else None,
        "funnel": _funnel(facts["funnel"]["groups"][0]["steps"]) if _begun(facts["funnel"]) else None,
        "waits": (lambda width: charts.wait_ranges(facts["waits"], width=width)) if facts["waits"] else None,
        "cohorts": (lambda width: charts.trend(facts["cohorts"], period="quarter", unit="share", width=width - 50))
        if facts["cohorts"] else None,
        "survival": (lambda width: charts.survival_curve(facts["survival"], width=width - 50)) if facts["survival"] else None,
        "first_contact": (lambda width: charts.share_bars(facts["first_contact"], group="channel", width=width))
        if facts["first_contact"] else None,
    }  # fmt: skip
    for name, rows in facts["trends"].items():
        drawn[f"trend_{name}"] = _trend(rows) if rows else None
    for nth, path in enumerate(facts["designed"]):
        drawn[f"designed_{nth}"] = (
            _path(path["groups"][0]) if path["groups"] and path["groups"][0]["followed"] else None
        )
    return {
        name: "".join(f'<div class="{size}">{charts.svg_of(draw(width))}</div>' for size, width in (("wide", WIDE), ("narrow", NARROW)))
        for name, draw in drawn.items()
        if draw is not None
    }  # fmt: skip


def _journey(facts: Row) -> Row:
    """The journey map drawn for wide pages and for phones, what it says, and all flows for the table behind it."""
    stages, points, flows = facts["map"]["stages"], facts["map"]["touchpoints"], facts["journey"]["flows"]
    drawn = {(flow["from"], flow["to"]) for flow in charts.drawn_flows(points, flows)[0]}
    picture = "".join(
        f'<div class="journey {size}">{charts.journey_map(stages, points, flows, width=width)}</div>'
        for size, width in (("wide", FULL), ("narrow", NARROW))
    )
    rows = [flow | {"drawn": (flow["from"], flow["to"]) in drawn} for flow in flows]
    return facts["journey"] | {"picture": picture if points else "", "flows": rows, "title": worst_way(facts)}


def _trend(rows: list[Row]) -> Callable[[int], Any]:
    return lambda width: charts.trend(rows, period="month", unit=rows[0]["unit"], width=width - 50)


def _path(group: Row) -> Callable[[int], Any]:
    return lambda width: charts.path_bars(group, width=width)


def _begun(funnel: Row | None) -> bool:
    return bool(funnel and funnel["groups"] and funnel["groups"][0]["steps"][0]["of_first"])


def _funnel(steps: list[Row]) -> Callable[[int], Any]:
    """Below each bar: how many got there, the share of those who took the step before, and how soon."""
    noted = [row | {"note": f"{row['customers']:,} customers"} for row in steps[:1]]
    noted += [
        row | {"note": f"{row['customers']:,} · {percent(row['of_previous']['value'], 1)} of those before · half within {duration(row['median_seconds'])}"}
        if row["customers"] else row | {"note": "nobody"}
        for row in steps[1:]
    ]  # fmt: skip
    return lambda width: charts.funnel_bars(noted, width=width)
