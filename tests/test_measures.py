"""Measures: which rows count, and what each is worth."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import ibis
import pytest
from lifelines import KaplanMeierFitter

from firsthand import measures
from firsthand.errors import UserError
from firsthand.jobs.survival import survival
from firsthand.journeys.map import Touchpoint
from firsthand.measures.ces import CES
from firsthand.measures.confidence import CONFIDENCE
from firsthand.measures.csat import CSAT
from firsthand.measures.easy import EASY
from firsthand.measures.effective import EFFECTIVE
from firsthand.measures.effort import CONTACT_RATE, EFFORTLESS, FIRST_CONTACT_SOLVED
from firsthand.measures.emotion import EMOTION
from firsthand.measures.expectation import EXPECTATION_MET
from firsthand.measures.first_contact import DAYS_TO_PURCHASE, NEVER_BOUGHT
from firsthand.measures.good_moments import GOOD_CUSTOMERS, GOOD_MOMENTS
from firsthand.measures.kept_share import KEPT_SHARE
from firsthand.measures.mean_score import MEAN_SCORE
from firsthand.measures.nps import NPS
from firsthand.measures.outcomes import BETWEEN, BOUGHT_AGAIN, QUIET, SPEND
from firsthand.measures.refused import refused
from firsthand.measures.response_rate import RESPONSE_RATE
from firsthand.measures.waits import WAIT_BEYOND, WAIT_MEDIAN, WAIT_P90
from firsthand.privacy import suppress
from spec import AS_OF, figure, lives, rows, seen


def answers(kind, low, high, *scores):
    head = "customer | occurred_at | question_kind | question | scale_low | scale_high | score\n"
    return head + "\n".join(f"c{n} | 2026-03-01 | {kind} | how | {low} | {high} | {s}" for n, s in enumerate(scores))


def value(measure, given, *points, as_of=AS_OF):
    found = figure(measure, seen(given, *points, as_of=as_of))
    return found and pytest.approx(found["value"])


def point(name, kind="other", **standard):
    return Touchpoint(name, "buy", kind, standard=standard)


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


WAITED = """
    customer | occurred_at | touchpoint | wait_seconds
    ada      | 2026-03-01  | on hold    | 60
    bob      | 2026-03-01  | on hold    | 120
    cy       | 2026-03-01  | on hold    | 121
    dot      | 2026-03-01  | in line    | 900
    eve      | 2026-03-01  | on hold    | -
"""


def test_waits_have_a_median_and_a_ninetieth_percentile():
    world = seen(WAITED)
    assert figure(WAIT_MEDIAN, world)["value"] == 120.5
    assert figure(WAIT_P90, world)["value"] == pytest.approx(121 + 0.7 * 779)


def test_waits_beyond_the_standard_are_longer_than_it_and_count_only_where_there_is_one():
    world = seen(WAITED, point("on hold", wait_seconds=120), point("in line"))
    found = figure(WAIT_BEYOND, world)
    assert (found["value"], found["observations"]) == (pytest.approx(1 / 3), 3)


LIVES = """
    customer | occurred_at | kind     | direction
    ada      | 2026-03-01  | purchase | inbound
    ada      | 2026-03-31  | contact  | inbound
    bob      | 2026-03-01  | purchase | inbound
    bob      | 2026-04-01  | contact  | inbound
    bob      | 2026-03-02  | contact  | outbound
    cy       | 2026-05-20  | purchase | inbound
    -        | 2026-03-02  | contact  | -
