"""Funnels, retention, what lies around a touchpoint, and what differs between two groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _
from scipy.stats import norm

from firsthand.corrections import holm
from firsthand.jobs.path_changes import path_changes
from firsthand.jobs.share_changes import share_changes
from firsthand.journeys.around import around
from firsthand.journeys.funnels import funnel
from firsthand.journeys.retention import retention
from spec import rows
from test_paths import START, said, travelling

LATE = START + timedelta(days=400)


def all_reached(*paths: str, steps: str = "abc", mode: str = "ordered", hours: float | None = None, until=LATE):
    within = None if hours is None else timedelta(hours=hours)
    taken = [_.touchpoint == step for step in steps]
    return rows(funnel(travelling(*paths), taken, until=until, mode=mode, within=within))


def reached(path: str, steps: str = "abc", **more):
    found = all_reached(path, steps=steps, **more)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("path", "mode", "steps"),
    [
        ("axbxc", "ordered", 3), ("axbxc", "strict", 1), ("xabcx", "strict", 3), ("acb", "ordered", 2),
        ("cba", "any", 3), ("cba", "ordered", 1), ("axabxabc", "strict", 3), ("ca", "any", 1),
    ],
)  # fmt: skip
def test_how_far_somebody_got(path: str, mode: str, steps: int):
    assert reached(path, mode=mode)["reached"] == steps


def test_who_did_not_take_the_first_step_is_not_in_it():
    assert reached("bc") is None


def test_the_attempt_that_got_furthest_counts_and_its_times():
    found = reached("axxxabc", hours=2)
    assert (found["reached"], found["seconds_2"], found["seconds_3"]) == (3, 3600, 3600)
    assert found["step"] == 5


def test_an_attempt_whose_time_is_not_over_is_not_judged():
    assert reached("ab", hours=3, until=START + timedelta(hours=2))["judged"] is False
    assert reached("ab", hours=3, until=START + timedelta(hours=3))["judged"] is True


def test_the_same_touchpoint_may_be_two_steps():
    assert [reached(path, "aab")["reached"] for path in ("ab", "axab")] == [1, 3]


def furthest(path: str, mode: str, hours: int | None) -> int:
    """By trying every choice of moments."""
    best = 0
    for count in (1, 2, 3):
        for chosen in combinations(range(len(path)), count):
            in_order = "".join(path[at] for at in chosen)
            fits = sorted(in_order) == list("abc"[:count]) if mode == "any" else in_order == "abc"[:count]
            near = chosen[-1] - chosen[0] == count - 1 or mode != "strict"
            if fits and near and (hours is None or chosen[-1] - chosen[0] <= hours):
                best = count
    return best


@settings(deadline=None, max_examples=15)
@given(
    people=st.lists(st.text("abcx", min_size=1, max_size=9), min_size=1, max_size=12),
    mode=st.sampled_from(["ordered", "strict", "any"]),
    hours=st.sampled_from([None, 1, 2, 4]),
)
def test_a_funnel_finds_what_trying_every_choice_finds(people, mode, hours):
    found = {row["life"]: row["reached"] for row in all_reached(*people, mode=mode, hours=hours)}
    expected = {life: furthest(path, mode, hours) for life, path in enumerate(people, 1)}
    assert found == {life: steps for life, steps in expected.items() if steps}


def test_around_a_touchpoint_stands_what_came_before_and_after_and_where_nothing_did():
    said(around(travelling("xab", "ab"), "a", steps=2), """
        position | touchpoint | interactions | customers
        -2       | -          | 2            | 2
        -1       | x          | 1            | 1
        -1       | -          | 1            | 1
        1        | b          | 2            | 2
        2        | -          | 2            | 2
    """)  # fmt: skip


def test_only_months_that_are_over_count_and_a_month_is_one_of_the_calendar(spec):
    spec(
        given="""
            customer | occurred_at | kind
            ada      | 2026-01-31  | visit
            ada      | 2026-02-01  | visit
            ada      | 2026-04-02  | visit
            bob      | 2026-03-05  | visit
        """,
        when=lambda table: retention(table, now=datetime(2026, 4, 30, 23, 59, tzinfo=UTC)),
        then="""
            cohort  | month | value | day
            2026-01 | 1     | 1     | 2026-01-31
            2026-01 | 2     | 0     | 2026-01-31
        """,
    )


def test_a_month_is_over_at_its_last_moment():
    table = travelling("a")
    for now, months in (((2026, 4, 30, 23, 59, 59, 999_999), 1), ((2026, 4, 30, 23, 59, 59), 0)):
        dated = table.mutate(day=table.occurred_at.date())
        assert len(rows(retention(dated, now=datetime(*now, tzinfo=UTC)))) == months


def test_what_differs_beyond_chance_is_named_and_what_too_few_did_is_counted():
    before = travelling(*["ab"] * 80, *["ac"] * 20, "ad")
    after = travelling(*["ab"] * 50, *["ac"] * 50, "ad")
    after = after.mutate(life=after.life + 1000)
    found = path_changes(before, after)
    assert {(row["from"], row["to"]) for row in found["differs"]} == {("a", "b"), ("a", "c")}
    assert (found["tested"], found["too_few"]) == (2, 1)
    assert path_changes(before, before)["differs"] == []
    assert found["customers"] == {"before": 101, "after": 101, "both": 0}
    row = next(row for row in found["differs"] if row["to"] == "b")
    x, y = 80 / 101, 50 / 101
    half = norm.ppf(0.975) * np.sqrt(x * (1 - x) / 101 + y * (1 - y) / 101)
    assert (row["low"], row["high"]) == pytest.approx((y - x - half, y - x + half))


def test_who_is_in_both_groups_is_one_customer():
    paths = ["ab"] * 50 + ["ac"] * 50
    whole, part = travelling(*paths), travelling(*paths).filter(_.life <= 75)
    found = path_changes(part, whole)
    assert found["customers"] == {"before": 75, "after": 100, "both": 75}
    assert {row["to"] for row in found["differs"]} == {"b", "c"}  # as far apart as 50 of 75 and 0 of 25 others
    row = next(row for row in found["differs"] if row["to"] == "b")
    assert row["high"] - row["low"] < 0.15  # of as many strangers it would be twice as wide


def test_what_somebody_did_twice_counts_once_and_who_did_nothing_is_there():
    def did(*things: str | None):
        told = {"life": list(range(1, len(things) + 1)), "thing": pa.array(things, pa.string())}
        return ibis.memtable(pa.table(told))

    before, after = did(*["x"] * 10, *[None] * 90), did(*["x"] * 60, *[None] * 40)
    found = share_changes(before.union(before), after.mutate(life=after.life + 500), ["thing"])
    (row,) = found["differs"]
    assert (row["thing"], row["before"], row["after"]) == ("x", pytest.approx(0.1), pytest.approx(0.6))


def test_nothing_is_said_of_an_empty_period():
    assert path_changes(travelling("ab"), travelling("ab").filter(False))["tested"] == 0


def test_chance_alone_is_seldom_named():
    random = np.random.default_rng(1)
    named = 0
    for _again in range(20):
        paths = ["a" + random.choice(list("bcdef")) for _ in range(200)]
        other = travelling(*paths[100:])
        named += bool(path_changes(travelling(*paths[:100]), other.mutate(life=other.life + 1000))["differs"])
    assert named <= 3


def test_holm_steps_down():
    assert holm(np.array([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.06, 0.06])
