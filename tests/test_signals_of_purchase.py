"""Signals of carts, money, promises and coming back, each as tiny tables: what it sees, and what only looks like it."""

from __future__ import annotations

import pytest

from firsthand.journeys.signals.abandoned_cart import ABANDONED_CART
from firsthand.journeys.signals.broken_promise import BROKEN_PROMISE
from firsthand.journeys.signals.came_back import CAME_BACK
from firsthand.journeys.signals.cart_gone import CART_GONE
from firsthand.journeys.signals.gone_quiet import GONE_QUIET
from firsthand.journeys.signals.kept_early import KEPT_EARLY
from firsthand.journeys.signals.recommended import RECOMMENDED
from firsthand.journeys.signals.returned_goods import RETURNED_GOODS
from firsthand.journeys.signals.surprise_fee import SURPRISE_FEE
from signal_spec import shows


def test_what_was_sent_back_is_a_return_and_what_we_sent_is_none() -> None:
    shows(
        RETURNED_GOODS,
        given="""
            customer | occurred_at | kind     | direction | subject
            ada      | 2026-03-01  | purchase | inbound   | order 7
            ada      | 2026-03-09  | return   | inbound   | product P-1, order 7
            ada      | 2026-03-10  | return   | outbound  | order 7
            -        | 2026-03-11  | return   |           |
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-09  | sent back order 7, product P-1
            -        | 2026-03-11  | sent back
        """,
    )


def test_a_fee_surprises_the_first_time_and_when_it_is_higher_than_ever() -> None:
    shows(
        SURPRISE_FEE,
        given="""
            customer | occurred_at | kind    | touchpoint | amount | currency
            ada      | 2026-03-01  | fee     | small fee  | 2.90   | EUR
            ada      | 2026-03-02  | fee     | small fee  | 2.90   | EUR
            ada      | 2026-03-03  | fee     | small fee  | 3.50   | EUR
            ada      | 2026-03-04  | fee     | small fee  | 2.90   | EUR
            ada      | 2026-03-05  | fee     | dunning    | 0      | EUR
            ada      | 2026-03-06  | fee     | dunning    |        |
            -        | 2026-03-06  | fee     | small fee  | 9.00   | EUR
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-01  | charged for the first time; 2.90 EUR
            ada      | 2026-03-03  | higher than ever before; 3.50 EUR
            ada      | 2026-03-06  | charged for the first time
        """,
    )


HEAD = "customer | occurred_at | kind | touchpoint | subject | amount | currency\n"


@pytest.mark.parametrize(
    ("given", "then"),
    [
        (
            """
            ada | 2026-03-01 | purchase |      | order 7            | 10    | EUR
            ada | 2026-03-01 | purchase |      | order 8            | 20    | EUR
            ada | 2026-03-02 | payment  | paid | order 7, order 8   | 30    | EUR
            ada | 2026-03-03 | payment  | paid | order 7            | 12.90 | USD
            ben | 2026-03-03 | payment  | paid | order 7            | 12.90 | EUR
            """,
            "",
        ),
        (
            """
            ada | 2026-03-01 | purchase |      | order 7            | 10    | EUR
            ada | 2026-03-01 | purchase |      | order 8            | 12.90 | EUR
            ada | 2026-03-02 | payment  | paid | order 7, invoice 1 | 12.90 | EUR
            ada | 2026-03-03 | payment  | paid | order 8            | 12.90 | EUR
            """,
            "ada | 2026-03-02 | 2.90 EUR above the price of order 7",
        ),
        (
            """
            ada | 2026-03-01 | purchase |      | order 7            | 10    |
            ada | 2026-03-02 | payment  | paid | order 7            | 10    |
            ada | 2026-03-03 | payment  | paid | order 7            | 10    |
            """,
            "ada | 2026-03-03 | 10.00 above the price of order 7",
        ),
        (
            """
            ada | 2026-03-01 | purchase |      | order 7            | 10    | EUR
            ada | 2026-03-02 | payment  | paid | order 7            | 4     | EUR
            ada | 2026-03-03 | payment  | paid | order 7            | 6     | EUR
            ada | 2026-03-04 | refund   |      | order 7            | 10    | EUR
            ada | 2026-03-05 | payment  | paid | order 7            | 10    | EUR
            """,
            "",
        ),
        (
            """
            ada | 2026-03-01 | purchase |      | order 7            | 10    | EUR
            ada | 2026-03-02 | payment  | invoice | order 7         | 10    | EUR
            ada | 2026-03-03 | payment  | paid | order 7            | 10    | EUR
            """,
            "",
        ),
        (
            """
            ada | 2026-03-01 | purchase |      | order 7            | 10    | EUR
            ada | 2026-03-01 | purchase |      | order 8            | 20    | EUR
            ada | 2026-03-02 | payment  | paid | order 7, order 8   | 20    | EUR
            ada | 2026-03-03 | payment  | paid | order 7            | 10    | EUR
            ada | 2026-03-04 | payment  | paid | order 7, order 8   | 35    | EUR
            ada | 2026-03-05 | payment  | paid | order 7, order 9   | 99    | EUR
            """,
            "ada | 2026-03-04 | 15.00 EUR above the price of order 7",
        ),
    ],
    ids=["as it was said", "the price of another", "paid twice", "in parts, and refunded", "billed and paid", "for several"],
)  # fmt: skip
def test_a_payment_surprises_where_more_was_paid_for_an_order_than_it_cost(given: str, then: str) -> None:
    shows(SURPRISE_FEE, given=HEAD + given.strip(), then=f"customer | occurred_at | evidence\n{then}")


