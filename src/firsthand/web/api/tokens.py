"""Making, finding and revoking tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from firsthand.web.accounts.models import User
from firsthand.web.api.models import ApiToken
from firsthand.web.audit.record import note

USED_AGAIN = timedelta(minutes=1)
"""How long after a use the next one is not written down."""


@transaction.atomic
def make_token(*, by: User, name: str, days: int) -> tuple[ApiToken, str]:
    """Makes a token in the user's name; returns it and its text, which is told only here."""
    text = f"fh_{secrets.token_urlsafe(32)}"
    made = ApiToken.objects.create(
        user=by, name=name, sha256=_digest(text), ends_at=timezone.now() + timedelta(days=days)
    )
    note(by=by, did="made an API token", about=f"token {made.pk}, for {days} days")
    return made, text


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """Deletes a token: nobody is let in by it any more."""
    note(by=by, did="revoked an API token", about=f"token {token.pk} of user {token.user.pk}")
    token.delete()


def user_of(text: str) -> User | None:
    """The user whose token it is; None where there is no such token, it has ended, or the user may not log in."""
    now = timezone.now()
    found = ApiToken.objects.select_related("user").filter(sha256=_digest(text), ends_at__gt=now).first()
    if found is None or not found.user.is_active:
        return None
    unused = Q(used_at=None) | Q(used_at__lt=now - USED_AGAIN)
    ApiToken.objects.filter(unused, pk=found.pk).update(used_at=now)
    return found.user


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
