"""Nobody signs up by themselves: administrators add people."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from firsthand.web.accounts.models import User


class ClosedDoor(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody lands: who may not see figures, at the search for a customer."""
        user = request.user
        return "/" if isinstance(user, User) and user.may("see_figures") else "/customers/"

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail goes out: there may be no server for it."""