def test_a_promise_is_broken_when_moved_later_late_withdrawn_by_us_or_overdue() -> None:
    shows(
        BROKEN_PROMISE,
        given="""
            customer | occurred_at | direction | promise_id | promised_for | promise_state
            ada      | 2026-03-01  | outbound  | moved      | 2026-03-05   | made
            ada      | 2026-03-04  | outbound  | moved      | 2026-03-08   | moved
            ada      | 2026-03-07  | outbound  | moved      |              | kept
            ada      | 2026-03-01  | outbound  | sooner     | 2026-03-05   | made
            ada      | 2026-03-02  | outbound  | sooner     | 2026-03-04   | moved
            ada      | 2026-03-03  | inbound   | sooner     | 2026-03-09   | moved
            ada      | 2026-03-05  | outbound  | sooner     |              | kept
            ben      | 2026-03-01  | outbound  | gone       | 2026-03-05   | made
            ben      | 2026-03-02  | outbound  | gone       |              | withdrawn_by_us
            ben      | 2026-03-01  | outbound  | not wanted | 2026-03-05   | made
            ben      | 2026-03-02  | inbound   | not wanted |              | withdrawn_by_customer
            -        | 2026-05-01  | outbound  | owed       | 2026-05-30   | made
            cleo     | 2026-05-01  | outbound  | to come    | 2026-06-05   | made
        """,
        then="""
            customer | occurred_at | day        | evidence
            ada      | 2026-03-04  | 2026-03-04 | moved by 3 days
            ada      | 2026-03-07  | 2026-03-07 | late by 2 days
            ben      | 2026-03-02  | 2026-03-02 | withdrawn by us
            -        | 2026-05-30  | 2026-05-30 | overdue for 2 days
        """,
    )


def test_a_cart_is_abandoned_when_nothing_is_bought_in_a_day() -> None:
    shows(
        ABANDONED_CART,
        given="""
            customer | occurred_at         | kind     | subject
            ada      | 2026-03-01T10:00:00 | cart     | cart 1
            ada      | 2026-03-01T10:05:00 | cart     | cart 1
            ada      | 2026-03-03T10:00:00 | cart     | cart 2
            ada      | 2026-03-04T10:00:00 | purchase |
            ada      | 2026-03-04T10:09:00 | cart     | cart 2
            ada      | 2026-03-08T10:00:00 | purchase |
            ada      | 2026-03-08T10:11:00 | cart     | cart 3
            ben      | 2026-05-31T10:00:00 | cart     | cart 4
            -        | 2026-03-01T10:00:00 | cart     | cart 5
        """,
        then="""
            customer | occurred_at
            ada      | 2026-03-01T10:05:00
            ada      | 2026-03-08T10:11:00
        """,
    )


def test_a_cart_is_gone_when_they_come_back_to_another_one() -> None:
    shows(
        CART_GONE,
        given="""
            customer | occurred_at | kind     | subject
            ada      | 2026-03-01  | cart     | cart 1
            ada      | 2026-03-03  | cart     | cart 2, product P
            ben      | 2026-03-01  | cart     | cart 3
            ben      | 2026-03-03  | cart     | cart 3
            cleo     | 2026-03-01  | cart     | cart 4
            cleo     | 2026-03-16  | cart     | cart 5
            dan      | 2026-03-01  | cart     | cart 6
            dan      | 2026-03-05  | purchase |
            dan      | 2026-03-06  | cart     | cart 7
            eve      | 2026-03-01  | cart     | product P
            eve      | 2026-03-03  | cart     | cart 8
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-03  | another cart 2 days later
        """,
    )


