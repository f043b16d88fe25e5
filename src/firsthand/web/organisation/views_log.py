"""The audit log: who saw or changed what, of which customer."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from firsthand.web.accounts.models import User
from firsthand.web.accounts.rights import needs
from firsthand.web.audit.models import Entry
from firsthand.web.audit.record import note
from firsthand.web.figures.downloads import safe
from firsthand.web.figures.filters import refuse_unwritten

A_PAGE = 50
COLUMNS = ("at", "by", "did", "customer_id", "about")
COMMAND_LINE = "0"


@needs("administer")
def log(request: HttpRequest) -> HttpResponse:
    """The log, the newest first, page by page."""
    chosen = _chosen(request.GET)
    entries = Paginator(_entries(chosen), A_PAGE).get_page(request.GET.get("page"))
    query = urlencode(chosen) + "&" if chosen else ""
    context = {
        "entries": entries,
        "people": User.objects.order_by("email"),
        "chosen": chosen,
        "query": query,
        "tab": "log",
    }
    return render(request, "organisation/log.html", context)


@needs("administer")
def download(request: HttpRequest) -> StreamingHttpResponse:
    """The log as CSV."""
    assert isinstance(request.user, User)
    note(by=request.user, did="downloaded the audit log")
    response = StreamingHttpResponse(_lines(_entries(_chosen(request.GET))), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return response


def _chosen(query: QueryDict) -> dict[str, str]:
    """The filters of an address: a person's number (0: the command line), and a customer's id."""
    refuse_unwritten(query)
    given = {key: str(query.get(key, "")).strip() for key in ("person", "customer")}
    told = {key: value for key, value in given.items() if value}
    if not told.get("person", "0").isdecimal() or len(told.get("person", "")) > 12:
        del told["person"]
    return told


def _entries(chosen: dict[str, str]) -> QuerySet[Entry]:
    entries = Entry.objects.select_related("by")
    if "person" in chosen:
        entries = (
            entries.filter(by=None) if chosen["person"] == COMMAND_LINE else entries.filter(by=int(chosen["person"]))
        )
    return entries.filter(customer_id=chosen["customer"]) if "customer" in chosen else entries


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(entries: QuerySet[Entry]) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for entry in entries.iterator(chunk_size=2000):
        by = entry.by.email if isinstance(entry.by, User) else ""
        yield writer.writerow(
            [safe(cell) for cell in (entry.at.isoformat(), by, entry.did, entry.customer_id, entry.about)]
        )
