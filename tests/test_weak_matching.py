"""Customers of a home are found by names, dates of birth and addresses too; never two people in one, never against a person."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from deltalake import write_deltalake

from firsthand.cli import command
from firsthand.demo.people import FIRST, LAST, STREETS
from firsthand.jobs.forget import forget_person
from firsthand.jobs.home import Home, create_home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.people_told import tell_people
from firsthand.jobs.refresh import refresh
from firsthand.lake import connect
from firsthand.lake.read import rows
from firsthand.sources import format_named
from firsthand.tables import ComparedPeople, People
from homes import copied

MAPPING = """
source: {source}
interactions:
  - id: {{column: id}}
    occurred_at: {{constant: "2026-01-01T00:00:00Z"}}
    event: {{constant: Seen}}
    identifiers:
      {strong}: {{column: {strong}}}
      email: {{column: email}}
      first_name: {{column: first}}
      last_name: {{column: last}}
      date_of_birth: {{column: born}}
      street: {{column: street}}
      city: {{column: city}}
"""
COLUMNS = ("id", "customer_number", "card", "email", "first", "last", "born", "street", "city")
Person = dict[str, str]


def tell(home: Home, source: str, people: Iterable[Person]) -> None:
    """Takes rows of people into a home: of the shop by customer number, of the club by card."""
    number = len(list(home.folder.glob("*.csv")))
    file = home.folder / f"{number}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows({"id": f"{number}-{at}", **person} for at, person in enumerate(people))
    mapping = home.folder / f"{source}.yaml"
    mapping.write_text(MAPPING.format(source=source, strong="customer_number" if source == "shop" else "card"))
    import_files(home, [file], format_named("csv"), mapping_file=mapping)


def typed(chance: random.Random, person: Person) -> Person:
    """How a person is told in another place: one name in five has two letters swapped."""
    told = dict(person)
    for column in ("first", "last"):
        name = told[column]
        if chance.random() < 0.2 and len(name) > 3:
            at = chance.randrange(1, len(name) - 2)
            told[column] = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return told


def village(chance: random.Random) -> list[list[Person]]:
    """Households: 120 people alone, 30 couples, and 10 pairs of twins born on one day."""

    def born() -> str:
        return f"{chance.randrange(1945, 2004)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"

    def one(last: str, day: str, street: str, city: str, first: str) -> Person:
        return {"first": first, "last": last, "born": day, "street": street, "city": city}

    found = []
    for at in range(160):
        last, city = chance.choice(LAST), chance.choice(["Kiel", "Essen", "Köln", "Leipzig"])
        street, day = f"{chance.choice(STREETS)} {chance.randrange(1, 120)}", born()
        firsts = chance.sample(FIRST, 2)
        home = [one(last, day, street, city, firsts[0])]
        if at >= 120:
            home.append(one(last, day if at >= 150 else born(), street, city, firsts[1]))
        found.append(home)
    return found


def settled(folder: Path, people: list[Person], **settings: Any) -> tuple[Home, dict[str, int]]:
    """A home whose people are known to shop and club, half of them to both by e-mail; and whose each identifier is."""
    chance = random.Random(7)
    home = create_home(folder, **settings)
    shop, club, truth = [], [], {}
    for number, person in enumerate(people):
        mail = f"p{number}@example.org"
        known = mail if number % 2 else ""
        shop.append(typed(chance, person) | {"customer_number": str(1000 + 7 * number), "email": mail})
        club.append(typed(chance, person) | {"card": f"L{5000 + 13 * number}", "email": known})
        keys = (f"customer_number={1000 + 7 * number}", f"email={mail}", f"card=L{5000 + 13 * number}")
        truth |= dict.fromkeys(keys, number)
    tell(home, "shop", shop)
    tell(home, "club", club)
    refresh(home)
    return home, truth


VILLAGE = [person for household in village(random.Random(7)) for person in household]
HAMLET = VILLAGE[:40]


@pytest.fixture(scope="module")
def settled_hamlet(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of forty people."""
    return settled(tmp_path_factory.mktemp("hamlet") / "home", HAMLET)[0]


