"""A user's mistake, such as a day that is none, becomes a page that says so; so does it when others are being answered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firsthand.errors import Busy, UserError

AGAIN = 10
"""After how many seconds a page that had to wait is asked for again."""


class TellMistakes:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Busy):
            response = render(request, "busy.html", {"seconds": AGAIN}, status=503)
            response["Retry-After"] = str(AGAIN)
            return response
        if not isinstance(error, UserError):
            return None
        return render(request, "mistake.html", {"said": str(error)}, status=400)
