"""Themes that were found without a list; one becomes a topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firsthand.errors import UserError
from firsthand.jobs.find_themes import adopt
from firsthand.web.accounts.models import User
from firsthand.web.accounts.rights import needs
from firsthand.web.audit.record import note
from firsthand.web.figures.faults import in_words
from firsthand.web.figures.page import Page
from firsthand.web.voice import said, tasks, views

Row = dict[str, Any]


class Adoption(forms.Form):
    """What a theme is to be called as a topic."""

    theme = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name of the topic"), max_length=80)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=400, required=False,
        help_text=gettext_lazy("One line, as customers would understand it; without it, the words of the theme."),
    )  # fmt: skip


@needs("see_figures")
def themes(request: HttpRequest) -> HttpResponse:
    """Every theme with its words, size, growth and quotes; a form makes a topic of one."""
    page = Page.of(request)
    wrong: Adoption | None = None
    if request.method == "POST":
        wrong = Adoption(request.POST, auto_id=f"{request.POST.get('theme', '')}_%s")
        if _adopted(request, page, wrong):
            return redirect(request.get_full_path())
    found = page.ask(voice="voice").voice
    if not found["read"]:
        return views.unread(request, page)
    shown = said.newest_first(found["themes"])
    rows = [row | {"form": wrong if wrong and wrong["theme"].value() == row["theme_id"] else _form(row), "tone": said.felt({"value": row["sentiment"]})} for row in shown]  # fmt: skip
    context = {
        "page": page, "themes": rows, "few": len(found["themes"]) - len(shown), "opened": wrong["theme"].value() if wrong else None,
        "download": said.download("voice", page.filters, rows="themes"),
    }  # fmt: skip
    return render(request, "voice/themes.html", context, status=400 if wrong else 200)


def _form(row: Row) -> Adoption:
    return Adoption(initial={"theme": row["theme_id"]}, auto_id=f"{row['theme_id']}_%s")


def _adopted(request: HttpRequest, page: Page, form: Adoption) -> bool:
    """Whether the theme became a topic; else the form says what is wrong."""
    assert isinstance(request.user, User)
    if not request.user.may("label_comments"):
        raise PermissionDenied
    if not form.is_valid():
        return False
    told = form.cleaned_data
    try:
        made = adopt(
            page.home,
            told["theme"],
            name=told["name"].strip(),
            description=told["description"].strip() or None,
            quoted=False,
        )
    except UserError as wrong:
        form.add_error("name", in_words(str(wrong)))
        return False
    note(by=request.user, did="made a topic of a theme", about=f"{told['theme']}: {made['name']}")
    tasks.read_comments.enqueue()
    messages.success(request, _("“%(name)s” is a topic now. Comments are being sorted by it in the background.") % {"name": made["name"]})  # fmt: skip
    return True
