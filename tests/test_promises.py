"""Promises: six states that add up, judged by the first date given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.journeys import promises
from firsthand.journeys.promises import STATES
from firsthand.tables import Timeline
from spec import AS_OF, lives, rows

judged = partial(promises, as_of=AS_OF)
MADE = """
    customer | occurred_at | promise_id | promise_state | promised_for
    ada      | 2026-03-01  | p          | made          | {due}
"""


def one(due: str = "2026-03-05", then: str = "") -> str:
    return MADE.format(due=due) + then


@pytest.mark.parametrize(
    ("due", "then", "state"),
    [
        ("2026-07-01", "", "not_due"),
        ("2026-03-05", "ada | 2026-03-04 | p | kept | -", "kept"),
        ("2026-03-05", "ada | 2026-03-06 | p | kept | -", "late"),
        ("2026-03-05", "ada | 2026-03-04 | p | withdrawn_by_us | -", "broken"),
        ("2026-03-05", "", "overdue"),
        ("2026-03-05", "ada | 2026-03-04 | p | withdrawn_by_customer | -", "withdrawn"),
    ],
)
def test_a_promise_is_in_one_of_six_states(spec, due, then, state):
    spec(given=one(due, then), when=judged, then=f"promise_id | state\np | {state}")


def test_a_promise_kept_at_the_very_moment_it_was_due_is_kept(spec):
    spec(given=one(then="ada | 2026-03-05 | p | kept | -"), when=judged, then="state | late_seconds\nkept | -")


def test_a_moved_promise_is_judged_by_the_first_date_and_shows_the_last(spec):
    moved = "ada | 2026-03-02 | p | moved | 2026-03-20\nada | 2026-03-03 | p | moved | 2026-03-10\nada | 2026-03-08 | p | kept | -"
    spec(
        given=one(then=moved),
        when=judged,
        then="""
            promised_for | moved_to   | state | late_seconds
            2026-03-05   | 2026-03-10 | late  | 259200
        """,
    )


def test_withdrawn_by_us_before_it_was_due_is_broken_all_the_same(spec):
    spec(given=one("2026-12-24", "ada | 2026-03-04 | p | withdrawn_by_us | -"), when=judged, then="state\nbroken")


def test_the_first_outcome_counts(spec):
    both = "ada | 2026-03-04 | p | withdrawn_by_us | -\nada | 2026-03-05 | p | kept | -"
    spec(given=one(then=both), when=judged, then="state | settled_at\nbroken | 2026-03-04")


def test_of_outcomes_at_the_same_time_the_one_that_came_first_counts(spec):
    both = "ada | 2026-03-04 | p | kept | -\nada | 2026-03-04 | p | withdrawn_by_us | -"
    spec(given=one(then=both), when=judged, then="state\nkept")


def test_a_promise_that_was_never_made_is_none(spec):
    lone = "customer | occurred_at | promise_id | promise_state\nada | 2026-03-01 | p | kept"
    spec(given=lone, when=judged, then="state")


def test_a_promise_overdue_says_how_late_it_is_so_far(spec):
    spec(given=one("2026-05-31"), when=judged, then="state | late_seconds\noverdue | 86400")


def test_a_promise_belongs_to_the_touchpoint_and_owner_that_made_it(spec):
    spec(
        given="""
            customer | occurred_at | promise_id | promise_state | promised_for | touchpoint | owner
            ada      | 2026-03-01  | p          | made          | 2026-03-05   | ordered    | shop
            ada      | 2026-03-09  | p          | kept          | -            | delivered  | carrier
        """,
        when=judged,
        then="touchpoint | owner | state\nordered | shop | late",
    )


@pytest.mark.parametrize(
    ("made", "due", "day"),
    [
        ("2026-03-01T09:00", "2026-03-03T22:59:59", "2026-03-03"),  # the end of 3 March in Berlin
        ("2026-03-01T21:00", "2026-03-02T00:30", "2026-03-02"),  # in three and a half hours, past midnight
        ("2026-03-01T15:00", "2026-03-04T08:00", "2026-03-04"),  # less than three times 24 hours
        ("2026-03-28T12:00", "2026-03-29T22:30", "2026-03-30"),  # the clock was put forward in between
        ("2026-03-01T09:00", "2026-03-03T23:30", "2026-03-04"),  # half past midnight in Berlin
    ],
)
def test_a_promise_belongs_to_the_local_day_on_which_it_was_due(made, due, day):
    table = lives(f"""
        customer | occurred_at | promise_id | promise_state | promised_for
        ada      | {made}      | p          | made          | {due}
    """)
    (found,) = rows(promises(table, AS_OF, "Europe/Berlin"))
    assert found["day"] == date.fromisoformat(day)


steps = st.tuples(
    st.integers(0, 14),
    st.sampled_from(["made", "moved", "kept", "withdrawn_by_us", "withdrawn_by_customer"]),
    st.integers(0, 200),
    st.integers(0, 200),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(steps, max_size=75))
def test_the_six_states_always_add_up_to_all_that_were_made(told):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    records = [
        {
            "interaction_id": str(number), "position": number, "customer_id": "ada", "promise_id": str(promise),
            "promise_state": state, "occurred_at": start + timedelta(days=day), "day": date(2026, 1, 1),
            "promised_for": start + timedelta(days=due) if state in ("made", "moved") else None,
        }
        for number, (promise, state, day, due) in enumerate(told)
    ]  # fmt: skip
    table = ibis.memtable(pa.Table.from_pylist(records, schema=Timeline.schema()))
    found = rows(promises(table, AS_OF))
    assert all(row["state"] in STATES for row in found)
    assert sorted(row["promise_id"] for row in found) == sorted(
        {str(p) for p, state, *_ in told if state in ("made", "moved")}
    )
