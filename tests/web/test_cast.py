"""A cast that tries every address as every role: private by default, and nobody sees more than the role allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

ROLES = ("viewer", "analyst", "owner", "service", "administrator")
WITHOUT_LOGIN = {"healthz", "readyz", "metrics", "welcome/", "language/"}


def addresses() -> Iterator[tuple[str, Any]]:
    """Every pattern of ours with its view; those of libraries are known by name (accounts.rights.ALLAUTH)."""
    from django.urls import URLPattern, get_resolver

    def walk(patterns: Any, before: str) -> Iterator[tuple[str, Any]]:
        for each in patterns:
            if isinstance(each, URLPattern):
                yield before + str(each.pattern), each.callback
            else:
                yield from walk(each.url_patterns, before + str(each.pattern))

    yield from (
        (route, view) for route, view in walk(get_resolver().url_patterns, "") if not route.startswith("accounts/")
    )


def test_every_view_says_which_right_it_needs(website: Any) -> None:
    silent = [route for route, view in addresses() if not hasattr(view, "right") and not route.startswith("api/")]
    assert silent == []


def test_only_a_few_addresses_open_without_login(website: Any, somebody: Callable[..., Any]) -> None:
    from django.test import Client

    somebody("viewer")
    visitor = Client(raise_request_exception=False)
    for route, view in addresses():
        if "<" in route or route.startswith("api/"):
            continue
        answer = visitor.get(f"/{route}")
        if route in WITHOUT_LOGIN:
            assert getattr(view, "right", "") is None, route
        else:
            assert answer.status_code == 302, route
            assert answer.headers["Location"].startswith("/accounts/login/"), route


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_403_exactly_where_it_lacks_the_right(role: str, client_as: Callable[..., Any]) -> None:
    client = client_as(role)
    for route, view in addresses():
        right = getattr(view, "right", None)
        if "<" in route or right is None:
            continue
        refused = client.get(f"/{route}").status_code == 403
        assert refused == (not client.person.may(right)), f"{role} at /{route}, which needs {right}"


def test_no_browser_keeps_what_may_show_who_somebody_is(client_as: Callable[..., Any]) -> None:
    client = client_as("administrator")
    personal = [
        "/customers/", "/customers/review/", "/data/", "/data/rejected/", "/data/imports/", "/settings/", "/settings/log/", "/settings/log.csv",
        "/map/touchpoint/?name=promised&people=1", "/figures/customers.csv", "/api/rejected",
    ]  # fmt: skip
    kept = [each for each in personal if "no-store" not in client.get(each).headers.get("Cache-Control", "")]
    assert kept == []
    assert "no-store" not in client.get("/promises/").headers.get("Cache-Control", "")
