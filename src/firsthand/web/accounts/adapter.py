"""Nobody signs up by themselves: administrators add people."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse

from firsthand.web.accounts.models import User
from firsthand.web.accounts.people import spend_password


class ClosedDoor(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody lands: who may not see figures, at the search for a customer."""
        user = request.user
        return "/" if isinstance(user, User) and user.may("see_figures") else "/customers/"

    def post_login(self, request: HttpRequest, user: Any, **told: Any) -> HttpResponse:
        """Somebody has come in; a password that holds for one login is spent by that."""
        response: HttpResponse = super().post_login(request, user, **told)
        if user.one_login:
            spend_password(person=user)
            update_session_auth_hash(request, user)
        return response

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail goes out: there may be no server for it."""
