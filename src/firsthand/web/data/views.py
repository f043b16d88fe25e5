"""Which sources there are, how fresh each is, and what of it is put aside or not on the map."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firsthand.web.accounts.rights import needs
from firsthand.web.data.models import Import
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.figure import Figure, download
from firsthand.web.figures.page import Page

Row = dict[str, Any]
NEWEST = 8
UNKNOWN = 15


def questions() -> dict[str, str | Asked]:
    """What the page asks."""
    return {"summary": "summary", "sources": "sources", "rejected": "rejected", "check": "map_check"}


@needs("import_data")
def overview(request: HttpRequest) -> HttpResponse:
    """Sources and their freshness, what was put aside, what the map does not know, and the newest imports."""
    page = Page.of(request)
    found = page.ask(**questions())
    rows = found.sources["sources"]
    zone = ZoneInfo(page.home.settings.timezone)
    stale = [row for row in rows if row["stale"]]
    return render(
        request,
        "data/overview.html",
        {
            "page": page,
            "summary": found.summary,
            "sources": _sources(page, rows, zone),
            "stale": [{"source": row["source"], "said": _stale(row)} for row in stale],
            "rejected": found.rejected["rejected"],
            "unknown": found.check["unknown_interactions"][:UNKNOWN],
            "imports": Import.objects.select_related("by")[:NEWEST],
        },
    )


def _sources(page: Page, rows: list[Row], zone: ZoneInfo) -> Figure:
    stale = sum(row["stale"] for row in rows)
    fresh = _("all told something lately") if not stale else ngettext("%(n)s has gone silent", "%(n)s have gone silent", stale) % {"n": stale}  # fmt: skip
    title = ngettext("%(n)s source; %(fresh)s", "%(n)s sources; %(fresh)s", len(rows)) % {
        "n": len(rows),
        "fresh": fresh,
    }
    now = datetime.now(zone).date()
    return Figure(
        title=title,
        head=[_("source"), _("channels"), _("interactions"), _("customers"), _("of nobody known"), _("not on the map"),
              _("first"), _("last"), _("freshness"), _("last import")],
        rows=[
            [row["source"], ", ".join(row["channels"]), row["interactions"], row["customers"], row["without_customer"],
             row["not_recognised"], _day(row["first"], zone), _day(row["last"], zone), _freshness(row),
             ago((now - datetime.fromisoformat(row["last_import"]).astimezone(zone).date()).days)]
            for row in rows
        ],
        note=_("A source is silent when it told nothing for three times its usual pause, and for more than two days."),
        download=download("sources", page.filters, rows="sources"),
        open=True,
    )  # fmt: skip


def _day(moment: str, zone: ZoneInfo) -> str:
    day: date = datetime.fromisoformat(moment).astimezone(zone).date()
    return date_format(day, "SHORT_DATE_FORMAT")


def _freshness(row: Row) -> str:
    if not row["stale"]:
        return ago(row["silent_days"])
    return _("⚠ silent: %(ago)s") % {"ago": ago(row["silent_days"])}


def _stale(row: Row) -> str:
    return _("last told something %(ago)s; its usual pause is at most %(days)s days") % {
        "ago": ago(row["silent_days"]), "days": number_format(row["usual_pause_days"], 0),
    }  # fmt: skip


def ago(days: int) -> str:
    """So many days ago, in words."""
    if days <= 1:
        return _("today") if days < 1 else _("yesterday")
    return _("%(days)s days ago") % {"days": number_format(days, force_grouping=True)}
