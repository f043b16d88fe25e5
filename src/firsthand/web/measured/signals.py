"""Signals: what behaviour says of good and bad experience, without anybody being asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from firsthand.errors import UserError
from firsthand.jobs.home import open_home
from firsthand.web.accounts.rights import needs
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, download, interval, percent, told
from firsthand.web.figures.page import Page, local_today
from firsthand.web.figures.trends import trend_figure
from firsthand.web.figures.words import group_words, key_words, span_words, spans
from firsthand.web.measured.parts import group_link, groups_figure

Row = dict[str, Any]
COLOURS = {"bad": "#c4622d", "good": "#3a7d7b"}


def questions() -> dict[str, str | Asked]:
    """What the page asks when nothing is filtered."""
    return _asked(*spans(local_today(open_home(settings.HOME))))


def _asked(within: str, against: str) -> dict[str, str | Asked]:
    asked: dict[str, str | Asked] = {
        "signals": "signals", "catalogue": "catalogue",
        "changed": ("signals", {"within": within, "against": against}),
    }  # fmt: skip
    return asked | {f"by_{key}": ("signals", {"by": [key]}) for key in ("owner", "touchpoint", "month")}


@needs("see_figures")
def signals(request: HttpRequest) -> HttpResponse:
    """Bad and good signals: how often, of how many customers, where, and what changed; with `signal`, that one."""
    page = Page.of(request)
    within, against = spans(page.today, page.filters)
    found = page.ask(**_asked(within, against))
    known = found.catalogue["catalogue"]
    name = request.GET.get("signal")
    changes = found.changed["changes"]
    context: Row = {
        "page": page, "changes": [row | {"rose": row["difference"] > 0} for row in changes["differs"] if name in (None, row["signal"])], "tested": changes["tested"],
        "periods": (span_words(within), span_words(against)),
        "changes_csv": download("signals", page.filters.between(None, None), within=within, against=against, rows="changes.differs"),
    }  # fmt: skip
    if name is not None:
        defined = next((row for row in known if row["signal"] == name), None)
        if defined is None:
            raise UserError(_("“%(name)s” is no signal. There are: %(names)s.") % {"name": name, "names": ", ".join(row["signal"] for row in known)})  # fmt: skip
        return render(request, "measured/signal.html", context | _one(page, defined, found.documents))
    sides = {"bad": _("Bad signals"), "good": _("Good signals")}
    context["sides"] = [
        (
            side,
            words,
            _overview(page, side, _side(found.signals["signals"], side)),
            _places(page, side, found.documents),
        )
        for side, words in sides.items()
    ]
    context["trends"] = _trends(page, found.by_month["signals"], known)
    context["known"] = known
    return render(request, "measured/signals.html", context)


def _side(rows: Sequence[Row], side: str) -> list[Row]:
    return [row for row in rows if row["good"] == (side == "good")]


def _overview(page: Page, side: str, rows: list[Row]) -> Figure | None:
    """Each signal of one side: how often, how many customers, and the share of those who were there."""
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: -(row["share"]["value"] or 0))
    first = rows[0]
    return Figure(
        title=_("%(title)s: %(share)s of the customers who were there") % {"title": _(first["title"]), "share": percent(first["share"]["value"], 1)},
        picture=picture("share_bars", [{"by": {"signal": _(row["title"])}} | row["share"] for row in rows], group="signal", colour=COLOURS[side]),
        head=[_("signal"), _("times"), _("customers with it"), _("of those who were there"), _("95 %% interval") % (), _("customers who were there")],
        rows=[[_link(page, row), *_cells(row)] for row in rows],
        note=_("Share of the customers who were there, each with its 95 %% interval; n = %(n)s customers") % {"n": number_format(first["share"]["customers"] or 0, force_grouping=True)},
        download=download("signals", page.filters, rows="signals"),
    )  # fmt: skip


def _link(page: Page, row: Row) -> str:
    return format_html('<a href="/signals/{}signal={}">{}</a>', page.filters.begun, row["signal"], _(row["title"]))


def _cells(row: Row) -> list[Any]:
    share = row["share"]
    return [row["count"], row["with_signal"], told(share), interval(share), share["customers"]]


def _places(page: Page, side: str, documents: Row) -> list[Figure]:
    """How many signals show at the touchpoints of each owner, and at each touchpoint."""
    figures = []
    for key in ("owner", "touchpoint"):
        rows = _side(documents[f"by_{key}"]["signals"], side)
        counts: dict[Any, int] = {}
        for row in rows:
            counts[row["by"][key]] = counts.get(row["by"][key], 0) + (row["count"] or 0)
        if not counts:
            continue
        order = sorted(counts, key=lambda name: -counts[name])
        total = sum(counts.values())
        first = order[0]
        where = _("at the touchpoints of “%(name)s”") if key == "owner" else _("at “%(name)s”")
        figures.append(
            Figure(
                title=_("%(count)s of %(total)s show %(where)s")
                % {"count": _number(counts[first]), "total": _number(total), "where": where % {"name": group_words(key, first)}},
                picture=picture("count_bars", [{key: group_words(key, name), "count": counts[name]} for name in order], half=True, group=key, colour=COLOURS[side]),
                head=[key_words(key), _("signal"), _("times"), _("customers with it"), _("of those who were there"), _("95 %% interval") % (), _("customers who were there")],
                rows=[
                    [group_link(page, "/signals/", key, row["by"][key]), _(row["title"]), *_cells(row)]
                    for row in sorted(rows, key=lambda row: (order.index(row["by"][key]), -(row["count"] or 0)))
                ],
                note=_("n = %(n)s signals. Who meets more customers has more of them; the table has the share of those who were there.") % {"n": _number(total)},
                download=download("signals", page.filters, by=[key], rows="signals"),
            )
        )  # fmt: skip
    return figures


def _of(rows: Sequence[Row], name: str) -> list[Row]:
    """The shares of one signal as figures."""
    return [{"by": row["by"]} | row["share"] for row in rows if row["signal"] == name]


def _by_month(rows: Sequence[Row], name: str) -> list[Row]:
    """The shares of one signal by month, with nought in those months in which others show and it does not."""
    mine = {row["by"]["month"]: row for row in _of(rows, name)}
    there = {row["by"]["month"]: row["share"]["customers"] for row in rows if row["share"]["customers"]}
    return (
        [mine.get(month) or {"by": {"month": month}} | _none_of(there[month]) for month in sorted({*there, *mine})]
        if mine
        else []
    )


def _none_of(customers: int) -> Row:
    """The share that nobody makes of so many customers; its interval is that of Wilson (1927)."""
    square = 1.959964**2
    return {
        "value": 0.0,
        "low": 0.0,
        "high": square / (customers + square),
        "customers": customers,
        "observations": customers,
    }


def _trends(page: Page, rows: list[Row], known: list[Row]) -> list[Figure]:
    """Every bad signal by month, then the good ones."""
    csv = download("signals", page.filters, by=["month"], rows="signals")
    ordered = sorted(known, key=lambda row: row["good"])
    drawn = [
        trend_figure(page, _(row["title"]), mine, "share", csv, half=True)
        for row in ordered
        if (mine := _by_month(rows, row["signal"]))
    ]  # fmt: skip
    return [each for each in drawn if each]


def _one(page: Page, defined: Row, documents: Row) -> Row:
    name, title = defined["signal"], _(defined["title"])
    groups = [
        groups_figure(page, title, _of(documents[f"by_{key}"]["signals"], name), "share", key, download("signals", page.filters, by=[key], rows="signals"), address="/signals/")
        for key in ("owner", "touchpoint")
    ]  # fmt: skip
    return {
        "defined": defined, "title": title,
        "now": next((row for row in documents["signals"]["signals"] if row["signal"] == name), None),
        "trend": trend_figure(page, title, _by_month(documents["by_month"]["signals"], name), "share", download("signals", page.filters, by=["month"], rows="signals")),
        "groups": [each for each in groups if each],
    }  # fmt: skip


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)
