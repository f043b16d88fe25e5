"""People who use the website."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from firsthand.web.accounts.roles import Role


class People(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **told: Any) -> User:
        person = self.model(email=email.strip().lower(), **told)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in. What they may do follows from the role; an owner edits what the teams named here own."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.VIEWER)
    teams = models.JSONField(_("teams"), default=list, blank=True)
    is_active = models.BooleanField(_("may log in"), default=True)
    since = models.DateTimeField(auto_now_add=True)
    one_login = models.BooleanField(default=False)
    """Whether the password is spent by logging in with it."""

    api_tokens: Any
    """The tokens of the API, which stands above."""

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, right: str) -> bool:
        """Whether the role has a right (see roles.RIGHTS)."""
        return Role(self.role).may(right)
