"""Imports: from choosing a file over its mapping and a preview to what it came to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firsthand.errors import UserError
from firsthand.jobs.mapping_draft import as_text
from firsthand.sources import format_named
from firsthand.web.accounts.models import User
from firsthand.web.accounts.rights import needs
from firsthand.web.audit.record import note
from firsthand.web.data import imports as steps
from firsthand.web.data.files import kept_mapping, kept_mappings
from firsthand.web.data.forms import MappingForm, Upload, meanings
from firsthand.web.data.models import Import
from firsthand.web.figures.faults import in_words

Row = dict[str, Any]
A_PAGE = 50
SHOWN = ("event", "channel", "direction", "touchpoint", "promise_state", "promised_for", "amount", "currency", "wait_seconds",
         "duration_seconds", "question", "question_kind", "score", "scale_low", "scale_high", "answer", "text", "employee", "team")  # fmt: skip
"""Columns of a preview, where any row has something in them."""


@needs("import_data")
def upload(request: HttpRequest) -> HttpResponse:
    """Takes in a file; leads to its mapping, to the preview by a kept one, or to the import itself."""
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        text = (kept_mapping(told["kept"]) or "") if format_named(told["format"]).mapped else ""
        try:
            it = steps.take_upload(
                file=told["file"], format_name=told["format"], by=_user(request), source=told["source"], customer=told["customer"], text=text
            )  # fmt: skip
        except UserError as wrong:
            form.add_error("file", in_words(str(wrong)))
        else:
            if it.state != Import.State.CHOSEN or not format_named(it.format).mapped:
                return redirect("data_import", it.pk)
            return redirect("data_preview" if text else "data_mapping", it.pk)
    return render(request, "data/upload.html", {"form": form}, status=400 if form.errors else 200)


@needs("import_data")
def imports(request: HttpRequest) -> HttpResponse:
    """All imports, the newest first, and the mappings that are kept."""
    page = Paginator(Import.objects.select_related("by"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "data/imports.html", {"imports": page, "mappings": kept_mappings()})


@needs("import_data")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how far it is, or what it came to."""
    it = get_object_or_404(Import.objects.select_related("by"), pk=pk)
    return render(request, "data/import.html", {"it": it})


@needs("import_data")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that refreshes itself while an import is under way."""
    return render(request, "data/progress.html", {"it": get_object_or_404(Import, pk=pk)})


@needs("import_data")
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean: as a form, or as YAML for those who want it."""
    it = _looked_into(request, pk)
    draft = steps.draft_of(it)
    by_hand = request.method == "POST" and "yaml" in request.POST
    form = MappingForm(draft, request.POST if request.method == "POST" and not by_hand else None)
    text, wrong = it.mapping, ""
    if by_hand:
        text = request.POST["yaml"].replace("\r\n", "\n")
        wrong = _saved(it, text)
    elif request.method == "POST":
        wrong = _saved(it, as_text(form.draft), form) if form.is_valid() else _("Something is lacking; see below.")
    if request.method == "POST" and not wrong:
        return redirect("data_preview", it.pk)
    context = {"it": it, "form": form, "meanings": meanings(), "text": text, "wrong": wrong, "by_hand": by_hand}
    return render(request, "data/mapping.html", context, status=400 if wrong else 200)


def _saved(it: Import, text: str, form: MappingForm | None = None) -> str:
    """Keeps a mapping; what is wrong with it, if anything."""
    try:
        steps.save_mapping(it=it, text=text, draft=form.draft if form else None)
    except UserError as fault:
        return str(fault)
    return ""


@needs("import_data")
def mapping_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The mapping of an import, to be downloaded."""
    it = get_object_or_404(Import, pk=pk)
    if not it.mapping:
        raise Http404
    return _yaml(it.mapping, f"mapping-{it.pk}.yaml")


@needs("import_data")
def kept(request: HttpRequest, name: str) -> HttpResponse:
    """A mapping that is kept in the home, to be downloaded."""
    text = kept_mapping(name)
    if text is None:
        raise Http404
    return _yaml(text, name)


@needs("import_data")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows as interactions, and those that would be rejected, with why. Nothing is written."""
    it = _looked_into(request, pk)
    if not it.mapping:
        return redirect("data_mapping", it.pk)
    try:
        found = steps.preview(it)
    except UserError as wrong:
        return render(request, "data/preview.html", {"it": it, "wrong": str(wrong)}, status=400)
    rows = found["interactions"]
    shown = [name for name in SHOWN if any(row[name] is not None for row in rows)]
    head = [
        _("when"),
        *(name.removesuffix("_seconds").replace("_", " ") for name in shown),
        _("who it was"),
        _("about"),
    ]
    table = [[row["occurred_at"], *(_cell(row[name]) for name in shown), _pairs(row["identifiers"]), _pairs(row["subjects"])] for row in rows]  # fmt: skip
    return render(request, "data/preview.html", {"it": it, "found": found, "head": head, "rows": table})


def _cell(value: Any) -> Any:
    """A value as it is shown: money without the zeros that nobody told."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _pairs(told: list[Row] | None) -> str:
    return ", ".join(f"{each['kind'].replace('_', ' ')} {each['value']}" for each in told or [])


@require_POST
def _begin(request: HttpRequest, pk: int) -> HttpResponse:
    it = get_object_or_404(Import, pk=pk)
    try:
        steps.begin(it=it, by=_user(request))
    except UserError as wrong:
        messages.error(request, in_words(str(wrong)))
    return redirect("data_import", pk)


begin = needs("import_data")(_begin)
"""Has the import done."""


@require_POST
def _remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        steps.remove(it=get_object_or_404(Import, pk=pk), by=_user(request))
    except UserError as wrong:
        messages.error(request, in_words(str(wrong)))
        return redirect("data_import", pk)
    messages.success(request, _("The file was deleted. Nothing of it was imported."))
    return redirect("data")


remove = needs("import_data")(_remove)
"""Deletes an upload that is not wanted after all."""


def _looked_into(request: HttpRequest, pk: int) -> Import:
    """An import whose mapping can still be changed. Its page shows values of the file: that is in the audit log."""
    it = get_object_or_404(Import, pk=pk)
    if not it.draft or not it.folder:
        raise Http404
    note(by=request.user, did="looked into an upload", about=f"import {it.pk}")  # type: ignore[arg-type]
    return it


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _yaml(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
