"""How people are told from each other: clusters, thresholds, models, and how right they are on lists whose truth is known."""

from __future__ import annotations

import csv
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from firsthand.jobs.match_people import match_people
from firsthand.people.clusters import Pairs, cluster, strongest
from firsthand.people.columns import find_columns
from firsthand.people.fields import fields_of, make_people
from firsthand.people.linked import one_typo_apart
from firsthand.people.model import predict, train
from firsthand.people.threshold import choose
from people_lists import PEOPLE, customers


def f1(out: Path, person: Callable[[str], str]) -> float:
    """Pairwise F1 of the customers in a file against the truth."""
    found = customers(out)
    both = Counter((customer, person(record)) for record, customer in found.items())
    sizes = (both, Counter(found.values()), Counter(map(person, found)))
    right, joined, true = (sum(size * (size - 1) // 2 for size in count.values()) for count in sizes)
    return 2 * right / (joined + true)


def scored(*rows: tuple[int, int, float]) -> Pairs:
    one, other, probability = (np.array(column) for column in zip(*rows, strict=True))
    return Pairs(one, other, probability)


def test_a_chain_is_cut_where_records_do_not_belong_together_on_the_whole() -> None:
    chain = scored((0, 1, 0.99), (1, 2, 0.6), (2, 3, 0.99), (0, 2, 0.01), (0, 3, 0.01), (1, 3, 0.01))
    assert cluster(chain, 5, 0.5).tolist() == [0, 0, 1, 1, 2]
    whole = scored((0, 1, 0.99), (1, 2, 0.9), (0, 2, 0.4))
    assert len(set(cluster(whole, 3, 0.5).tolist())) == 1


def test_records_that_differ_in_what_a_person_has_one_of_are_never_joined() -> None:
    pairs = scored((0, 1, 0.99), (1, 2, 0.99), (0, 2, 0.99))
    assert len(set(cluster(pairs, 3, 0.5, apart=["4711", None, "0815"]).tolist())) == 2
    assert len(set(cluster(pairs, 3, 0.5, apart=["4711", None, "4717"]).tolist())) == 1, "one typo is no difference"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [("4711", "4711", True), ("4711", "471", True), ("4711", "4171", True), ("4711", "4791", True), ("4711", "1147", False), ("47", "4711", False)],
)  # fmt: skip
def test_one_typo_apart(a: str, b: str, same: bool) -> None:
    assert one_typo_apart(a, b) is same
    assert one_typo_apart(b, a) is same


def test_a_group_too_large_to_compare_is_parted_and_the_veto_holds() -> None:
    size = 700
    one, other = np.arange(size - 1), np.arange(1, size)
    pairs = Pairs(one, other, np.where(one % 7 == 6, 0.55, 0.99))
    people = cluster(pairs, size, 0.5)
    assert np.bincount(people).max() < 300
    equal = Pairs(one, other, np.full(size - 1, 0.9))
    told = [f"{at % 2}{at % 2}{at % 2}" for at in range(size)]
    people = cluster(equal, size, 0.5, apart=told)
    assert not any(people[at] == people[at + 1] for at in range(size - 1))


def test_the_strongest_link_of_a_record_is_its_probability() -> None:
    pairs = scored((0, 1, 0.7), (1, 2, 0.9), (0, 2, 0.6))
    assert strongest(pairs, np.array([0, 0, 0, 1])).tolist() == [0.7, 0.9, 0.9, 1.0]


def test_the_threshold_weighs_wrong_joins_against_missed_ones() -> None:
    parted = choose(np.array([0.99, 0.98, 0.97, 0.03, 0.02]))
    assert 0.49 < parted.value < 0.97
    assert "3 pairs" in parted.why
    assert choose(np.array([])).value == 0.5


def test_a_model_is_plain_values_and_scores_only_pairs_with_a_new_record(tmp_path: Path) -> None:
    from firsthand.people.lists import read_lists

    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, "utf-8")
    with duckdb.connect() as connection:
        made = fields_of(find_columns(connection, "records", read_lists(connection, [people])))
        make_people(connection, "records", made)
        model, _ = train(connection, "people", [field for field, _ in made])
        kept = json.loads(json.dumps(model))
        every = connection.execute(
            f"SELECT unique_id_l, unique_id_r FROM {predict(connection, 'people', kept)}"
        ).fetchall()
        new = connection.execute(
            f"SELECT unique_id_l, unique_id_r FROM {predict(connection, 'people', kept, new_from=4)}"
        ).fetchall()
    assert {(0, 1), (3, 4)} <= set(every)
    assert set(new) == {pair for pair in every if 4 in pair}


def families(*, again: bool) -> tuple[list[list[str]], dict[str, str]]:
    """Two hundred families of three at one address with one phone; each first member stands there again, with a typo."""
    chance = random.Random(3)

    def name() -> str:
        return "".join(chance.choices(["ba", "ko", "ri", "mel", "tan", "sor", "vic", "dor", "lin"], k=3))

    first, last, streets = [name() for _ in range(60)], [name() for _ in range(150)], [name() for _ in range(90)]
    rows: list[list[str]] = []
    for family in range(200):
        home = [
            f"{chance.randint(1, 99)} {chance.choice(streets)} road",
            str(10_000 + family % 40),
            f"0{chance.randint(10**8, 10**9)}",
        ]
        surname, given = chance.choice(last), chance.sample(first, 3)
        for member in given:
            born = f"{chance.randint(1940, 2010)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
            rows.append([f"{family}-{member}", member, surname, born, *home])
        if again:
            person, member, surname, born, *_ = rows[-3]
            rows.append([person, member[:-1], surname, born, *home])
    truth = {str(number): row[0] for number, row in enumerate(rows)}
    return [[str(number), *row[1:]] for number, row in enumerate(rows)], truth


def write(file: Path, rows: list[list[str]]) -> Path:
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([["id", "first_name", "surname", "dob", "street", "zip", "phone"], *rows])
    return file


def test_a_family_is_not_one_customer(tmp_path: Path) -> None:
    rows, truth = families(again=True)
    match_people([write(tmp_path / "families.csv", rows)], tmp_path / "out.csv")
    assert f1(tmp_path / "out.csv", truth.__getitem__) >= 0.98


def test_a_list_without_duplicates_keeps_everyone_apart(tmp_path: Path) -> None:
    rows, _ = families(again=False)
    found = match_people([write(tmp_path / "families.csv", rows)], tmp_path / "out.csv")
    assert found["customers"] >= 598


@pytest.mark.parametrize("number", [1, 2, 3])
def test_febrl(real_data: Path, tmp_path: Path, number: int) -> None:
    match_people([real_data / "febrl" / f"dataset{number}.csv"], tmp_path / "out.csv")
    assert f1(tmp_path / "out.csv", lambda record: re.findall(r"\d+", record)[0]) >= 0.998


def test_fake_1000(real_data: Path, tmp_path: Path) -> None:
    list_ = real_data / "splink_datasets" / "fake_1000.csv"
    with list_.open(newline="") as rows:
        truth = {row["unique_id"]: row["cluster"] for row in csv.DictReader(rows)}
    found = match_people([list_], tmp_path / "out.csv")
    assert {column["name"]: column["kind"] for column in found["columns"]}["cluster"] == "ignore"
    assert f1(tmp_path / "out.csv", truth.__getitem__) >= 0.94
