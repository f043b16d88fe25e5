"""What several of these pages show: a figure by month, by group, and two periods side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, interval, shown, told
from firsthand.web.figures.filters import PLACES
from firsthand.web.figures.page import Page
from firsthand.web.figures.words import group_words, groups_title, month_words

Row = dict[str, Any]
FIGURE_HEAD = ("value", "95 % interval", "customers", "observations")


def usual(rows: Sequence[Row], keys: Sequence[str] = ()) -> list[Row]:
    """Of rows that are told apart by more than `keys`, such as a scale, those of the one that most customers answered on."""
    customers: dict[tuple[Any, ...], int] = {}
    for row in rows:
        apart = _apart(row, keys)
        customers[apart] = customers.get(apart, 0) + (row["customers"] or 0)
    best = max(customers, key=lambda apart: customers[apart], default=())
    return [row for row in rows if _apart(row, keys) == best]


def _apart(row: Row, keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(value for key, value in row["by"].items() if key not in keys)


def complete(rows: Sequence[Row], page: Page) -> list[Row]:
    """Of figures by month those before the month that is not over yet; all where there are no others."""
    month = page.today.strftime("%Y-%m")
    return [row for row in rows if row["by"]["month"] < month] or [row for row in rows if row["by"]["month"] <= month]


def moved(now: Row | None, before: Row | None, unit: str) -> str:
    """How a figure stands to the one before, as the end of a sentence; empty where that cannot be said."""
    if not (now and before) or now["value"] is None or before["value"] is None:
        return ""
    was = shown(before["value"], unit)
    if shown(now["value"], unit) == was:
        return _(", as before")
    return (_(", up from %(before)s") if now["value"] > before["value"] else _(", down from %(before)s")) % {"before": was}  # fmt: skip


def figure_cells(row: Row | None, unit: str) -> list[Any]:
    """Value, interval, customers, observations: the cells of FIGURE_HEAD."""
    if row is None:
        return [told(None), "", None, None]
    return [told(row, unit), interval(row, unit), row["customers"], row["observations"]]


def figure_head(*first: str) -> list[str]:
    return [*first, _("value"), _("95 %% interval") % (), _("customers"), _("observations")]


def n_words(row: Row) -> str:
    """The interval of a figure and whom it speaks of."""
    if row["value"] is None:
        return told(row)
    n = _("n = %(customers)s customers, %(observations)s observations") % {
        "customers": number_format(row["customers"], force_grouping=True),
        "observations": number_format(row["observations"], force_grouping=True),
    }
    return f"{interval(row)}; {n}" if interval(row) else n


def trend_figure(
    page: Page, what: str, rows: Sequence[Row], unit: str, download: str, *, half: bool = False
) -> Figure | None:
    """A figure by month; None where there is none.

    rows: figures with `by.month`, all on one scale.
    """
    months = complete(rows, page)
    if not months:
        return None
    last, before = months[-1], months[-2] if len(months) > 1 else None
    title = _("%(what)s: %(value)s in %(month)s") % {
        "what": what, "value": told(last, unit), "month": month_words(last["by"]["month"]),
    }  # fmt: skip
    return Figure(
        title=title + moved(last, before, unit),
        picture=picture("trend", months, half=half, period="month", unit=unit),
        head=figure_head(_("month")),
        rows=[[row["by"]["month"], *figure_cells(row, unit)] for row in months],
        note=_("The last month shown: %(said)s. The band is the 95 %% interval of each month.")
        % {"said": _interval_and_n(last, unit)},
        download=download,
    )


def _interval_and_n(row: Row, unit: str) -> str:
    if row["value"] is None:
        return told(row, unit)
    n = _("n = %(n)s customers") % {"n": number_format(row["customers"], force_grouping=True)}
    return f"{interval(row, unit)}; {n}" if interval(row, unit) else n


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
        head=figure_head(_(key)),
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
    if value is None or key not in PLACES:
        return group_words(key, value)
    return format_html(
        '<a href="{}{}{}">{}</a>', address, page.filters.with_(key, str(value)).query, page.others_query, value
    )


def grouping(page: Page) -> str:
    """By what else the page is to group, as the address says; empty where it says nothing."""
    return page.request.GET.get("by", "")


def groupings(page: Page) -> list[tuple[str, str]]:
    """What a page can group by besides its usual groups: key and name. Employees only where the home allows it."""
    more = [("source", _("source")), ("channel", _("channel")), ("team", _("team"))]
    if page.home.settings.employee_figures:
        more.append(("employee", _("employee")))
    return [*more, *((f"property:{name}", name.replace("_", " ")) for name in page.choices["property"])]
