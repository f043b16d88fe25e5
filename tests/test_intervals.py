"""Intervals know that one customer has many observations."""

from __future__ import annotations

from math import sqrt

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from firsthand.measures import intervals
from firsthand.measures.intervals import Z
from spec import rows

SCHEMA = pa.schema([("life", pa.int64()), ("value", pa.float64())])


def observations(told):
    """A table of pairs of customer (None: nobody, each time another) and value."""
    records = [
        {"life": 1 + int.from_bytes(who.encode()) if who else -1 - number, "value": float(value)}
        for number, (who, value) in enumerate(told)
    ]
    return ibis.memtable(pa.Table.from_pylist(records, schema=SCHEMA))


def one(estimate, told):
    (found,) = rows(estimate(observations(told)))
    return found


def each(values):
    return [(f"c{number}", value) for number, value in enumerate(values)]


def wilson(good, n):
    p = good / n
    middle, half = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n)


@pytest.mark.parametrize(("good", "n"), [(7, 10), (0, 12), (12, 12), (1, 1), (81, 263)])
def test_with_one_observation_per_customer_a_share_has_wilsons_interval(good, n):
    found = one(intervals.share, each([1] * good + [0] * (n - good)))
    assert (found["low"], found["high"]) == pytest.approx(wilson(good, n), abs=1e-9)
    assert (found["customers"], found["observations"]) == (n, n)


def test_customers_with_many_observations_alike_count_hardly_more_than_once():
    told = [(f"c{n}", n < 12) for n in range(20) for _ in range(30)]
    found, alone = one(intervals.share, told), one(intervals.share, each([1] * 12 + [0] * 8))
    width, textbook = found["high"] - found["low"], wilson(360, 600)
    assert width > 3 * (textbook[1] - textbook[0])
    assert width == pytest.approx(alone["high"] - alone["low"], rel=0.15)


@pytest.mark.parametrize("value", [0, 1])
def test_a_thousand_equal_observations_of_one_customer_are_worth_one(value):
    found = one(intervals.share, [("ada", value)] * 1000)
    assert (found["low"], found["high"]) == pytest.approx(wilson(value, 1), abs=1e-9)


def test_many_mixed_observations_of_one_customer_tell_next_to_nothing_of_others():
    found = one(intervals.share, [("ada", number % 2) for number in range(1000)])
    assert found["high"] - found["low"] > 0.7


def test_two_customers_alike_do_not_make_a_certainty():
    found = one(intervals.share, [(who, number % 2) for who in ("ada", "bob") for number in range(500)])
    assert found["high"] - found["low"] > 5 * (wilson(500, 1000)[1] - wilson(500, 1000)[0])


def test_observations_of_nobody_stand_each_for_itself_and_for_no_customer():
    found = one(intervals.share, [(None, 1)] * 5 + [(None, 0)] * 5)
    assert (found["customers"], found["observations"]) == (0, 10)
    assert (found["low"], found["high"]) == pytest.approx(wilson(5, 10), abs=1e-9)


@pytest.mark.parametrize("free", [1, 2, 3, 5, 10, 30, 300])
def test_students_t_is_near_the_exact_quantile(free):
    assert intervals.student(float(free)) == pytest.approx(stats.t.ppf(0.975, free), rel=0.12 if free == 1 else 0.01)


def test_a_mean_has_students_interval():
    values = [1, 2, 4, 8, 16, 32]
    found = one(intervals.mean, each(values))
    half = stats.t.ppf(0.975, 5) * stats.sem(values)
    assert (found["value"], found["low"], found["high"]) == pytest.approx((10.5, 10.5 - half, 10.5 + half), rel=1e-3)


def test_a_mean_of_one_customer_has_no_interval():
    found = one(intervals.mean, [("ada", 3), ("ada", 5)])
    assert (found["value"], found["low"], found["high"]) == (4, None, None)


def nps_by_hand(up, even, down):
    n = up + even + down
    p, d = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
    half = Z * sqrt((p + d - (p - d) ** 2) / (n + 3))
    return 100 * (up - down) / n, 100 * max(p - d - half, -1), 100 * min(p - d + half, 1)


@pytest.mark.parametrize("answers", [(5, 3, 2), (40, 35, 25), (0, 0, 10), (2, 0, 0), (1, 30, 1)])
def test_nps_has_the_adjusted_wald_interval(answers):
    up, even, down = answers
    found = one(intervals.net_promoter, each([1] * up + [0] * even + [-1] * down))
    assert (found["value"], found["low"], found["high"]) == pytest.approx(nps_by_hand(*answers), abs=1e-9)


