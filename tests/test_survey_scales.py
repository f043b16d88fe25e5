"""Kind and scale of a question, as far as its wording and its answers show them, or a file of questions says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firsthand.errors import SourceError
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.rejections import open_rejections
from firsthand.sources import format_named
from firsthand.sources.surveys.words import folded, kinds, scale_of_words, scales
from importing import taken
from survey_files import ADA, BEN, CYD, DOT, RESPONSE, Row, answers, one, qualtrics, told


def test_an_answer_of_no_opinion_has_no_score_and_is_kept_in_words(home, tmp_path):
    words = ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Don't know"]
    found = one(tmp_path, home, "How satisfied are you?", *words)
    assert [(row["score"], row["answer"]) for row in found] == list(zip([5, 4, 3, 2, None], words, strict=True))


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
        ("questions: {Q2: {kind: csat}}", r"line 1: questions\.Q2\.kind: .*unexpected"),
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
