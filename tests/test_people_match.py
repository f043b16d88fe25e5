"""people match: who is who in lists of people, with nobody's hand on it."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import UserError
from firsthand.jobs.match_people import match_people
from firsthand.people import normal
from firsthand.people.clusters import Pairs, cluster, strongest
from firsthand.people.columns import find_columns
from firsthand.people.fields import fields_of, make_people
from firsthand.people.linked import one_typo_apart
from firsthand.people.model import predict, train
from firsthand.people.threshold import choose

PEOPLE = """id;Vorname;Nachname;Geburtsdatum;E-Mail;Telefon;notiz
1;Ada;Lovelace;10.12.1985;ada@example.org;+49 171 5550001;
2;Ada;Lovelase;10.12.1985;ada@example.org;0171 5550001;calls often
3;Grace;Hopper;09.12.1976;grace@example.com;0172 5550002;
4;Alan;Turing;23.06.1992;;0173/5550003;
5;Alan;Turing;23.06.1992;alan@example.net;;
6;Edsger;Dijkstra;11.05.1970;edsger@example.net;0174 5550004;
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    return file


def customers(out: Path) -> dict[str, str]:
    with out.open(encoding="utf-8", newline="") as rows:
        return {row["id"]: row["customer_id"] for row in csv.DictReader(rows)}


