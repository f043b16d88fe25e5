"""Exports of LimeSurvey, and what is odd or broken in an export of either survey tool."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.jobs.import_files import import_files
from firsthand.sources import format_named
from importing import asked, taken
from survey_files import ADA, BEN, DOT, RESPONSE, answers, bad, exported, one, qualtrics, told, written

LIME = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "token", "email"]
LIME_TEXTS = ["Response ID", "Date submitted", "Last page", "Start language", "Seed", "Date started", "Date last action",
              "IP address", "Access code", "Email address"]  # fmt: skip
LIME_QUESTIONS = [
    ("Q1", "How likely are you to recommend us, 0-10?"),
    ("Q2[SQ001]", "How satisfied are you with, all in all, [Price]"),
    ("Q2[SQ002]", "How satisfied are you with, all in all, [Staff]"),
    ("Q3[A]", "How did you reach us? [Web]"),
    ("Q3[B]", "How did you reach us? [Phone]"),
    ("Q3[other]", "How did you reach us? [Other]"),
    ("Q4", "What could we do better?"),
    ("Q1Time", "Question time: Q1"),
]
LIME_ROWS = [
    ["1", "2026-01-10 09:00:00", "3", "de", "17", "2026-01-10 08:50:00", "2026-01-10 09:00:00", "203.0.113.7", "tok1", "ada@example.org",
     "9", "Satisfied", "Very satisfied", "Yes", "No", "", "Open on Sundays as well, as the others do", "4.2"],
    ["2", "", "1", "en", "18", "2026-01-11 08:50:00", "2026-01-11 09:00:00", "", "", "", "3", "Dissatisfied", "Neutral", "No", "Yes", "by fax", "N/A", "4.2"],
    ["3", "1980-01-01 00:00:00", "3", "en", "19", "2026-01-12 08:50:00", "", "", "", "", "", "Very satisfied", "Satisfied", "", "", "", "", ""],
    ["4", "2026-01-13 09:00:00", "3", "en", "20", "", "", "", "", "", "", "Neutral", "Dissatisfied", "No", "No", "", "", ""],
]  # fmt: skip


def limesurvey(
    tmp_path: Path, heading: str, delimiter: str, name: str = "results-survey123456.csv", rows: Any = LIME_ROWS
) -> Path:
    if heading == "codes":
        names = [*LIME, *(code for code, _ in LIME_QUESTIONS)]
    elif heading == "codes and texts":
        names = [f"{code}. {text}" for code, text in [*zip(LIME, LIME_TEXTS, strict=True), *LIME_QUESTIONS]]
    else:
        names = [*LIME_TEXTS, *(text for _, text in LIME_QUESTIONS)]
    path = tmp_path / name
    path.write_text("\ufeff" + written([names, *rows], delimiter), "utf-8")
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("heading", ["codes", "codes and texts", "texts"])
def test_limesurvey_is_read_with_each_heading_and_delimiter(home, tmp_path, heading, delimiter):
    tally, listed = taken(home, limesurvey(tmp_path, heading, delimiter), "limesurvey")
    texts = heading != "texts"
    assert (tally.accepted, listed) == (14, [])
    rows = list(answers(home).values())
    assert {row["source"] for row in rows} == {"limesurvey 123456"}
    assert not any("203.0.113.7" in row["properties"] for row in rows)
    by_id = {row["interaction_id"].split(":", 1)[1]: row for row in rows}
    question = "Q1" if texts else "How likely are you to recommend us, 0-10?"
    nps = by_id[f"1/{question}"]
    wording = "Q1" if heading == "codes" else "How likely are you to recommend us, 0-10?"
    assert (nps["question"], nps["language"]) == (wording, "de")
    if heading != "codes":
        assert (nps["question_kind"], nps["score"], nps["scale_high"]) == ("nps", 9, 10)
    assert {each["kind"]: each["value"] for each in nps["identifiers"]} == {
        "survey_token": "tok1",
        "email": "ada@example.org",
    }
    price = by_id["1/Q2[SQ001]" if texts else "1/How satisfied are you with, all in all, [Price]"]
    assert (price["score"], price["scale_high"], price["question_kind"]) == (4, 5, "other")
    stem = "Q3" if texts else "How did you reach us?"
    if texts:
        assert by_id[f"1/{stem}"]["answer"] == ("Web" if heading == "codes and texts" else "A")
        assert by_id["2/Q3[other]"]["text"] == "by fax"
        assert f"4/{stem}" not in by_id, "nothing was ticked"
    assert by_id["3/Q2[SQ001]" if texts else "3/How satisfied are you with, all in all, [Price]"][
        "occurred_at"
    ] == datetime(2026, 1, 12, 7, 50, tzinfo=UTC), "1980 is no time"
    assert next(row for row in rows if row["text"] == "Open on Sundays as well, as the others do")


def test_two_surveys_of_limesurvey_do_not_overwrite_each_other(home, tmp_path):
    first, second = limesurvey(tmp_path, "codes", ";"), limesurvey(tmp_path, "codes", ";", "results-survey7.csv")
    assert taken(home, first, "limesurvey")[0].accepted == taken(home, second, "limesurvey")[0].accepted == 14
    assert taken(home, limesurvey(tmp_path, "codes", ";", "results-survey7 (1).csv"), "limesurvey")[0].duplicate == 14


def test_a_survey_without_times_is_rejected_with_the_reason(home, tmp_path):
    row = [*LIME_ROWS[2]]
    row[5] = ""
    tally, listed = taken(home, limesurvey(tmp_path, "codes", ";", rows=[row]), "limesurvey")
    assert dict(tally.rejected) == {"missing_time": 2}
    assert all("results-survey123456.csv, line 2: " in each["message"] for each in listed)


@pytest.mark.parametrize("name", ["qualtrics", "limesurvey"])
@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_rejected_as_a_whole(home, tmp_path, name, text):
    tally, [listed] = taken(home, bad(tmp_path, text), name)
    assert (tally.read, listed["reason"]) == (1, "empty_file")


def test_what_is_no_export_of_limesurvey_is_put_aside_with_what_to_do(home, tmp_path):
    tally, [listed] = taken(home, bad(tmp_path, "order,total\n1,2\n"), "limesurvey")
    assert (tally.read, listed["reason"], listed["line"]) == (1, "not_a_survey", 1)
    assert "with question codes" in listed["message"]


def test_a_survey_that_nobody_answered_yet_adds_nothing(home, tmp_path):
    assert taken(home, qualtrics(tmp_path), "qualtrics")[0].read == 0
    assert taken(home, limesurvey(tmp_path, "codes", ",", rows=[]), "limesurvey")[0].read == 0


def test_of_a_torn_export_the_whole_lines_are_in(home, tmp_path):
    text = exported(tmp_path, ADA, BEN, DOT)
    cut = text[: text.rindex("R_4")]
    tally, [listed] = taken(home, bad(tmp_path, cut), "qualtrics")
    assert (tally.accepted, listed["reason"], listed["line"]) == (11, "wrong_number_of_columns", 6)


def test_a_line_in_latin_1_is_put_aside_alone_and_can_be_read_by_a_mapping(home, tmp_path):
    text = exported(tmp_path, ADA, BEN | {"Q3": "très bien"})
    path = bad(tmp_path, text.encode("latin-1"))
    tally, [listed] = taken(home, path, "qualtrics")
    assert (tally.accepted, listed["reason"], listed["line"]) == (6, "not_utf8", 5)
    shipped = Path(__file__).parents[1] / "src/firsthand/sources/mappings/qualtrics.yaml"
    mapping = tmp_path / "mine.yaml"
    mapping.write_text("read: {encoding: latin-1}\n" + shipped.read_text("utf-8"), "utf-8")
    import_files(home, [path], format_named("qualtrics"), mapping_file=mapping)
    assert answers(home)["R_2", "Why do you say so?"]["text"] == "très bien"


def test_line_breaks_tags_and_odd_cells_in_an_export_are_read(home, tmp_path):
    heads = [
        *RESPONSE,
        ("Q1", "<b>Why</b>\n&amp; how?", {"ImportId": "QID1_TEXT"}),
        ("Q1", "Again", {"ImportId": "QID2_TEXT"}),
    ]
    path = qualtrics(tmp_path, {"ResponseId": "R_1", "Q1": "one\ntwo\0, ‏three‏"}, heads=heads)
    tally, listed = taken(home, path, "qualtrics")
    assert (tally.accepted, listed) == (2, [])
    assert {row["question"] for row in answers(home).values()} == {"Why & how?", "Again"}


@pytest.mark.parametrize("name", ["qualtrics", "limesurvey"])
def test_the_command_takes_a_survey_with_its_questions(home, tmp_path, name):
    path = qualtrics(tmp_path, ADA) if name == "qualtrics" else limesurvey(tmp_path, "codes", ";")
    question = "Q_NPS" if name == "qualtrics" else "Q1"
    questions = told(tmp_path, f"questions: {{{question}: {{question_kind: nps, scale_low: 0, scale_high: 10}}}}")
    done = CliRunner().invoke(
        command,
        ["import", str(path), "--as", name, "--questions", str(questions), "--home", str(home.folder), "--json"],
    )
    assert done.exit_code == 0, done.output
    assert asked(home, "SELECT DISTINCT question_kind FROM record WHERE scale_high = 10") == [("nps",)]


@pytest.mark.parametrize("cell", ["9" * 400, "1e309", "inf", "-0", "٣", "4,5", " 4 ", "=1+1", "\u200b", "x" * 100_000])
def test_no_cell_is_lost_whatever_it_holds(home, tmp_path, cell):
    (row,) = one(tmp_path, home, "How satisfied are you? 1 - 5", cell)
    assert row["answer"] or row["text"] or row["score"] is not None
