"""Each signal as tiny tables: what it sees, and what only looks like it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from typing import Any

import ibis
import pytest

from firsthand.errors import SignalError
from firsthand.jobs import signal_files
from firsthand.jobs.home import Home
from firsthand.jobs.signal_files import signals_of
from firsthand.journeys.map import ExperienceMap, Touchpoint
from firsthand.journeys.promises import promises
from firsthand.journeys.signals import ALL, Lives, Signal, found
from firsthand.journeys.signals.abandoned_cart import ABANDONED_CART
from firsthand.journeys.signals.asked_again import ASKED_AGAIN
from firsthand.journeys.signals.broken_promise import BROKEN_PROMISE
from firsthand.journeys.signals.came_back import CAME_BACK
from firsthand.journeys.signals.cart_gone import CART_GONE
from firsthand.journeys.signals.channel_switch import CHANNEL_SWITCH
from firsthand.journeys.signals.contradiction import CONTRADICTION
from firsthand.journeys.signals.failed_self_help import FAILED_SELF_HELP
from firsthand.journeys.signals.gone_quiet import GONE_QUIET
from firsthand.journeys.signals.kept_early import KEPT_EARLY
from firsthand.journeys.signals.long_wait import LONG_WAIT
from firsthand.journeys.signals.loop import LOOP
from firsthand.journeys.signals.recommended import RECOMMENDED
from firsthand.journeys.signals.repeat_contact import REPEAT_CONTACT
from firsthand.journeys.signals.returned_goods import RETURNED_GOODS
from firsthand.journeys.signals.solved_first import SOLVED_FIRST
from firsthand.journeys.signals.surprise_fee import SURPRISE_FEE
from firsthand.journeys.signals.transfer import TRANSFER
from firsthand.journeys.signals.where_is_it import WHERE_IS_IT
from spec import AS_OF, spec

CALLED = Touchpoint("called", "help", "contact", standard={"wait_seconds": 120})


def shows(signal: Signal, *, given: str, then: str, as_of: datetime = AS_OF) -> None:
    """Holds what a signal finds in the lives given against the rows expected."""
    points = ibis.memtable(ExperienceMap(("help",), (CALLED,), {}).table())

    def seen(timeline: ibis.expr.types.Table) -> ibis.expr.types.Table:
        until = timeline.filter(ibis._.occurred_at <= ibis.literal(as_of, "timestamp('UTC')"))
        return found(Lives(until, lambda: promises(until, as_of), points, as_of), [signal])

    spec(given=given, when=seen, then=then)


def test_a_second_contact_about_the_same_order_within_a_week_is_a_repeat() -> None:
    shows(
        REPEAT_CONTACT,
        given="""
            customer | occurred_at         | kind    | direction | subject
            ada      | 2026-03-01          | contact | inbound   | order 7
            ada      | 2026-03-03T06:00:00 | contact |           | case 3, order 7
            ada      | 2026-03-04          | contact | outbound  | order 7
            ada      | 2026-03-05          | contact | inbound   | order 9
            ada      | 2026-03-10T06:00:00 | contact | inbound   | order 7
            ada      | 2026-03-17T06:00:01 | contact | inbound   | order 7
            ben      | 2026-03-02          | contact | inbound   | order 7
            -        | 2026-03-02          | contact | inbound   | order 8
            -        | 2026-03-03          | contact | inbound   | order 8
            ben      | 2026-03-03          | contact | inbound   |
        """,
        then="""
            customer | occurred_at         | evidence
            ada      | 2026-03-03T06:00:00 | again after 2 days about order 7
            ada      | 2026-03-10T06:00:00 | again after 7 days about order 7
        """,
    )


def test_two_contacts_at_one_time_about_two_matters_are_one_repeat() -> None:
    shows(
        REPEAT_CONTACT,
        given="""
            customer | occurred_at         | kind    | subject
            ada      | 2026-03-01T10:00:00 | contact | order 7, case 3
            ada      | 2026-03-01T10:00:00 | contact | order 7, case 3
        """,
        then="""
            customer | step | evidence
            ada      | 2    | again after 0 minutes about case 3
        """,
    )


def test_a_wait_is_long_beyond_the_standard_of_its_touchpoint_only() -> None:
    shows(
        LONG_WAIT,
        given="""
            customer | occurred_at | touchpoint | wait_seconds
            ada      | 2026-03-01  | called     | 120
            ada      | 2026-03-02  | called     | 3700
            -        | 2026-03-03  | called     | 121
            ada      | 2026-03-04  | chatted    | 9999
            ada      | 2026-03-05  | called     |
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-02  | waited 1 hour, the standard is 2 minutes
            -        | 2026-03-03  | waited 2 minutes, the standard is 2 minutes
        """,
    )


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


def test_self_help_fails_without_a_result_or_with_a_contact_within_a_day() -> None:
    shows(
        FAILED_SELF_HELP,
        given="""
            customer | occurred_at         | kind        | direction | properties
            ada      | 2026-03-01T10:00:00 | help_search | inbound   | {"results": 3}
            ada      | 2026-03-02T10:00:00 | contact     | inbound   |
            ada      | 2026-03-05T10:00:00 | help_search | inbound   | {"results": 3}
            ada      | 2026-03-05T11:00:00 | contact     | outbound  |
            ada      | 2026-03-06T10:00:01 | contact     | inbound   |
            ben      | 2026-03-01T10:00:00 | help_search | inbound   | {"properties": {"results": 0}}
            ben      | 2026-03-01T12:00:00 | contact     | inbound   |
            -        | 2026-03-01T10:00:00 | help_search | inbound   | {"results": "0"}
            -        | 2026-03-01T10:00:00 | help_search | inbound   | {"results": "none"}
            -        | 2026-03-01T10:01:00 | contact     | inbound   |
            cleo     | 2026-03-01T10:00:00 | contact     | inbound   |
            cleo     | 2026-03-01T10:00:00 | help_search | inbound   |
        """,
        then="""
            customer | occurred_at         | evidence
            ada      | 2026-03-01T10:00:00 | got in touch 1 day later
            ben      | 2026-03-01T10:00:00 | no result
            -        | 2026-03-01T10:00:00 | no result
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


