"""Measures: which rows count, and what each is worth."""

from __future__ import annotations

import ibis
import pytest

from firsthand import measures
from firsthand.errors import UserError
from firsthand.measures.ces import CES
from firsthand.measures.confidence import CONFIDENCE
from firsthand.measures.csat import CSAT
from firsthand.measures.days_between_purchases import BETWEEN
from firsthand.measures.easy import EASY
from firsthand.measures.effective import EFFECTIVE
from firsthand.measures.emotion import EMOTION
from firsthand.measures.expectation import EXPECTATION_MET
from firsthand.measures.kept_share import KEPT_SHARE
from firsthand.measures.mean_score import MEAN_SCORE
from firsthand.measures.nps import NPS
from firsthand.measures.refused import refused
from firsthand.measures.response_rate import RESPONSE_RATE
from firsthand.measures.wait_beyond_standard import WAIT_BEYOND
from firsthand.measures.wait_median import WAIT_MEDIAN
from firsthand.measures.wait_p90 import WAIT_P90
from firsthand.privacy import suppress
from measured import BOUGHT, point, value
from spec import figure, rows, seen


def answers(kind, low, high, *scores):
    head = "customer | occurred_at | question_kind | question | scale_low | scale_high | score\n"
    return head + "\n".join(f"c{n} | 2026-03-01 | {kind} | how | {low} | {high} | {s}" for n, s in enumerate(scores))


def test_nps_counts_nine_and_ten_against_nought_to_six():
    assert value(NPS, answers("nps", 0, 10, 10, 9, 8, 7, 6, 0)) == 0
    assert value(NPS, answers("nps", 0, 10, 10, 9, 9, 7, 6)) == 40


def test_nps_refuses_scales_that_are_not_nought_to_ten_and_says_so():
    world = seen(answers("nps", 1, 5, 5, 5, 1))
    assert figure(NPS, world) is None
    (said,) = rows(refused(world))
    assert (said["question"], said["scale_low"], said["scale_high"], said["observations"]) == ("how", 1, 5, 3)


def test_nps_refuses_answers_whose_scale_nobody_told():
    world = seen(answers("nps", "-", "-", 9, 10))
    assert figure(NPS, world) is None
    assert rows(refused(world))[0]["observations"] == 2


def test_csat_counts_the_top_two_of_five():
    (found,) = figure(CSAT, seen(answers("csat", 1, 5, 5, 4, 3, 2, 1)))
    assert (found["scale"], found["value"]) == ("1-5", 0.4)


def test_csat_names_other_scales_and_never_sums_across_them():
    seven = answers("csat", 1, 7, 7, 6, 5).split("\n", 1)[1].replace("\nc", "\nd").replace("c0", "d0")
    found = figure(CSAT, seen(answers("csat", 1, 5, 5, 1) + "\n" + seven))
    assert [(row["scale"], row["value"]) for row in found] == [("1-5", 0.5), ("1-7", pytest.approx(2 / 3))]


def test_ces_counts_five_to_seven_of_seven():
    assert value(CES, answers("ces", 1, 7, 7, 6, 5, 4, 1)) == 0.6


def test_ces_takes_no_other_scale():
    assert value(CES, answers("ces", 1, 5, 5, 5)) is None


KINDS = [(EFFECTIVE, "effective"), (EASY, "ease"), (EMOTION, "emotion"), (CONFIDENCE, "confidence")]


@pytest.mark.parametrize(("measure", "kind"), KINDS, ids=[measure.name for measure, _ in KINDS])
def test_the_three_es_and_confidence_count_the_top_two_of_five_and_name_other_scales(measure, kind):
    seven, other = (told.split("\n", 1)[1] for told in (answers(kind, 1, 7, 7, 6, 5), answers("other", 1, 5, 5, 5)))
    found = figure(measure, seen("\n".join([answers(kind, 1, 5, 5, 4, 3, 2, 1), seven, other])))
    assert [(row["scale"], row["value"], row["observations"]) for row in found] == [
        ("1-5", 0.4, 5), ("1-7", pytest.approx(2 / 3), 3),
    ]  # fmt: skip


@pytest.mark.parametrize(("measure", "kind"), KINDS, ids=[measure.name for measure, _ in KINDS])
def test_the_three_es_and_confidence_refuse_answers_whose_scale_nobody_told(measure, kind):
    world = seen(answers(kind, "-", "-", 4, 5))
    assert figure(measure, world) == []
    assert [(row["question_kind"], row["observations"], row["scored"]) for row in rows(refused(world))] == [
        (kind, 2, True)
    ]


def test_answers_in_words_that_show_no_scale_are_refused_and_those_of_no_opinion_are_not():
    world = seen("""
        customer | occurred_at | question_kind | question | scale_low | scale_high | answer
        ada      | 2026-03-01  | csat          | how      | -         | -          | so so
        bob      | 2026-03-01  | csat          | what     | 1         | 5          | don't know
        cy       | 2026-03-01  | other         | who      | -         | -          | me
    """)
    assert [(row["question"], row["scored"], row["observations"]) for row in rows(refused(world))] == [
        ("how", False, 1)
    ]


def expectations(rows_, subject="-"):
    """Answers: customer, time, kind, question, score; on 1 to 5 unless a scale stands behind."""
    head = "customer | occurred_at | question_kind | question | score | scale_low | scale_high | source | subject\n"
    told = [[*row.split(), "1", "5"][:7] for row in rows_]
    return head + "\n".join(" | ".join([*row, "survey", subject]) for row in told)


PAIR = ["ada 2026-03-01 expected how-easy 3", "ada 2026-03-01 expectation was-it 3"]


