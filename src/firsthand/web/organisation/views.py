"""Settings of the organisation: its teams, its roles, privacy, and the home itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firsthand.errors import HomeError, UserError
from firsthand.jobs.home import open_home
from firsthand.jobs.refresh import map_of
from firsthand.journeys import ExperienceMap
from firsthand.web.accounts.models import User
from firsthand.web.accounts.rights import needs
from firsthand.web.accounts.roles import RIGHTS, Role
from firsthand.web.organisation.forms import HomeSettings, Privacy
from firsthand.web.organisation.settings_file import change, tell

Row = dict[str, Any]
RIGHTS_TOLD = {
    "own_account": gettext_lazy("change the own password and second factor"),
    "see_figures": gettext_lazy("see figures: all pages but those of single customers, and downloads"),
    "see_customer": gettext_lazy("see one customer's life"),
    "list_customers": gettext_lazy("list customers"),
    "decide_who_is_who": gettext_lazy("split and join customers"),
    "label_comments": gettext_lazy("correct what comments are about"),
    "edit_map": gettext_lazy("edit the map (owners: what their teams own)"),
    "import_data": gettext_lazy("bring in files, see and retry what was put aside"),
    "export_customer": gettext_lazy("export all that is known of a customer"),
    "forget_customer": gettext_lazy("forget a customer"),
    "administer": gettext_lazy("change people and settings, read the audit log"),
}


def home_map() -> ExperienceMap | None:
    """The map; None where it cannot be read, which must not lock anybody out of the settings."""
    try:
        return map_of(open_home(settings.HOME))
    except UserError:
        return None


def team_names() -> list[str]:
    """The teams of the map, those that own something without being listed among them too."""
    found = home_map()
    if found is None:
        return []
    return sorted({*found.teams, *(point.owner for point in found.touchpoints if point.owner)})


@needs("administer")
def teams(request: HttpRequest) -> HttpResponse:
    """The teams of the map: their address, what they own, and who of them may log in."""
    found = home_map()
    people = list(User.objects.filter(is_active=True).order_by("email"))
    rows = [
        {
            "name": name, "address": found.teams.get(name, {}).get("address", ""),
            "owns": [point.name for point in found.touchpoints if point.owner == name],
            "people": [person for person in people if name in person.teams],
        }
        for name in team_names()
    ] if found else []  # fmt: skip
    return render(request, "organisation/teams.html", {"teams": rows, "tab": "teams", "broken": found is None})


@needs("administer")
def roles(request: HttpRequest) -> HttpResponse:
    """Which role may do what."""
    table = [(RIGHTS_TOLD.get(right, right), [role in having for role in Role]) for right, having in RIGHTS.items()]
    return render(
        request, "organisation/roles.html", {"roles": [role.label for role in Role], "table": table, "tab": "roles"}
    )


@needs("administer")
def privacy(request: HttpRequest) -> HttpResponse:
    """From how many customers on figures are shown, whether employees are, and how long what is kept."""
    return _settings_page(request, Privacy, "privacy", gettext_lazy("Privacy"), "settings_privacy")


@needs("administer")
def home(request: HttpRequest) -> HttpResponse:
    """The organisation's name, time zone, currency and country."""
    return _settings_page(request, HomeSettings, "home", gettext_lazy("Home"), "settings_home")


def _settings_page(request: HttpRequest, kind: type[forms.Form], tab: str, title: Any, address: str) -> HttpResponse:
    now = open_home(settings.HOME)
    initial = {name: getattr(now.settings, name) for name in kind().fields}
    form = kind(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            changed = change(changed=form.cleaned_data, by=request.user)
        except HomeError as wrong:
            tell(form, wrong)
        else:
            messages.success(request, _("The settings were changed.") if changed else _("Nothing was changed."))
            return redirect(address)
    context = {"form": form, "tab": tab, "title": title, "folder": now.folder, "settings": now.settings}
    return render(request, "organisation/form.html", context, status=400 if form.errors else 200)
