"""A mapping is guessed from names and values of columns: what is found, why, and what cannot be guessed is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import MappingError, SourceError
from firsthand.jobs.guess_mapping import guess_mapping
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.mapping_draft import ColumnDraft, Draft, as_yaml, content_of
from firsthand.jobs.preview_import import preview_import
from firsthand.lake import files
from firsthand.sources import format_named, mapping

GERMAN = """Bestellnummer;Datum;Kunde;E-Mail;Betrag;Kanal;Kommentar
B1;03.06.2026 10:15;K10000315;bela@example.com;12,50;web;Schnell und gut
B2;04.06.2026 11:15;K10001855;oliver@example.com;1.012,50;app;
B3;31.02.2026 11:15;K10001855;oliver@example.com;99,00;app;Kam kaputt an
"""


def drafted(tmp_path: Path, text: str, name: str = "orders.csv", kind: str = "csv") -> Draft:
    (tmp_path / name).write_text(text, "utf-8")
    return guess_mapping(tmp_path / name, format_named(kind))


def meanings(draft: Draft) -> dict[str, str]:
    return {column.name: column.meaning for column in draft.columns}


def test_names_in_german_and_values_say_what_columns_mean(tmp_path: Path) -> None:
    draft = drafted(tmp_path, GERMAN)
    assert meanings(draft) == {
        "Bestellnummer": "order", "Datum": "time", "Kunde": "customer_number", "E-Mail": "email", "Betrag": "amount",
        "Kanal": "channel", "Kommentar": "text",
    }  # fmt: skip
    assert {column.name: column.written for column in draft.columns if column.written} == {
        "Datum": "%d.%m.%Y %H:%M", "Betrag": "decimal comma",
    }  # fmt: skip
    assert draft.id_column == "Bestellnummer"


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (("03.12.2026", "24.12.2026"), "%d.%m.%Y"),
        (("12/24/2026 09:00", "01/02/2026 09:00"), "%m/%d/%Y %H:%M"),
        (("24/12/2026", "01/02/2026"), "%d/%m/%Y"),
        (("2026-01-01T09:00:00Z", "2026-01-02T09:00:00+01:00"), ""),
        (("1780000000", "1780000060"), "epoch_seconds"),
        (("1780000000123", "1780000060123"), "epoch_milliseconds"),
    ],
)
def test_how_times_are_written_is_found(values: tuple[str, str], written: str, tmp_path: Path) -> None:
    draft = drafted(tmp_path, "timestamp,what\n" + "".join(f"{value},x\n" for value in values))
    assert [(column.meaning, column.written) for column in draft.having("time")] == [("time", written)]


def test_who_it_was_is_told_by_values_where_names_say_nothing(tmp_path: Path) -> None:
    rows = "".join(f"2026-01-0{n}T09:00,a{n % 3}@example.org,+49 30 12345{n % 4}0\n" for n in range(1, 9))
    draft = drafted(tmp_path, "ts,a,b\n" + rows)
    assert meanings(draft) == {"ts": "time", "a": "email", "b": "phone"}


def test_a_date_of_birth_is_not_when_it_happened(tmp_path: Path) -> None:
    rows = "".join(f"{1950 + n}-03-0{1 + n % 9},2026-01-0{1 + n % 9} 10:00\n" for n in range(40))
    assert meanings(drafted(tmp_path, "date of birth,created\n" + rows)) == {"date of birth": "date_of_birth", "created": "time"}  # fmt: skip


def test_a_promise_with_its_order_becomes_a_rule_of_its_own(tmp_path: Path) -> None:
    draft = drafted(tmp_path, "order,placed,promised\nO1,2026-01-01 10:00,2026-01-04\nO2,2026-01-02 10:00,2026-01-05\n")
    _first, promise = content_of(draft)["interactions"]
    assert promise["promise_id"] == {"column": "order"}
    assert promise["promised_for"] == {"column": "promised"}
    assert promise["promise_state"] == {"constant": "made"}


def test_the_scale_is_said_only_where_name_and_values_leave_no_doubt(tmp_path: Path) -> None:
    sure = drafted(tmp_path, "answered,nps\n2026-01-01,9\n2026-01-02,0\n")
    assert {key: sure.constants[key] for key in ("question_kind", "scale_low", "scale_high")} == {
        "question_kind": "nps", "scale_low": "0", "scale_high": "10",
    }  # fmt: skip
    unsure = drafted(tmp_path, "answered,score\n2026-01-01,9\n2026-01-02,1\n")
    assert meanings(unsure)["score"] == "score"
    assert "scale_high" not in unsure.constants


def test_the_values_speak_against_a_name(tmp_path: Path) -> None:
    draft = drafted(tmp_path, "at,customer,total\n2026-01-01,Ada Lovelace,many\n2026-01-02,Ben Ali,few\n")
    assert meanings(draft) == {"at": "time", "customer": "name", "total": ""}


def test_nested_records_are_guessed_by_their_paths(tmp_path: Path) -> None:
    line = '{{"id": "C{n}", "started_at": "2026-01-0{n}T10:00:00Z", "visitor": {{"email": "a{n}@example.org"}}, "wait_seconds": {n}5}}\n'
    draft = drafted(tmp_path, "".join(line.format(n=n) for n in (1, 2)), "chats.jsonl", "jsonl")
    assert meanings(draft) == {"id": "", "started_at": "time", "visitor.email": "email", "wait_seconds": "wait_seconds"}
    assert (draft.id_column, draft.constants["channel"]) == ("id", "chat")


def test_a_guessed_mapping_imports_what_it_previewed(tmp_path: Path, home: Home) -> None:
    draft = drafted(tmp_path, GERMAN)
    (tmp_path / "orders.yaml").write_text(as_yaml(content_of(draft)), "utf-8")
    seen = preview_import(home, tmp_path / "orders.csv", format_named("csv"), tmp_path / "orders.yaml")
    assert [str(row["amount"]) for row in seen["interactions"]] == ["12.5000", "1012.5000"]
    assert [(row["line"], row["reason"]) for row in seen["rejected"]] == [(4, "not_a_date")]
    rows_before = sum(1 for _ in files(home.lake, "interactions"))
    assert rows_before == 0, "a preview writes nothing"
    tally = import_files(home, [tmp_path / "orders.csv"], format_named("csv"), mapping_file=tmp_path / "orders.yaml")
    assert (tally.accepted, dict(tally.rejected)) == (2, {"not_a_date": 1})


def test_a_preview_looks_at_the_first_rows_only(tmp_path: Path, home: Home) -> None:
    draft = drafted(
        tmp_path, "at,mail\n" + "".join(f"2026-01-01T10:00:{n % 60:02},m{n}@example.org\n" for n in range(300))
    )
    (tmp_path / "m.yaml").write_text(as_yaml(content_of(draft)), "utf-8")
    seen = preview_import(home, tmp_path / "orders.csv", format_named("csv"), tmp_path / "m.yaml")
    assert (seen["records"], len(seen["interactions"])) == (100, 100)


def test_a_file_in_latin_1_is_read_as_that(tmp_path: Path, home: Home) -> None:
    (tmp_path / "o.csv").write_bytes("Datum;Straße\n01.02.2026;Größe\n02.02.2026;Ärger\n".encode("cp1252"))
    draft = guess_mapping(tmp_path / "o.csv", format_named("csv"))
    assert draft.reading == {"encoding": "cp1252"}
    assert [column.name for column in draft.columns] == ["Datum", "Straße"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"a,b\n", "no row below"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04 and so on", "workbook"),
        (b"\0\0\0\1", "no text"),
    ],
)
def test_a_file_that_is_no_table_is_told(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_bytes(data)
    with pytest.raises(SourceError, match=said):
        guess_mapping(tmp_path / "o.csv", format_named("csv"))


def test_what_a_draft_lacks_is_told() -> None:
    with pytest.raises(MappingError, match=r"when it happened(.|\n)*what happened"):
        content_of(Draft("shop", (ColumnDraft("a"),)))
    twice = Draft("shop", (ColumnDraft("a", "time"), ColumnDraft("b", "time")), constants={"event": "Ordered"})
    with pytest.raises(MappingError, match="a does already"):
        content_of(twice)


def test_other_moments_of_a_row_are_interactions_of_their_own(tmp_path: Path) -> None:
    columns = (
        ColumnDraft("order", "order"),
        ColumnDraft("placed", "time"),
        ColumnDraft("handed_over", "moment"),
        ColumnDraft("delivered", "kept_at"),
    )
    content = content_of(Draft("shop", columns, "order", {"event": "Ordered"}))
    (tmp_path / "m.yaml").write_text(as_yaml(content), "utf-8")
    rules = mapping.load(tmp_path / "m.yaml").interactions
    assert [rule["event"]["constant"] for rule in rules] == ["Ordered", "Handed over", "Delivered"]
    assert rules[1]["when"] == {"column": "handed_over", "is_not": ""}
    assert rules[2]["promise_state"] == {"constant": "kept"}


def test_the_command_writes_a_mapping_that_loads_and_leaves_files_alone(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(GERMAN, "utf-8")
    words = ["mapping", "guess", str(tmp_path / "orders.csv"), "--out", str(tmp_path / "m.yaml"), "--source", "laden"]
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 0, done.output
    assert mapping.load(tmp_path / "m.yaml").source == "laden"
    assert "# Drafted" in (tmp_path / "m.yaml").read_text("utf-8")
    again = CliRunner().invoke(command, words)
    assert "is there already" in str(again.exception)
