"""The page that a CX manager opens in the morning."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from firsthand.jobs.home import open_home
from firsthand.web.accounts.rights import needs
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.figure import Figure, download
from firsthand.web.figures.page import Page, local_today
from firsthand.web.figures.trends import trend_figure, usual
from firsthand.web.figures.words import spans

Row = dict[str, Any]
HEADLINE = ("how_it_was", "nps", "csat", "kept_share", "wait_beyond_standard", "effortless_share", "bought_again_90")
BETTER_WHEN_LESS = ("wait_beyond_standard", "contact_rate")
"""Of the measures whose difference is told here."""


def questions() -> dict[str, str | Asked]:
    """What the page asks when nothing is filtered."""
    within, against = spans(local_today(open_home(settings.HOME)))
    return {
        "summary": "summary",
        "measures": ("measures", {"chosen": "ALL"}),
        "by_month": ("measures", {"chosen": "TRENDS", "by": ["month"]}),
        "promises": "promises",
        "signals": "signals",
        "check": "map_check",
        "voice": "voice",
        "changed": ("changes", {"chosen": "TODAY", "against": against, "within": within}),
    }


@needs("see_figures")
def today(request: HttpRequest) -> HttpResponse:
    """How it was, what changed beyond chance, what is owed, what must not wait, and what the data cannot say."""
    page = Page.of(request)
    found = page.ask(**questions())
    return render(
        request,
        "today/today.html",
        {
            "page": page,
            "tiles": _tiles(found.measures["figures"]),
            "better": [row for row in found.changed["changes"] if _beyond(row) and _is_better(row)],
            "worse": [row for row in found.changed["changes"] if _beyond(row) and not _is_better(row)],
            "trends": _trends(page, found.by_month["figures"]),
            "promises": found.promises,
            "flags": found.voice.get("flags", [])[:5],
            "flagged": len(found.voice.get("flags", [])),
            "themes": [
                row
                for row in found.voice.get("themes", [])
                if row["growth"] and row["growth"]["told"] in ("new", "growing")
            ][:5],
            "voice": found.voice,
            "summary": found.summary,
            "check": found.check,
            "silent": next(
                (
                    row
                    for row in found.measures["figures"]
                    if row["measure"] == "response_rate" and row["value"] is not None
                ),
                None,
            ),
        },
    )


def _tiles(rows: list[Row]) -> list[Row]:
    """The headline measures, each once: of several scales the one most customers answered on."""
    best: dict[str, Row] = {}
    for row in rows:
        before = best.get(row["measure"])
        if row["measure"] in HEADLINE and (before is None or (row["customers"] or 0) > (before["customers"] or 0)):
            best[row["measure"]] = row
    return [best[name] for name in HEADLINE if name in best]


def _beyond(row: Row) -> bool:
    return bool(row["beyond_chance"]) and row["value"] is not None


def _is_better(row: Row) -> bool:
    return bool((row["value"] > 0) != (row["measure"] in BETTER_WHEN_LESS))


def _trends(page: Page, rows: list[Row]) -> list[Figure]:
    names = dict.fromkeys(row["measure"] for row in rows)
    each = {name: usual([row for row in rows if row["measure"] == name], ("month",)) for name in names}
    address = download("measures", page.filters, chosen="TRENDS", by=["month"], rows="figures")
    drawn = [
        trend_figure(page, _(mine[0]["title"]), mine, mine[0]["unit"], address, half=True) for mine in each.values()
    ]
    return [figure for figure in drawn if figure]