"""


def test_the_contact_rate_is_contacts_that_customers_made_per_purchase():
    found = figure(CONTACT_RATE, seen(LIVES))
    assert (found["value"], found["customers"]) == (1, 3)


@pytest.mark.parametrize("measure", [CONTACT_RATE, EFFORTLESS], ids=lambda measure: measure.name)
def test_where_the_record_holds_no_contacts_it_is_blind_and_nothing_is_said(measure):
    assert (
        value(measure, "customer | occurred_at | kind\nada | 2026-03-01 | purchase\nbob | 2026-03-01 | visit") is None
    )


def test_effortless_purchases_drew_no_contact_in_thirty_days_and_only_those_count_whose_days_are_over():
    found = figure(EFFORTLESS, seen(LIVES))
    assert (found["value"], found["observations"]) == (0.5, 2)


CONTACTS = "customer | occurred_at | kind | subject\n"


@pytest.mark.parametrize(
    ("contacts", "share", "judged"),
    [
        ("ada | 2026-03-01 | contact | order 7\nada | 2026-03-08 | contact | order 7", 0, 1),
        ("ada | 2026-03-01 | contact | order 7\nada | 2026-03-09 | contact | order 7", 1, 2),
        ("ada | 2026-03-01 | contact | order 7\nada | 2026-03-04 | contact | order 9", 1, 2),
        ("ada | 2026-03-01 | contact | order 7\nbob | 2026-03-04 | contact | order 7", 1, 2),
        ("ada | 2026-03-01 | contact | order 7, case 3\nada | 2026-03-04 | contact | case 3, order 9", 0, 1),
        ("ada | 2026-03-01 | contact | order 7, order 7", 1, 1),
        ("ada | 2026-05-30 | contact | order 7", None, 0),
        ("ada | 2026-03-01 | contact | -", None, 0),
    ],
    ids=[
        "a second one within a week is a repeat", "after a week it is none", "another subject is none",
        "another customer is none", "one shared subject is enough", "a subject named twice is one contact",
        "whose week is not over is not judged", "of no subject is not judged",
    ],
)  # fmt: skip
def test_a_contact_solved_at_first_is_followed_by_no_other_on_its_subject(contacts, share, judged):
    found = figure(FIRST_CONTACT_SOLVED, seen(CONTACTS + contacts))
    assert (found and (found["value"], found["observations"])) == (None if share is None else (share, judged))


BOUGHT = """
    customer | occurred_at | kind     | amount | currency
    ada      | 2026-01-01  | purchase | 10     | EUR
    ada      | 2026-01-31  | purchase | 20     | EUR
    bob      | 2026-01-01  | purchase | 30     | EUR
    bob      | 2026-02-15  | purchase | 5      | USD
    bob      | 2026-02-16  | refund   | 6      | EUR
    cy       | 2026-05-15  | purchase | 40     | -
    cy       | 2026-05-16  | purchase | 40     | EUR
    dot      | 2026-03-01  | visit    | -      | -
"""


def test_bought_again_counts_only_customers_whose_days_are_over():
    again = {measure.name: figure(measure, seen(BOUGHT)) for measure in BOUGHT_AGAIN}
    assert [again["bought_again_30"][key] for key in ("value", "customers")] == [0.5, 2]
    assert [again["bought_again_90"][key] for key in ("value", "customers")] == [1, 2]
    assert again["bought_again_365"] is None


def test_money_spent_is_per_customer_and_currency_with_refunds_taken_off():
    found = {row["currency"]: row for row in figure(SPEND, seen(BOUGHT))}
    assert found["EUR"]["value"] == pytest.approx((30 + 24 + 80) / 3)
    assert (found["USD"]["value"], found["USD"]["customers"]) == (5, 1)


def test_the_time_between_purchases_is_that_of_customers_who_bought_again():
    assert value(BETWEEN, BOUGHT) == 30


def test_gone_quiet_are_customers_who_bought_and_of_whom_nothing_was_heard_for_half_a_year():
    assert value(QUIET, BOUGHT, as_of=datetime(2026, 8, 10, tzinfo=UTC)) == pytest.approx(1 / 3)


def test_the_survival_curve_is_that_of_lifelines_on_the_same_follow_up():
    given = "customer | occurred_at | kind\n" + "\n".join(
        f"c{n} | 2026-{1 + n % 4:02}-{1 + n:02} | purchase"
        + (f"\nc{n} | 2026-{2 + n % 4:02}-{28 - n % 9:02} | purchase" if n % 3 else "")
        for n in range(24)
    )
    found = survival(SimpleNamespace(seen=seen(given)))
    first: dict[str, list[datetime]] = {}
    for row in rows(lives(given)):
        first.setdefault(row["customer_id"], []).append(row["occurred_at"])
    days = [((sorted(times)[1] if len(times) > 1 else AS_OF) - min(times)).days for times in first.values()]
    curve = KaplanMeierFitter().fit(days, [len(times) > 1 for times in first.values()])
    assert [row["days"] for row in found] == [30, 90]
    for row in found:
        assert row["value"] == pytest.approx(1 - curve.predict(row["days"]))
        assert row["low"] <= row["value"] <= row["high"]


BEGINNINGS = """
    customer | occurred_at | kind        | step | channel
    ada      | 2026-03-01  | heard_of_us | 1    | campaign
    ada      | 2026-03-11  | purchase    | 2    | web
    bob      | 2026-03-01  | visit       | 1    | web
    cy       | 2026-03-01  | purchase    | 1    | web
