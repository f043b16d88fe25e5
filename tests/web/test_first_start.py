"""The first start: an organisation's name and an administrator; after that the door is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from firsthand.jobs.home import Home, open_home


@pytest.fixture
def visitor(database: None) -> Any:
    from django.test import Client

    return Client(raise_request_exception=False)


TOLD = {"organisation": "Acme", "name": "Ada", "email": "ada@example.org", "password": "a long password"}


def test_where_nobody_is_every_address_leads_to_the_first_start(visitor: Any) -> None:
    assert visitor.get("/").headers["Location"] == "/welcome/"
    assert visitor.get("/accounts/login/").headers["Location"] == "/welcome/"
    assert visitor.get("/healthz").content == b"ok\n"


def test_the_first_one_names_the_organisation_and_is_its_administrator(visitor: Any, own_home: Home) -> None:
    from firsthand.web.accounts.models import User

    assert visitor.post("/welcome/", TOLD).headers["Location"] == "/"
    person = User.objects.get()
    assert (person.email, person.role) == ("ada@example.org", "administrator")
    assert open_home(own_home.folder).settings.name == "Acme"
    assert visitor.get("/welcome/").headers["Location"] == "/", "the door is closed behind her"


def test_a_short_password_is_told_at_its_field(visitor: Any, own_home: Home) -> None:
    from firsthand.web.accounts.models import User

    page = visitor.post("/welcome/", TOLD | {"password": "short"}).content.decode()
    assert "at least 10 characters" in page
    assert 'value="Acme"' in page, "what was typed is still there"
    assert not User.objects.exists()


def test_nobody_signs_up_alone(somebody: Callable[..., Any], visitor: Any) -> None:
    somebody("viewer")
    assert visitor.get("/accounts/signup/").status_code == 403


def test_the_password_of_a_new_user_is_told_once_and_opens_the_door(website: Home, visitor: Any) -> None:
    from firsthand.errors import UserError
    from firsthand.web.accounts.people import add_person

    _person, password = add_person(email="New@Example.org", role="analyst", by=None)
    assert (
        visitor.post("/accounts/login/", {"login": "new@example.org", "password": password}).headers["Location"] == "/"
    )
    with pytest.raises(UserError, match="is there already"):
        add_person(email="new@example.org", role="viewer", by=None)
    with pytest.raises(UserError, match="is no role"):
        add_person(email="other@example.org", role="boss", by=None)
