"""The first start, and the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.i18n import set_language

from firsthand.jobs.home import open_home
from firsthand.web.accounts.first_code import code_of, from_this_machine
from firsthand.web.accounts.forms import Welcome
from firsthand.web.accounts.models import User
from firsthand.web.accounts.people import first_administrator
from firsthand.web.accounts.rights import open_to_all


@open_to_all
@login_not_required
def welcome(request: HttpRequest) -> HttpResponse:
    """Asks for the organisation's name and makes the first administrator; only while there is nobody.

    Who comes from elsewhere than this machine must know the code of the first start.
    """
    if User.objects.exists():
        return redirect("today")
    home = open_home(settings.HOME)
    expected = None if from_this_machine(request) else code_of(home.folder)
    form = Welcome(request.POST or None, expected=expected, initial={"organisation": home.settings.name})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        person = first_administrator(
            home=home, organisation=told["organisation"], email=told["email"], name=told["name"], password=told["password"]
        )  # fmt: skip
        if person is not None:
            login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("today")
    return render(request, "accounts/welcome.html", {"form": form})


language = open_to_all(login_not_required(set_language))
