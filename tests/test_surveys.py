"""Surveys: an answer is an interaction, with its question, kind and scale as far as the export shows them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.jobs.import_files import import_files
from firsthand.jobs.rejections import open_rejections, retry_rejections
from firsthand.sources import format_named
from importing import asked, taken
from survey_files import ADA, BEN, CYD, DOT, HEADS, RESPONSE, answers, bad, exported, one, qualtrics, told


def test_each_question_that_a_response_answers_is_an_interaction(home, tmp_path):
    tally, listed = taken(home, qualtrics(tmp_path, ADA, BEN, CYD, DOT), "qualtrics")
    assert (tally.accepted, tally.read, listed) == (19, 19, [])
    found = answers(home)
    nps = found["R_1", "How likely are you to recommend us?"]
    assert (nps["event"], nps["channel"], nps["direction"], nps["language"]) == (
        "Survey Answered",
        "survey",
        "inbound",
        "en",
    )
    assert (nps["question_kind"], nps["score"], nps["scale_low"], nps["scale_high"]) == ("nps", 10, 0, 10)
    assert nps["occurred_at"] == datetime(2026, 1, 10, 16, 5, tzinfo=UTC), (
        "the export says in which zone its clock stood"
    )
    assert {each["kind"]: each["value"] for each in nps["identifiers"]} == {
        "email": "ada@example.org", "external_reference": "K7",
    }  # fmt: skip
    assert nps["subjects"] == [{"kind": "response", "value": "R_1"}]
    assert found["R_2", "How likely are you to recommend us?"]["answer"] is None, (
        "a number is a score, and no answer in words"
    )
    csat = found["R_1", "Overall, how satisfied are you with your visit?"]
    assert (csat["question_kind"], csat["score"], csat["scale_high"], csat["answer"]) == (
        "csat",
        5,
        5,
        "Very satisfied",
    )
    why = found["R_1", "Why do you say so?"]
    assert (why["text"], why["answer"], why["score"], why["question_kind"]) == (
        "Kind, quick; no queue",
        None,
        None,
        "other",
    )
    chosen = {key[0]: row["answer"] for key, row in found.items() if key[1] == "Which channels did you use?"}
    assert chosen == {"R_1": "Web", "R_2": "Web, Phone", "R_3": "Phone"}
    needs = found["R_3", "How much do you agree? - The visit met my needs"]
    assert (needs["question_kind"], needs["score"], needs["scale_high"]) == ("effective", 4, 5)
    colour = found["R_1", "How much do you agree? - I liked the colour of the shop"]
    assert (colour["question_kind"], colour["score"], colour["scale_high"]) == ("other", 4, 5), "as in the other row"


def test_ip_address_and_place_are_left_out_unless_they_are_asked_for(home, tmp_path):
    path = qualtrics(tmp_path, ADA)
    taken(home, path, "qualtrics")
    (properties,) = {row["properties"] for row in answers(home).values()}
    assert json.loads(properties)["region"] == "north"
    assert "203.0.113.7" not in properties
    assert "40.2" not in properties
    import_files(
        home, [path], format_named("qualtrics"), source="again", questions_file=told(tmp_path, "keep: [IPAddress]")
    )
    kept = asked(home, "SELECT properties FROM record WHERE source = 'again'")
    assert all("203.0.113.7" in each and "40.2" not in each for (each,) in kept)


@pytest.mark.parametrize("status", ["Survey Preview", "Spam", "Survey Test", "1", "8", "Synthetic"])
def test_previews_spam_and_tests_are_not_answers_of_customers(home, tmp_path, status):
    tally, _ = taken(home, qualtrics(tmp_path, ADA, BEN | {"Status": status}), "qualtrics")
    assert (tally.accepted, tally.not_mapped) == (6, 5)


def test_a_response_that_answers_nothing_counts_once_as_not_mapped(home, tmp_path):
    tally, _ = taken(home, qualtrics(tmp_path, ADA, {"ResponseId": "R_9", "Q_NPS": "-99"}), "qualtrics")
    assert (tally.accepted, tally.not_mapped) == (6, 1)


def test_what_was_answered_of_a_survey_that_was_not_finished_counts(home, tmp_path):
    tally, _ = taken(
        home,
        qualtrics(tmp_path, {"ResponseId": "R_5", "Q_NPS": "9", "Finished": "False", "Progress": "20"}),
        "qualtrics",
    )
    (row,) = answers(home).values()
    assert (tally.accepted, json.loads(row["properties"])["Progress"]) == (1, "20")


def test_a_second_import_adds_nothing_and_a_longer_export_what_is_new(home, tmp_path):
    taken(home, qualtrics(tmp_path, ADA), "qualtrics")
    assert taken(home, qualtrics(tmp_path, ADA), "qualtrics")[0].duplicate == 6
    tally, _ = taken(home, qualtrics(tmp_path, ADA, {"ResponseId": "R_5", "Q_NPS": "9"}), "qualtrics")
    assert (tally.accepted, tally.duplicate) == (1, 6)


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (slice(0, 1), 1, "the file ends within its header"),
        (slice(0, 2), 1, "the file ends within its header"),
        (slice(1, None), 1, "ends within its header|is no import id"),
    ],
    ids=["only the first row", "without import ids", "without the ids of columns"],
)
def test_an_export_without_its_three_header_rows_is_put_aside_with_what_to_do(home, tmp_path, lines, line, said):
    text = "".join(exported(tmp_path, ADA).splitlines(keepends=True)[lines])
    tally, [listed] = taken(home, bad(tmp_path, text), "qualtrics")
    assert (tally.read, dict(tally.rejected)) == (1, {"not_a_survey": 1})
    assert "expected three header rows" in listed["message"]
    assert (
        CliRunner()
        .invoke(command, ["import", str(tmp_path / "survey.csv"), "--as", "qualtrics", "--home", str(home.folder)])
        .exit_code
        == 2
    )


def test_header_rows_that_were_edited_are_told_by_column(home, tmp_path):
    rows = exported(tmp_path, ADA, BEN).splitlines(keepends=True)
    tally, [listed] = taken(home, bad(tmp_path, "".join([rows[0], rows[1], *rows[3:]])), "qualtrics")
    assert (dict(tally.rejected), listed["line"], listed["column"]) == ({"not_a_survey": 1}, 3, "StartDate")
    assert '“2026-01-10 09:00:00” in column "StartDate" is no import id' in listed["message"]


def test_an_export_without_ids_of_responses_is_put_aside_and_a_response_without_one_alone(home, tmp_path):
    heads = [head for head in HEADS if head[0] != "ResponseId"]
    tally, [listed] = taken(home, qualtrics(tmp_path, ADA, heads=heads), "qualtrics")
    assert (tally.read, listed["reason"], listed["column"]) == (1, "missing_column", "ResponseId")
    tally, _ = taken(home, qualtrics(tmp_path, ADA, BEN | {"ResponseId": ""}, name="other.csv"), "qualtrics")
    assert (tally.accepted, dict(tally.rejected)) == (6, {"missing_id": 5})


def test_a_wrong_date_rejects_the_answers_of_that_response_and_retry_takes_them_in(home, tmp_path):
    path = qualtrics(tmp_path, ADA, BEN | {"EndDate": "10/01/2026 9:05"})
    tally, listed = taken(home, path, "qualtrics")
    assert (tally.accepted, dict(tally.rejected)) == (6, {"not_a_date": 5})
    assert 'survey.csv, line 5: "10/01/2026 9:05" is not a date (column "EndDate' in listed[0]["message"]
    shipped = Path(__file__).parents[1] / "src/firsthand/sources/mappings/qualtrics.yaml"
    mapping = tmp_path / "mine.yaml"
    mended = shipped.read_text("utf-8").replace(
        "{column: RecordedDate}]}", '{column: RecordedDate}], format: ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z"]}'
    )
    mapping.write_text(mended, "utf-8")
    assert retry_rejections(home, mapping_file=mapping).accepted == 5
    assert open_rejections(home)[0] == 0
    assert import_files(home, [path], format_named("qualtrics"), mapping_file=mapping).accepted == 0


def test_a_mapping_of_ones_own_names_embedded_data(home, tmp_path):
    shipped = Path(__file__).parents[1] / "src/firsthand/sources/mappings/qualtrics.yaml"
    mapping = tmp_path / "mine.yaml"
    mapping.write_text(
        shipped.read_text("utf-8").replace("      email:", "      customer_number: {column: region}\n      email:"),
        "utf-8",
    )
    import_files(home, [qualtrics(tmp_path, ADA)], format_named("qualtrics"), mapping_file=mapping)
    assert all({"kind": "customer_number", "value": "north"} in row["identifiers"] for row in answers(home).values())


def test_batches_are_yielded_before_the_end_of_a_long_export(home, tmp_path, monkeypatch):
    monkeypatch.setattr("firsthand.sources.surveys.BATCH", 4)
    tally, _ = taken(home, qualtrics(tmp_path, ADA, BEN, CYD, DOT), "qualtrics")
    assert tally.accepted == 19


def test_embedded_data_named_as_a_column_of_the_response_is_kept_beside_it(home, tmp_path):
    heads = [*RESPONSE, ("Q1", "Why?", {"ImportId": "QID1_TEXT"}), ("status", "status", {"ImportId": "status"})]
    taken(home, qualtrics(tmp_path, {"ResponseId": "R_1", "Q1": "because", "status": "gold"}, heads=heads), "qualtrics")
    (row,) = answers(home).values()
    assert json.loads(row["properties"]) == json.loads(row["properties"]) | {"Status": "IP Address", "status": "gold"}


def test_what_was_chosen_in_one_column_is_never_taken_for_own_words(home, tmp_path):
    cells = [f"By phone at {hour},On the web,In the shop" for hour in range(10)]
    assert {(row["text"], row["answer"]) for row in one(tmp_path, home, "How did you reach us?", *cells)} == {
        (None, cell) for cell in cells
    }


def test_a_question_can_be_left_out_or_say_who_it_was(home, tmp_path):
    columns = {"Q6_1": "Your details - Name", "Q6_2": "Your details - E-mail", "Q7_TEXT": "Why?"}
    questions = told(tmp_path, "questions: {Q6_1: {as: nothing}, Q6_2: {as: property}}")
    shipped = Path(__file__).parents[1] / "src/firsthand/sources/mappings/qualtrics.yaml"
    mapping = tmp_path / "mine.yaml"
    mapping.write_text(shipped.read_text("utf-8").replace("{column: RecipientEmail}", "{column: Q6_2}"), "utf-8")
    heads = [*RESPONSE, *((name, text, {"ImportId": f"QID{name.removeprefix('Q')}"}) for name, text in columns.items())]
    path = qualtrics(
        tmp_path, {"ResponseId": "R_1", "Q6_1": "Ada L", "Q6_2": "ada@x.example", "Q7_TEXT": "so"}, heads=heads
    )
    import_files(home, [path], format_named("qualtrics"), mapping_file=mapping, questions_file=questions)
    (row,) = answers(home).values()
    assert row["identifiers"] == [{"kind": "email", "value": "ada@x.example"}]
    assert "Ada L" not in row["properties"]


def test_timings_ranks_and_what_was_made_of_answers_stay_beside_them(home, tmp_path):
    heads = [
        *RESPONSE,
        ("Q1_First Click", "Timing - First Click", {"ImportId": "QID1_FIRST_CLICK"}),
        ("1_Q3_1", "Acme - How satisfied are you with - Price", {"ImportId": "1_QID3_1"}),
        ("Q5_0_1_RANK", "Rank - A", {"ImportId": "QID5_0_1_RANK"}),
        ("Q7 - Topics", "Q7 - Topics", {"ImportId": "QID7_TEXT_topics"}),
        ("Q8#2_1", "Rate - Then - A", {"ImportId": "QID8#2_1"}),
    ]
    said = {"ResponseId": "R_1"} | {head[0]: "2" for head in heads[len(RESPONSE) :]}
    taken(home, qualtrics(tmp_path, said, heads=heads), "qualtrics")
    found = answers(home)
    assert {question for _, question in found} == {"Acme - How satisfied are you with - Price", "Rate - Then - A"}
    properties = json.loads(found["R_1", "Rate - Then - A"]["properties"])
    assert [properties[name] for name in ("Q1_First Click", "Q5_0_1_RANK", "Q7 - Topics")] == ["2", "2", "2"]
