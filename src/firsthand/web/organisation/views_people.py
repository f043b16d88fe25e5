"""People who may log in: adding them, and changing what they may do."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firsthand.errors import UserError
from firsthand.web.accounts.models import User
from firsthand.web.accounts.people import add_person, change_person, new_password, remove_second_factor
from firsthand.web.accounts.rights import needs
from firsthand.web.figures.faults import in_words
from firsthand.web.organisation.forms import ChangedPerson, NewPerson
from firsthand.web.organisation.views import team_names


def _people(request: HttpRequest) -> HttpResponse:
    form = NewPerson(team_names(), request.POST or None)
    added, password = None, ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            added, password = add_person(
                email=told["email"],
                role=told["role"],
                by=_user(request),
                name=told["name"],
                teams=told.get("teams", []),
            )
            form = NewPerson(team_names())
        except UserError as wrong:
            form.add_error("email", in_words(str(wrong)))
    people = User.objects.order_by("-is_active", "email")
    context = {"form": form, "people": people, "added": added, "password": password, "tab": "people"}
    return render(request, "organisation/people.html", context, status=400 if form.errors else 200)


people = needs("administer")(_people)
"""Who may log in, and adding somebody; the password is shown once, in the answer, and kept nowhere."""


@needs("administer")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes role, teams, name, and whether somebody may log in."""
    whom = get_object_or_404(User, pk=pk)
    teams = sorted({*team_names(), *whom.teams})
    initial = {"name": whom.name, "role": whom.role, "teams": whom.teams, "may_log_in": whom.is_active}
    form = ChangedPerson(teams, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            change_person(
                person=whom, by=_user(request), role=told["role"], teams=told.get("teams", []), may_log_in=told["may_log_in"], name=told["name"]
            )  # fmt: skip
        except UserError as wrong:
            form.add_error("role", in_words(str(wrong)))
        else:
            messages.success(request, _("%(who)s was changed.") % {"who": whom})
            return redirect("settings")
    has_second = Authenticator.objects.filter(user=whom).exists()
    context = {"form": form, "whom": whom, "tokens": whom.api_tokens.all(), "has_second": has_second, "tab": "people"}
    return render(request, "organisation/person.html", context, status=400 if form.errors else 200)


@require_POST
def _password(request: HttpRequest, pk: int) -> HttpResponse:
    whom = get_object_or_404(User, pk=pk)
    by = _user(request)
    told = new_password(person=whom, by=by)
    if whom.pk == by.pk:
        update_session_auth_hash(request, whom)
    return render(request, "organisation/password.html", {"whom": whom, "password": told, "tab": "people"})


password = needs("administer")(_password)
"""Gives somebody a new password, shown once."""


@needs("administer")
@require_POST
def second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Removes somebody's second factor, once the administrator has confirmed that it is they who ask."""
    whom = get_object_or_404(User, pk=pk)
    if request.POST.get("sure"):
        remove_second_factor(person=whom, by=_user(request))
        messages.success(request, _("%(who)s has no second factor any more.") % {"who": whom})
    return redirect("settings_person", pk)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