def test_a_payment_surprises_where_it_is_above_the_price_of_its_orders() -> None:
    shows(
        SURPRISE_FEE,
        given="""
            customer | occurred_at | kind     | subject             | amount | currency
            ada      | 2026-03-01  | purchase | order 7             | 10     | EUR
            ada      | 2026-03-01  | purchase | order 8             | 20     | EUR
            ada      | 2026-03-02  | payment  | order 7, order 8    | 30     | EUR
            ada      | 2026-03-03  | payment  | order 7             | 10     | EUR
            ada      | 2026-03-04  | payment  | order 7, invoice 1  | 12.90  | EUR
            ada      | 2026-03-05  | payment  | order 7             | 12.90  | USD
            ben      | 2026-03-05  | payment  | order 7             | 12.90  | EUR
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-04  | 12.90 EUR paid, the price was 10.00 EUR
        """,
    )


def test_going_to_another_channel_with_the_same_matter_is_a_switch() -> None:
    shows(
        CHANNEL_SWITCH,
        given="""
            customer | occurred_at | kind    | channel | direction | subject
            ada      | 2026-03-01  | contact | chat    | inbound   | order 7
            ada      | 2026-03-02  | contact | phone   | outbound  | order 7
            ada      | 2026-03-03  | contact | phone   | inbound   | order 7
            ada      | 2026-03-04  | contact | phone   | inbound   | order 7
            ada      | 2026-03-05  | contact |         | inbound   | order 7
            ada      | 2026-03-06  | contact | email   | inbound   | order 8
            ada      | 2026-03-12  | contact | email   | inbound   | order 7
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-03  | from chat to phone after 2 days about order 7
        """,
    )


def test_another_agent_in_the_same_case_or_within_the_hour_is_a_transfer() -> None:
    shows(
        TRANSFER,
        given="""
            customer | occurred_at         | kind    | employee | direction | subject
            ada      | 2026-03-01T10:00:00 | contact | agent-1  | inbound   | order 7
            ada      | 2026-03-01T10:30:00 | contact | agent-2  | inbound   | order 7
            ada      | 2026-03-01T10:40:00 | answer  | agent-1  | inbound   | order 7
            ada      | 2026-03-01T12:00:00 | contact | agent-3  | inbound   | order 7
            ada      | 2026-03-02T10:00:00 | other   | agent-1  | outbound  | case 4
            ada      | 2026-03-05T10:00:00 | other   | agent-2  | outbound  | case 4
            ada      | 2026-03-05T11:00:00 | other   | agent-2  | outbound  | case 4
            ada      | 2026-03-05T12:00:00 | other   |          | outbound  | case 4
        """,
        then="""
            customer | occurred_at         | evidence
            ada      | 2026-03-01T10:30:00 | from agent-1 to agent-2 about order 7
            ada      | 2026-03-05T10:00:00 | from agent-1 to agent-2 about case 4
        """,
    )