"""


def test_customers_who_never_bought_are_counted_where_they_came_from():
    found = {row["channel"]: row["value"] for row in figure(NEVER_BOUGHT, seen(BEGINNINGS), "channel")}
    assert found == {"campaign": 0, "web": 0.5}


def test_the_time_to_the_first_purchase_is_of_those_who_came_before_they_bought():
    assert value(DAYS_TO_PURCHASE, BEGINNINGS) == 10


def test_the_share_of_promises_kept_leaves_out_what_is_not_due_and_what_the_customer_withdrew():
    assert value(KEPT_SHARE, """
        customer | occurred_at | promise_id | promise_state         | promised_for
        ada      | 2026-03-01  | a          | made                  | 2026-03-05
        ada      | 2026-03-02  | a          | kept                  | -
        bob      | 2026-03-01  | b          | made                  | 2026-03-05
        cy       | 2026-03-01  | c          | made                  | 2026-07-05
        dot      | 2026-03-01  | d          | made                  | 2026-03-05
        dot      | 2026-03-02  | d          | withdrawn_by_customer | -
    """) == 0.5  # fmt: skip


SERVED = """
    customer | occurred_at | touchpoint | wait_seconds | duration_seconds | score | scale_low | scale_high | question | promise_id | promise_state | promised_for
    {}
