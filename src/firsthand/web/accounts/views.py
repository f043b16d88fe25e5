"""The first start, and the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.i18n import set_language

from firsthand.jobs.home import change_settings, open_home
from firsthand.web.accounts.forms import Welcome
from firsthand.web.accounts.models import User
from firsthand.web.accounts.people import add_person
from firsthand.web.accounts.rights import open_to_all
from firsthand.web.accounts.roles import Role


@open_to_all
@login_not_required
def welcome(request: HttpRequest) -> HttpResponse:
    """Asks for the organisation's name and makes the first administrator; only while there is nobody."""
    if User.objects.exists():
        return redirect("today")
    home = open_home(settings.HOME)
    form = Welcome(request.POST or None, initial={"organisation": home.settings.name})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        change_settings(home, name=told["organisation"])
        person, _password = add_person(
            email=told["email"], role=Role.ADMINISTRATOR, by=None, name=told["name"], password=told["password"]
        )
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("today")
    return render(request, "accounts/welcome.html", {"form": form})


language = open_to_all(login_not_required(set_language))
