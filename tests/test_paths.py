"""Paths: the process map, where customers begin and end, loops, and variants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _

from firsthand.journeys import ExperienceMap
from firsthand.journeys.paths import between, edges, ends, loops, without
from firsthand.journeys.timeline import steps
from firsthand.journeys.variants import variants
from firsthand.tables import KIND_VALUE, TEXT_MAP
from spec import cells, rows, shown

START = datetime(2026, 3, 1, tzinfo=UTC)


def travelling(*people: str | list[str | None], hours: float = 1):
    """A timeline of people who each went through touchpoints (letters), an hour from one to the next."""
    told = [(life, at, point) for life, path in enumerate(people, 1) for at, point in enumerate(path)]
    events = {
        "row": list(range(len(told))), "position": list(range(len(told))), "interaction_id": [f"{n}" for n in range(len(told))],
        "life": [life for life, _, _ in told], "customer_id": [f"c{life}" for life, _, _ in told],
        "occurred_at": [START + timedelta(hours=hours * at) for _, at, _ in told],
        "touchpoint": pa.array([point for _, _, point in told], pa.string()), "recognised": [True] * len(told), "subjects": pa.nulls(len(told), KIND_VALUE), "circumstances": pa.nulls(len(told), TEXT_MAP),
    }  # fmt: skip
    lives = ibis.memtable(pa.table(events))
    placed = steps(lives, ExperienceMap((), (), {}))
    return placed.inner_join(lives.select("row", "occurred_at"), "row")


def said(table, text: str) -> None:
    header, expected = cells(text)
    found = [
        [shown(row[name]) if not isinstance(row[name], list) else " ".join(row[name]) for name in header]
        for row in rows(table)
    ]
    assert sorted(found) == sorted([["" if cell == "-" else cell for cell in row] for row in expected])


def test_the_process_map_counts_ways_and_customers_and_how_soon():
    said(edges(travelling("abab", "ab", "b")), """
        from | to | interactions | customers | median_seconds | p90_seconds
        a    | b  | 3            | 2         | 3600           | 3600
        b    | a  | 1            | 1         | 3600           | 3600
    """)  # fmt: skip


def test_what_nobody_named_is_passed_through_under_one_name():
    said(edges(travelling(["a", None, "b"])), """
        from           | to             | interactions
        a              | not on the map | 1
        not on the map | b              | 1
    """)  # fmt: skip


def test_customers_begin_where_they_came_from_nowhere():
    said(ends(travelling("abab", "ab", "b")), """
        touchpoint | interactions | starts | ends
        a          | 3            | 2      | 0
        b          | 4            | 1      | 3
    """)  # fmt: skip


def test_between_two_moments_nothing_comes_before_or_after():
    part = between(travelling("abcd"), START + timedelta(hours=1), START + timedelta(hours=2))
    said(edges(part), "from | to\nb | c")
    said(ends(part), "touchpoint | starts | ends\nb | 1 | 0\nc | 0 | 1")


def test_what_is_left_out_is_as_if_it_had_not_been():
    lives = travelling("aia", "iaab", "i").mutate(
        kind=_.touchpoint.cases(("i", "invitation"), ("a", "visit"), else_=ibis.null("string"))
    )
    kept = without(lives, ["invitation", "fee"])
    said(edges(kept), """
        from | to | interactions | median_seconds
        a    | a  | 2            | 5400
        a    | b  | 1            | 3600
    """)  # fmt: skip
    said(ends(kept), "touchpoint | starts | ends\na | 2 | 1\nb | 0 | 1")
    said(loops(kept), "touchpoint | interactions | three_in_a_row\na | 2 | 0")
    said(variants(kept), "path | cases\na a | 1\na a b | 1")


def test_three_in_a_row_is_a_loop_however_long_it_is():
    said(loops(travelling("aaaab", "aab", "aabaa")), """
        touchpoint | interactions | customers | three_in_a_row | customers_three_in_a_row
        a          | 6            | 3         | 1              | 1
    """)  # fmt: skip


def test_variants_beyond_the_most_frequent_are_counted_in_one_row():
    said(variants(travelling("ab", "ab", "b", "a", "abc"), most=2), """
        rank | path | variants | cases | customers
        1    | a b  | 1        | 2     | 2
        2    | a    | 1        | 1     | 1
        -    | -    | 2        | 2     | 2
    """.replace("-    | -", "     |  "))  # fmt: skip


def test_a_long_pause_begins_another_journey():
    table = travelling("ab", "ab", hours=24 * 40)
    said(variants(table, per="journey"), "rank | path | cases | customers\n1 | a | 2 | 2\n2 | b | 2 | 2")
    said(variants(table), "rank | path | cases\n1 | a b | 2")


@settings(deadline=None, max_examples=15)
@given(people=st.lists(st.text("abc", min_size=1, max_size=8), min_size=1, max_size=15), cut=st.integers(0, 8))
def test_edges_add_up_to_interactions_less_one_for_each_customer(people, cut):
    table = between(travelling(*people), None, START + timedelta(hours=cut))
    gone = sum(row["interactions"] for row in rows(edges(table)))
    at = rows(ends(table))
    assert gone == sum(min(len(path), cut + 1) for path in people) - len(people)
    assert sum(row["starts"] for row in at) == sum(row["ends"] for row in at) == len(people)
    assert {row["touchpoint"] for row in at if row["starts"]} == {path[0] for path in people}
    assert sum(row["cases"] for row in rows(variants(table, most=1))) == len(people)
