"""Each signal as tiny tables: what it sees, and what only looks like it."""

from __future__ import annotations

from datetime import datetime

import ibis

from firsthand.journeys.map import ExperienceMap, Touchpoint
from firsthand.journeys.promises import promises
from firsthand.journeys.signals import Lives, Signal, found
from firsthand.journeys.signals.failed_self_help import FAILED_SELF_HELP
from firsthand.journeys.signals.long_wait import LONG_WAIT
from firsthand.journeys.signals.repeat_contact import REPEAT_CONTACT
from firsthand.journeys.signals.returned_goods import RETURNED_GOODS
from firsthand.journeys.signals.surprise_fee import SURPRISE_FEE
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
