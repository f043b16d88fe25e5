"""What customers say: the overview, what must not wait, and search by meaning."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from firsthand.errors import UserError
from firsthand.jobs.comments_shown import customer_of
from firsthand.jobs.figures import EARLIEST, Period
from firsthand.jobs.search_comments import search_comments
from firsthand.jobs.voice_tables import read_at_all
from firsthand.voice import installed
from firsthand.web.accounts.rights import needs
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.filters import Filters
from firsthand.web.figures.page import Page
from firsthand.web.voice import said

Row = dict[str, Any]
FOUND = 20
THEMES = 6


def questions() -> dict[str, str | Asked]:
    """What the pages ask when nothing is filtered."""
    return {
        "voice": "voice",
        "by_month": ("voice", {"by": ["month"]}),
        "by_touchpoint": ("voice", {"by": ["touchpoint"]}),
        "asked": ("measures", {"chosen": "RESPONSE_RATE"}),
        "summary": "summary",
    }


@needs("see_figures")
def voice(request: HttpRequest) -> HttpResponse:
    """Topics and how it was, what has changed, and one topic closely. The filter `topic` is the one that is looked at closely."""
    if request.GET.get("flags"):
        return flags(request)
    page = Page.of(request)
    every = Page(request, page.filters.without("topic"))
    before = before_that(every.filters, every.today)
    found = every.ask(**questions() | ({"voice": ("voice", {"against": "..".join(before)})} if before else {}))
    if not found.voice["read"]:
        return unread(request, page)
    page.answers = found
    topics = [row for row in found.voice["topics"] if not row["suppressed"]]
    chosen = dict(page.filters.places).get("topic") or (topics[0]["topic"] if topics else None)
    return render(
        request,
        "voice/voice.html",
        {
            "page": page,
            "voice": found.voice,
            "summary": None if every.filters.pairs else found.summary,
            "silent": next((row for row in found.asked["figures"] if row["value"] is not None), None),
            "languages": found.voice["comments"]["languages"].items(),
            "flagged": len(found.voice["flags"]),
            "topics": said.topics(page, found.voice["topics"]),
            "touchpoints": said.by_touchpoint(page, found.by_touchpoint["topics"], topics),
            "chosen": chosen,
            "trend": said.trend(page, found.by_month["topics"], chosen) if chosen else None,
            "scores": said.scores(page, [row for row in found.voice["scores"] if row["topic"] == chosen], chosen),
            "quotes": [row for row in found.voice["quotes"] if row["topic"] == chosen],
            "place": next((row for row in topics if row["topic"] == chosen), None),
            "names": [row["topic"] for row in topics],
            "changed": said.changed(page, found.voice, before),
            "wants": said.wants(page, found.voice["wants"], "want"),
            "efforts": said.wants(page, found.voice["wants"], "effort"),
            "themes": said.newest_first(found.voice["themes"])[:THEMES],
        },
    )


def unread(request: HttpRequest, page: Page) -> HttpResponse:
    """What to do where no comment was read yet."""
    return render(request, "voice/unread.html", {"page": page, "installed": installed()})


def before_that(filters: Filters, today: date) -> tuple[str, str] | None:
    """The days of the same number before the period that is looked at; None where it has no beginning."""
    if not filters.since:
        return None
    since = date.fromisoformat(filters.since)
    until = date.fromisoformat(filters.until) if filters.until else today
    last = since - timedelta(days=1)
    return str(max(EARLIEST, last - (max(until, since) - since))), str(max(EARLIEST, last))


@needs("see_figures")
def flags(request: HttpRequest) -> HttpResponse:
    """The comments that must not wait, the latest first."""
    page = Page.of(request)
    asked = page.ask(flagged="flagged").flagged
    if not asked["read"]:
        return unread(request, page)
    found = asked["flagged"]
    shown = [row | {"before": row["text"][: row["begin"]], "words": row["text"][row["begin"] : row["end"]], "after": row["text"][row["end"] :]} for row in found]  # fmt: skip
    return render(
        request,
        "voice/flags.html",
        {"page": page, "flags": shown, "download": said.download("flagged", page.filters, rows="flagged")},
    )


@needs("see_figures")
def search(request: HttpRequest) -> HttpResponse:
    """Comments nearest in meaning to what is asked, of the period that is looked at.

    What is asked is sent, not put into the address: it may name a person.
    """
    filters = Filters.of(request.POST or request.GET)
    page = Page(request, Filters(filters.since, filters.until))
    if not read_at_all(page.home) or not installed():
        return unread(request, page)
    asked, found, wrong = request.POST.get("q", "").strip(), None, ""
    if asked:
        try:
            found = search_comments(page.home, asked, most=FOUND, period=Period.of(filters.since, filters.until))
        except UserError as mistake:
            wrong = str(mistake)
    return render(request, "voice/search.html", {"page": page, "q": asked, "found": found, "wrong": wrong})


@needs("see_customer")
def who(request: HttpRequest) -> HttpResponse:
    """Leads from a comment to the customer who wrote it."""
    found = customer_of(Page.of(request).home, request.GET.get("comment", ""))
    if found is None:
        raise Http404
    return redirect(f"/customers/{found}/")


def address_of(comment: str) -> str:
    """The address that leads to who wrote a comment."""
    return "/voice/who/?" + urlencode({"comment": comment})