def test_asking_where_it_is_counts_from_the_day_before_it_is_due_until_it_is_there() -> None:
    shows(
        WHERE_IS_IT,
        given="""
            customer | occurred_at | kind     | direction | subject        | promise_id | promised_for | promise_state
            ada      | 2026-03-01  | promise  | outbound  | order 7, product P | o7   | 2026-03-05   | made
            ada      | 2026-03-03  | contact  | inbound   | order 7        |            |              |
            ada      | 2026-03-04  | contact  | inbound   | order 7        |            |              |
            ada      | 2026-03-06  | contact  | outbound  | order 7        |            |              |
            ada      | 2026-03-06  | contact  | inbound   | product P      |            |              |
            ada      | 2026-03-06  | contact  | inbound   | order 8        |            |              |
            ada      | 2026-03-07  | contact  | inbound   | order 7        |            |              |
            ada      | 2026-03-08  | delivery | outbound  | order 7        | o7         |              | kept
            ada      | 2026-03-09  | contact  | inbound   | order 7        |            |              |
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-04  | asked about order 7 1 day before it was due
            ada      | 2026-03-07  | asked about order 7 2 days after it was due
        """,
    )


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


def test_the_same_question_about_the_same_matter_is_asked_again_unless_they_got_in_touch_since() -> None:
    shows(
        ASKED_AGAIN,
        given="""
            customer | occurred_at | kind    | question | score | subject
            ada      | 2026-03-01  | answer  | How?     | 4     | order 7
            ada      | 2026-03-02  | answer  | Why?     | 4     | order 7
            ada      | 2026-03-03  | answer  | How?     | 4     | order 8
            ada      | 2026-03-04  | answer  | How?     |       | order 7
            ada      | 2026-03-05  | answer  | How?     | 3     | order 7
            ada      | 2026-03-06  | contact |          |       | order 7
            ada      | 2026-03-07  | answer  | How?     | 3     | order 7
            ada      | 2026-05-31  | answer  | Why?     | 4     | order 7
            ben      | 2026-03-01  | answer  | How?     | 4     |
            ben      | 2026-03-02  | answer  | How?     | 4     |
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-04  | had answered it 3 days before, about order 7
        """,
    )


def test_two_channels_contradict_each_other_about_a_promise() -> None:
    shows(
        CONTRADICTION,
        given="""
            customer | occurred_at | channel  | direction | promise_id | promised_for | promise_state
            ada      | 2026-03-01  | web      | outbound  | o1         | 2026-03-05   | made
            ada      | 2026-03-02  | delivery | outbound  | o1         | 2026-03-07   | made
            ada      | 2026-03-03  | email    | outbound  | o1         | 2026-03-08   | moved
            ada      | 2026-03-04  | delivery |           | o1         |              | kept
            ada      | 2026-03-05  | phone    | outbound  | o1         |              | withdrawn_by_us
            ben      | 2026-03-01  | web      | outbound  | o2         | 2026-03-05   | made
            ben      | 2026-03-02  | web      | outbound  | o2         | 2026-03-06   | made
            ben      | 2026-03-02  | delivery | outbound  | o2         | 2026-03-06   | made
            ben      | 2026-03-03  | store    | internal  | o2         | 2026-03-09   | made
            ben      | 2026-03-04  | delivery | outbound  | o2         |              | kept
            ben      | 2026-03-05  | email    | outbound  | o2         |              | kept
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-02  | by 2026-03-05 in web, by 2026-03-07 in delivery
            ada      | 2026-03-05  | kept in delivery, withdrawn by us in phone
        """,
    )


