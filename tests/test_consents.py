"""Consent and opt-outs belong to an identifier, and stay there when two customers turn out to be one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.people.consents import holding, may_contact
from firsthand.sources import format_named

MAPPING = """
source: shop
interactions:
  - id: {column: id}
    occurred_at: {constant: "2026-01-01T00:00:00Z"}
    identifiers: {email: {column: email}, phone: {column: phone}}
    event: {constant: Seen}
"""


@pytest.fixture
def two(home: Home) -> Home:
    """A home with two customers: one told an e-mail, one a phone."""
    (home.folder / "m.yaml").write_text(MAPPING)
    (home.folder / "a.csv").write_text("id,email,phone\n1,kim@x,\n2,,+49300111\n")
    import_files(home, [home.folder / "a.csv"], format_named("csv"), mapping_file=home.folder / "m.yaml")
    return home


def run(home: Home, *words: str) -> dict[str, Any]:
    done = CliRunner().invoke(command, [*words, "--home", str(home.folder), "--json"])
    assert done.exception is None, done.output
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def allowed(home: Home, who: str, purpose: str = "newsletter") -> dict[str, bool]:
    found = run(home, "people", "may-contact", who, "--purpose", purpose)
    return {row["key"]: row["allowed"] for row in found["identifiers"]}


def said(key: str, given: bool, day: int = 1, purpose: str = "newsletter") -> dict[str, Any]:
    return {"key": key, "purpose": purpose, "given": given, "said_at": datetime(2026, 1, day, tzinfo=UTC), "by": "kim"}


def test_what_was_said_last_of_an_identifier_holds() -> None:
    told = [
        said("email=a", False, day=3),
        said("email=a", True, day=2),
        said("email=b", False),
        said("email=b", True, day=2),
    ]
    assert not may_contact(told, "email=a", "newsletter")[0], "a yes that is told later, but was said earlier"
    assert may_contact(told, "email=b", "newsletter")[0]
    assert [row["given"] for row in holding(told, ["email=a", "email=b"])] == [False, True]


def test_of_a_yes_and_a_no_at_one_moment_the_no_holds() -> None:
    for told in ([said("email=a", True), said("email=a", False)], [said("email=a", False), said("email=a", True)]):
        assert not may_contact(told, "email=a", "newsletter")[0]


def test_a_consent_is_for_one_purpose_and_silence_is_none() -> None:
    told = [said("email=a", True)]
    assert not may_contact(told, "email=a", "survey")[0]
    assert may_contact(told, "email=c", "newsletter") == (False, None)


def test_a_merge_widens_neither_a_consent_nor_an_opt_out(two: Home) -> None:
    run(two, "people", "consent", "email=KIM@x", "--purpose", "newsletter", "--yes", "--by", "web form")
    run(two, "people", "consent", "phone=+49300111", "--purpose", "survey", "--no", "--by", "call centre")
    run(two, "people", "consent", "email=kim@x", "--purpose", "survey", "--yes", "--by", "web form")
    before = [
        allowed(two, key, purpose) for key in ("email=kim@x", "phone=+49300111") for purpose in ("newsletter", "survey")
    ]
    assert before == [
        {"email=kim@x": True},
        {"email=kim@x": True},
        {"phone=+49300111": False},
        {"phone=+49300111": False},
    ]
    joined = run(two, "people", "join", "email=kim@x", "phone=+49300111", "--by", "kim", "--why", "she said so")
    assert allowed(two, joined["customer_id"]) == {"email=kim@x": True, "phone=+49300111": False}
    assert allowed(two, joined["customer_id"], "survey") == {"email=kim@x": True, "phone=+49300111": False}
    run(two, "people", "consent", "email=kim@x", "--purpose", "newsletter", "--no", "--by", "link in a mail")
    run(two, "people", "consent", "phone=+49300111", "--purpose", "newsletter", "--yes", "--by", "call centre")
    assert allowed(two, joined["customer_id"]) == {"email=kim@x": False, "phone=+49300111": True}


def test_a_life_and_a_link_show_what_was_said_where(two: Home) -> None:
    run(
        two,
        "people",
        "consent",
        "email=kim@x",
        "--purpose",
        "newsletter",
        "--yes",
        "--by",
        "web form",
        "--at",
        "2026-01-05",
    )
    shown = run(two, "show", "person", "email=kim@x")["consents"]
    assert [(row["key"], row["purpose"], row["given"]) for row in shown] == [("email=kim@x", "newsletter", True)]
    assert run(two, "people", "why", "email=kim@x", "phone=+49300111")["consents"] == shown
    text = CliRunner().invoke(command, ["show", "person", "email=kim@x", "--home", str(two.folder)]).output
    assert "email=kim@x: agreed to newsletter at 2026-01-05 (by web form)" in text
    assert run(two, "show", "person", "phone=+49300111")["consents"] == []


def test_an_identifier_that_is_not_in_the_record_yet_can_opt_out(two: Home) -> None:
    run(two, "people", "consent", "email=later@x", "--purpose", "newsletter", "--no", "--by", "letter")
    assert allowed(two, "email=later@x") == {"email=later@x": False}


@pytest.mark.parametrize("told", ["KIM@x", "email= Kim@X", "+49 30 0111"])
def test_an_identifier_may_be_written_as_people_do(two: Home, told: str) -> None:
    key = run(two, "people", "consent", told, "--purpose", "newsletter", "--yes", "--by", "web form")["key"]
    assert key in ("email=kim@x", "phone=+49300111")
    assert allowed(two, told) == {key: True}


def test_a_moment_that_is_none_is_named(two: Home) -> None:
    words = [
        "people",
        "consent",
        "email=kim@x",
        "--purpose",
        "newsletter",
        "--yes",
        "--by",
        "k",
        "--at",
        "soon",
        "--home",
        str(two.folder),
    ]
    assert '--at "soon" is not a date' in str(CliRunner().invoke(command, words).exception)


@pytest.mark.parametrize("who", ["kim", "first_name=Kim", "email="])
def test_consent_needs_a_strong_identifier(two: Home, who: str) -> None:
    words = ["people", "consent", who, "--purpose", "newsletter", "--yes", "--by", "k", "--home", str(two.folder)]
    assert "is no strong identifier" in str(CliRunner().invoke(command, words).exception)
