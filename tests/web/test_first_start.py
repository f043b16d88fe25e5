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


@pytest.mark.parametrize("elsewhere", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_FORWARDED": "for=_x"}])  # fmt: skip
def test_who_comes_from_elsewhere_must_know_the_code(visitor: Any, own_home: Home, elsewhere: dict[str, str]) -> None:
    from firsthand.web.accounts.models import User

    assert 'name="code"' not in visitor.get("/welcome/").content.decode(), "a laptop stays one command"
    assert 'name="code"' in visitor.get("/welcome/", **elsewhere).content.decode()
    for wrong in ({}, {"code": "gueßed"}):
        assert visitor.post("/welcome/", TOLD | wrong, **elsewhere).status_code == 200
        assert not User.objects.exists()
    file = own_home.folder / "first-start.code"
    assert file.stat().st_mode & 0o077 == 0
    assert visitor.post("/welcome/", TOLD | {"code": file.read_text()}, **elsewhere).headers["Location"] == "/"
    assert User.objects.get().role == "administrator"
    assert not file.exists(), "it holds once"


def test_of_two_first_visitors_one_is_administrator(database: None, own_home: Home) -> None:
    from firsthand.web.accounts.models import User
    from firsthand.web.accounts.people import first_administrator

    told = {"organisation": "Acme", "name": "", "password": "a long password"}
    assert first_administrator(home=own_home, email="ada@example.org", **told)
    assert first_administrator(home=own_home, email="eve@example.org", **told | {"organisation": "Eve"}) is None
    assert User.objects.get().email == "ada@example.org"
    assert open_home(own_home.folder).settings.name == "Acme"


def test_the_code_is_printed_while_there_is_nobody(
    own_home: Home, somebody: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    from firsthand.web.commands import _tell_code

    _tell_code(own_home.folder)
    file = own_home.folder / "first-start.code"
    assert file.read_text().strip() in capsys.readouterr().out
    somebody("administrator")
    _tell_code(own_home.folder)
    assert not capsys.readouterr().out
    assert not file.exists()


def test_a_short_password_is_told_at_its_field(visitor: Any, own_home: Home) -> None:
    from firsthand.web.accounts.models import User

    page = visitor.post("/welcome/", TOLD | {"password": "short"}).content.decode()
    assert "at least 10 characters" in page
    assert 'value="Acme"' in page, "what was typed is still there"
    assert not User.objects.exists()


def test_the_login_page_promises_no_mail(somebody: Callable[..., Any], visitor: Any) -> None:
    somebody("viewer")
    page = visitor.get("/accounts/login/").content.decode()
    assert "An administrator gives you a new one" in page
    assert "/accounts/password/reset/" not in page


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


def test_a_password_for_one_login_is_spent_by_it_and_its_owner_sets_another(visitor: Any, own_home: Home) -> None:
    from django.test import Client

    from firsthand.web.accounts.people import add_person

    person, password = add_person(email="ada@example.org", role="analyst", by=None, one_login=True)
    told = {"login": person.email, "password": password}
    assert visitor.post("/accounts/login/", told).headers["Location"] == "/"
    assert visitor.get("/settings/").status_code != 302, "she stays logged in"
    assert "_auth_user_id" not in visitor_of(Client(), told).session
    assert visitor.get("/accounts/password/change/").headers["Location"] == "/accounts/password/set/"
    own = {"password1": "words of her own", "password2": "words of her own"}
    assert visitor.post("/accounts/password/set/", own).status_code == 302
    page = visitor.get("/accounts/password/change/").content.decode()
    assert "An administrator gives you a new one" in page
    assert "/accounts/password/reset/" not in page, "no mail is sent"
    for _ in range(2):
        assert "_auth_user_id" in visitor_of(Client(), told | {"password": "words of her own"}).session, (
            "that one stays"
        )


def test_a_password_that_an_administrator_gives_holds_for_every_login(
    visitor: Any, somebody: Callable[..., Any]
) -> None:
    from django.test import Client

    from firsthand.web.accounts.people import add_person, new_password

    person, _spent = add_person(email="ada@example.org", role="analyst", by=None, one_login=True)
    told = {"login": person.email, "password": new_password(person=person, by=somebody("administrator"))}
    for _ in range(2):
        assert "_auth_user_id" in visitor_of(Client(), told).session


def visitor_of(client: Any, told: dict[str, str]) -> Any:
    """A client that tried to log in."""
    client.post("/accounts/login/", told)
    return client
