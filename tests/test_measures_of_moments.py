"""Measures of what happened: waits, contacts, purchases, promises, good moments."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from lifelines import KaplanMeierFitter

from firsthand.jobs.survival import survival
from firsthand.measures.bought_after_promise import BOUGHT_AFTER
from firsthand.measures.bought_again import BOUGHT_AGAIN
from firsthand.measures.contact_rate import CONTACT_RATE
from firsthand.measures.days_between_purchases import BETWEEN
from firsthand.measures.days_to_first_purchase import DAYS_TO_PURCHASE
from firsthand.measures.effortless_share import EFFORTLESS
from firsthand.measures.gone_quiet import QUIET
from firsthand.measures.good_moments import GOOD_MOMENTS
from firsthand.measures.how_it_was import GOOD_CUSTOMERS
from firsthand.measures.kept_share import KEPT_SHARE
from firsthand.measures.never_bought import NEVER_BOUGHT
from firsthand.measures.satisfied_after_promise import SATISFIED_AFTER
from firsthand.measures.solved_at_first_contact import FIRST_CONTACT_SOLVED
from firsthand.measures.spend import SPEND
from firsthand.measures.wait_beyond_standard import WAIT_BEYOND
from firsthand.measures.wait_median import WAIT_MEDIAN
from firsthand.measures.wait_p90 import WAIT_P90
from measured import BOUGHT, point, value
from spec import AS_OF, figure, lives, rows, seen

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


def test_contacts_and_purchases_of_nobody_known_count_alike():
    anonymous = """
    customer | occurred_at | kind
    ada      | 2026-01-01  | purchase
    -        | 2026-01-02  | purchase
    -        | 2026-01-03  | purchase
    -        | 2026-01-04  | purchase
    -        | 2026-01-05  | contact
    """
    assert value(CONTACT_RATE, anonymous) == 0.25


def test_a_record_without_purchases_is_blind_to_who_never_bought():
    visits = """
    customer | occurred_at | kind
    ada      | 2026-01-01  | visit
    bob      | 2026-01-02  | visit
    """
    assert value(NEVER_BOUGHT, visits) is None


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
    (january,) = (row for row in survival(SimpleNamespace(seen=seen(given)), by=["month"]) if (row["by"]["month"], row["days"]) == ("2026-01", 90))  # fmt: skip
    cohort = [days for days, times in zip(days, first.values(), strict=True) if min(times).month == 1]
    again = [len(times) > 1 for times in first.values() if min(times).month == 1]
    assert january["customers"] == len(cohort)
    assert january["value"] == pytest.approx(1 - KaplanMeierFitter().fit(cohort, again).predict(90))


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


def test_who_bought_again_is_told_apart_by_whether_the_promise_was_kept():
    found = figure(BOUGHT_AFTER, seen("""
        customer | occurred_at | kind     | promise_id | promise_state         | promised_for
        ada      | 2026-01-01  | purchase | -          | -                     | -
        ada      | 2026-01-01  | other    | a          | made                  | 2026-01-05
        ada      | 2026-01-04  | other    | a          | kept                  | -
        ada      | 2026-02-01  | purchase | -          | -                     | -
        ada      | 2026-02-02  | purchase | -          | -                     | -
        bob      | 2026-01-01  | other    | b          | made                  | 2026-01-05
        bob      | 2026-01-09  | other    | b          | kept                  | -
        bob      | 2026-05-30  | purchase | -          | -                     | -
        cy       | 2026-01-01  | other    | c          | made                  | 2026-01-05
        cy       | 2026-01-02  | other    | c          | withdrawn_by_customer | -
        dot      | 2026-06-01  | other    | d          | made                  | 2026-06-05
        dot      | 2026-06-09  | purchase | -          | -                     | -
    """))  # fmt: skip
    told = {row["promise"]: (row["value"], row["observations"]) for row in found}
    assert told == {"kept": (1.0, 1), "not kept": (0.0, 1)}


def test_satisfaction_after_a_promise_is_the_first_answer_in_the_fortnight_after_it_was_settled():
    found = figure(SATISFIED_AFTER, seen("""
        customer | occurred_at | promise_id | promise_state | promised_for | question_kind | score | scale_low | scale_high | circumstances | situation
        ada      | 2026-01-01  | a          | made          | 2026-01-05   | -             | -     | -         | -          | -             | need=gift
        ada      | 2026-01-02  | -          | -             | -            | csat          | 1     | 1         | 5          | -             | -
        ada      | 2026-01-04  | a          | kept          | -            | -             | -     | -         | -          | -             | -
        ada      | 2026-01-09  | -          | -             | -            | csat          | 4     | 1         | 5          | -             | -
        ada      | 2026-01-10  | -          | -             | -            | csat          | 1     | 1         | 5          | -             | -
        bob      | 2026-01-01  | b          | made          | 2026-01-05   | -             | -     | -         | -          | -             | need=gift
        bob      | 2026-01-06  | -          | -             | -            | csat          | 3     | 1         | 5          | -             | -
        cy       | 2026-01-01  | c          | made          | 2026-01-05   | -             | -     | -         | -          | -             | -
        cy       | 2026-03-06  | -          | -             | -            | csat          | 5     | 1         | 5          | -             | -
    """), "circumstance:need")  # fmt: skip
    told = {(row["promise"], row["circumstance:need"]): (row["value"], row["observations"]) for row in found}
    assert told == {("kept", "gift"): (1.0, 1), ("not kept", "gift"): (0.0, 1)}


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
