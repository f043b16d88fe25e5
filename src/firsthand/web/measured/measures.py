"""All measures, and each of them by month and by group, held against the time before."""

from __future__ import annotations

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
from firsthand.web.figures.figure import (
    Figure,
    difference,
    difference_interval,
    download,
    interval,
    percent,
    shown,
    told,
)
from firsthand.web.figures.page import Page, local_today
from firsthand.web.figures.trends import moved, trend_figure, usual
from firsthand.web.figures.words import span_words, spans
from firsthand.web.measured.parts import grouping, groupings, groups_figure

Row = dict[str, Any]
PLACES = ("channel", "stage", "touchpoint", "owner", "source")
FOLLOWED = ("bought_again_30", "bought_again_90", "bought_again_365", "days_between_purchases")
"""Measures that the survival curve explains."""


def questions() -> dict[str, str | Asked]:
    """What the pages ask when nothing is filtered: of all measures at once, for whichever is opened."""
    within, against = spans(local_today(open_home(settings.HOME)))
    return _all() | _of("ALL", within, against) | {"survival": "survival"}


def _all() -> dict[str, str | Asked]:
    return {"measures": ("measures", {"chosen": "ALL"}), "refused": "refused", "definitions": "definitions"}


def _of(chosen: str, within: str, against: str) -> dict[str, str | Asked]:
    asked: dict[str, str | Asked] = {
        f"by_{key}": ("measures", {"chosen": chosen, "by": [key]}) for key in ("month", *PLACES)
    }  # fmt: skip
    return asked | {
        "now": ("measures", {"chosen": chosen, "within": within}),
        "before": ("measures", {"chosen": chosen, "within": against}),
        "changed": (
            "changes",
            {"against": against, "within": within} | ({} if chosen == "ALL" else {"chosen": chosen}),
        ),
    }


@needs("see_figures")
def measures(request: HttpRequest) -> HttpResponse:
    """All measures as a table; with `measure`, that one."""
    page = Page.of(request)
    if name := request.GET.get("measure"):
        return _one(page, name)
    found = page.ask(**_all())
    rows = found.measures["figures"]
    groups = {
        "said": _("What customers said"),
        "done": _("What happened to them"),
        "outcomes": _("What they did"),
        "how_it_was": _("How it was"),
    }
    defined = found.definitions["measures"]
    figures = [
        Figure(
            title=_("%(what)s: %(n)s figures") % {"what": words, "n": number_format(len(mine))},
            head=[_("measure"), _("of"), _("value"), _("95 %% interval") % (), _("customers"), _("observations"), _("speaks for")],
            rows=[_row(page, row) for row in mine],
            note=_("Speaks for: of the customers who were there, the share of whom the figure speaks"),
            download=download("measures", page.filters, chosen=group.upper(), rows="figures"),
            open=True,
        )
        for group, words in groups.items()
        if (mine := [row for entry in defined if entry["group"] == group for row in rows if row["measure"] == entry["measure"]])
    ]  # fmt: skip
    known = {row["measure"] for row in rows}
    return render(
        request, "measured/measures.html",
        {"page": page, "figures": figures, "refused": found.refused["refused"], "unseen": [entry for entry in defined if entry["measure"] not in known]},
    )  # fmt: skip


def _row(page: Page, row: Row) -> list[Any]:
    of = ", ".join(str(value) for value in row["by"].values() if value is not None)
    address = format_html(
        '<a href="/measures/{}measure={}">{}</a>', page.filters.begun, row["measure"], _(row["title"])
    )
    return [
        address, of, told(row, row["unit"]), interval(row, row["unit"]), row["customers"], row["observations"],
        percent(row["speaks_for"]) if row["speaks_for"] is not None else "",
    ]  # fmt: skip


