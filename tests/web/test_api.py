"""The read API: tokens have their user's rights, and the figures are those that pages show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from firsthand.jobs.home import Home
from shop import run

schemathesis = pytest.importorskip("schemathesis", reason="the extra dev is not installed")
ROLES = ("viewer", "analyst", "owner", "service", "administrator")
ADA = "email=ada@example.com"


@pytest.fixture
def asking(somebody: Callable[..., Any]) -> Callable[..., Any]:
    """Asks an address of the API with the token of somebody new with a role."""
    from django.test import Client

    from firsthand.web.api.tokens import make_token

    def make(role: str) -> Callable[..., Any]:
        _token, text = make_token(by=somebody(role), name="test", days=1)
        client = Client(raise_request_exception=False)
        return lambda address, told=None: client.get(
            f"/api/{address}", told, headers={"authorization": f"Bearer {text}"}
        )

    return make


@pytest.fixture
def ada(website: Home) -> str:
    from firsthand.jobs.who_is_who import customer

    return customer(website, ADA)[0]


RIGHTS = {
    "me": "own_account", "figures": "see_figures", "figures/promises": "see_figures", "map": "see_figures", "rejected": "import_data",
    "customers/ADA": "see_customer",
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_a_token_may_what_its_user_may(role: str, asking: Callable[..., Any], ada: str) -> None:
    from firsthand.web.accounts.roles import Role

    ask = asking(role)
    for address, right in RIGHTS.items():
        answer = ask(address.replace("ADA", ada))
        assert answer.status_code == (200 if Role(role).may(right) else 403), f"{role} at {address}"


def test_every_address_of_the_api_names_a_right() -> None:
    from firsthand.web.api.access import OwnPages, Token
    from firsthand.web.api.routes import api

    operations = [
        each for _, router in api._routers for view in router.path_operations.values() for each in view.operations
    ]
    assert len(operations) == len(RIGHTS)
    for operation in operations:
        assert [type(way) for way in operation.auth_callbacks] == [Token, OwnPages], operation.path


def test_nobody_comes_in_without_a_token_that_holds(somebody: Callable[..., Any]) -> None:
    from django.test import Client
    from django.utils import timezone

    from firsthand.web.api.models import ApiToken
    from firsthand.web.api.tokens import make_token, revoke_token

    client, person = Client(), somebody("analyst")

    def status(text: str) -> int:
        return client.get("/api/me", headers={"authorization": text}).status_code

    _token, text = make_token(by=person, name="a program", days=1)
    assert status(f"Bearer {text}") == 200
    assert ApiToken.objects.get().used_at, "when it was used last is written down"
    assert text not in str(ApiToken.objects.values()), "the token itself is not kept"
    for wrong in ("", "Bearer", "Bearer x", text, f"Basic {text}"):
        assert status(wrong) == 401, wrong
    person.is_active = False
    person.save()
    assert status(f"Bearer {text}") == 401, "who may not log in may not ask"
    person.is_active = True
    person.save()
    ApiToken.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert status(f"Bearer {text}") == 401, "its time is over"
    token, other = make_token(by=person, name="another", days=1)
    revoke_token(token=token, by=person)
    assert status(f"Bearer {other}") == 401, "it was revoked"


def test_own_pages_may_ask_and_other_sites_may_not(client_as: Callable[..., Any]) -> None:
    client = client_as("viewer")
    assert client.get("/api/me").json()["role"] == "viewer"
    assert client.get("/api/me", headers={"sec-fetch-site": "cross-site"}).status_code == 401
    assert client.post("/api/me").status_code == 405


def test_a_figure_is_the_one_that_the_command_line_tells(asking: Callable[..., Any], website: Home) -> None:
    told = asking("viewer")("figures/promises", {"by": "owner", "until": "2026-03-31"}).json()
    asked = run(website, "show", "promises", "--by", "owner", "--until", "2026-03-31", "--json")
    assert told["groups"] == json.loads(asked.stdout)["groups"] != []
    assert told["renewing"] is False
    assert told["as_of"]


def test_small_groups_stay_suppressed(asking: Callable[..., Any]) -> None:
    told = asking("analyst")("figures/promises", {"by": "employee"})
    rows = told.json().get("groups", [])
    assert told.status_code == 400 or all(row["suppressed"] for row in rows), "figures on single employees"


@pytest.mark.parametrize(
    ("address", "told", "said"),
    [
        ("figures/promises", {"since": "yesterday"}, "is not a date"),
        ("figures/promises", {"by": "weather"}, "nothing to group by"),
        ("figures/promises", {"against": "2026-01-01..2026-02-01"}, "has no parameter against"),
        ("figures/changes", {}, "needs the parameter against"),
        ("figures/measures", {"chosen": "weather"}, "is no measure"),
        ("rejected", {"limit": "many"}, "limit"),
    ],
)
def test_a_mistake_is_told(address: str, told: dict[str, str], said: str, asking: Callable[..., Any]) -> None:
    answer = asking("analyst")(address, told)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


@pytest.mark.parametrize("address", ["figures/weather", "customers/c0123456789abcde", "weather"])
def test_what_is_not_there_is_404(address: str, asking: Callable[..., Any]) -> None:
    assert asking("administrator")(address).status_code == 404


def test_every_question_tells_its_parameters(asking: Callable[..., Any]) -> None:
    told = asking("viewer")("figures").json()
    known = {row["question"]: {one["name"]: one["required"] for one in row["parameters"]} for row in told["questions"]}
    assert known["changes"]["against"] is True
    assert known["promises"] == {"by": False}
    assert known["funnel"]["steps"] is True
    assert "channel" in told["filters"]


def test_the_map_is_the_homes(asking: Callable[..., Any]) -> None:
    told = asking("viewer")("map").json()
    assert told["stages"] == ["buy", "receive"]
    assert told["touchpoints"][1] | {"rules": []} == {
        "name": "promised", "stage": "receive", "kind": "promise", "channel": None, "owner": "logistics", "expectation": None,
        "rules": [], "standard": {"promise": "kept"}, "contradicts": [],
    }  # fmt: skip


def test_who_looked_at_a_customer_is_written_down(asking: Callable[..., Any], ada: str) -> None:
    from firsthand.web.audit.models import Entry

    told = asking("service")(f"customers/{ada}").json()
    assert told["customer_id"] == ada
    assert ADA in told["identifiers"]
    entry = Entry.objects.get(customer_id=ada)
    assert (entry.did, entry.by.role) == ("saw a customer", "service")
    assert "ada@" not in entry.about


def test_a_token_is_made_shown_once_and_revoked_on_its_page(client_as: Callable[..., Any]) -> None:
    from firsthand.web.api.models import ApiToken

    client = client_as("service")
    page = client.post("/account/tokens/", {"name": "till", "days": "30"}).content.decode()
    assert page.count("fh_") == 1
    assert "fh_" not in client.get("/account/tokens/").content.decode()
    client.post("/account/tokens/", {"name": "for ever", "days": "4000"})
    assert ApiToken.objects.count() == 1
    token = ApiToken.objects.get()
    assert client_as("administrator").post(f"/account/tokens/{token.pk}/revoke/").status_code == 404, "not one's own"
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert not ApiToken.objects.exists()


@pytest.fixture
def api_schema(website: Home, somebody: Callable[..., Any]) -> Iterator[Any]:
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    from firsthand.web.api.tokens import make_token
    from firsthand.web.config.wsgi import application

    _token, text = make_token(by=somebody("administrator"), name="test", days=1)
    for signal in (request_started, request_finished):  # as Django's own test client: the connection is the test's
        signal.disconnect(close_old_connections)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    schema.config.update(headers={"Authorization": f"Bearer {text}", "Accept-Encoding": "identity"})
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_input_makes_the_api_fail_and_answers_are_as_described(api_schema: Any) -> None:
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    operations = [found.ok() for found in api_schema.get_all_operations()]
    assert len(operations) == len(RIGHTS)
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def ask(case: Any) -> None:
            case.call_and_validate(
                excluded_checks=[positive_data_acceptance]
            )  # which parameters go together no schema says

        ask()
