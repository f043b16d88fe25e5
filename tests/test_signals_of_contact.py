"""Signals of contacts, waits and answers, each as tiny tables: what it sees, and what only looks like it."""

from __future__ import annotations

from firsthand.journeys.map import Touchpoint
from firsthand.journeys.signals.asked_again import ASKED_AGAIN
from firsthand.journeys.signals.channel_switch import CHANNEL_SWITCH
from firsthand.journeys.signals.contradiction import CONTRADICTION
from firsthand.journeys.signals.failed_self_help import FAILED_SELF_HELP
from firsthand.journeys.signals.long_wait import LONG_WAIT
from firsthand.journeys.signals.loop import LOOP
from firsthand.journeys.signals.repeat_contact import REPEAT_CONTACT
from firsthand.journeys.signals.solved_first import SOLVED_FIRST
from firsthand.journeys.signals.transfer import TRANSFER
from firsthand.journeys.signals.where_is_it import WHERE_IS_IT
from signal_spec import shows


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


def test_what_is_not_on_the_map_is_the_beginning_of_a_signal_as_well() -> None:
    shows(
        TRANSFER,
        given="""
            customer | occurred_at | kind | employee | direction | subject
            ada      | 2026-03-02  |      | agent-1  | outbound  | case 4
            ada      | 2026-03-05  |      | agent-2  | outbound  | case 4
        """,
        then="customer | occurred_at | evidence\nada | 2026-03-05 | from agent-1 to agent-2 about case 4",
    )
    shows(
        WHERE_IS_IT,
        given="""
            customer | occurred_at | kind    | direction | subject | promise_id | promised_for | promise_state
            ada      | 2026-03-01  |         | outbound  | order 7 | o7         | 2026-03-05   | made
            ada      | 2026-03-07  | contact | inbound   | order 7 |            |              |
        """,
        then="customer | occurred_at | evidence\nada | 2026-03-07 | asked about order 7 2 days after it was due",
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


def test_channels_contradict_each_other_about_a_date_if_it_is_not_the_last_one_told() -> None:
    shows(
        CONTRADICTION,
        given="""
            customer | occurred_at         | channel  | promise_id | promised_for | promise_state
            ada      | 2026-03-01          | web      | o1         | 2026-03-05   | made
            ada      | 2026-03-02          | email    | o1         | 2026-03-09   | moved
            ada      | 2026-03-03          | chat     | o1         | 2026-03-09   | made
            ada      | 2026-03-04          | phone    | o1         | 2026-03-05   | made
            ben      | 2026-03-01          | web      | o2         | 2026-03-05   | made
            ben      | 2026-03-02T10:00:00 | email    | o2         | 2026-03-09   | moved
            ben      | 2026-03-02T15:00:00 | delivery | o2         | 2026-03-11   | moved
            ben      | 2026-03-04T15:00:00 | email    | o2         | 2026-03-12   | moved
        """,
        then="""
            customer | occurred_at         | evidence
            ada      | 2026-03-04          | by 2026-03-09 in chat, by 2026-03-05 in phone
            ben      | 2026-03-02T15:00:00 | by 2026-03-09 in email, by 2026-03-11 in delivery
        """,
    )


def test_channels_contradict_each_other_about_a_subject_if_the_map_says_that_both_cannot_be() -> None:
    here = Touchpoint("delivered", "help", "delivery"), Touchpoint("called", "help", "contact")
    packed = Touchpoint("not packed yet", "help", "other", contradicts=("on its way", "delivered"))
    shows(
        CONTRADICTION,
        on_map=(*here, Touchpoint("on its way", "help", "other", contradicts=("delivered",)), packed),
        given="""
            customer | occurred_at | touchpoint     | channel  | direction | subject
            ada      | 2026-03-01  | not packed yet | web      | outbound  | order 7
            ada      | 2026-03-02  | on its way     | email    | outbound  | order 7, product P
            ada      | 2026-03-03  | called         | phone    | inbound   | order 7
            ada      | 2026-03-04  | not packed yet | phone    | outbound  | order 7
            ada      | 2026-03-05  | delivered      | delivery | internal  | order 7
            ada      | 2026-03-06  | on its way     | web      | outbound  | order 7
            ben      | 2026-03-01  | delivered      | delivery | outbound  | order 8, product P
            ben      | 2026-03-02  | on its way     | delivery | outbound  | order 8
            ben      | 2026-03-03  | on its way     | email    | outbound  | order 9, product P
            -        | 2026-03-03  | on its way     | email    | outbound  | order 8
        """,
        then="""
            customer | occurred_at | evidence
            ada      | 2026-03-04  | “on its way” in email, “not packed yet” in phone, about order 7
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
