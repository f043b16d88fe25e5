"""Deny by default: a view that does not say which right it needs is nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from firsthand.web.accounts.roles import PERSONAL, RIGHTS

View = TypeVar("View", bound=Callable[..., Any])
ALLAUTH = {
    "account_login", "account_logout", "account_change_password", "account_set_password", "account_reauthenticate", "account_inactive",
    "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_download_recovery_codes",
}  # fmt: skip
"""Addresses of django-allauth that are used here; its others (signing up by oneself, changing the address) are closed."""


def needs(right: str) -> Callable[[View], View]:
    """Marks a view with the right that it needs; those who lack it get 403."""
    if right not in RIGHTS:
        raise KeyError(right)

    def mark(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """Marks a view that needs no right."""
    view.right = None  # type: ignore[attr-defined]
    return view


class DenyByDefault:
    """Lets a request through to a view only if the user has the right that the view names; no browser keeps what is personal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match and getattr(match.func, "right", None) in PERSONAL:
            add_never_cache_headers(response)
        return response

    def process_view(self, request: Any, view: Any, _args: Any, _named: Any) -> None:
        if request.resolver_match and request.resolver_match.view_name in ALLAUTH:
            return
        if not hasattr(view, "right"):
            raise PermissionDenied
        if view.right is not None and not request.user.may(view.right):
            raise PermissionDenied