@pytest.fixture(scope="module")
def matched_hamlet(settled_hamlet: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same, matched."""
    home = copied(settled_hamlet, tmp_path_factory.mktemp("matched") / "home")
    run(home, "match")
    return home


@pytest.fixture
def hamlet(matched_hamlet: Home, tmp_path: Path) -> Home:
    """A copy of it, to change."""
    return copied(matched_hamlet, tmp_path / "copy")


def run(home: Home, *arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(command, ["people", *arguments, "--home", str(home.folder), "--json"])
    assert result.exception is None, result.output
    document: dict[str, Any] = json.loads(result.output)
    return document


def precision_and_recall(home: Home, truth: dict[str, int]) -> tuple[float, float]:
    """Of all pairs of identifiers: which share of the joined ones is right, and which of the right ones is joined."""
    found = {row["key"]: row["customer_id"] for row in rows(home.lake, People).to_pylist()}
    sizes = (Counter((found[key], truth[key]) for key in truth), Counter(found.values()), Counter(truth.values()))
    right, joined, true = (sum(size * (size - 1) // 2 for size in count.values()) for count in sizes)
    return right / joined, right / true


def customer_of(home: Home, key: str) -> str:
    refresh(home)
    return next(row["customer_id"] for row in rows(home.lake, People).to_pylist() if row["key"] == key)


def test_weak_identifiers_find_more_and_merge_no_two_people(tmp_path: Path) -> None:
    home, truth = settled(tmp_path / "home", VILLAGE)
    precision, recall = precision_and_recall(home, truth)
    found = run(home, "match")
    after = precision_and_recall(home, truth)
    assert precision >= 0.99
    assert recall < 0.7
    assert after[0] >= 0.99
    assert after[1] > 0.93
    assert found["trained"]
    assert found["customers_before"] - found["joined"] == found["customers"]
    assert found["expected_precision"] > 0.98
    leads = {truth[row["key"]]: row["customer_id"] for row in rows(home.lake, People).to_pylist()}
    households = [(120 + 2 * at, 121 + 2 * at) for at in range(40)]
    assert [pair for pair in households if leads[pair[0]] == leads[pair[1]]] == [], "neither couples nor twins are one"


def test_a_second_run_compares_nobody_and_adds_nothing(hamlet: Home) -> None:
    before = run(hamlet, "decisions")
    found = run(hamlet, "match")
    assert (found["new"], found["joined"], found["trained"], found["pairs_compared"]) == (0, 0, False, 0)
    assert run(hamlet, "decisions") == before
    assert len(run(hamlet, "models")["models"]) == 1


def test_only_who_is_new_is_compared_and_the_older_id_stays(hamlet: Home) -> None:
    model = run(hamlet, "models")["models"][0]["model_id"]
    older = customer_of(hamlet, "customer_number=1000")
    known = run(hamlet, "why", "customer_number=1000", "customer_number=1007")["evidence"][0]["fields"]
    values = {field["field"]: field["one_value"] for field in known}
    person = {"first": values["first_name"], "last": values["surname"], "born": values["birth_date"], "street": values["street"], "city": values["city"]}  # fmt: skip
    stranger = {"first": "Zebulon", "last": "Quist", "born": "1931-02-03", "street": "Nowhere 9", "city": "Kiel"}
    tell(hamlet, "shop", [person | {"customer_number": "77001"}, stranger | {"customer_number": "88002"}])
    found = run(hamlet, "match")
    assert (found["new"], found["joined"], found["model"], found["trained"]) == (2, 1, model, False)
    assert customer_of(hamlet, "customer_number=77001") == older


def of_a_model(home: Home) -> dict[str, Any]:
    return next(row for row in run(home, "decisions")["decisions"] if row["probability"] is not None)


def people_told(home: Home, *, anew: bool) -> tuple[list[tuple[Any, ...]], int]:
    """The table `people` of a home, and of how many customers it was made of what was told."""
    refresh(home)
    with connect(home.lake) as connection:
        connection.register("found", rows(home.lake, People))
        connection.execute("CREATE TEMP TABLE customers AS SELECT key, customer_id AS person, life FROM found")
        made = tell_people(home, connection, "customers", anew=anew)
        return connection.execute("SELECT * EXCLUDE (unique_id) FROM people ORDER BY ALL").fetchall(), made


def test_what_was_compared_is_looked_up_and_is_what_it_would_be_if_made_anew(hamlet: Home) -> None:
    assert people_told(hamlet, anew=False)[1] == 0, "nobody is other than when they were compared"
    moved = HAMLET[2] | {"street": "Am Hafen 3", "customer_number": "1014"}
    stranger = VILLAGE[100] | {"customer_number": "88002"}
    tell(hamlet, "shop", [moved, moved | {"city": "Husum"}, stranger])
    corrected = hamlet.folder / "0.csv"  # the shop's list once more, with one name written another way
    corrected.write_text(corrected.read_text("utf-8").replace(HAMLET[5]["last"], "Aabel", 1), "utf-8")
    import_files(hamlet, [corrected], format_named("csv"), mapping_file=hamlet.folder / "shop.yaml")
    one, other = (customer_of(hamlet, f"customer_number={1000 + 7 * at}") for at in (8, 20))
    run(hamlet, "join", one, other, "--by", "kim", "--why", "married")
    (found, made), (whole, all_) = people_told(hamlet, anew=False), people_told(hamlet, anew=True)
    assert found == whole
    assert 0 < made < all_ / 2
    assert any("aabel" in row for row in found), "a corrected name counts in place of the old one"


def test_what_was_compared_of_who_is_forgotten_goes_also_where_it_stands_with_somebody_else(hamlet: Home) -> None:
    decision = of_a_model(hamlet)
    one, other = decision["keys"][0], decision["others"][0]
    both = customer_of(hamlet, one)
    assert both in rows(hamlet.lake, ComparedPeople).column("customer_id").to_pylist()
    run(hamlet, "undo", decision["decision_id"], "--by", "kim", "--why", "two people")
    alone = next(key for key in (one, other) if customer_of(hamlet, key) != both)
    forget_person(hamlet, alone, by="kim", reason="asked for it")
    assert both not in rows(hamlet.lake, ComparedPeople).column("customer_id").to_pylist()


def test_who_was_compared_by_an_older_release_is_compared_again(hamlet: Home) -> None:
    old = rows(hamlet.lake, ComparedPeople).select(["customer_id", "values_hash", "model_id"])
    write_deltalake(hamlet.lake.table("compared_people"), old, mode="overwrite", schema_mode="overwrite")
    found = run(hamlet, "match")
    assert found["new"] == found["records"] > 0
    assert run(hamlet, "match")["new"] == 0


def test_what_a_person_undoes_no_model_does_again(hamlet: Home) -> None:
    decision = of_a_model(hamlet)
    one, other = decision["keys"][0], decision["others"][0]
    assert customer_of(hamlet, one) == customer_of(hamlet, other)
    run(hamlet, "undo", decision["decision_id"], "--by", "kim", "--why", "her daughter")
    assert customer_of(hamlet, one) != customer_of(hamlet, other)
    found = run(hamlet, "match", "--again")
    assert found["trained"]
    assert customer_of(hamlet, one) != customer_of(hamlet, other)
    assert not [row for row in run(hamlet, "review")["to_review"] if {row["key"], row["other"]} == {one, other}]


def test_a_split_by_a_person_wins_over_a_model(hamlet: Home) -> None:
    decision = of_a_model(hamlet)
    one, other = decision["keys"][0], decision["others"][0]
    run(hamlet, "split", customer_of(hamlet, one), *decision["others"], "--by", "kim", "--why", "no")
    assert customer_of(hamlet, one) != customer_of(hamlet, other)
    run(hamlet, "match", "--again")
    assert customer_of(hamlet, one) != customer_of(hamlet, other)


def test_who_differs_in_what_each_has_one_of_is_for_review(tmp_path: Path) -> None:
    strict, _ = settled(tmp_path / "home", HAMLET, one_per_person=["customer_number"])
    ada = {"first": "Ada", "last": "Lovelace", "born": "1915-12-10", "street": "Lindenallee 3", "city": "Kiel"}
    tell(strict, "shop", [ada | {"customer_number": "30003"}, ada | {"customer_number": "90009"}])
    run(strict, "match")
    assert customer_of(strict, "customer_number=30003") != customer_of(strict, "customer_number=90009")
    (row,) = [row for row in run(strict, "review")["to_review"] if row["key"] and "30003" in row["key"] + row["other"]]
    assert (row["reason"], row["detail"]) == ("one_per_person", "customer_number: 30003 and 90009")
    assert row["probability"] > 0.9


def test_what_is_probable_but_not_joined_waits_for_a_person(settled_hamlet: Home, tmp_path: Path) -> None:
    home = copied(settled_hamlet, tmp_path / "home")
    found = run(home, "match", "--threshold", "1")
    assert (found["joined"], found["customers"]) == (0, found["customers_before"])
    listed = run(home, "review")
    assert listed["total"] == found["to_review"] > 10
    first, second = listed["to_review"][:2]
    assert first["reason"] == "probable"
    assert first["probability"] >= second["probability"] > 0.9
    run(home, "join", first["key"], first["other"], "--by", "kim", "--why", "she said so")
    run(home, "apart", second["key"], second["other"], "--by", "kim", "--why", "two cousins")
    assert run(home, "review")["total"] == found["to_review"] - 2
    run(home, "match", "--again", "--threshold", "0.5")
    assert customer_of(home, second["key"]) != customer_of(home, second["other"])


def test_a_link_says_which_evidence_weighs_how_much(hamlet: Home, tmp_path: Path) -> None:
    decision = of_a_model(hamlet)
    chart = tmp_path / "why.svg"
    found = run(hamlet, "why", decision["keys"][0], decision["others"][0], "--chart", str(chart))
    assert found["same"]
    (weighed,) = found["evidence"]
    bits = {field["field"]: field["bits"] for field in weighed["fields"]}
    assert bits["birth_date"] > 5
    assert bits["street"] > 5
    whole = weighed["prior_bits"] + sum(bits.values()) + weighed["alike_bits"]
    assert whole == pytest.approx(weighed["total_bits"], abs=0.1)
    assert weighed["probability"] == pytest.approx(decision["probability"], abs=0.01)
    assert weighed["probability"] == pytest.approx(1 / (1 + 2 ** -weighed["total_bits"]), abs=0.001)
    drawn = chart.read_text()
    assert "birth date: the same" in drawn
    assert "before anything is known" in drawn
    assert "<script" not in drawn


def test_two_customers_who_are_not_one_are_weighed_too(hamlet: Home) -> None:
    found = run(hamlet, "why", "customer_number=1000", "customer_number=1007")
    assert not found["same"]
    (weighed,) = found["evidence"]
    assert weighed["probability"] < 0.01
    text = CliRunner().invoke(command, ["people", "why", "customer_number=1000", "customer_number=1007", "--home", str(hamlet.folder)])  # fmt: skip
    assert "first name: different" in text.output
    assert "times as rare" in text.output


def test_a_model_can_be_read(hamlet: Home) -> None:
    (listed,) = run(hamlet, "models")["models"]
    found = run(hamlet, "model")
    assert found["model_id"] == listed["model_id"]
    assert found["known_pairs"] == 20, "one for each of those whom shop and club know by one e-mail"
    worth = {(row["field"], row["level"]): row["bits"] for row in found["levels"]}
    assert worth["surname", "the same"] > 2 > 0 > worth["surname", "different"]
    text = CliRunner().invoke(command, ["people", "model", "--home", str(hamlet.folder)]).output
    assert "What each level of agreement weighs" in text
    assert "almost the same" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("match", "--out", "x.csv"), "are for lists in files"),
        (("match", "x.csv"), "the file to write is needed"),
        (("model", "m0"), "has no model yet"),
    ],
)
def test_mistakes_are_named(arguments: tuple[str, ...], said: str, home: Home) -> None:
    result = CliRunner().invoke(command, ["people", *arguments, "--home", str(home.folder)])
    assert said in str(result.exception)


def test_without_files_and_home_both_are_named(tmp_path: Path) -> None:
    said = str(CliRunner().invoke(command, ["people", "match", "--home", str(tmp_path)]).exception)
    assert "is no home" in said
    assert "--out" in said


def test_a_home_without_weak_identifiers_has_nobody_to_match(home: Home) -> None:
    found = run(home, "match")
    assert (found["records"], found["joined"], found["model"]) == (0, 0, None)
