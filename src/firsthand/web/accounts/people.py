"""Adding people and changing what they may do: each change in one piece, with who did it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from filelock import FileLock

from firsthand.errors import UserError
from firsthand.jobs.home import Home, change_settings
from firsthand.web.accounts.first_code import forget_code
from firsthand.web.accounts.models import User
from firsthand.web.accounts.roles import Role
from firsthand.web.audit.record import note


@transaction.atomic
def add_person(
    *, email: str, role: str, by: User | None, name: str = "", teams: Sequence[str] = (), password: str | None = None,
    one_login: bool = False,
) -> tuple[User, str]:  # fmt: skip
    """Adds somebody; returns them and their password, which is made where none is given and told only here.

    one_login: logging in with it spends it.  Raises UserError where the address is wrong or taken, or the role is none.
    """
    try:
        validate_email(email.strip())
    except ValidationError as wrong:
        raise UserError(f'"{email}" is no e-mail address.') from wrong
    if role not in Role.values:
        raise UserError(f'"{role}" is no role. There are: {", ".join(Role.values)}.')
    if User.objects.filter(email=email.strip().lower()).exists():
        raise UserError(f"{email} is there already.")
    password = password or secrets.token_urlsafe(12)
    person = User.objects.create_user(email, password, role=role, name=name, teams=list(teams), one_login=one_login)
    note(by=by, did="added a user", about=f"user {person.pk}, {role}")
    return person, password


def first_administrator(*, home: Home, organisation: str, email: str, name: str, password: str) -> User | None:
    """Names the organisation and makes its first administrator; None, and nothing is changed, where there is somebody."""
    with FileLock(home.folder / ".first-start"), transaction.atomic():
        if User.objects.exists():
            return None
        person, _password = add_person(email=email, role=Role.ADMINISTRATOR, by=None, name=name, password=password)
        change_settings(home, name=organisation)
    forget_code(home.folder)
    return person


@transaction.atomic
def change_person(
    *, person: User, by: User, role: str, teams: Sequence[str], may_log_in: bool, name: str | None = None
) -> None:
    """Changes role, teams and whether somebody may log in. Raises UserError where no administrator would be left."""
    administrators = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    stays = role == Role.ADMINISTRATOR and may_log_in
    if not stays and not administrators.exclude(pk=person.pk).exists():
        raise UserError("Somebody must remain administrator.")
    person.role, person.teams, person.is_active = role, list(teams), may_log_in
    if name is not None:
        person.name = name
    person.save()
    note(by=by, did="changed a user", about=f"user {person.pk}, {role}, {'may' if may_log_in else 'may not'} log in")


@transaction.atomic
def new_password(*, person: User, by: User) -> str:
    """Gives somebody a new password, which is told only here; whoever is logged in as them is logged out, and their tokens are revoked."""
    password = secrets.token_urlsafe(12)
    person.set_password(password)
    person.one_login = False
    person.save(update_fields=["password", "one_login"])
    tokens, _each = person.api_tokens.all().delete()
    note(by=by, did="gave a user a new password", about=f"user {person.pk}, {tokens} tokens revoked")
    return password


@transaction.atomic
def spend_password(*, person: User) -> None:
    """Takes a password that holds for one login away; whoever is logged in may set another."""
    person.set_unusable_password()
    person.one_login = False
    person.save(update_fields=["password", "one_login"])
    note(by=person, did="spent a password for one login", about=f"user {person.pk}")


@transaction.atomic
def remove_second_factor(*, person: User, by: User) -> None:
    """Removes somebody's second factor and recovery codes: the password alone lets them in until they set up another."""
    Authenticator.objects.filter(user=person).delete()
    note(by=by, did="removed a second factor", about=f"user {person.pk}")
