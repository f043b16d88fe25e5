"""Ids are kept, people who differ are kept apart, and what a person decides outlives every later run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from firsthand.cli import command
from firsthand.jobs.home import Home, create_home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.refresh import refresh
from firsthand.lake.read import rows
from firsthand.people.linked import one_typo_apart
from firsthand.sources import format_named
from firsthand.tables import People

MAPPING = """
source: shop
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    identifiers: {email: {column: email}, phone: {column: phone}, customer_number: {column: number}}
    event: {constant: Seen}
"""


@pytest.fixture
def make(tmp_path: Path):
    """A home, and what takes rows of email, phone and number into it."""

    def made(**settings):
        home = create_home(tmp_path / "home", **settings)
        (tmp_path / "m.yaml").write_text(MAPPING)
        return home

    return made


def tell(home: Home, *rows: tuple[str, str, str]) -> None:
    folder = home.folder.parent
    number = len(list(folder.glob("*.csv")))
    lines = [f"{number}-{n},2026-01-{n + 1:02}T00:00:00Z,{','.join(row)}" for n, row in enumerate(rows)]
    (folder / f"{number}.csv").write_text("\n".join(["id,at,email,phone,number", *lines]) + "\n")
    import_files(home, [folder / f"{number}.csv"], format_named("csv"), mapping_file=folder / "m.yaml")


def run(home: Home, *arguments: str):
    result = CliRunner().invoke(command, ["people", *arguments, "--home", str(home.folder)])
    return result


def who(home: Home, one: str, other: str):
    return json.loads(run(home, "why", one, other, "--json").output)


def id_of(home: Home, key: str) -> str:
    return who(home, key, key)["customers"][0]


def test_an_id_stays_whatever_comes_later(make) -> None:
    home = make()
    tell(home, ("z@x", "", ""))
    before = id_of(home, "email=z@x")
    tell(home, ("z@x", "", "1"), ("a@x", "", "1"))  # a smaller identifier of the same person
    assert id_of(home, "email=a@x") == before


def test_of_two_customers_who_turn_out_to_be_one_the_older_id_stays_and_the_other_leads_to_it(make) -> None:
    home = make()
    tell(home, ("z@x", "", ""))
    older = id_of(home, "email=z@x")
    tell(home, ("a@x", "", ""))
    newer = id_of(home, "email=a@x")
    tell(home, ("a@x", "", "7"), ("z@x", "", "7"))
    assert who(home, older, newer)["customers"] == [older]
    assert older != newer


def test_nobody_has_two_of_what_each_has_one_of(make) -> None:
    home = make(one_per_person=["customer_number"])
    tell(
        home,
        ("a@x", "", "100"),
        ("b@x", "", "222"),
        ("b@x", "+4930111", ""),
        ("a@x", "+4930111", ""),
        ("a@x", "+4930111", ""),
    )
    assert who(home, "email=a@x", "phone=+4930111")["same"]
    assert not who(home, "customer_number=100", "customer_number=222")["same"]
    (row,) = json.loads(run(home, "review", "--json").output)["to_review"]
    assert (row["reason"], row["count"]) == ("one_per_person", 1)
    assert "100" in row["detail"]
    assert "222" in row["detail"]


@pytest.mark.parametrize("stranger", ["111", "999"])
def test_of_two_values_told_equally_often_the_one_that_holds_already_stays(make, stranger) -> None:
    home = make(one_per_person=["customer_number"])
    tell(home, ("pat@x", "", "555"), ("pat@x", "", ""))
    before = id_of(home, "email=pat@x")
    tell(home, ("pat@x", "", stranger))
    assert id_of(home, "email=pat@x") == before == id_of(home, "customer_number=555")
    assert id_of(home, f"customer_number={stranger}") != before


@pytest.mark.parametrize("option", ["--by", "--why"])
def test_a_decision_has_somebody_who_made_it_and_a_reason(make, option) -> None:
    said = {"--by": "kim", "--why": "twins"} | {option: " "}
    home = make()
    tell(home, ("a@x", "", ""), ("b@x", "", ""))
    words = [word for pair in said.items() for word in pair]
    refused = CliRunner().invoke(
        command, ["people", "apart", "email=a@x", "email=b@x", *words, "--home", str(home.folder)]
    )
    assert refused.exit_code == 2
    assert f"'{option}': it must not be blank" in refused.output


def test_a_value_one_typo_away_is_not_another(make) -> None:
    home = make(one_per_person=["shop/customer_number"])
    tell(home, ("a@x", "", "10045"), ("a@x", "", "10054"))
    assert who(home, "customer_number=10045", "customer_number=10054")["same"]
    assert json.loads(run(home, "review", "--json").output)["total"] == 0


def test_what_only_another_source_has_one_of_keeps_nobody_apart(make) -> None:
    home = make(one_per_person=["till/customer_number"])
    tell(home, ("a@x", "", "100"), ("a@x", "", "222"))
    assert who(home, "customer_number=100", "customer_number=222")["same"]


def test_an_identifier_that_many_hold_links_nobody(make) -> None:
    home = make()
    tell(home, *[("info@x", "", str(n * 111)) for n in range(1, 7)], ("info@x", "", ""))
    assert not who(home, "customer_number=111", "customer_number=222")["same"]
    (row,) = json.loads(run(home, "review", "--json").output)["to_review"]
    assert (row["key"], row["reason"], row["count"]) == ("email=info@x", "shared", 6)


def test_who_is_told_by_a_shared_identifier_and_an_own_one_is_found_by_the_own(make) -> None:
    home = make()
    tell(home, *[("info@x", "", str(n * 111)) for n in range(1, 7)])
    found = json.loads(CliRunner().invoke(command, ["show", "summary", "--json", "--home", str(home.folder)]).output)
    assert (found["customers"], found["without_customer"]) == (6, 0)


def test_phones_are_written_alike_after_the_plan_of_their_country(make) -> None:
    home = make(country="DE")
    spelt = ("030 12345", "+49 (0)30 12345", "0049 30 12345", "+49 030 12345", "030 12345 ext. 7")
    tell(home, *[(f"{n % 2}@x", phone, "") for n, phone in enumerate(spelt)], ("0@x", "0", ""), ("5@x", "0", ""))
    found = who(home, "email=0@x", "email=1@x")
    assert (found["same"], found["identifiers"]) == (True, ["email=0@x", "email=1@x", "phone=+493012345"])
    assert not who(home, "email=0@x", "email=5@x")["same"]


SPELT = ("phone=030 1234567", "phone=+49 30 1234567", "phone=0049301234567", "+49 30 1234567", "email=KIM@X.org", "Kim@x.org", " customer_number= K1 ")  # fmt: skip


@pytest.mark.parametrize("told", SPELT)
def test_who_is_looked_up_may_be_written_as_people_do(make, told) -> None:
    home = make(country="DE")
    tell(home, ("kim@x.org", "030/1234567", "K1"), ("bo@x.org", "", ""))
    shown = CliRunner().invoke(command, ["show", "person", told, "--json", "--home", str(home.folder)])
    assert json.loads(shown.output)["customer_id"] == id_of(home, "customer_number=K1")
    (step,) = who(home, told, "customer_number=K1")["chain"] or [{"other": "customer_number=K1"}]
    assert step["other"] == "customer_number=K1"


def test_what_is_split_off_may_be_written_as_people_do(make) -> None:
    home = make(country="DE")
    tell(home, ("kim@x.org", "030/1234567", ""), ("", "030/1234567", "K1"))
    done = run(home, "split", "Kim@X.org", "phone=030 1234567", "K1", "--by", "kim", "--why", "her son")
    assert "does not have K1. There are: customer_number=K1, email=kim@x.org, phone=+49301234567." in str(
        done.exception
    )
    run(home, "split", "Kim@X.org", "phone=030 1234567", "customer_number=K1", "--by", "kim", "--why", "her son")
    assert who(home, "phone=+49301234567", "customer_number=K1")["same"]
    assert not who(home, "email=kim@x.org", "customer_number=K1")["same"]


def test_the_chain_of_evidence_is_told(make) -> None:
    home = make()
    tell(home, ("a@x", "+4930111", ""), ("b@x", "+4930111", ""), ("b@x", "+4930111", ""), ("b@x", "", "9"))
    found = who(home, "email=a@x", "customer_number=9")
    assert [(step["key"], step["other"], step["interactions"]) for step in found["chain"]] == [
        ("email=a@x", "phone=+4930111", 1),
        ("phone=+4930111", "email=b@x", 2),
        ("email=b@x", "customer_number=9", 1),
    ]
    assert "told together in 2 interactions of shop" in run(home, "why", "email=a@x", "customer_number=9").output


def test_a_join_holds_is_recorded_and_can_be_undone(make) -> None:
    home = make()
    tell(home, ("a@x", "", ""), ("b@x", "", ""))
    ids = [id_of(home, "email=a@x"), id_of(home, "email=b@x")]
    done = json.loads(
        run(home, "join", "email=a@x", "email=b@x", "--by", "kim", "--why", "she said so", "--json").output
    )
    assert done["customer_id"] in ids
    tell(home, ("c@x", "", ""))
    assert who(home, "email=a@x", "email=b@x")["same"]
    assert "decided by kim: she said so" in run(home, "why", "email=a@x", "email=b@x").output
    run(home, "undo", done["decision"], "--by", "kim", "--why", "mistaken")
    assert [id_of(home, "email=a@x"), id_of(home, "email=b@x")] == ids


def test_a_split_outlives_what_would_link_again_and_the_split_off_gets_an_id_of_its_own(make) -> None:
    home = make()
    tell(home, ("a@x", "+4930111", ""), ("b@x", "+4930111", ""))
    before = id_of(home, "email=a@x")
    done = json.loads(run(home, "split", before, "email=b@x", "--by", "kim", "--why", "her son", "--json").output)
    assert (done["customer_id"], done["split_off"]) == (id_of(home, "phone=+4930111"), id_of(home, "email=b@x"))
    assert done["customer_id"] == before != done["split_off"]
    tell(home, ("b@x", "+4930111", "5"), ("a@x", "", "5"))
    assert not who(home, "email=a@x", "email=b@x")["same"]
    run(home, "undo", done["decision"], "--by", "kim", "--why", "no son")
    assert who(home, "email=a@x", "email=b@x")["customers"] == [before]


# who is split off | what was told together | what is named | the customers afterwards
SPLITS = {
    "what was told only with the named goes with it": (
        "email=a@x", ["a@x +4930111 -", "b@x +4930111 -", "b@x - 200"], ["email=b@x"],
        [{"email=a@x", "phone=+4930111"}, {"email=b@x", "customer_number=200"}],
    ),
    "so does what is linked with that in turn": (
        "email=a@x", ["a@x +4930111 -", "b@x +4930111 -", "b@x - 200", "c@x - 200"], ["email=b@x"],
        [{"email=a@x", "phone=+4930111"}, {"email=b@x", "customer_number=200", "email=c@x"}],
    ),
    "told together in one go with both, the named stay one": (
        "customer_number=200", ["a@x +4930111 200", "- - 200"], ["email=a@x", "phone=+4930111"],
        [{"customer_number=200"}, {"email=a@x", "phone=+4930111"}],
    ),
    "what was told with both stays": (
        "email=a@x", ["a@x - -", "a@x +4930111 200", "- +4930111 200"], ["phone=+4930111"],
        [{"email=a@x", "customer_number=200"}, {"phone=+4930111"}],
    ),
    "of a customer called by id, what was also told alone stays": (
        "customer", ["a@x +4930111 -", "- +4930111 200", "- - 200"], ["phone=+4930111"],
        [{"customer_number=200"}, {"phone=+4930111", "email=a@x"}],
    ),
    "two named that only the rest links are one customer": (
        "email=a@x", ["a@x +4930111 -", "a@x - 200"], ["phone=+4930111", "customer_number=200"],
        [{"email=a@x"}, {"phone=+4930111", "customer_number=200"}],
    ),
    "where nothing would remain, only the named goes and the rest stays one": (
        "customer", ["a@x +4930111 -", "- +4930111 200"], ["phone=+4930111"],
        [{"email=a@x", "customer_number=200"}, {"phone=+4930111"}],
    ),
    "but who is called by an identifier keeps it": (
        "email=a@x", ["a@x +4930111 -", "- +4930111 200"], ["phone=+4930111"],
        [{"email=a@x"}, {"phone=+4930111", "customer_number=200"}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SPLITS)
def test_a_split_makes_two_customers_and_never_more(make, case) -> None:
    who_, told, named, expected = SPLITS[case]
    home = make()
    tell(home, *[tuple(value.strip("-") for value in row.split()) for row in told])
    before = id_of(home, named[0])
    called = before if who_ == "customer" else who_
    done = json.loads(run(home, "split", called, *named, "--by", "kim", "--why", "her son", "--json").output)
    assert customers(home) == sorted(sorted(each) for each in expected)
    stay, go = expected
    assert {id_of(home, key) for key in stay} == {done["customer_id"]} == {before}
    assert {id_of(home, key) for key in go} == {done["split_off"]}
    assert (done["identifiers"], set(done["came_along"])) == (sorted(go), go - {*named})
    run(home, "undo", done["decision"], "--by", "kim", "--why", "no son")
    assert customers(home) == [sorted(stay | go)]
    assert "0 decisions hold" in run(home, "decisions").output


def customers(home: Home) -> list[list[str]]:
    """The identifiers of each customer."""
    refresh(home)
    found: dict[str, list[str]] = {}
    for row in rows(home.lake, People).to_pylist():
        found.setdefault(row["customer_id"], []).append(row["key"])
    return sorted(sorted(keys) for keys in found.values())


def test_a_split_tells_what_came_along(make) -> None:
    home = make()
    tell(home, ("a@x", "+4930111", ""), ("b@x", "+4930111", ""), ("b@x", "", "200"))
    said = run(home, "split", "email=a@x", "email=b@x", "--by", "kim", "--why", "her son").output
    assert said.startswith("email=b@x, and customer_number=200, linked only with that, are c")


def test_a_join_that_must_not_be_is_refused_and_leaves_nothing(make) -> None:
    home = make(one_per_person=["customer_number"])
    tell(home, ("a@x", "", "100"), ("b@x", "", "222"), ("c@x", "", "777"), ("c@x", "", "999"))
    refused = run(home, "join", "email=a@x", "email=b@x", "--by", "kim", "--why", "?")
    assert "keeps them apart (customer_number: 100 and 222)" in str(refused.exception)
    assert "0 decisions hold" in run(home, "decisions").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why", "email=nobody@x", "email=a@x"), "is no customer id and no identifier"),
        (("split", "email=a@x", "email=b@x", "--by", "k", "--why", "w"), "does not have email=b@x"),
        (("split", "email=a@x", "email=a@x", "--by", "k", "--why", "w"), "all identifiers"),
        (("join", "email=a@x", "email=a@x", "--by", "k", "--why", "w"), "one customer already"),
        (("undo", "d0", "--by", "k", "--why", "w"), "is no decision that holds"),
    ],
)
def test_mistakes_are_named(make, arguments, said) -> None:
    home = make()
    tell(home, ("a@x", "", ""))
    assert said in str(run(home, *arguments).exception)


words = st.text("ab1", min_size=1, max_size=6)


@given(words, st.integers(0, 5), st.sampled_from(["change", "drop", "add", "swap"]))
def test_one_typo_is_one_typo(word, at, how) -> None:
    at = at % len(word)
    typed = {
        "change": word[:at] + "z" + word[at + 1 :],
        "drop": word[:at] + word[at + 1 :],
        "add": word[:at] + "z" + word[at:],
        "swap": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }[how]
    assert one_typo_apart(word, typed)
    assert one_typo_apart(typed, word)
    assert not one_typo_apart(word, typed + "yy")