def test_the_nps_of_one_customer_who_answers_a_hundred_times_stays_unsure():
    found = one(intervals.net_promoter, [("ada", 1)] * 100)
    assert found["value"] == found["high"] == 100
    assert found["low"] < 0


def test_a_median_lies_within_its_interval_and_is_the_middle():
    found = one(intervals.quantile, each(range(101)))
    assert found["value"] == 50
    assert 38 <= found["low"] < 43
    assert 57 < found["high"] <= 62


told = st.lists(
    st.tuples(st.sampled_from(["ada", "bob", "cy", "dot", None]), st.integers(0, 1)), min_size=1, max_size=60
)


@settings(max_examples=15, deadline=None)
@given(told)
def test_a_share_is_one_and_lies_in_its_interval(pairs):
    found = one(intervals.share, pairs)
    assert 0 <= found["low"] <= found["value"] + 1e-12
    assert found["value"] - 1e-12 <= found["high"] <= 1
    assert found["value"] == pytest.approx(sum(value for _, value in pairs) / len(pairs))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["ada", "bob", "cy", None]), st.integers(-1, 1)), min_size=1, max_size=40))
def test_an_nps_lies_in_its_interval(pairs):
    found = one(intervals.net_promoter, pairs)
    assert -100 <= found["low"] <= found["value"] + 1e-9
    assert found["value"] - 1e-9 <= found["high"] <= 100


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["ada", "bob", "cy", None]), st.integers(0, 20)), min_size=1, max_size=40),
    st.sampled_from([0.5, 0.9]),
)
def test_a_quantile_lies_in_its_interval(pairs, q):
    found = one(lambda table: intervals.quantile(table, q=q), pairs)
    assert found["low"] <= found["value"] <= found["high"]


def test_the_difference_of_two_periods_with_other_customers_is_welchs_but_for_the_factor():
    before, after = [0, 1, 0, 1, 0, 0], [1, 1, 1, 0, 1, 1]
    told_before = observations(each(before))
    told_after = observations([(f"d{number}", value) for number, value in enumerate(after)])
    (found,) = rows(intervals.difference(told_before, told_after))
    variance = sum(sum((v - sum(p) / 6) ** 2 for v in p) / 36 for p in (before, after))
    t = 2.570582  # the 97.5 % quantile of Student's t for the five degrees of the smaller period
    assert found["value"] == pytest.approx(0.5)
    assert found["high"] - found["value"] == pytest.approx(t * sqrt(variance * 12 / 11), rel=1e-3)


def test_customers_in_both_periods_make_the_difference_surer_where_they_stay_as_they_are():
    before, after = [0, 1] * 20, [0, 1] * 19 + [1, 1]
    (same,) = rows(intervals.difference(observations(each(before)), observations(each(after))))
    others = observations([(f"d{number}", value) for number, value in enumerate(after)])
    (other,) = rows(intervals.difference(observations(each(before)), others))
    assert same["value"] == other["value"]
    assert same["high"] - same["low"] < 0.5 * (other["high"] - other["low"])


def test_a_difference_speaks_of_as_few_customers_as_its_smaller_period():
    (found,) = rows(intervals.difference(observations(each([1])), observations(each([0, 1] * 50))))
    assert found["customers"] == 1


def test_there_is_no_difference_where_one_period_is_empty():
    assert rows(intervals.difference(observations([]), observations(each([1, 0])))) == []


@settings(deadline=None, max_examples=12)
@given(told=st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 2)), min_size=1, max_size=20))
def test_shares_of_each_value_are_what_the_share_of_one_value_is(told):
    found = {
        row["value_of"]: row
        for row in rows(intervals.shares(observations(told).rename(value_of="value"), ["value_of"]))
    }
    assert set(found) == {value for _who, value in told}
    assert sum(row["value"] for row in found.values()) == pytest.approx(1)
    for value, row in found.items():
        alone = one(intervals.share, [(who, each == value) for who, each in told])
        assert [row[key] for key in intervals.FIGURE] == pytest.approx([alone[key] for key in intervals.FIGURE])
        assert row["times"] == sum(each == value for _who, each in told)
        assert row["so"] == len({who for who, each in told if each == value})
