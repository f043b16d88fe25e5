"""Changing the map in place: one touchpoint in a form, or all of it as YAML."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from firsthand.errors import MapChanged, MapError
from firsthand.jobs.home import Home, open_home
from firsthand.jobs.map_versions import map_sha256, map_text, map_versions
from firsthand.journeys import Touchpoint, load_map
from firsthand.journeys.map import read_map
from firsthand.web.accounts.rights import needs
from firsthand.web.experience_map.forms import MapForm, TouchpointForm
from firsthand.web.experience_map.saving import lines_of, may_edit, save, takes_from_others, text_with
from firsthand.web.figures.faults import in_words
from firsthand.web.figures.figure import rounded

Row = dict[str, Any]


@needs("edit_map")
def edit_touchpoint(request: HttpRequest) -> HttpResponse:
    """The form of one touchpoint."""
    name = request.GET.get("name", "")
    point = next((each for each in load_map(_home().map_file).touchpoints if each.name == name), None)
    if point is None:
        raise Http404
    if not may_edit(request.user, point):
        raise PermissionDenied
    return _touchpoint(request, point)


@needs("edit_whole_map")
def new_touchpoint(request: HttpRequest) -> HttpResponse:
    """The form of a touchpoint that is not on the map yet."""
    return _touchpoint(request, None)


def _touchpoint(request: HttpRequest, point: Touchpoint | None) -> HttpResponse:
    home = _home()
    map_, text, sha256 = load_map(home.map_file), map_text(home), map_sha256(home)
    form = TouchpointForm(
        request.POST or None, map_=map_, text=text, user=request.user, point=point, rule=request.GET.get("rule", "")
    )
    expected, meanwhile = request.POST.get("expected") or sha256, None
    if request.method == "POST" and form.is_valid():
        told = form.told()
        after = _checked(form, home, told, [each.name for each in map_.touchpoints], request.user) if told else text
        if not told:
            messages.info(request, _("Nothing is other than before."))
            return redirect(_address(form.cleaned_data["name"]))
        if after is not None:
            what = f"{form.cleaned_data['name']}: {', '.join(told)}"
            try:
                saved = save(home=home, text=after, by=request.user, reason=form.cleaned_data["why"] or _("changed %(what)s") % {"what": what}, expected=expected, about=what)  # type: ignore[arg-type]  # fmt: skip
                _say(request, saved)
                return redirect(_address(form.cleaned_data["name"]))
            except MapChanged as changed:
                form.add_error(None, in_words(str(changed)))
                meanwhile, expected = _meanwhile(home, expected, text), sha256
    context = {"form": form, "point": point, "expected": expected, "meanwhile": meanwhile}
    return render(request, "experience_map/edit_touchpoint.html", context)


def _checked(form: TouchpointForm, home: Home, told: dict[str, str], names: list[str], user: Any) -> str | None:
    """The map with what the form says; None where that would be no map, or not the user's to say, and the form says why."""
    name = form.point.name if form.point else None
    try:
        text = text_with(home, name, told)
    except MapError as wrong:
        form.add_error(None, in_words(str(wrong)))
        return None
    found, faults = read_map(text)
    for fault in faults:
        form.add_fault(fault, names.index(name) if name else len(names))
    if found and "rules" in told:
        for row in takes_from_others(user, home, found, form.cleaned_data["name"]):
            form.add_error("rules", _("These rules would take %(n)s moments of “%(name)s”, which are %(owner)s's. Make them narrower, or ask an administrator.") % {"n": rounded(row["interactions"], 0), "name": row["touchpoint"], "owner": row["owner"] or _("nobody")})  # fmt: skip
    return text if found and not form.errors else None


@needs("edit_whole_map")
def edit_map(request: HttpRequest) -> HttpResponse:
    """The whole map as YAML; also one that is faulty now."""
    home = _home()
    text, sha256 = map_text(home), map_sha256(home)
    form = MapForm(request.POST or None, initial={"text": text})
    expected, meanwhile = request.POST.get("expected") or sha256, None
    if request.method == "POST" and form.is_valid():
        found, faults = read_map(form.cleaned_data["text"].replace("\r\n", "\n"))
        for fault in faults[:20]:
            form.add_fault(fault)
        if found:
            try:
                saved = save(home=home, text=form.cleaned_data["text"], by=request.user, reason=form.cleaned_data["why"] or _("changed the map as YAML"), expected=expected)  # type: ignore[arg-type]  # fmt: skip
                _say(request, saved)
                return redirect("map")
            except MapChanged as changed:
                form.add_error(None, in_words(str(changed)))
                meanwhile, expected = _meanwhile(home, expected, text), sha256
    return render(request, "experience_map/edit_map.html", {"form": form, "expected": expected, "meanwhile": meanwhile})


def _say(request: HttpRequest, saved: Row) -> None:
    messages.success(request, _("Saved as version %(n)s of the map.") % {"n": saved["version"]})


def _meanwhile(home: Home, expected: str, now: str) -> list[tuple[str, str]] | None:
    """What changed since the form was opened; None where nobody knows how the map stood then."""
    before = next((row["text"] for row in map_versions(home) if row["sha256"] == expected), None)
    return None if before is None else lines_of(before, now)


def _address(name: str) -> str:
    return reverse("touchpoint") + "?" + urlencode({"name": name})


def _home() -> Home:
    return open_home(settings.HOME)
