"""The customer that an address names: as it is, under an older id, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firsthand.errors import NobodyFound
from firsthand.jobs.home import open_home
from firsthand.jobs.who_is_who import customer

View = Callable[..., HttpResponse]


def of_one_customer(view: View) -> View:
    """Gives a view the customer's id and identifiers in place of the id in the address.

    The address of an id that was given up leads to the one of the customer it belongs to now; of an id that was never
    given, to a page that says so (404).
    """

    @wraps(view)
    def named(request: HttpRequest, who: str, **more: Any) -> HttpResponse:
        try:
            found, identifiers = customer(open_home(settings.HOME), who)
        except NobodyFound:
            return unknown(request)
        if found != who:
            match = request.resolver_match
            query = request.META.get("QUERY_STRING", "")
            there = (
                reverse(match.view_name, args=[found])
                if match and request.method == "GET"
                else reverse("customer", args=[found])
            )
            return redirect(there + (f"?{query}" if query and request.method == "GET" else ""))
        return view(request, who=found, identifiers=identifiers, **more)

    return named


def unknown(request: HttpRequest) -> HttpResponse:
    """Says that an address leads to no customer."""
    return render(request, "customers/unknown.html", status=404)
