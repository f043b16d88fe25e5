"""Settings: people and their roles, teams, privacy, the home, and the audit log."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from firsthand.jobs.home import Home, change_settings, open_home


@pytest.fixture
def boss(client_as: Callable[..., Any], own_home: Home) -> Any:
    client = client_as("administrator")
    client.home = own_home
    return client


KEPT = {"vacuum_grace_hours": "24", "keep_interactions_days": "0", "keep_text_days": "0", "keep_rejected_days": "0"}


def page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_somebody_is_added_and_logs_in_with_the_password_that_is_shown_once(boss: Any) -> None:
    from django.test import Client

    from firsthand.web.accounts.models import User

    told = boss.post("/settings/", {"email": "New@example.org", "role": "owner", "teams": ["logistics"]})
    password = re.search(r'class="secret">([^<]+)<', told.content.decode())
    assert password
    assert "no-store" in told.headers["Cache-Control"]
    assert password[1] not in page(boss.get("/settings/"))
    added = User.objects.get(email="new@example.org")
    assert (added.role, added.teams) == ("owner", ["logistics"])
    door = Client().post("/accounts/login/", {"login": "new@example.org", "password": password[1]})
    assert door.headers["Location"] == "/"


def test_an_address_that_is_there_is_told_at_its_field(boss: Any) -> None:
    answer = boss.post("/settings/", {"email": boss.person.email, "role": "viewer"})
    assert answer.status_code == 400
    assert "is there already" in page(answer)


def test_a_role_is_changed_and_who_may_not_log_in_is_out_at_once(boss: Any, client_as: Callable[..., Any]) -> None:
    viewer = client_as("viewer")
    address = f"/settings/people/{viewer.person.pk}/"
    boss.post(address, {"name": "Vi", "role": "analyst", "may_log_in": "on"})
    viewer.person.refresh_from_db()
    assert (viewer.person.role, viewer.person.name) == ("analyst", "Vi")
    assert viewer.get("/data/imports/").status_code == 200
    boss.post(address, {"name": "Vi", "role": "analyst"})
    assert viewer.get("/data/imports/").headers["Location"].startswith("/accounts/login/")


def test_the_last_administrator_stays(boss: Any) -> None:
    answer = boss.post(f"/settings/people/{boss.person.pk}/", {"role": "viewer", "may_log_in": "on"})
    assert answer.status_code == 400
    assert "Somebody must remain administrator." in page(answer)
    assert boss.get("/settings/").status_code == 200


def test_a_new_password_logs_the_old_one_out(boss: Any, client_as: Callable[..., Any]) -> None:
    viewer = client_as("viewer")
    told = boss.post(f"/settings/people/{viewer.person.pk}/password/")
    assert 'class="secret"' in page(told)
    assert viewer.get("/settings/").headers["Location"].startswith("/accounts/login/")
    boss.post(f"/settings/people/{boss.person.pk}/password/")
    assert boss.get("/settings/").status_code == 200, "who gives oneself a new one stays logged in"


def test_teams_are_those_of_the_map(boss: Any) -> None:
    told = page(boss.get("/settings/teams/"))
    assert "logistics" in told
    assert "l@example.com" in told
    assert "promised, delivered" in told


def test_a_broken_map_does_not_close_the_settings(boss: Any) -> None:
    boss.home.map_file.write_text("stages: 7", "utf-8")
    assert "cannot be read" in page(boss.get("/settings/teams/"))
    assert boss.get("/settings/").status_code == 200


def test_the_table_of_roles_says_what_is_so(boss: Any) -> None:
    from firsthand.web.accounts.roles import RIGHTS

    told = boss.get("/settings/roles/").content.decode()
    assert told.count("✓") == sum(len(having) for having in RIGHTS.values())


def test_privacy_is_changed_and_noted(boss: Any) -> None:
    from firsthand.web.audit.models import Entry

    boss.post(
        "/settings/privacy/", {"minimum_group": "25", "employee_figures": "on"} | KEPT | {"keep_text_days": "365"}
    )
    now = open_home(boss.home.folder).settings
    assert (now.minimum_group, now.employee_figures, now.keep_text_days) == (25, True, 365)
    assert Entry.objects.filter(
        did="changed settings", about="minimum_group = 25, employee_figures = True, keep_text_days = 365"
    ).exists()


def test_what_is_wrong_is_told_at_its_field_and_changes_nothing(boss: Any) -> None:
    few = boss.post("/settings/privacy/", {"minimum_group": "1"} | KEPT)
    assert few.status_code == 400
    assert "greater than or equal to 2" in page(few)
    told = {"name": "Acme", "timezone": "Europe/Berlin", "currency": "EURO", "country": "DE"}
    wrong = boss.post("/settings/home/", told)
    assert "no code of three letters" in page(wrong)
    assert str(boss.home.folder) + "/firsthand.toml" not in page(wrong)
    assert open_home(boss.home.folder).settings == boss.home.settings
    boss.post("/settings/home/", told | {"currency": "chf"})
    now = open_home(boss.home.folder).settings
    assert (now.name, now.currency, now.country) == ("Acme", "CHF", "DE")


@pytest.mark.parametrize("key", KEPT)
def test_nothing_is_kept_longer_than_there_are_days(boss: Any, key: str) -> None:
    from firsthand.errors import HomeError

    answer = boss.post("/settings/privacy/", {"minimum_group": "10"} | KEPT | {key: "999999"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [key])
    with pytest.raises(HomeError, match=rf"firsthand\.toml: {key} = 999999: it must be at most 36500"):
        change_settings(boss.home, **{key: 999_999})


def test_figures_on_employees_are_refused_until_they_are_turned_on(boss: Any) -> None:
    for query in ("by=employee", "by=channel&by=employee"):
        refused = boss.get(f"/figures/measures.csv?chosen=DONE&{query}")
        assert refused.status_code == 400
        assert "single employees are off" in page(refused)
    assert boss.get("/figures/signals.csv?group=first:employee=Ada").status_code == 400
    change_settings(boss.home, employee_figures=True)
    assert boss.get("/figures/measures.csv?chosen=DONE&by=employee").status_code == 200


def test_the_log_is_filtered_paged_and_downloaded(boss: Any, somebody: Callable[..., Any]) -> None:
    from firsthand.web.audit.record import note

    other = somebody("service")
    for number in range(60):
        note(by=other, did="saw a customer", customer=f"C{number}")
    note(by=None, did="added a user", about="=user 7")
    assert "Page 1 of 2" in page(boss.get("/settings/log/"))
    one = page(boss.get("/settings/log/?customer=C59"))
    assert one.count("saw a customer") == 1
    assert "added a user" in page(boss.get("/settings/log/?person=0"))
    assert "saw a customer" not in page(boss.get("/settings/log/?person=0"))
    assert boss.get("/settings/log/?person=x&page=99").status_code == 200
    lines = b"".join(boss.get(f"/settings/log.csv?person={other.pk}").streaming_content).decode().splitlines()
    assert lines[0] == "at,by,did,customer_id,about"
    assert len(lines) == 61
    safe = b"".join(boss.get("/settings/log.csv?person=0").streaming_content).decode()
    assert "'=user 7" in safe, "a cell that no spreadsheet takes for a formula"


@pytest.mark.parametrize("address", ["/settings/people/1/", "/settings/people/1/password/", "/settings/log.csv"])
def test_only_administrators_come_in(address: str, client_as: Callable[..., Any], home: Home) -> None:
    for role in ("viewer", "analyst", "owner", "service"):
        assert client_as(role).get(address).status_code == 403


def test_of_two_settings_that_are_changed_at_once_both_hold(own_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Thread

    from firsthand.jobs import home as module

    other = Thread(target=lambda: change_settings(own_home, minimum_group=25))
    written = module._as_toml

    def while_another_comes(settings: Any) -> str:
        if settings.name == "Acme" and not other.ident:
            other.start()
            other.join(0.5)
        return written(settings)

    monkeypatch.setattr(module, "_as_toml", while_another_comes)
    change_settings(own_home, name="Acme")
    other.join()
    now = open_home(own_home.folder).settings
    assert (now.name, now.minimum_group) == ("Acme", 25)


def test_administrators_see_and_revoke_tokens_and_a_new_password_revokes_them_all(
    boss: Any, client_as: Callable[..., Any]
) -> None:
    from firsthand.web.api.tokens import make_token, user_of
    from firsthand.web.audit.models import Entry

    viewer = client_as("viewer")
    first, _text = make_token(by=viewer.person, name="till", days=1)
    _second, text = make_token(by=viewer.person, name="robot", days=1)
    address = f"/settings/people/{viewer.person.pk}/"
    assert "Revoke till" in page(boss.get(address))
    assert viewer.post(f"{address}tokens/{first.pk}/revoke/").status_code == 403
    assert boss.post(f"/settings/people/{boss.person.pk}/tokens/{first.pk}/revoke/").status_code == 404
    assert boss.post(f"{address}tokens/{first.pk}/revoke/").headers["Location"] == address
    assert Entry.objects.filter(by=boss.person, did="revoked an API token").exists()
    assert "Revoke till" not in page(boss.get(address))
    assert user_of(text) == viewer.person
    boss.post(f"{address}password/")
    assert user_of(text) is None


def test_a_lost_second_factor_is_removed_by_an_administrator_who_made_sure(
    boss: Any, client_as: Callable[..., Any]
) -> None:
    from allauth.mfa.models import Authenticator

    from firsthand.web.audit.models import Entry

    viewer = client_as("viewer")
    address = f"/settings/people/{viewer.person.pk}/"
    assert "Remove the second factor" not in page(boss.get(address))
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=viewer.person, type=kind, data={})
    assert "Remove the second factor" in page(boss.get(address))
    assert viewer.post(f"{address}second-factor/", {"sure": "on"}).status_code == 403
    boss.post(f"{address}second-factor/")
    assert Authenticator.objects.filter(user=viewer.person).count() == 2, "nobody made sure"
    boss.post(f"{address}second-factor/", {"sure": "on"})
    assert not Authenticator.objects.filter(user=viewer.person).exists()
    assert Entry.objects.filter(by=boss.person, did="removed a second factor").exists()
