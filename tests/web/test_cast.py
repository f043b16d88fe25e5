"""A cast that tries every address as every role: private by default, and nobody sees more than the role allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from firsthand.jobs.home import Home
from firsthand.jobs.who_is_who import customer
from shop import MAPPING, ORDERS

ROLES = ("viewer", "analyst", "owner", "service", "administrator")
BEYOND = {("post", "voice/themes/"): "label_comments"}
"""Rights that a view asks for beside the one that it names."""
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


@pytest.fixture
def real(own_home: Home, somebody: Callable[..., Any]) -> dict[str, str]:
    """A value that is there for each parameter of an address."""
    from firsthand.jobs.map_versions import save_map
    from firsthand.web.api.tokens import make_token

    for more in ("# once\n", "# twice\n"):
        save_map(own_home, own_home.map_file.read_text("utf-8") + more, by="Dana", reason="words")
    (own_home.folder / "mappings").mkdir()
    (own_home.folder / "mappings" / "shop.yaml").write_text(MAPPING, "utf-8")
    token, _text = make_token(by=somebody("viewer"), name="till", days=1)
    return {
        "<slug:who>": customer(own_home, "email=ada@example.com")[0], "<slug:question>": "promises", "<str:name>": "shop.yaml",
        "<int:version>": "1", "<int:user>": str(token.user.pk), "people/<int:pk>": f"people/{somebody('viewer').pk}", "tokens/<int:pk>": f"tokens/{token.pk}",
    }  # fmt: skip


def filled(route: str, real: dict[str, str], upload: Any) -> str:
    """The address of a pattern, with values that are there."""
    for place, value in (real | {"<int:pk>": str(upload.pk)}).items():
        route = route.replace(place, value)
    assert "<" not in route, route
    return f"/{route}"


def uploaded(by: Any) -> Any:
    """A file that was uploaded and not imported yet."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from firsthand.web.data.imports import take_upload

    return take_upload(file=SimpleUploadedFile("orders.csv", ORDERS.encode()), format_name="csv", by=by)


def ours() -> list[tuple[str, Any]]:
    """Every address but the API's, which asks by itself who may; those that open without a form come first."""
    return sorted(((route, view) for route, view in addresses() if not route.startswith("api/")), key=lambda pair: pair[0].endswith(("remove/", "begin/")))  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_a_few_addresses_open_without_login(method: str, real: dict[str, str], somebody: Callable[..., Any]) -> None:  # fmt: skip
    from django.test import Client

    upload, visitor = uploaded(somebody("analyst")), Client(raise_request_exception=False)
    for route, view in ours():
        answer = getattr(visitor, method)(filled(route, real, upload))
        if route in WITHOUT_LOGIN:
            assert getattr(view, "right", "") is None, route
        else:
            assert answer.status_code == 302, route
            assert answer.headers["Location"].startswith("/accounts/login/"), route


def test_a_role_gets_403_exactly_where_it_lacks_the_right_and_nobody_breaks_anything(
    real: dict[str, str], client_as: Callable[..., Any], somebody: Callable[..., Any]
) -> None:
    for role in ROLES:
        client, upload = client_as(role), uploaded(somebody("analyst"))
        for method in ("get", "post"):
            for route, view in ours():
                if view.right is None:
                    continue
                status = getattr(client, method)(filled(route, real, upload)).status_code
                may = client.person.may(view.right) and client.person.may(BEYOND.get((method, route), view.right))
                assert (status == 403) == (not may), f"{role}: {method} {route}, which needs {view.right}"
                assert status < 500, f"{role}: {method} {route} is {status}"


def test_no_browser_keeps_what_may_show_who_somebody_is(client_as: Callable[..., Any]) -> None:
    client = client_as("administrator")
    personal = [
        "/customers/", "/customers/review/", "/data/", "/data/rejected/", "/data/imports/", "/settings/", "/settings/log/", "/settings/log.csv",
        "/map/touchpoint/?name=promised&people=1", "/figures/customers.csv", "/api/rejected",
    ]  # fmt: skip
    kept = [each for each in personal if "no-store" not in client.get(each).headers.get("Cache-Control", "")]
    assert kept == []
    assert "no-store" not in client.get("/promises/").headers.get("Cache-Control", "")