def _one(page: Page, name: str) -> HttpResponse:
    within, against = spans(page.today, page.filters)
    chosen = name if page.filters.pairs else "ALL"
    asked = _of(chosen, within, against) | _all() | ({"survival": "survival"} if name in FOLLOWED else {})
    if by := grouping(page):
        asked |= {f"by_{by}": ("measures", {"chosen": name, "by": [by]})}
    found = page.ask(**{key: each for key, each in asked.items() if key not in ("measures", "refused")})
    defined = next((row for row in found.definitions["measures"] if row["measure"] == name), None)
    if defined is None:
        names = ", ".join(row["measure"] for row in found.definitions["measures"])
        raise UserError(_("“%(name)s” is no measure. There are: %(names)s.") % {"name": name, "names": names})
    unit, title = defined["unit"], _(defined["title"])

    def mine(key: str, by: tuple[str, ...] = ()) -> list[Row]:
        return usual([row for row in found.documents[key]["figures"] if row["measure"] == name], by)

    by_month = mine("by_month", ("month",))
    address = download("measures", page.filters, chosen=name, by=["month"], rows="figures")
    scale = ", ".join(str(value) for key, value in by_month[0]["by"].items() if key != "month") if by_month else ""
    groups = [
        groups_figure(page, title, [row for row in mine(f"by_{key}", (key,)) if row["value"] is not None or row["suppressed"]], unit, key,
                      download("measures", page.filters, chosen=name, by=[key], rows="figures"), address="/measures/")
        for key in (*PLACES, *([by] if by and by not in PLACES else []))
    ]  # fmt: skip
    return render(
        page.request, "measured/measure.html",
        {
            "by": by, "groupings": groupings(page),
            "page": page, "defined": defined, "title": title, "scale": scale,
            "compared": _compared(page, defined, mine("now"), mine("before"), found.changed["changes"], within, against),
            "trend": trend_figure(page, title, by_month, unit, address),
            "groups": [each for each in groups if each and len(each.rows) > 1],
            "alone": [(each.head[0], each.rows[0][0]) for each in groups if each and len(each.rows) == 1],
            "survival": _survival(page, found.survival["survival"]) if name in FOLLOWED else None,
        },
    )  # fmt: skip


def _compared(
    page: Page, defined: Row, now: list[Row], before: list[Row], changed: list[Row], within: str, against: str
) -> Row:
    """The period shown and the one before, side by side, and whether their difference is beyond chance."""
    unit = defined["unit"]
    after, earlier = (rows[0] if rows else None for rows in (now, before))
    by = after["by"] if after else None
    change = next((row for row in changed if row["measure"] == defined["measure"] and row["by"] == by), None)
    said = ""
    if change and change["value"] is not None:
        said = _("The difference is %(difference)s (%(range)s): %(verdict)s.") % {
            "difference": difference(change["value"], unit), "range": difference_interval(change, unit) or "–",
            "verdict": _("beyond chance") if _beyond(change) else _("it could be chance"),
        }  # fmt: skip
    return {
        "sentence": _("%(value)s in the period shown") % {"value": shown(after["value"], unit)} + moved(after, earlier, unit)
        if after and after["value"] is not None else _("Nothing can be said of this period."),
        "said": said,
        "rows": [(span_words(within), after), (span_words(against), earlier)],
        "unit": unit,
        "download": download("changes", page.filters.between(None, None), chosen=defined["measure"], within=within, against=against, rows="changes"),
    }  # fmt: skip


def _beyond(change: Row) -> bool:
    """Whether a difference, taken alone, is beyond chance."""
    return change["low"] is not None and (change["low"] > 0 or change["high"] < 0)


def _survival(page: Page, curve: list[Row]) -> Figure | None:
    if not curve:
        return None
    last = max((row for row in curve if row["days"] in (90, 180, 365)), key=lambda row: row["days"], default=curve[-1])
    return Figure(
        title=_("%(value)s have bought again by day %(day)s after their first purchase") % {"value": percent(last["value"], 1), "day": last["days"]},
        picture=picture("survival", curve),
        head=[_("day"), _("bought again"), _("95 %% interval") % (), _("customers")],
        rows=[[row["days"], percent(row["value"], 1), interval(row), row["customers"]] for row in curve if row["days"] % 30 == 0 or row["days"] == 365],
        note=_("%(range)s; n = %(n)s customers, each for as long as they could be followed (Kaplan and Meier)")
        % {"range": interval(last), "n": number_format(last["customers"], force_grouping=True)},
        download=download("survival", page.filters, rows="survival"),
    )  # fmt: skip