"""


@pytest.mark.parametrize(
    ("standard", "moment", "good"),
    [
        ({"wait_seconds": 60}, "ada | 2026-03-01 | call | 60 | - | - | - | - | - | - | - | -", 1),
        ({"wait_seconds": 60}, "ada | 2026-03-01 | call | 61 | - | - | - | - | - | - | - | -", 0),
        ({"duration_seconds": 60}, "ada | 2026-03-01 | call | - | 60 | - | - | - | - | - | - | -", 1),
        ({"duration_seconds": 60}, "ada | 2026-03-01 | call | - | 90 | - | - | - | - | - | - | -", 0),
        ({"promise": "kept"}, "ada | 2026-03-01 | call | - | - | - | - | - | - | p | made | 2026-03-02", 0),
        ({"promise": "kept"}, "ada | 2026-03-01 | call | - | - | - | - | - | - | p | made | 2026-07-02", None),
        ({"promise": "kept"}, "ada | 2026-03-01 | call | - | - | - | - | - | - | p | made | 2026-03-04\n"
         "ada | 2026-03-03 | came | - | - | - | - | - | - | p | kept | -", 1),
        ({"score": {"question": "how", "at_least": 4}}, "ada | 2026-03-01 | call | - | - | - | - | - | - | - | - | -\n"
         "ada | 2026-03-05 | - | - | - | 4 | 1 | 5 | how | - | - | -", 1),
        ({"score": {"question": "how", "at_least": 4}}, "ada | 2026-03-01 | call | - | - | - | - | - | - | - | - | -\n"
         "ada | 2026-03-05 | - | - | - | 3 | 1 | 5 | how | - | - | -\nada | 2026-03-06 | - | - | - | 5 | 1 | 5 | how | - | - | -", 0),
        ({"score": {"question": "how", "at_least": 4}}, "ada | 2026-03-01 | call | - | - | - | - | - | - | - | - | -\n"
         "ada | 2026-03-25 | - | - | - | 2 | 1 | 5 | how | - | - | -", None),
        ({}, "ada | 2026-03-01 | call | - | - | 2 | 1 | 5 | how | - | - | -", 0),
        ({}, "ada | 2026-03-01 | call | - | - | 3 | 1 | 5 | how | - | - | -", 1),
        ({"wait_seconds": 60}, "ada | 2026-03-01 | call | 5 | - | 1 | 1 | 5 | how | - | - | -", 0),
        ({"wait_seconds": 60}, "ada | 2026-03-01 | call | - | - | - | - | - | - | - | - | -", None),
        ({}, "ada | 2026-03-01 | call | 600 | - | - | - | - | - | - | - | -", None),
    ],
    ids=[
        "a wait as long as the standard", "a longer wait", "a duration within the standard", "a longer one",
        "a promise overdue", "a promise not yet due", "a promise kept", "the next answer is good enough",
        "the next answer is not, though a later one is", "the next answer came too late", "a bottom score",
        "a middling score", "a short wait with a bottom score", "nothing was seen", "a wait without a standard",
    ],
)  # fmt: skip
def test_a_moment_is_good_if_it_met_every_standard_that_could_be_seen(standard, moment, good):
    world = seen(SERVED.format(moment), point("call", **standard))
    found = {row["touchpoint"]: row["value"] for row in figure(GOOD_MOMENTS, world, "touchpoint")}
    assert found.get("call") == good


@pytest.mark.parametrize(
    ("lives", "kind", "standard", "good"),
    [
        ("ada | 2026-03-01 | contact | order 7 |\nada | 2026-03-03 | contact | order 7 |", "contact", {}, 0.5),
        ("ada | 2026-03-01 | contact |         |", "contact", {}, None),
        ("-   | 2026-03-01 | contact | order 7 |", "contact", {}, None),
        ("ada | 2026-03-01 | help_search |     |\nada | 2026-03-09 | help_search | |\nada | 2026-03-09T10:00 | purchase | | 5", "help_search", {}, 1),
        ("ada | 2026-05-31T12:00 | help_search | |", "help_search", {}, None),
        ("ada | 2026-03-01 | cart |            |\nada | 2026-03-01T10:00 | purchase | | 5\nada | 2026-04-01 | cart | |", "cart", {}, 0.5),
        ("ada | 2026-03-01 | purchase | order 7 | 5\nada | 2026-03-01 | payment | order 7 | 5\nada | 2026-03-02 | payment | order 7 | 5", "payment", {}, 0.5),
        ("ada | 2026-03-01 | payment | order 7 | 5", "payment", {}, None),
        ("ada | 2026-03-01 | fee     | order 7 | 5", "fee", {}, None),
        ("ada | 2026-03-01 | return  | order 7 |", "return", {}, None),
        ("ada | 2026-03-01 | return  | order 7 |", "return", {"wait_seconds": 60}, 1),
        ("ada | 2026-03-01 | fee     | order 7 | 5", "fee", {"wait_seconds": 60}, 0),
    ],
    ids=[
        "a repeat contact", "about nothing", "of nobody", "searches that sufficed", "not over yet", "a cart left", "paid twice",
        "of unknown price", "a fee alone", "a return alone", "a return with a short wait", "a fee with a short wait",
    ],
)  # fmt: skip
def test_a_moment_with_a_bad_signal_is_not_good_and_is_seen_where_one_would_have_shown(lives, kind, standard, good):
    head = "customer | occurred_at | kind | subject | amount | currency"
    given = "\n".join(
        f"{line} | EUR | {'here' if f' {kind} ' in line else ''} | {30 if standard else ''}"
        for line in lives.splitlines()
    )
    world = seen(f"{head} | touchpoint | wait_seconds\n{given}", point("here", kind, **standard))
    found = {row["touchpoint"]: row["value"] for row in figure(GOOD_MOMENTS, world, "touchpoint")}
    assert found.get("here") == good


def test_it_was_good_for_a_customer_all_of_whose_moments_there_were_good():
    given = """
        customer | occurred_at | touchpoint | wait_seconds
        ada      | 2026-03-01  | call       | 10
        ada      | 2026-03-02  | call       | 100
        bob      | 2026-03-01  | call       | 10
        bob      | 2026-03-02  | call       | 20
    """
    world = seen(given, point("call", wait_seconds=60))
    assert figure(GOOD_CUSTOMERS, world)["value"] == 0.5
    assert figure(GOOD_MOMENTS, world)["value"] == 0.75


def test_how_it_was_in_a_month_is_told_by_the_moments_of_that_month():
    given = """
        customer | occurred_at | touchpoint | wait_seconds
        ada      | 2026-03-01  | call       | 100
        ada      | 2026-04-02  | call       | 10
    """
    found = figure(GOOD_CUSTOMERS, seen(given, point("call", wait_seconds=60)), "month")
    assert [(row["month"], row["value"]) for row in found] == [("2026-03", 0), ("2026-04", 1)]


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