def f1(out: Path, person: Callable[[str], str]) -> float:
    """Pairwise F1 of the customers in a file against the truth."""
    found = customers(out)
    both = Counter((customer, person(record)) for record, customer in found.items())
    sizes = (both, Counter(found.values()), Counter(map(person, found)))
    right, joined, true = (sum(size * (size - 1) // 2 for size in count.values()) for count in sizes)
    return 2 * right / (joined + true)


def test_records_of_one_person_get_one_customer_id_and_every_record_is_there_once(people: Path, tmp_path: Path) -> None:
    found = match_people([people], tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert list(rows[0]) == ["id", "customer_id", "probability"]
    same = [row["customer_id"] for row in rows]
    assert same[0] == same[1]
    assert same[3] == same[4]
    assert len(set(same)) == 4 == found["customers"]
    assert rows[2]["probability"] == "1.0"
    assert 0.5 <= float(rows[0]["probability"]) <= 1


def test_what_was_found_out_is_said(people: Path, tmp_path: Path) -> None:
    found = match_people([people], tmp_path / "out.csv")
    assert {column["name"]: column["kind"] for column in found["columns"]} == {
        "id": "id", "Vorname": "first_name", "Nachname": "surname", "Geburtsdatum": "birth_date", "E-Mail": "email",
        "Telefon": "phone", "notiz": "ignore",
    }  # fmt: skip
    assert all(column["why"] for column in found["columns"])
    assert found["rules"] == [{"rule": "every pair", "pairs": 15}]
    assert found["threshold"]["why"]
    assert found["records"] == 6
    assert found["unseen_levels"]


def test_a_column_can_be_told(people: Path, tmp_path: Path) -> None:
    found = match_people([people], tmp_path / "out.csv", said={"Nachname": "ignore", "notiz": "text"}, threshold=0.9)
    kinds = {column["name"]: (column["kind"], column["why"]) for column in found["columns"]}
    assert kinds["Nachname"] == ("ignore", "you said so")
    assert kinds["notiz"] == ("text", "you said so")
    assert found["threshold"] == {"value": 0.9, "why": "you said so"}


def test_several_files_are_one_list_whose_columns_meet_by_name(people: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("vorname,nachname,geburtsdatum,e-mail\nGrace,Hopper,09.12.1976,grace@example.com\n", "utf-8")
    found = match_people([people, other], tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert list(rows[0]) == ["file", "id", "customer_id", "probability"]
    assert found["records"] == len(rows) == 7
    assert rows[2]["customer_id"] == rows[6]["customer_id"]


def test_an_empty_list_of_matches_is_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "first_name,surname,dob\nAda,Lovelace,1985-12-10\nGrace,Hopper,1976-12-09\nAlan,Turing,1992-06-23\n"
    )
    assert match_people([file], tmp_path / "out.csv")["customers"] == 3
    assert list(customers(tmp_path / "out.csv")) == ["1", "2", "3"], "numbered, since no column names them"


def test_a_list_of_one_record_is_one_customer(tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("first_name,surname\nAda,Lovelace\n")
    found = match_people([file], tmp_path / "out.csv")
    assert (found["records"], found["customers"], found["pairs_compared"]) == (1, 1, 0)


def test_records_that_agree_on_nothing_are_never_joined(tmp_path: Path) -> None:
    file = tmp_path / "blank.csv"
    file.write_text("id,first_name,surname,sex\n1,Ada,Lovelace,f\n2,Ada,Lovelace,f\n3,,,\n4, , ,\n5,,,f\n6,,,f\n")
    found = match_people([file], tmp_path / "out.csv", threshold=0.01)
    assert found["customers"] == 5
    assert (tmp_path / "out.csv").read_text().splitlines()[3:5] == ["3,c2,1.0", "4,c3,1.0"]


def test_people_named_by_a_symbol_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "symbols.csv"
    file.write_text("id,name,dob\n1,🌸,1985-12-10\n2,🌸,1985-12-10\n3,🔥,1976-12-09\n4,,\n", "utf-8")
    match_people([file], tmp_path / "out.csv")
    assert list(customers(tmp_path / "out.csv").values()) == ["c1", "c1", "c2", "c3"]


def test_a_list_of_one_person_only_is_one_customer(tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    file.write_text("first_name,surname,dob\nAda,Lovelace,1985-12-10\nAda,Lovelace,1985-12-10\n")
    assert match_people([file], tmp_path / "out.csv")["customers"] == 1


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (None, [], "There is no file"),
        ("", [], "is empty"),
        ("first_name,surname\n", [], "has a header and no rows"),
        ("color\nred\nred\n", [], "no column says who a record is"),
        ("id_l,id_r,score\n7,8,0.1\n7,9,0.9\n8,9,0.5\n", [], "no column says who a record is"),
        ("id,name\n1,Ada Lovelace\n1,Grace Hopper\n", ["--id", "id"], "'1' stands in 2 rows"),
        ("id,name\n1,Ada Lovelace\n2,Grace Hopper\n", ["--id", "nr"], "There is no column 'nr'"),
        ("id,name\n1,Ada Lovelace\n2,Grace Hopper\n", ["--column", "name"], "says no kind"),
        ("id,name\n1,Ada Lovelace\n2,Grace Hopper\n", ["--column", "name=colour"], "is no kind of column"),
        ("id,name\n1,Ada Lovelace\n2,Grace Hopper\n", ["--column", "nom=surname"], "There is no column 'nom'"),
        ("id,name\n" + "1,Ada\n" * 9 + "2,Grace,Hopper,x\n3,Alan\n", [], "cannot be read as CSV"),
    ],
)
def test_bad_input_is_told_in_words(tmp_path: Path, content: str | None, options: list[str], said: str) -> None:
    file = tmp_path / "people.csv"
    if content is not None:
        file.write_text(content)
    ran = CliRunner().invoke(command, ["people", "match", str(file), "--out", str(tmp_path / "out.csv"), *options])
    assert isinstance(ran.exception, UserError)
    assert said in str(ran.exception)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("people.csv", "one of the lists that are read"),
        ("none/there.csv", "There is no folder"),
        ("", "is a folder"),
    ],
)
def test_what_cannot_be_written_or_only_over_a_list_is_refused_before_the_work(
    people: Path, out: str, said: str
) -> None:
    told = str(people.parent / out)
    ran = CliRunner().invoke(command, ["people", "match", str(people), "--out", told])
    assert isinstance(ran.exception, UserError)
    assert said in str(ran.exception)
    assert people.read_text("utf-8") == PEOPLE


def test_a_packed_list_is_read_as_it_is(people: Path, tmp_path: Path) -> None:
    packed = tmp_path / "people.csv.gz"
    packed.write_bytes(gzip.compress(people.read_bytes()))
    assert match_people([packed], tmp_path / "out.csv")["customers"] == 4
    packed.write_bytes(packed.read_bytes()[:-20])
    with pytest.raises(UserError, match=r"people\.csv\.gz cannot be read"):
        match_people([packed], tmp_path / "out.csv")


def test_a_workbook_is_named_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(UserError, match=r"is a workbook .* Save the sheet as CSV"):
        match_people([file], tmp_path / "out.csv")


def test_json_is_one_document_and_nothing_else(people: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(command, ["people", "match", str(people), "--out", str(tmp_path / "out.csv"), "--json"])
    assert set(json.loads(ran.stdout)) >= {"columns", "rules", "threshold", "expected_precision", "expected_recall", "expected_recall_why", "records", "customers", "pairs_compared", "unseen_levels", "training", "seconds"}  # fmt: skip
    told = CliRunner().invoke(command, ["people", "match", str(people), "--out", str(tmp_path / "out.csv")])
    assert "Vorname: first name (by its name)" in told.stdout
    assert "6 records of 4 customers" in told.stdout
    assert "%, at most: what" in told.stdout


@pytest.mark.parametrize(
    ("sql", "value", "expected"),
    [
        (normal.words("v"), "  Müller-Lüdenscheidt ", "muller ludenscheidt"),
        (normal.words("v"), "O'Neill", "oneill"),
        (normal.words("v"), "n/a", None),
        (normal.words("v"), "王伟", "王伟"),
        (normal.words("v"), "🌸🔥", "🌸🔥"),
        (normal.words("v"), "☀️", "☀"),
        (normal.words("v"), "Ada 🌸", "ada"),
        (normal.words("v"), "---", None),
        (normal.code("v"), "🌸", None),
        (normal.email("v"), " Ada@Example.ORG", "ada@example.org"),
        (normal.email("v"), "none", None),
        (normal.phone("v"), "+49 (0)171 555-0001", "1715550001"),
        (normal.phone("v"), "0171/5550001", "1715550001"),
        (normal.phone("v"), "004917 15550001", "1715550001"),
        (normal.date("v", "dmy"), "3.4.1985", "19850403"),
        (normal.date("v", "mdy"), "3/4/1985", "19850304"),
        (normal.date("v", "ymd"), "19851340", "19851340"),
        (normal.date("v", "dmy"), "3 April 1985", "19850403"),
        (normal.given_part("v"), "Ada Augusta Lovelace", "ada augusta"),
        (normal.family_part("v"), "Lovelace, Ada", "lovelace"),
    ],
)
def test_values_are_written_alike(sql: str, value: str, expected: str | None) -> None:
    assert duckdb.execute(f"SELECT {sql} FROM (SELECT ? AS v)", [value]).fetchall()[0][0] == expected


def test_columns_are_known_by_their_values_where_the_name_says_nothing() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            CREATE TABLE list AS SELECT i::VARCHAR AS a, 'p' || (i % 90) || '@x.org' AS b, (1940 + i % 60) || '-03-12' AS c,
                '+49 171 555' || (1000 + i % 90) AS d, ['f', 'm'][1 + i % 2] AS e, '2024-03-0' || (1 + i % 9) AS f, '' AS g,
                (i % 90 * 1.5)::VARCHAR AS h FROM range(100) t(i)""")
        found = {column.name: column.kind for column in find_columns(connection, "list", list("abcdefgh"))}
    assert found == {"a": "id", "b": "email", "c": "birth_date", "d": "phone", "e": "attribute", "f": "ignore", "g": "ignore", "h": "ignore"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("Birth Day", ["1992-06-23", "1960-01-03", "1985-12-10"], "birth_date"),
        ("bday", ["23.06.1992", "03.01.1960", "10.12.1985"], "birth_date"),
        ("birthday", ["23", "3", "10"], "attribute"),  # a day alone is no date
        ("cluster", ["Q17", "Q17", "Q4"], "ignore"),
        ("entity_id", ["12001", "12001", "12002"], "ignore"),
        ("xyz", ["1", "1", "2"], "ignore"),
        ("xyz", ["40001", "40001", "40002"], "ignore"),
        ("customer no", ["40001", "40001", "40002"], "identifier"),
    ],
)
def test_a_column_is_held_against_its_name_and_its_values(name: str, values: list[str], kind: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f'CREATE TABLE list AS SELECT unnest({values}) AS "{name}" FROM range(30)')
        (column,) = find_columns(connection, "list", [name])
    assert column.kind == kind


def test_each_files_ids_are_its_own(tmp_path: Path) -> None:
    for name, people in (("a", "Ada,Lovelace,1985-12-10\n Alan,Turing,1992-06-23"), ("b", "Grace,Hopper,1976-12-09\n Ada,Lovelase,1985-12-10")):  # fmt: skip
        rows = "".join(f"{10_001 + at},{row.strip()}\n" for at, row in enumerate(people.splitlines()))
        (tmp_path / f"{name}.csv").write_text("id,first_name,surname,dob\n" + rows)
    found = match_people([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out.csv")
    assert found["columns"][0] == {"name": "id", "kind": "id", "why": "no value stands twice in a file"}
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["id"] for row in rows] == ["10001", "10002", "10001", "10002"]
    same = [row["customer_id"] for row in rows]
    assert same[0] == same[3]
    assert len(set(same)) == 3


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


def test_a_model_is_plain_values_and_scores_only_pairs_with_a_new_record(people: Path) -> None:
    from firsthand.people.lists import read_lists

    with duckdb.connect() as connection:
        made = fields_of(find_columns(connection, "records", read_lists(connection, [people])))
        make_people(connection, "records", made)
        model, _ = train(connection, "people", [field for field, _ in made])
        kept = json.loads(json.dumps(model))
        every = connection.execute(
            f"SELECT unique_id_l, unique_id_r FROM {predict(connection, 'people', kept)}"
        ).fetchall()
        new = connection.execute(
            f"SELECT unique_id_l, unique_id_r FROM {predict(connection, 'people', kept, new='{}.unique_id = 4')}"
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