@pytest.mark.parametrize(
    ("given", "met", "judged"),
    [
        (["ada 2026-03-01 expectation how 3", "bob 2026-03-01 expectation how 2", "cy 2026-03-01 expectation how 5"], 2 / 3, 3),
        (PAIR, 1, 1),
        ([*PAIR, "bob 2026-03-01 expected how-easy 5", "bob 2026-03-01 expectation was-it 4"], 1 / 2, 2),
        (["ada 2026-03-01 expected how-easy 1", "ada 2026-03-01 expectation was-it 2"], 1, 1),
        ([*PAIR, "bob 2026-03-01 expectation was-it 5"], 1, 1),
        ([*PAIR, "ada 2026-04-01 expectation was-it 5"], 1, 1),
        ([*PAIR, "bob 2026-03-01 expectation better 2"], 1 / 2, 2),
        (["ada 2026-03-01 expected a 4", "ada 2026-03-01 expected b 1", "ada 2026-03-01 expectation A 3", "ada 2026-03-01 expectation B 2"], 1 / 2, 2),
        (["ada 2026-03-01 expected b 1", "ada 2026-03-01 expectation A 3", "ada 2026-03-01 expectation B 2"], None, 0),
        (["ada 2026-03-01 expected a 4 1 7", "ada 2026-03-01 expectation A 3"], 1, 1),
        (["ada 2026-03-01 expectation how 4 1 4"], None, 0),
        (["ada 2026-03-01 expectation how 5 - -"], None, 0),
    ],
    ids=[
        "alone it is met from the middle on", "as much as expected is met", "less is not", "more is, however low both are",
        "half a pair is not judged by the middle", "nor is one at another time", "another question is judged by the middle",
        "pairs on one scale in their order", "not as many of both", "what was expected on another scale is no pair",
        "no middle", "no scale",
    ],
)  # fmt: skip
def test_expectations_are_met_where_it_was_as_expected_or_better(given, met, judged):
    found = figure(EXPECTATION_MET, seen(expectations(given)))
    total = sum(row["observations"] for row in found)
    assert total == judged
    assert (sum(row["value"] * row["observations"] for row in found) / total if total else None) == (
        met if met is None else pytest.approx(met)
    )


def test_pairs_of_nobody_known_are_found_by_their_response():
    given = [line.replace("ada", "-") for line in PAIR]
    assert figure(EXPECTATION_MET, seen(expectations(given, "response R1")))[0]["value"] == 1
    assert figure(EXPECTATION_MET, seen(expectations(given))) == []


def test_a_comparison_on_a_scale_without_a_middle_is_refused_unless_it_is_asked_in_pairs():
    alone = seen(expectations(["ada 2026-03-01 expectation how 4 1 4"]))
    assert [(row["question"], row["scale_high"]) for row in rows(refused(alone))] == [("how", 4)]
    pair = seen(expectations(["ada 2026-03-01 expected a 4 1 4", "ada 2026-03-01 expectation b 4 1 4"]))
    assert rows(refused(pair)) == []
    assert figure(EXPECTATION_MET, pair)[0]["value"] == 1


def test_a_mean_score_keeps_questions_and_scales_apart():
    found = figure(MEAN_SCORE, seen(answers("other", 1, 5, 5, 2)))
    assert [row["value"] for row in found] == [3.5]


def test_invitations_are_answered_if_an_answer_comes_within_thirty_days():
    assert value(RESPONSE_RATE, """
        customer | occurred_at | kind       | score
        ada      | 2026-03-01  | invitation | -
        ada      | 2026-03-20  | answer     | 5
        bob      | 2026-03-01  | invitation | -
        bob      | 2026-04-20  | answer     | 5
        cy       | 2026-05-20  | invitation | -
    """) == 0.5  # fmt: skip


def small(customers):
    return ibis.memtable(
        {
            "channel": ["web"],
            "value": [0.5],
            "low": [0.1],
            "customers": [customers],
            "respondents": [customers],
            "observations": [99],
        }
    )


def test_groups_under_the_minimum_are_blanked_with_their_counts():
    (row,) = rows(suppress(small(9), minimum=10))
    assert row == {
        "channel": "web",
        "value": None,
        "low": None,
        "customers": None,
        "respondents": None,
        "observations": None,
        "suppressed": True,
    }


def test_groups_of_the_minimum_are_shown():
    (row,) = rows(suppress(small(10), minimum=10))
    assert (row["value"], row["suppressed"]) == (0.5, False)


def test_what_customers_said_is_private_and_what_was_done_to_them_is_not():
    assert all(
        measure.private
        for measure in (NPS, CSAT, CES, EFFECTIVE, EASY, EMOTION, CONFIDENCE, EXPECTATION_MET, MEAN_SCORE)
    )
    assert not any(measure.private for measure in (KEPT_SHARE, WAIT_MEDIAN, WAIT_P90, WAIT_BEYOND))


@pytest.mark.parametrize("measure", measures.ALL, ids=lambda measure: measure.name)
def test_every_measure_can_be_had_by_every_key(measure):
    world = seen(
        "customer | occurred_at | kind | channel | properties\nada | 2026-03-04 | purchase | web | {}", point("x")
    )
    figure(measure, world, *measures.PERIODS, *measures.PLACES, "property:carrier")


def test_an_unknown_key_is_refused_with_those_that_there_are():
    with pytest.raises(UserError, match="touchpoint"):
        figure(BETWEEN, seen(BOUGHT), "shoe size")


def test_properties_group_by_what_the_sender_said():
    given = 'customer | occurred_at | wait_seconds | properties\nada | 2026-03-04 | 5 | {"carrier": "post"}\nbob | 2026-03-04 | 7 | -'
    found = figure(WAIT_MEDIAN, seen(given), "property:carrier")
    assert {row["property:carrier"]: row["value"] for row in found} == {"post": 5, None: 7}
