"""Who may ask the API what: each address names a right, and whoever lacks it gets 403."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer

from firsthand.web.accounts.models import User
from firsthand.web.accounts.roles import RIGHTS
from firsthand.web.api.tokens import user_of

FORBIDDEN = "Your role does not allow it."


def checked(user: User, right: str) -> User:
    """The user, if they have the right. Raises HttpError 403 otherwise."""
    if not user.may(right):
        raise HttpError(403, FORBIDDEN)
    return user


class Token(HttpBearer):
    """`Authorization: Bearer …`, with a token made on /account/tokens/."""

    def __init__(self, right: str) -> None:
        super().__init__()
        self.right = right

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of(token)
        return None if user is None else checked(user, self.right)


class OwnPages(APIKeyCookie):
    """Somebody who is logged in to the website, from its own pages, and only to look."""

    param_name = "sessionid"

    def __init__(self, right: str) -> None:
        super().__init__(csrf=False)
        self.right = right

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        from_own_pages = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
        user: Any = request.user
        if request.method != "GET" or not from_own_pages or not user.is_authenticated or not user.is_active:
            return None
        return checked(user, self.right)


def who_may(right: str) -> list[Any]:
    """The ways in to an address that needs a right. Raises KeyError where there is no such right."""
    if right not in RIGHTS:
        raise KeyError(right)
    return [Token(right), OwnPages(right)]


def nobody(request: HttpRequest) -> None:
    """Refuses everybody: what an address does that names no right."""
