"""Figures by group, as several of these pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from firsthand.jobs.selection import PROPERTY
from firsthand.measures.seen import CIRCUMSTANCE
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, shown
from firsthand.web.figures.filters import PLACES
from firsthand.web.figures.page import Page
from firsthand.web.figures.trends import figure_cells, figure_head
from firsthand.web.figures.words import group_words, groups_title, key_words

Row = dict[str, Any]


def groups_figure(
    page: Page, what: str, rows: Sequence[Row], unit: str, key: str, download: str, *, address: str, half: bool = True
) -> Figure | None:
    """A figure by group, each a link to the page of that group alone; None where there is none.

    rows: figures with `by` and the key, all on one scale.  address: of the page, for the links.
    """
    if not rows:
        return None
    named = [row | {"by": {key: group_words(key, row["by"][key])}} for row in rows]
    seen = sorted((row for row in named if row["value"] is not None), key=lambda row: row["value"])
    observed = sum(row["observations"] or 0 for row in seen)
    return Figure(
        title=groups_title(what, [(row["by"][key], shown(row["value"], unit)) for row in seen]),
        picture=picture("figure_bars", seen, half=half, group=key, unit=unit) if seen else "",
        head=figure_head(key_words(key)),
        rows=[
            [group_link(page, address, key, row["by"][key]), *figure_cells(row, unit)]
            for row in sorted(rows, key=_largest)
        ],
        note=_("Each with its 95 %% interval; n = %(n)s observations")
        % {"n": number_format(observed, force_grouping=True)},
        download=download,
    )


def _largest(row: Row) -> float:
    return -(row["value"] if row["value"] is not None else -1e18)


def group_link(page: Page, address: str, key: str, value: Any) -> str:
    """The name of a group, as a link to the same page of that group alone, where it can be filtered by."""
    place, told = ("circumstance", f"{key.removeprefix(CIRCUMSTANCE)}={value}") if key.startswith(CIRCUMSTANCE) else (key, str(value))  # fmt: skip
    if value is None or place not in PLACES:
        return group_words(key, value)
    return format_html('<a href="{}{}{}">{}</a>', address, page.filters.with_(place, told).query, page.others_query, value)  # fmt: skip


def grouping(page: Page) -> str:
    """By what else the page is to group, as the address says; empty where it says nothing."""
    return page.request.GET.get("by", "")


def groupings(page: Page) -> list[tuple[str, str]]:
    """What a page can group by besides its usual groups: key and name. Employees only where the home allows it."""
    more = [("source", _("source")), ("channel", _("channel")), ("team", _("team"))]
    if page.home.settings.employee_figures:
        more.append(("employee", _("employee")))
    told = [*(f"{CIRCUMSTANCE}{name}" for name in page.choices["by_circumstance"]), *(f"{PROPERTY}{name}" for name in page.choices["property"])]  # fmt: skip
    return [*more, *((key, key_words(key)) for key in told)]
