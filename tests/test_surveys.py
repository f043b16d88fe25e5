"""Surveys: an answer is an interaction, with its question, kind and scale as far as the export shows them."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import SourceError
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.rejections import open_rejections, retry_rejections
from firsthand.sources import format_named
from firsthand.sources.surveys.words import folded, kinds, scale_of_words, scales
from importing import asked, taken

Row = dict[str, Any]
DENVER = {"timeZone": "America/Denver"}
RESPONSE = [
    ("StartDate", "Start Date", {"ImportId": "startDate"} | DENVER),
    ("EndDate", "End Date", {"ImportId": "endDate"} | DENVER),
    ("Status", "Response Type", {"ImportId": "status"}),
    ("IPAddress", "IP Address", {"ImportId": "ipAddress"}),
    ("Progress", "Progress", {"ImportId": "progress"}),
    ("Finished", "Finished", {"ImportId": "finished"}),
    ("RecordedDate", "Recorded Date", {"ImportId": "recordedDate"} | DENVER),
    ("ResponseId", "Response ID", {"ImportId": "_recordId"}),
    ("RecipientEmail", "Recipient Email", {"ImportId": "recipientEmail"}),
    ("ExternalReference", "External Data Reference", {"ImportId": "externalDataReference"}),
    ("LocationLatitude", "Location Latitude", {"ImportId": "locationLatitude"}),
    ("UserLanguage", "User Language", {"ImportId": "userLanguage"}),
]
QUESTIONS = [
    ("Q_NPS_GROUP", "How likely are you to recommend us? - Group", {"ImportId": "QID1_NPS_GROUP"}),
    ("Q_NPS", "How likely are you to recommend us?", {"ImportId": "QID1"}),
    ("Q2", "Overall, how satisfied are you with your visit?", {"ImportId": "QID2"}),
    ("Q3", "Why do you say so?", {"ImportId": "QID3_TEXT"}),
    ("Q4_1", "Which channels did you use? - Selected Choice - Web", {"ImportId": "QID4", "choiceId": "1"}),
    ("Q4_2", "Which channels did you use? - Selected Choice - Phone", {"ImportId": "QID4", "choiceId": "2"}),
    ("Q5_1", "How much do you agree? - The visit met my needs", {"ImportId": "QID5_1"}),
    ("Q5_2", "How much do you agree? - I liked the colour of the shop", {"ImportId": "QID5_2"}),
    ("region", "region", {"ImportId": "region"}),
]
HEADS = [*RESPONSE, *QUESTIONS]
SAID = {
    "StartDate": "2026-01-10 09:00:00", "EndDate": "2026-01-10 09:05:00", "Status": "IP Address", "IPAddress": "203.0.113.7",
    "Progress": "100", "Finished": "True", "RecordedDate": "2026-01-10 09:05:01", "LocationLatitude": "40.2", "UserLanguage": "EN-GB",
}  # fmt: skip
ADA = {
    "ResponseId": "R_1", "RecipientEmail": "ada@example.org", "ExternalReference": "K7", "Q_NPS_GROUP": "Promoter",
    "Q_NPS": "10 - Extremely likely", "Q2": "Very satisfied", "Q3": "Kind, quick; no queue", "Q4_1": "Web", "Q4_2": "",
    "Q5_1": "Strongly agree", "Q5_2": "Agree", "region": "north",
}  # fmt: skip
BEN = {
    "ResponseId": "R_2", "Q_NPS": "3", "Q2": "Neither satisfied nor dissatisfied", "Q4_1": "Web", "Q4_2": "Phone",
    "Q5_1": "Neither agree nor disagree", "Q5_2": "Disagree",
}  # fmt: skip
CYD = {"ResponseId": "R_3", "Q_NPS": "7", "Q2": "Satisfied", "Q4_2": "Phone", "Q5_1": "Agree", "Q5_2": "Don't know"}
DOT = {"ResponseId": "R_4", "Q2": "Dissatisfied", "Q5_1": "Strongly disagree", "Q5_2": "Neither agree nor disagree"}


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def qualtrics(tmp_path: Path, *responses: Row, heads: list[Any] = HEADS, name: str = "survey.csv") -> Path:
    """An export with the given responses; what they do not say is as in SAID, or empty."""
    rows = [[head[0] for head in heads], [head[1] for head in heads], [json.dumps(head[2]) for head in heads]]
    rows += [[str((SAID | said).get(head[0], "")) for head in heads] for said in responses]
    path = tmp_path / name
    path.write_text(written(rows), "utf-8")
    return path


def told(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "questions.yaml"
    path.write_text(text, "utf-8")
    return path


def answers(home: Home) -> dict[tuple[str, str], Row]:
    """What is in the record, by response and question."""
    columns = ["interaction_id", "question", "question_kind", "score", "scale_low", "scale_high", "answer", "text", "language",
               "occurred_at", "event", "channel", "direction", "identifiers", "subjects", "properties", "source"]  # fmt: skip
    rows = [dict(zip(columns, row, strict=True)) for row in asked(home, f"SELECT {', '.join(columns)} FROM record")]
    return {(row["interaction_id"].split(":", 1)[1].split("/")[0], row["question"]): row for row in rows}


def one(tmp_path: Path, home: Home, question: str, *cells: str, **options: Any) -> list[Row]:
    """The answers to one question of a survey that asks nothing else."""
    heads = [*RESPONSE, ("Q1", question, {"ImportId": "QID1"})]
    path = qualtrics(tmp_path, *({"ResponseId": f"R_{n}", "Q1": cell} for n, cell in enumerate(cells)), heads=heads)
    import_files(home, [path], format_named("qualtrics"), **options)
    return [row for _, row in sorted(answers(home).items())]


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


def test_an_answer_of_no_opinion_has_no_score_and_is_kept_in_words(home, tmp_path):
    words = ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Don't know"]
    found = one(tmp_path, home, "How satisfied are you?", *words)
    assert [(row["score"], row["answer"]) for row in found] == list(zip([5, 4, 3, 2, None], words, strict=True))


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


def test_more_answers_may_show_the_scale_of_those_that_came_before(home, tmp_path):
    assert [row["score"] for row in one(tmp_path, home, "How satisfied are you?", "Very satisfied")] == [None]
    words = ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied"]
    heads = [*RESPONSE, ("Q1", "How satisfied are you?", {"ImportId": "QID1"})]
    path = qualtrics(tmp_path, *({"ResponseId": f"R_{n}", "Q1": cell} for n, cell in enumerate(words)), heads=heads)
    tally, _ = taken(home, path, "qualtrics")
    assert (tally.accepted, tally.corrected) == (3, 1)


@pytest.mark.parametrize(
    ("question", "cells", "kind", "scale"),
    [
        ("How likely are you to recommend us?", ["0", "9", "10"], "nps", (0, 10)),
        ("How likely are you to recommend us?", ["8", "9", "10"], "nps", None),
        ("How likely are you to recommend us (1-10)?", ["8", "9", "10"], "other", (1, 10)),
        ("How likely are you to recommend us?", ["0 - Not at all", "4", "10 - Extremely"], "nps", (0, 10)),
        ("Wie wahrscheinlich empfehlen Sie uns weiter? (0 bis 10)", ["7", "9"], "nps", (0, 10)),
        ("How satisfied are you?", ["1", "2", "3", "4", "5"], "csat", (1, 5)),
        ("How satisfied are you?", ["4", "5"], "csat", None),
        ("How satisfied are you, on a scale of 1 to 5?", ["4", "5"], "csat", (1, 5)),
        ("They made it easy for me to handle my issue (1-7)", ["7"], "ces", (1, 7)),
        ("They made it easy for me to handle my issue (1-5)", ["5"], "ease", (1, 5)),
        ("How easy was it? 1 - 5", ["5"], "ease", (1, 5)),
        ("How enjoyable was it? 1 - 5", ["5"], "emotion", (1, 5)),
        ("How sure are you that this was the best answer for you? 1 - 5", ["5"], "confidence", (1, 5)),
        ("How old are you?", ["17", "44"], "other", None),
        ("How many parcels do you send?", ["1", "2", "3", "4", "5"], "other", None),
    ],
)  # fmt: skip
def test_kind_and_scale_are_told_where_wording_and_answers_leave_no_doubt(home, tmp_path, question, cells, kind, scale):
    found = one(tmp_path, home, question, *cells)
    assert {row["question_kind"] for row in found} == {kind}
    assert {(row["scale_low"], row["scale_high"]) for row in found} == {scale or (None, None)}
    expected = None if kind == "other" and not scale else float(cells[0].split()[0])
    assert found[0]["score"] == expected
    assert expected is not None or found[0]["answer"] == cells[0]


@pytest.mark.parametrize(
    ("kind", "wordings"),
    {
        "csat": ["How satisfied are you with us?", "How satisfied or dissatisfied are you?", "¿Está satisfecho con nosotros?", "Wie zufrieden sind Sie mit uns?", "Dans quelle mesure êtes-vous satisfait de nous ?",
                 "Hoe tevreden bent u?", "¿Qué tan satisfecho está con nosotros?", "Qual o seu grau de satisfação?", "Quanto è soddisfatto di noi?"],
        "nps": ["Would you recommend us?", "Würden Sie uns weiterempfehlen?", "Nous recommanderiez-vous ?", "Zou u ons aanbevelen?",
                "¿Nos recomendaría?", "Recomendaria a nossa loja?", "Ci consiglierebbe a un amico?"],
        "ease": ["How easy was it to reach us?", "Wie einfach war es, uns zu erreichen?", "À quel point était-ce facile ?",
                 "Hoe makkelijk was het?", "¿Qué tan fácil fue?", "Quão fácil foi?", "Quanto è stato facile?"],
        "effective": ["How effective were we at helping?", "Wie gut wurden Ihre Bedürfnisse erfüllt?", "Avons-nous répondu à vos besoins ?",
                      "Hoe effectief waren wij?", "¿Cubrimos sus necesidades?", "Atendemos as suas necessidades?", "Abbiamo risposto alle sue esigenze?"],
        "emotion": ["How enjoyable was your visit?", "Wie angenehm war Ihr Besuch?", "À quel point était-ce agréable ?",
                    "Hoe prettig was uw bezoek?", "¿Qué tan agradable fue?", "Quão agradável foi?", "Quanto è stata piacevole la visita?"],
        "confidence": ["How sure are you that this was the best answer for you?", "Wie sicher sind Sie, dass das die beste Antwort für Sie war?",
                       "Êtes-vous sûr que c'était la meilleure réponse pour vous ?", "Hoe zeker bent u dat dit het beste antwoord was?",
                       "¿Qué tan seguro está de que fue la mejor respuesta?", "Está seguro de que foi a melhor resposta?",
                       "Quanto è sicuro che fosse la risposta migliore?"],
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_kind_is_read_from_the_wording_in_seven_languages(kind, wordings):
    assert {wording: kinds(wording) for wording in wordings} == {wording: [kind] for wording in wordings}


@pytest.mark.parametrize("number", range(len(scales())))
def test_each_scale_in_words_is_known_when_all_its_points_were_chosen(number):
    _, points = scales()[number]
    found = scale_of_words([min(words) for words in points])
    assert found is not None
    assert (found.low, found.high) == (1, len(points))
    assert [found.scores[min(words)] for words in points] == [*range(1, len(points) + 1)]


@pytest.mark.parametrize(
    ("words", "high"),
    [
        (["Very satisfied", "Satisfied", "Neutral", "Dissatisfied"], 5),
        (["Sehr zufrieden", "Teils / teils", "Unzufrieden"], 5),
        (["Tout à fait d’accord", "D'accord", "Ni d'accord ni pas d'accord"], 5),
        (["Muy satisfecho/a", "Satisfecho/a", "Neutral"], 5),
        (["Very satisfied", "Satisfied", "Somewhat satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"], 7),
        (["Very satisfied", "Satisfied", "Dissatisfied", "Very dissatisfied"], None),
        (["Very satisfied", "Satisfied"], None),
        (["Satisfied", "Neutral"], None),
        (["Very satisfied", "Neutral", "It was fine"], None),
        (["Poor", "Fair", "Good", "Very good"], None),
        (["Red", "Green"], None),
        ([], None),
    ],
)  # fmt: skip
def test_answers_in_words_have_scores_only_where_they_show_one_scale(words, high):
    found = scale_of_words([folded(word) for word in words])
    assert (found and found.high) == high


def test_a_comparison_with_what_was_expected_is_told_by_its_answers(home, tmp_path):
    found = one(tmp_path, home, "How was it?", "Better than expected", "As expected", "Worse than expected")
    assert [(row["question_kind"], row["score"], row["scale_high"]) for row in found] == [
        ("expectation", 3, 3), ("expectation", 2, 3), ("expectation", 1, 3),
    ]  # fmt: skip


def test_a_file_of_questions_says_what_the_export_does_not_show(home, tmp_path):
    path = qualtrics(tmp_path, ADA, BEN, CYD, DOT)
    questions = told(tmp_path, """
        questions:
          Q2: {question: How was it?, question_kind: csat, scores: {Very satisfied: 4, Satisfied: 3, Neither satisfied nor dissatisfied: 2, Dissatisfied: 1}, scale_low: 0, scale_high: 4}
          Q3: {as: property}
          Q5: {as: answer}
          Q_NPS: {question_kind: other}
    """)  # fmt: skip
    import_files(home, [path], format_named("qualtrics"), questions_file=questions)
    found = answers(home)
    csat = found["R_4", "How was it?"]
    assert (csat["score"], csat["scale_low"], csat["scale_high"]) == (1, 0, 4)
    assert json.loads(csat["properties"]) == json.loads(csat["properties"]) | {"Status": "IP Address"}
    assert json.loads(found["R_1", "How was it?"]["properties"])["Q3"] == "Kind, quick; no queue"
    assert found["R_1", "How likely are you to recommend us?"]["question_kind"] == "other"
    needs = found["R_1", "How much do you agree? - The visit met my needs"]
    assert (needs["score"], needs["answer"]) == (None, "Strongly agree")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("questions: {Q9: {as: text}}", r"questions\.Q9: survey\.csv has no such question\. It has: .*Q_NPS, Q2"),
        ("keep: [Shoe]", r"keep: survey\.csv has no column Shoe"),
        ("questions: {Q2: {kind: csat}}", r"line 1: questions\.Q2: .*kind"),
        ("questions: {Q2: {question_kind: happy}}", r"line 1: questions\.Q2\.question_kind"),
        ("questions: {Q2: {scale_low: 1}}", r"scale_high"),
        ("questions: {Q2: {scale_low: 5, scale_high: 1}}", r"scale_low must be less than scale_high"),
        ("questions: [", r"not YAML"),
    ],
)
def test_a_file_of_questions_that_does_not_fit_is_refused_with_its_place(home, tmp_path, text, said):
    with pytest.raises(SourceError, match=said):
        import_files(home, [qualtrics(tmp_path, ADA)], format_named("qualtrics"), questions_file=told(tmp_path, text))


def test_questions_go_with_surveys_only(home, tmp_path):
    with pytest.raises(SourceError, match="--questions goes with"):
        import_files(home, [qualtrics(tmp_path, ADA)], format_named("zendesk"), questions_file=tmp_path / "q.yaml")


def test_a_score_off_the_scale_that_was_told_is_rejected(home, tmp_path):
    questions = told(tmp_path, "questions: {Q1: {question_kind: csat, scale_low: 1, scale_high: 5}}")
    found = one(tmp_path, home, "How?", "5", "7", questions_file=questions)
    assert [row["score"] for row in found] == [5]
    assert [row["reason"] for row in open_rejections(home)[1]] == ["score_off_scale"]


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


def bad(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "survey.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def exported(tmp_path: Path, *responses: Row) -> str:
    return qualtrics(tmp_path, *responses).read_text("utf-8")


@pytest.mark.parametrize("name", ["qualtrics", "limesurvey"])
@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_rejected_as_a_whole(home, tmp_path, name, text):
    tally, [listed] = taken(home, bad(tmp_path, text), name)
    assert (tally.read, listed["reason"]) == (1, "empty_file")


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


def test_batches_are_yielded_before_the_end_of_a_long_export(home, tmp_path, monkeypatch):
    monkeypatch.setattr("firsthand.sources.surveys.BATCH", 4)
    tally, _ = taken(home, qualtrics(tmp_path, ADA, BEN, CYD, DOT), "qualtrics")
    assert tally.accepted == 19


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


def asking(
    tmp_path: Path, home: Home, columns: dict[str, str], *rows: list[str], questions: Path | None = None
) -> dict[Any, Row]:
    """The answers to a question of several columns: header and text of each, the cells of each response."""
    heads = [*RESPONSE, *((name, text, {"ImportId": f"QID{name.removeprefix('Q')}"}) for name, text in columns.items())]
    path = qualtrics(
        tmp_path,
        *({"ResponseId": f"R_{n}"} | dict(zip(columns, row, strict=True)) for n, row in enumerate(rows)),
        heads=heads,
    )
    import_files(home, [path], format_named("qualtrics"), questions_file=questions)
    return answers(home)


USED = {"Q4_1": "Which did you use? - Web", "Q4_2": "Which did you use? - Phone"}
RATED = {"Q4_1": "How clean was it? 1 to 5 - Room", "Q4_2": "How clean was it? 1 to 5 - Bath"}


def test_ticks_that_are_told_as_numbers_are_one_answer_and_a_matrix_of_ones_is_none(home, tmp_path):
    ticked = asking(tmp_path, home, USED, ["1", ""], ["1", "1"])
    assert {key: row["answer"] for key, row in ticked.items()} == {
        ("R_0", "Which did you use?"): "Web",
        ("R_1", "Which did you use?"): "Web, Phone",
    }


def test_a_matrix_of_numbers_is_a_score_for_each_row(home, tmp_path):
    rated = asking(tmp_path, home, RATED, ["1", "1"], ["1", "1"])
    assert {key: row["score"] for key, row in rated.items()} == {
        (f"R_{n}", text): 1 for n in (0, 1) for text in RATED.values()
    }


def test_columns_are_one_answer_where_the_file_of_questions_says_so(home, tmp_path):
    rated = asking(
        tmp_path, home, RATED, ["3", "1"], questions=told(tmp_path, "questions: {Q4: {as: choices, question: Clean?}}")
    )
    assert {key: row["answer"] for key, row in rated.items()} == {("R_0", "Clean?"): "Room, Bath"}


@pytest.mark.parametrize("cell", ["9" * 400, "1e309", "inf", "-0", "٣", "4,5", " 4 ", "=1+1", "\u200b", "x" * 100_000])
def test_no_cell_is_lost_whatever_it_holds(home, tmp_path, cell):
    (row,) = one(tmp_path, home, "How satisfied are you? 1 - 5", cell)
    assert row["answer"] or row["text"] or row["score"] is not None


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
