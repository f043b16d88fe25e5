"""What many people hold links nobody, and what says nothing is no identifier; one person's own things stay together."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.jobs.home import Home
from firsthand.people import IdentifierRules, resolve, told_together
from importing import asked, imported

Told = dict[str, str]


def resolved(*told: Told, **rules) -> tuple[dict[str, str], dict[str, tuple[str, int]]]:
    """The customer of each identifier, and why and by how many it is for review."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE told_of (source VARCHAR, identifiers STRUCT(kind VARCHAR, value VARCHAR)[])")
        for one in told:
            entries = [{"kind": kind, "value": value} for kind, value in one.items()]
            connection.execute("INSERT INTO told_of VALUES ('s', $entries)", {"entries": entries})
        told_together(connection, "told_of", rules.get("country", ""))
        people, review = resolve(connection, IdentifierRules(**rules))
    customers = {row["key"]: row["customer_id"] for row in people.to_pylist()}
    return customers, {row["key"]: (row["reason"], row["count"]) for row in review.to_pylist()}


def numbered(count: int, **kinds: str) -> list[Told]:
    """So many sets of identifiers, with the number of each in the place of `#`."""
    return [{kind: value.replace("#", str(100 + n)) for kind, value in kinds.items()} for n in range(count)]


def phone(number: str) -> str:
    return f"+49301234{number}"


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("anonymous_id=kiosk", {"user_id": "u#", "anonymous_id": "kiosk"}),
        ("email=info@x", {"email": "info@x", "phone": phone("#")}),
        ("customer_number=4711", {"customer_number": "4711", "email": "p#@x"}),
        ("user_id=visitor", {"user_id": "visitor", "phone": phone("#")}),
        ("loyalty_card=till", {"loyalty_card": "till", "customer_number": "K#"}),
        ("contract=C1", {"contract": "C1", "user_id": "u#"}),
    ],
)
def test_what_forty_people_hold_links_none_of_them_and_is_for_review(held: str, told: Told) -> None:
    customers, review = resolved(*numbered(40, **told))
    assert len(set(customers.values())) == 40
    assert held not in customers
    assert review == {held: ("shared", 40)}


def test_a_kind_of_which_the_home_says_that_nobody_has_two_tells_people_apart() -> None:
    told = numbered(40, member="m#", email="info@x")
    assert len(set(resolved(*told)[0].values())) == 1
    assert len(set(resolved(*told, one_per_person=("crm/member",))[0].values())) == 40


def test_the_phone_of_a_family_links_nobody_and_that_of_a_couple_does() -> None:
    family = numbered(4, phone=phone("567"), email="p#@x", customer_number="K#")
    customers, review = resolved(*family)
    assert len(set(customers.values())) == 4
    assert customers["email=p100@x"] == customers["customer_number=K100"]
    assert review == {f"phone={phone('567')}": ("shared", 4)}
    assert len(set(resolved(*family[:2])[0].values())) == 1


def test_where_nothing_else_tells_people_apart_e_mails_do() -> None:
    customers, review = resolved(*numbered(3, phone=phone("567"), email="p#@x"))
    assert len(set(customers.values())) == 3
    assert review[f"phone={phone('567')}"] == ("shared", 3)


def test_one_person_with_a_number_may_have_three_e_mails_and_a_phone() -> None:
    customers, review = resolved(*numbered(3, customer_number="K1", phone=phone("567"), email="p#@x"))
    assert len(set(customers.values())) == 1
    assert review == {}


def test_of_devices_and_cookies_one_person_has_many() -> None:
    customers, review = resolved(*numbered(30, email="ada@x", cookie="c#"), *numbered(30, email="ada@x", device="d#"))
    assert (len(customers), len(set(customers.values())), review) == (61, 1, {})


def test_a_home_that_allows_one_holder_only_means_it_of_phones_too() -> None:
    told = numbered(2, phone=phone("567"), customer_number="K#")
    assert len(set(resolved(*told, most_holders=1)[0].values())) == 2


SILENT = ["0", "000", "0000-0000", "-", "--", "?", "n/a", "N.A.", "None", "NULL", "unknown", "guest", "Test", " ", "\u00a0", "\u200b"]  # fmt: skip


@pytest.mark.parametrize("value", SILENT)
@pytest.mark.parametrize("kind", ["customer_number", "user_id", "cookie"])
def test_what_says_nothing_is_no_identifier(kind: str, value: str) -> None:
    customers, review = resolved(*numbered(3, **{kind: value}, email="p#@x"), {kind: value})
    assert sorted(customers) == ["email=p100@x", "email=p101@x", "email=p102@x"]
    assert len(set(customers.values())) == 3
    assert review == {}


@pytest.mark.parametrize("value", ["n/a", "kim", "@", "@x", "x@", "0"])
def test_what_has_no_at_sign_between_two_parts_is_no_e_mail(value: str) -> None:
    customers, _ = resolved(*numbered(3, email=value, cookie="c#"))
    assert len(set(customers.values())) == 3


@pytest.mark.parametrize("value", ["10", "007", "Testa", "NA1", "жж", "🙂", "0-1"])
def test_what_only_looks_alike_is_one(value: str) -> None:
    customers, _ = resolved(*numbered(3, customer_number=value, cookie="c#"))
    assert len(set(customers.values())) == 1


def test_a_kiosk_of_segment_does_not_make_one_customer_of_those_who_used_it(home: Home, tmp_path: Path) -> None:
    common = {"type": "track", "event": "Searched", "anonymousId": "kiosk"}
    events = [common | {"userId": f"u{n}", "messageId": str(n), "timestamp": f"2026-01-{n % 28 + 1:02}T10:00:00Z"} for n in range(40)]  # fmt: skip
    events.append(common | {"messageId": "nobody", "timestamp": "2026-01-01T09:00:00Z"})
    (tmp_path / "kiosk.jsonl").write_text("\n".join(json.dumps(event) for event in events) + "\n")
    imported(home, tmp_path / "kiosk.jsonl", "segment")
    assert asked(home, "SELECT count(*) FROM record") == [(41,)]

    def run(*words: str) -> dict:
        return json.loads(CliRunner().invoke(command, [*words, "--json", "--home", str(home.folder)]).stdout)

    summary = run("show", "summary")
    assert (summary["customers"], summary["without_customer"]) == (40, 1)
    (row,) = run("people", "review")["to_review"]
    assert (row["key"], row["reason"], row["count"]) == ("anonymous_id=kiosk", "shared", 40)