def test_who_is_not_heard_of_for_half_a_year_after_a_bad_moment_went_quiet() -> None:
    shows(
        GONE_QUIET,
        given="""
            customer | occurred_at | kind     | direction | touchpoint | wait_seconds | score | scale_low | scale_high
            ada      | 2025-10-01  | contact  | inbound   | called     | 300          |       |           |
            ada      | 2025-10-02  | other    | outbound  |            |              |       |           |
            ada      | 2026-03-01  | other    | outbound  |            |              |       |           |
            ben      | 2025-10-01  | contact  | inbound   | called     | 300          |       |           |
            ben      | 2026-01-01  | visit    | inbound   |            |              |       |           |
            cleo     | 2025-10-01  | contact  | inbound   | called     | 60           |       |           |
            dan      | 2025-10-01  | answer   | inbound   |            |              | 2     | 1         | 5
            dan      | 2025-10-20  | visit    |           |            |              |       |           |
            eve      | 2025-08-01  | contact  | inbound   | called     | 300          |       |           |
            eve      | 2025-10-01  | visit    | inbound   |            |              |       |           |
            fay      | 2026-01-01  | contact  | inbound   | called     | 300          |       |           |
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2025-10-01  | not heard of for 243 days
            dan      | 2025-10-01  | not heard of for 224 days
        """,
    )


def test_a_promise_that_is_overdue_was_bad_when_it_was_due_and_not_when_it_was_made() -> None:
    shows(
        GONE_QUIET,
        given="""
            customer | occurred_at | kind  | direction | promise_id | promised_for | promise_state
            ada      | 2025-08-01  |       | outbound  | a          | 2025-10-01   | made
            ada      | 2025-09-28  | visit | inbound   |            |              |
            ben      | 2025-08-01  |       | outbound  | b          | 2025-11-10   | made
            ben      | 2025-08-02  | visit | inbound   |            |              |
        """,
        then="customer | occurred_at | evidence\nada | 2025-10-01 | not heard of for 246 days",
    )


def test_kept_a_day_before_it_was_due_is_early() -> None:
    shows(
        KEPT_EARLY,
        given="""
            customer | occurred_at         | promise_id | promised_for        | promise_state
            ada      | 2026-03-01          | o1         | 2026-03-05T23:59:59 | made
            ada      | 2026-03-03T23:00:00 | o1         |                     | kept
            ada      | 2026-03-01          | o2         | 2026-03-05T23:59:59 | made
            ada      | 2026-03-05T08:00:00 | o2         |                     | kept
            ada      | 2026-03-01          | o3         | 2026-03-02T23:59:59 | made
            ada      | 2026-03-02          | o3         | 2026-03-09T23:59:59 | moved
            ada      | 2026-03-04          | o3         |                     | kept
        """,
        then="""
            customer | occurred_at         | evidence
            ada      | 2026-03-03T23:00:00 | 2 days early
        """,
    )


def test_they_came_back_by_themselves_where_nothing_from_us_brought_them() -> None:
    shows(
        CAME_BACK,
        given="""
            customer | occurred_at | kind        | direction | channel
            ada      | 2026-01-01  | purchase    | inbound   | web
            ada      | 2026-01-05  | purchase    | inbound   | web
            ada      | 2026-01-06  | delivery    | outbound  | delivery
            ada      | 2026-01-20  | purchase    | inbound   | web
            ada      | 2026-02-01  | other       | outbound  | campaign
            ada      | 2026-03-01  | purchase    | inbound   | web
            ada      | 2026-04-01  | purchase    | inbound   | web
            ada      | 2026-04-05  | heard_of_us | inbound   | web
            ada      | 2026-04-10  | purchase    | inbound   | web
            -        | 2026-04-20  | purchase    | inbound   | web
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-01-20  | bought again after 15 days
            ada      | 2026-04-01  | bought again after 31 days
            ada      | 2026-04-10  | bought again after 9 days
        """,
    )


def test_a_recommendation_is_the_customers_deed() -> None:
    shows(
        RECOMMENDED,
        given="""
            customer | occurred_at | kind           | direction
            ada      | 2026-03-01  | recommendation | inbound
            ada      | 2026-03-02  | recommendation | outbound
            ada      | 2026-03-03  | answer         | inbound
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-01  | told others
        """,
    )
