"""The first start: as long as there is nobody, every address leads to where the first administrator is made."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firsthand.web.accounts.models import User

WELCOME = "/welcome/"
OPEN = (WELCOME, "/static/", "/healthz", "/readyz", "/metrics", "/language/")


class FirstStart:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.somebody = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.somebody and not request.path.startswith(OPEN):
            self.somebody = User.objects.exists()
            if not self.somebody:
                return redirect(WELCOME)
        return self.get_response(request)
