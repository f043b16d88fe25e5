"""people match: who is who in lists of people, with nobody's hand on it."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import UserError
from firsthand.jobs.match_people import match_people
from people_lists import PEOPLE, customers


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    return file


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The list matched once: what was found out, and the file of customers."""
    folder = tmp_path_factory.mktemp("matched")
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    return match_people([folder / "people.csv"], folder / "out.csv"), folder / "out.csv"


def test_records_of_one_person_get_one_customer_id_and_every_record_is_there_once(
    matched: tuple[dict[str, Any], Path],
) -> None:
    found, out = matched
    rows = list(csv.DictReader(out.open()))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert list(rows[0]) == ["id", "customer_id", "probability"]
    same = [row["customer_id"] for row in rows]
    assert same[0] == same[1]
    assert same[3] == same[4]
    assert len(set(same)) == 4 == found["customers"]
    assert rows[2]["probability"] == "1.0"
    assert 0.5 <= float(rows[0]["probability"]) <= 1


def test_what_was_found_out_is_said(matched: tuple[dict[str, Any], Path]) -> None:
    found, _out = matched
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
        (
            "id,name\n" + "1,Ada\n" * 9 + "2,Grace,Hopper,x\n3,Alan\n",
            [],
            "line 11: expected 2 values, as the header has, and found 3",
        ),
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
