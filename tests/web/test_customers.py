"""One customer at a time: found by any identifier, one life over all channels, who is who, consent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firsthand import charts
from firsthand.jobs.find_customers import find_customers
from firsthand.jobs.forget import forget_person
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.person import person
from firsthand.jobs.who_is_who import customer
from firsthand.lake.read import rows
from firsthand.sources import format_named
from firsthand.tables import Consents, Erasures
from shop import run

PEOPLE = """
source: till
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    event: {constant: Bought}
    channel: {constant: store}
    identifiers: {email: {column: email}, phone: {column: phone}, customer_number: {column: number}, loyalty_card: {column: card}}
"""
TOLD = """id,at,email,phone,number,card
1,2026-02-01T10:00:00Z,ada@example.com,+4915112345678,K1001,
2,2026-02-02T10:00:00Z,ben@example.com,,17,
3,2026-02-03T10:00:00Z,cleo@example.com,,,17
"""


@pytest.fixture
def till(own_home: Home, tmp_path: Path) -> Home:
    """The shop, and what was told of its people at the till."""
    (tmp_path / "till.csv").write_text(TOLD, "utf-8")
    (tmp_path / "till.yaml").write_text(PEOPLE, "utf-8")
    import_files(own_home, [tmp_path / "till.csv"], format_named("csv"), mapping_file=tmp_path / "till.yaml")
    return own_home


def id_of(home: Home, who: str) -> str:
    return customer(home, who)[0]


def logged(who: str = "") -> list[Any]:
    """The audit log, or what it holds about a customer."""
    from firsthand.web.audit.models import Entry

    return [*(Entry.objects.filter(customer_id=who) if who else Entry.objects.all())]


def saw(role_did: str, who: str) -> bool:
    from firsthand.web.audit.models import Entry

    return Entry.objects.filter(did=role_did, customer_id=who).exists()


@pytest.mark.parametrize(
    "told", ["ADA@example.com", " ada@example.com ", "+49 151 / 12345678", "k1001", "customer_number=K1001"]
)
def test_a_customer_is_found_by_any_identifier_however_it_is_written(till: Home, client_as, told: str) -> None:
    sent = client_as("service").post("/customers/", {"who": told})
    assert (sent.status_code, sent.headers["Location"]) == (302, f"/customers/{id_of(till, 'email=ada@example.com')}/")


def test_what_leads_to_several_is_listed_only_for_those_who_may_list(till: Home, client_as) -> None:
    ben, cleo = id_of(till, "email=ben@example.com"), id_of(till, "email=cleo@example.com")
    assert find_customers(till, "17") == sorted([ben, cleo])
    listed = client_as("analyst").post("/customers/", {"who": "17"}).content.decode()
    assert ben in listed
    assert cleo in listed
    alone = client_as("service").post("/customers/", {"who": "17"})
    assert alone.status_code == 422
    assert ben not in alone.content.decode()


def test_whom_nobody_knows_is_said_at_the_field(till: Home, client_as) -> None:
    sent = client_as("service").post("/customers/", {"who": "nobody@example.com"})
    assert sent.status_code == 422
    assert "Nobody in the record has this" in sent.content.decode()


def test_service_gets_one_customer_at_a_time_and_no_lists(till: Home, client_as) -> None:
    service, one = client_as("service"), id_of(till, "email=ada@example.com")
    page = service.get("/customers/").content.decode()
    assert not any(id_of(till, f"email={name}@example.com") in page for name in ("ada", "ben", "cleo"))
    assert service.get(f"/customers/{one}/").status_code == 200
    assert service.get("/customers/review/").status_code == 403
    assert service.get("/figures/customers.csv").status_code == 403
    assert service.get(f"/customers/{one}/why/?with=ben@example.com").status_code == 403
    assert service.post(f"/customers/{one}/decide/", {"action": "join"}).status_code == 403


def test_viewers_see_no_customer(till: Home, client_as) -> None:
    viewer, one = client_as("viewer"), id_of(till, "email=ada@example.com")
    pages = [
        "/customers/",
        f"/customers/{one}/",
        f"/customers/{one}/why/",
        "/customers/review/",
        "/figures/customers.csv",
    ]
    assert [viewer.get(page).status_code for page in pages] == [403] * len(pages)


def test_who_had_a_bad_experience_is_listed_with_the_reason(till: Home, client_as) -> None:
    analyst = client_as("analyst")
    page = analyst.get("/customers/?since=2026-01-01&until=2026-01-31").content.decode()
    assert id_of(till, "email=ben@example.com") in page
    assert id_of(till, "email=cleo@example.com") not in page
    assert "Was promised something that did not come true" in page
    rows = analyst.get("/figures/customers.csv?since=2026-01-01&until=2026-01-31").content.decode().splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(id_of(till, "email=ben@example.com"))


def test_a_life_is_told_over_all_channels_and_the_view_is_in_the_audit_log(till: Home, client_as) -> None:
    ben = id_of(till, "email=ben@example.com")
    page = client_as("service").get(f"/customers/{ben}/").content.decode()
    for words in ("ordered", "delivered", "website", "store", "20.00", "late by", "bad: Was promised", "order 2"):
        assert words in page, words
    assert saw("saw a customer", ben)


def test_a_life_is_narrowed_down_by_channel_and_kind(till: Home, client_as) -> None:
    service, ben = client_as("service"), id_of(till, "email=ben@example.com")
    store = service.get(f"/customers/{ben}/?channel=store").content.decode()
    assert "Bought" in store
    assert "<b>ordered</b>" not in store
    kind = service.get(f"/customers/{ben}/?kind=purchase").content.decode()
    assert "<b>ordered</b>" in kind
    assert "<b>delivered</b>" not in kind
    bad = service.get(f"/customers/{ben}/?signs=bad").content.decode()
    assert "bad: Was promised" in bad
    assert "<b>ordered</b>" not in bad


def moments(count: int) -> list[dict]:
    first = datetime(2026, 1, 1, 8, tzinfo=UTC)
    return [
        {"step": step, "occurred_at": (first + timedelta(hours=7 * step)).isoformat(), "touchpoint": "came", "channel": "web", "journey": 1}
        for step in range(1, count + 1)
    ]  # fmt: skip


def test_of_a_long_life_the_newest_is_shown_and_the_rest_counted(website: Home) -> None:
    from firsthand.web.customers.life import SHOWN, Part, shown

    life = moments(250)
    newest = shown(life, Part())
    assert (newest.count, newest.earlier, newest.later) == (SHOWN, 150, 0)
    before = shown(life, Part(before=newest.earlier_before))
    assert (before.count, before.earlier, before.later, before.later_before) == (SHOWN, 50, SHOWN, None)
    first = shown(life, Part(before=before.earlier_before))
    assert (first.count, first.earlier, first.later, first.later_before) == (50, 0, 200, newest.earlier_before)
    days = [day for day, _journeys, _rows in newest.days]
    assert days == sorted(days, reverse=True)


def test_runs_of_the_same_are_folded_but_never_what_tells_something(website: Home) -> None:
    from firsthand.web.customers.life import Part, shown

    at = datetime(2026, 1, 1, 8, tzinfo=UTC)
    life = [row | {"occurred_at": (at + timedelta(minutes=row["step"])).isoformat()} for row in moments(9)]
    life[4]["text"] = "It is slow."
    ((_day, _journeys, rows),) = shown(life, Part()).days
    assert [len(row.get("folded", [0])) for row in rows] == [4, 1, 4]
    assert rows[1]["text"] == "It is slow."


def test_the_picture_has_a_row_for_each_channel_and_marks_what_was_bad() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    told = [
        {"at": at + timedelta(days=40 * step), "channel": channel, "bad": step == 1, "good": False}
        for step, channel in enumerate(["web", "store", "web"])
    ]  # fmt: skip
    svg = charts.life_picture(told, {"web": "Website", "store": "<Store>"}, title="three")
    assert (svg.count("<circle"), svg.count('fill="#c4622d"')) == (3, 1)
    assert "Website" in svg
    assert "&lt;Store&gt;" in svg
    assert "2026-02" in svg
    assert 'style="' not in svg


def test_an_address_of_nobody_says_what_to_do(till: Home, client_as) -> None:
    page = client_as("service").get("/customers/c000000000000000/")
    assert page.status_code == 404
    assert "Search for the customer" in page.content.decode()


def test_a_broken_map_is_told_and_makes_nobody_vanish(till: Home, client_as) -> None:
    service, ada = client_as("service"), id_of(till, "email=ada@example.com")
    till.map_file.write_text("stages: [buy]\ntouchpoints: 7\n", "utf-8")
    for address in (f"/customers/{ada}/", f"/customers/{ada}/why/", f"/api/customers/{ada}"):
        told = service.get(address)
        assert told.status_code == 400, address
        assert "map.yaml" in told.content.decode()
    found = service.post("/customers/", {"who": "ada@example.com"})
    assert found.status_code == 400, "it does not say that nobody is known by it"


def test_joined_customers_are_one_until_the_decision_is_taken_back(till: Home, client_as) -> None:
    analyst = client_as("analyst", name="Ada")
    ada, ben = (id_of(till, f"email={name}@example.com") for name in ("ada", "ben"))
    sent = analyst.post(
        f"/customers/{ben}/decide/", {"action": "join", "other": "ada@example.com", "reason": "she said so"}
    )
    assert sent.status_code == 302
    now = id_of(till, "email=ben@example.com")
    assert now == id_of(till, "email=ada@example.com")
    older = ({ada, ben} - {now}).pop()
    assert analyst.get(f"/customers/{older}/?channel=web").headers["Location"].startswith(f"/customers/{now}/")
    assert analyst.get(f"/customers/{older}/why/").headers["Location"] == f"/customers/{now}/why/"
    assert saw("joined customers", ada)
    assert saw("joined customers", ben)
    page = analyst.get(f"/customers/{now}/why/").content.decode()
    assert "she said so" in page
    assert analyst.person.email in page, "a name may be another's too"
    decision = page.partition('name="decision" value="')[2].partition('"')[0]
    analyst.post(f"/customers/{now}/decide/", {"action": "undo", "decision": decision, "reason": "a mistake"})
    assert id_of(till, "email=ben@example.com") != id_of(till, "email=ada@example.com")
    assert saw("took a decision back", now)


def test_a_decision_needs_a_reason_and_another_customer(till: Home, client_as) -> None:
    analyst, ada = client_as("analyst"), id_of(till, "email=ada@example.com")
    for told, said in (
        ({"other": "ben@example.com", "reason": ""}, "This field is required"),
        ({"other": "nobody@example.com", "reason": "why not"}, "leads to 0 customers"),
        ({"other": "K1001", "reason": "why not"}, "are one customer already"),
    ):
        sent = analyst.post(f"/customers/{ada}/decide/", {"action": "join", **told})
        assert sent.status_code == 422
        assert said in sent.content.decode(), said
    assert id_of(till, "email=ben@example.com") != ada


def test_identifiers_are_split_off_and_customers_kept_apart(till: Home, client_as) -> None:
    analyst, ada = client_as("analyst"), id_of(till, "email=ada@example.com")
    analyst.post(
        f"/customers/{ada}/decide/", {"action": "split", "keys": ["phone=+4915112345678"], "reason": "her son's"}
    )
    son = id_of(till, "phone=+4915112345678")
    assert son != id_of(till, "email=ada@example.com")
    assert saw("split a customer", ada)
    assert saw("split a customer", son)
    cleo = id_of(till, "email=cleo@example.com")
    analyst.post(
        f"/customers/{cleo}/decide/", {"action": "apart", "other": "ben@example.com", "reason": "they are sisters"}
    )
    refused = analyst.post(
        f"/customers/{cleo}/decide/", {"action": "join", "other": "ben@example.com", "reason": "or not"}
    )
    assert "something keeps them apart" in refused.content.decode()
    assert "ben@example.com" in analyst.get(f"/customers/{cleo}/why/").content.decode()
    seen_by_service = client_as("service").get(f"/customers/{cleo}/why/").content.decode()
    assert "they are sisters" in seen_by_service
    assert "ben@example.com" not in seen_by_service


def test_what_was_told_of_two_who_are_apart_waits_to_be_looked_at(till: Home, client_as) -> None:
    analyst, ada = client_as("analyst"), id_of(till, "email=ada@example.com")
    analyst.post(
        f"/customers/{ada}/decide/", {"action": "split", "keys": ["phone=+4915112345678"], "reason": "her son's"}
    )
    page = analyst.get("/customers/review/").content.decode()
    assert "it was decided that they are different people" in page
    assert (
        f"/customers/{id_of(till, 'phone=+4915112345678')}/why/?with=" in page
        or f"/customers/{id_of(till, 'email=ada@example.com')}/why/?with=" in page
    )


def test_consent_is_written_down_and_taken_back(till: Home, client_as) -> None:
    service, ada = client_as("service", name="Ada"), id_of(till, "email=ada@example.com")
    told = {"key": "email=ada@example.com", "purpose": "newsletter", "given": "yes", "at": "2026-02-01"}
    assert service.post(f"/customers/{ada}/consent/", told).status_code == 302
    assert '<span class="tag good">yes</span>' in service.get(f"/customers/{ada}/").content.decode()
    service.post(f"/customers/{ada}/consent/", {**told, "given": "no", "at": ""})
    assert '<span class="tag bad">no</span>' in service.get(f"/customers/{ada}/").content.decode()
    assert set(rows(till.lake, Consents).column("by").to_pylist()) == {service.person.email}
    assert saw("recorded consent", ada)
    assert saw("recorded an opt-out", ada)
    for wrong in ({"key": "email=ben@example.com"}, {"purpose": ""}, {"at": "2999-01-01"}):
        assert service.post(f"/customers/{ada}/consent/", told | wrong).status_code == 422


def test_everything_held_of_a_customer_is_exported_by_those_who_may(till: Home, client_as) -> None:
    ada = id_of(till, "email=ada@example.com")
    sent = client_as("service").post(f"/customers/{ada}/export/")
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{ada}.json"'
    assert {row["event"] for row in sent.json()["interactions"]} == {"Ordered", "Promised", "Delivered", "Bought"}
    assert saw("exported a customer", ada)
    assert client_as("analyst").post(f"/customers/{ada}/export/").status_code == 403


def test_a_person_is_forgotten_once_the_reason_is_given_and_the_id_typed_again(till: Home, client_as) -> None:
    administrator, ada = client_as("administrator", name="Eve"), id_of(till, "email=ada@example.com")
    page = administrator.get(f"/customers/{ada}/forget/").content.decode()
    assert "What goes" in page
    assert '<td class="n">' in page
    for told, said in (
        ({"reason": "she asked", "customer_id": "c000000000000000"}, "not this customer’s id"),
        ({"reason": "", "customer_id": ada}, "This field is required"),
        ({"reason": "ada@example.com asked", "customer_id": ada}, "names the person"),
    ):
        sent = administrator.post(f"/customers/{ada}/forget/", told)
        assert sent.status_code == 422
        assert said in sent.content.decode().replace("&#x27;", "’")
    assert administrator.get(f"/customers/{ada}/").status_code == 200
    assert (
        administrator.post(f"/customers/{ada}/forget/", {"reason": "she asked", "customer_id": ada}).status_code == 302
    )
    assert rows(till.lake, Erasures).column("by").to_pylist() == [administrator.person.email]
    assert administrator.get(f"/customers/{ada}/").status_code == 404
    assert find_customers(till, "ada@example.com") == []
    assert not logged(ada)
    assert len({entry.customer_id for entry in logged() if entry.did in ("saw a customer", "forgot a customer")}) == 1
    assert client_as("analyst").get(f"/customers/{ada}/forget/").status_code == 403


def test_the_audit_log_tells_no_more_of_who_was_forgotten_by_command(till: Home, client_as, somebody) -> None:
    from firsthand.web.audit.record import LABELLED, note
    from firsthand.web.work.tasks import tidy_database

    ada, ben, by = (*(id_of(till, f"email={name}@example.com") for name in ("ada", "ben")), somebody("analyst"))
    hers = person(till, ada)["life"][0]["interaction_id"]
    for did, told in (
        ("saw a customer", {"customer": ada}),
        ("saw a customer", {"customer": ben}),
        (LABELLED, {"about": hers}),
        (LABELLED, {"about": "another"}),
    ):
        note(by=by, did=did, **told)
    erasure = forget_person(till, ada, by="the desk", reason="was asked to")["erasure_id"]
    tidy_database.call()
    assert [(entry.did, entry.customer_id, entry.about) for entry in reversed(logged())] == [
        ("saw a customer", erasure, ""), ("saw a customer", ben, ""), (LABELLED, "", "forgotten"), (LABELLED, "", "another"),
    ]  # fmt: skip


def test_what_a_command_does_about_a_customer_is_in_the_audit_log(till: Home, database: None) -> None:
    (till.folder / "firsthand.db").touch()  # the website was started here
    ada = id_of(till, "email=ada@example.com")
    assert run(till, "person", "export", "email=ada@example.com").exit_code == 0
    done = run(till, "person", "forget", ada, "--by", "the desk", "--why", "was asked to", "--yes", "--json")
    told = [(entry.by, entry.did, entry.customer_id) for entry in reversed(logged())]
    assert told == [
        (None, "exported a customer", ada),
        (None, "forgot a customer", json.loads(done.stdout)["erasure_id"]),
    ]


def test_what_a_model_weighed_is_drawn_and_told(till: Home, client_as, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two customers are held against each other; what a model would weigh is given."""
    weighed = {
        "decision": None, "model": "m1", "one": "email=ada@example.com", "other": "email=ben@example.com", "prior_bits": -10.0,
        "fields": [{"field": "surname", "level": "the same", "one_value": "Moss", "other_value": "Moss", "bits": 12.5, "factor": 5793.0}],
        "alike_bits": -1.0, "total_bits": 1.5, "probability": 0.7389,
    }  # fmt: skip
    monkeypatch.setattr("firsthand.jobs.who_is_who.weighed_customers", lambda *_: [weighed])
    ada, ben = (id_of(till, f"email={name}@example.com") for name in ("ada", "ben"))
    page = client_as("analyst").get(f"/customers/{ada}/why/?with={ben}").content.decode()
    assert f"Are {ada} and {ben} one person?" in page
    assert "One person with a probability of 73.9 %" in page
    assert "+12.5" in page
    assert "<td>Moss</td>" in page
    assert saw("saw who is who", ben)
