"""A figure by month, and how it stands to the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, interval, shown, told
from firsthand.web.figures.page import Page
from firsthand.web.figures.words import month_words

Row = dict[str, Any]


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
    """Value, interval, customers, observations: the cells that `figure_head` names."""
    if row is None:
        return [told(None), "", None, None]
    return [told(row, unit), interval(row, unit), row["customers"], row["observations"]]


def figure_head(*first: str) -> list[str]:
    """The head of a table of figures, after its own first columns."""
    return [*first, _("value"), _("95 %% interval") % (), _("customers"), _("observations")]


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
        picture=picture("trend", months, half=half, period="month", unit=unit)
        if any(row["value"] is not None for row in months)
        else "",
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
