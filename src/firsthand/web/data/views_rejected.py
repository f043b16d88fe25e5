"""What was put aside: listed with the reason, and tried again."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firsthand import voice
from firsthand.errors import UserError
from firsthand.jobs.home import open_home
from firsthand.jobs.rejections import count_rejections, open_rejections
from firsthand.web.accounts.models import User
from firsthand.web.accounts.rights import needs
from firsthand.web.audit.record import note
from firsthand.web.data.files import kept_mapping
from firsthand.web.data.forms import Retry
from firsthand.web.data.imports import begin_retry
from firsthand.web.figures.faults import in_words

Row = dict[str, Any]
A_PAGE = 50
LONGEST = 1_000
"""Characters of a rejected record that are shown."""
LONGEST_MAPPING = 1024 * 1024


@needs("import_data")
def rejected(request: HttpRequest) -> HttpResponse:
    """The records that are put aside, of one source or reason or all, page by page."""
    home = open_home(settings.HOME)
    chosen = {key: request.GET[key] for key in ("source", "reason") if request.GET.get(key)}
    counts = count_rejections(home)
    asked = request.GET.get("page", "1")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
    total, rows = open_rejections(home, source=chosen.get("source"), reason=chosen.get("reason"), limit=A_PAGE, offset=(number - 1) * A_PAGE)  # fmt: skip
    pages = max(1, math.ceil(total / A_PAGE))
    if number > pages:
        return redirect(f"{request.path}?{urlencode(chosen | {'page': str(pages)})}")
    note(by=request.user, did="saw rejected records", about=f"{len(rows)} of {total}")  # type: ignore[arg-type]
    formats = [row["format"] for row in counts if row["source"] == chosen.get("source", row["source"])]
    return render(
        request,
        "data/rejected.html",
        {
            "counts": counts, "chosen": chosen, "total": total, "number": number, "pages": pages,
            "rows": _shown(request, rows),
            "sources": sorted({row["source"] for row in counts}), "reasons": sorted({row["reason"] for row in counts}),
            "before": _page(chosen, number - 1) if number > 1 else "", "after": _page(chosen, number + 1) if number < pages else "",
            "form": Retry(initial={"source": chosen.get("source", ""), "format": formats[0] if formats else "csv"}),
            "masked": voice.installed(),
        },
    )  # fmt: skip


def _page(chosen: dict[str, str], number: int) -> str:
    return "?" + urlencode(chosen | {"page": str(number)})


def _shown(request: HttpRequest, rows: list[Row]) -> list[Row]:
    """The rows as they are shown: personal data masked where that can be found, else only for those who import."""
    if voice.installed():
        from firsthand.voice.personal_data import masked
        from firsthand.voice.plain import plain

        def shown(text: str) -> str:
            return masked(plain(text[: 4 * LONGEST]))[0][:LONGEST]
    else:
        may = isinstance(request.user, User) and request.user.may("import_data")

        def shown(text: str) -> str:
            return text[:LONGEST] if may else ""

    return [row | {"message": shown(row["message"] or ""), "raw": shown(row["raw"] or "")} for row in rows]


@require_POST
def _retry(request: HttpRequest) -> HttpResponse:
    form = Retry(request.POST, request.FILES)
    assert isinstance(request.user, User)
    if not form.is_valid():
        messages.error(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
        return redirect("data_rejected")
    told = form.cleaned_data
    try:
        text = _mapping_of(told)
        it = begin_retry(format_name=told["format"], source=told["source"], text=text, by=request.user)
    except UserError as wrong:
        messages.error(request, in_words(str(wrong)))
        return redirect("data_rejected")
    return redirect("data_import", it.pk)


def _mapping_of(told: Row) -> str:
    if not told["mapping"]:
        return kept_mapping(told["kept"]) or ""
    if told["mapping"].size > LONGEST_MAPPING:
        raise UserError(_("This is no mapping: it is larger than a mapping can be."))
    try:
        return str(told["mapping"].read().decode("utf-8"))
    except UnicodeDecodeError as wrong:
        raise UserError(_("The mapping is not UTF-8. Save it as UTF-8.")) from wrong


retry = needs("import_data")(_retry)
"""Has rejected records tried again, in the background."""
