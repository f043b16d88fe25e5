"""A figure of a page: what it says in words, the picture, the table behind it, and where to download it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firsthand.web.figures.filters import Filters

Row = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """title: a sentence with the figure in it.  picture: SVG, or empty.  note: interval, n, whom it speaks for.

    head, rows: the table; cells are text or numbers.  download: address of the CSV.  open: the table is shown at once.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    picture: str = ""
    note: str = ""
    download: str = ""
    open: bool = field(default=False)


def download(question: str, filters: Filters, **more: Any) -> str:
    """The address at which the answer to a question can be had as CSV."""
    told = [*filters.pairs, *((key, each) for key, value in more.items() for each in (value if isinstance(value, list) else [value]))]  # fmt: skip
    return reverse("download", args=[question]) + ("?" + urlencode(told) if told else "")


def percent(value: float | None, digits: int = 0) -> str:
    """A share in the user's language."""
    return "–" if value is None else f"{rounded(value * 100, digits)} %"


def rounded(value: float, digits: int) -> str:
    """A number in the user's language, rounded; Django's own format cuts off."""
    return number_format(Decimal(f"{value:.{digits}f}"), digits, force_grouping=True)


def duration(seconds: float | None) -> str:
    """Seconds in the largest unit that fits, in the user's language."""
    if seconds is None:
        return "–"
    for size, name in ((86_400, _("days")), (3_600, _("hours")), (60, _("minutes"))):
        if abs(seconds) >= size:
            return f"{rounded(seconds / size, 0 if abs(seconds) >= 100 * size else 1)} {name}"
    return _("%(n)s seconds") % {"n": rounded(seconds, 0)}


def shown(value: float | None, unit: str, digits: int = 1) -> str:
    """A measure's value with its unit."""
    if value is None:
        return "–"
    if unit == "share":
        return percent(value, digits)
    if unit == "seconds":
        return duration(value)
    if unit == "points":
        return f"{value:+.0f}"
    if unit == "days":
        return _("%(n)s days") % {"n": rounded(value, 1)}
    return rounded(value, 2)


def told(figure: Row | None, unit: str = "share", digits: int = 1) -> str:
    """A figure, or why there is none."""
    if figure is None:
        return _("not seen")
    return _("too few to show") if figure["value"] is None else shown(figure["value"], unit, digits)


def interval(figure: Row | None, unit: str = "share", digits: int = 1) -> str:
    """The 95 % interval of a figure; empty where there is none."""
    if figure is None or figure["low"] is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": shown(figure["low"], unit, digits), "high": shown(figure["high"], unit, digits)}  # fmt: skip


def customers(figure: Row | None) -> str:
    """How many customers a figure speaks of, in words."""
    if figure is None or figure["customers"] is None:
        return ""
    count = figure["customers"]
    return ngettext("%(n)s customer", "%(n)s customers", count) % {"n": number_format(count, force_grouping=True)}


def difference(value: float | None, unit: str) -> str:
    """A difference of a measure, with its sign; of shares in percentage points."""
    if value is None:
        return "–"
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    if unit == "share":
        return sign + _("%(n)s percentage points") % {"n": rounded(abs(value) * 100, 1)}
    return sign + (rounded(abs(value), 1) if unit == "points" else shown(abs(value), unit))


def difference_interval(row: Row, unit: str) -> str:
    """The 95 % interval of a difference."""
    if row["low"] is None:
        return ""
    scale, digits = (100, 1) if unit == "share" else (1, 1)
    if unit in ("share", "points"):
        low, high = (f"{rounded(row[key] * scale, digits)}" for key in ("low", "high"))
    else:
        low, high = (difference(row[key], unit) for key in ("low", "high"))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}