def test_the_same_step_three_times_in_a_day_is_one_loop() -> None:
    shows(
        LOOP,
        given="""
            customer | occurred_at         | kind    | touchpoint | event    | subject
            ada      | 2026-03-01T10:00:00 | payment | payment    | Failed   | order 7, cart 1
            ada      | 2026-03-01T10:10:00 | payment | payment    | Failed   | cart 1, order 7
            ada      | 2026-03-01T10:20:00 | payment | payment    | Failed   | order 7, cart 1
            ada      | 2026-03-01T10:30:00 | payment | payment    | Failed   | order 7, cart 1
            ben      | 2026-03-01T10:00:00 | cart    | cart       | Added    | cart 1, product A
            ben      | 2026-03-01T10:01:00 | cart    | cart       | Added    | cart 1, product B
            ben      | 2026-03-01T10:02:00 | cart    | cart       | Added    | cart 1, product C
            cleo     | 2026-03-01T10:00:00 | cart    | checkout   | Started  | cart 1
            cleo     | 2026-03-01T10:01:00 | cart    | checkout   | Started  | cart 1
            cleo     | 2026-03-01T10:02:00 | cart    | checkout   | Payment  | cart 1
            dan      | 2026-03-01T10:00:00 | contact | called     |          | order 7
            dan      | 2026-03-02T09:00:00 | contact | called     |          | order 7
            dan      | 2026-03-02T10:00:01 | contact | called     |          | order 7
            eve      | 2026-03-01T10:00:00 | visit   | product    | Viewed   | product A
            eve      | 2026-03-01T10:01:00 | visit   | product    | Viewed   | product A
            eve      | 2026-03-01T10:02:00 | visit   | product    | Viewed   | product A
            fay      | 2026-03-01T10:00:00 | payment | payment    | Failed   |
            fay      | 2026-03-01T10:01:00 | payment | payment    | Failed   |
            fay      | 2026-03-01T10:02:00 | payment | payment    | Failed   |
        """,
        then="""
            customer | occurred_at         | evidence
            ada      | 2026-03-01T10:20:00 | 3 times in 20 minutes about cart 1, order 7
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


def test_a_contact_that_is_not_followed_by_another_within_a_week_solved_it() -> None:
    shows(
        SOLVED_FIRST,
        given="""
            customer | occurred_at | kind    | direction | subject
            ada      | 2026-03-01  | contact | inbound   | order 7
            ada      | 2026-03-03  | contact | inbound   | order 7
            ada      | 2026-03-20  | contact | inbound   | order 7, case 3
            ada      | 2026-03-21  | contact | outbound  | order 7
            ben      | 2026-03-01  | contact | inbound   |
            cleo     | 2026-05-26  | contact | inbound   | order 9
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-20  | once about case 3, order 7
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


def test_what_comes_after_the_moment_is_not_seen() -> None:
    lives = """
        customer | occurred_at | kind    | subject
        ada      | 2026-03-01  | contact | order 7
        ada      | 2026-03-04  | contact | order 7
    """
    shows(REPEAT_CONTACT, given=lives, then="customer", as_of=datetime(2026, 3, 3, tzinfo=UTC))


def test_every_signal_says_what_it_is() -> None:
    assert len({signal.name for signal in ALL}) == len(ALL) == 19
    for signal in ALL:
        assert signal.definition, signal.name
        assert signal.title, signal.name


OWN = '''
import ibis
from ibis import _
from firsthand.journeys.signals import Signal

def find(lives):
    """Whatever was returned."""
    return lives.timeline.filter(_.kind == "return").select("life", "step", evidence=ibis.literal("own"))

SIGNAL = Signal("own", "One of our own", find)
'''


def own(home: Home, content: str) -> list[Signal]:
    (home.folder / "signals").mkdir(exist_ok=True)
    (home.folder / "signals" / "own.py").write_text(content, "utf-8")
    return signals_of(home)


def test_a_file_in_the_home_is_a_signal_and_one_of_a_package_is_too(home: Home, monkeypatch: Any) -> None:
    point = EntryPoint("early", "firsthand.journeys.signals.kept_early:KEPT_EARLY", "firsthand.signals")
    assert own(home, OWN)[-1].title == "One of our own"
    monkeypatch.setattr(signal_files, "ALL", [])
    monkeypatch.setattr(signal_files, "_points", lambda: [point])
    assert [signal.name for signal in signals_of(home)] == ["kept_early", "own"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "own.py: defines no SIGNAL (expected SIGNAL = Signal("),
        ("SIGNAL = 7", "own.py: SIGNAL is a int (expected SIGNAL = Signal("),
        ("SIGNAL =", "own.py: cannot be run: SyntaxError"),
        (OWN.replace('"own", "One', '"loop", "One'), "own.py: Firsthand has a signal loop already"),
    ],
)
def test_a_file_that_is_no_signal_is_named_with_what_was_expected(home: Home, content: str, said: str) -> None:
    with pytest.raises(SignalError, match=re.escape(said)):
        own(home, content)


def test_a_signal_without_the_columns_expected_is_named() -> None:
    lacking = Signal("bare", "Bare", lambda lives: lives.timeline.select("life", "step"))
    with pytest.raises(SignalError, match="The signal bare finds no column evidence"):
        shows(lacking, given="customer | occurred_at\nada | 2026-03-01", then="customer")
