"""Designed against actual: who followed an intended path, where the others left it, for what, and what it cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.errors import MapError
from firsthand.journeys import IntendedPath, load_map
from firsthand.journeys.designed import bought_afterwards, designed
from spec import rows
from test_paths import START, said, travelling

LATE = START + timedelta(days=400)
PATH = [["a"], ["b"], ["c"]]


def attempts(*people: str, hours: float = 10, beside: str = "z", until: datetime = LATE, path=PATH):
    """Attempts at a → b → c; z may come at any time."""
    return designed(travelling(*people), path, until=until, within=timedelta(hours=hours), beside=list(beside))


def test_the_path_is_followed_left_for_something_or_left_by_stopping():
    said(attempts("abc", "abxc", "ab", "xa", "bc"), """
        life | reached | followed | left_for | seconds
        1    | 3       | yes      | -        | 7200
        2    | 2       | no       | x        | 10800
        3    | 2       | no       | -        | -
        4    | 1       | no       | -        | -
    """)  # fmt: skip


def test_a_step_again_stays_on_the_path_and_what_is_beside_it_does_not_leave_it():
    said(attempts("abbzc", "azzbzc"), "life | reached | followed\n1 | 3 | yes\n2 | 3 | yes")


def test_skipping_a_step_and_going_back_leave_the_path():
    said(attempts("ac", "abac"), """
        life | step | reached | left_for | seconds
        1    | 1    | 1       | c        | 3600
        2    | 1    | 2       | a        | 10800
        2    | 3    | 1       | c        | 3600
    """)  # fmt: skip


def test_the_first_step_again_begins_anew():
    said(attempts("aaabc"), "step | reached | seconds\n3 | 3 | 7200")


def test_after_a_long_silence_the_first_step_begins_another_attempt():
    said(attempts("azzzabc", hours=3), "step | reached | left_for\n1 | 1 | -\n5 | 3 | -")


def test_what_comes_too_late_is_stopping():
    said(attempts("azzzbc", hours=3), "reached | left_for | seconds\n1 | - | -")


def test_any_of_the_touchpoints_of_a_step_is_as_good():
    said(attempts("abd", "abc", path=[["a"], ["b"], ["c", "d"]]), "life | followed\n1 | yes\n2 | yes")


def test_what_nobody_named_is_left_for_under_one_name():
    table = travelling(["a", None, "b"])
    said(designed(table, PATH, until=LATE, within=timedelta(hours=9)), "reached | left_for\n1 | not on the map")


@pytest.mark.parametrize(("hours", "judged"), [(3, "yes"), (2, "no")])
def test_an_attempt_whose_time_is_not_over_is_not_judged(hours: int, judged: str):
    said(attempts("ax", hours=3, until=START + timedelta(hours=hours)), f"judged\n{judged}")


@settings(deadline=None, max_examples=15)
@given(people=st.lists(st.text("abcxz", min_size=1, max_size=9), min_size=1, max_size=12), hours=st.integers(1, 6))
def test_attempts_are_those_that_walking_each_life_finds(people: list[str], hours: int):
    found = [
        (row["life"], row["step"], row["reached"], row["left_for"], row["seconds"])
        for row in rows(attempts(*people, hours=hours))
    ]
    expected = [(life, *each) for life, path in enumerate(people, 1) for each in walked(path, hours)]
    assert sorted(found, key=str) == sorted(expected, key=str)


def walked(path: str, hours: int) -> list[tuple[int, int, str | None, float | None]]:
    """The attempts of one life, an hour a step, found by going along."""
    met = [(at, point) for at, point in enumerate(path) if point != "z"]
    found = []
    for nth, (began, point) in enumerate(met):
        after = [(at, then) for at, then in met[nth + 1 :] if at - began <= hours]
        if point != "a" or (after and after[0][1] == "a"):
            continue
        reached, left = 1, None
        for _at, then in after:
            if then == "abc"[reached]:
                reached += 1
            elif then != "abc"[reached - 1]:
                left = then
            if left or reached == 3:
                break
        arrived = [at - began for at, then in after if then == "c"]
        found.append((began + 1, reached, left, 3600.0 * arrived[0] if arrived else None))
    return found


def test_only_what_was_bought_after_the_time_of_the_path_counts_and_only_where_that_is_over(spec):
    def afterwards(table):
        until, day = datetime.fromisoformat("2026-06-01T00:00+00:00"), timedelta(days=1)
        begun = designed(table, [["cart"], ["order"]], until=until, within=10 * day)
        return bought_afterwards(begun, table, within=10 * day, days=30, until=until)

    spec(
        given="""
            customer | occurred_at      | touchpoint | kind     | next_touchpoint | gap_seconds
            ada      | 2026-03-01       | cart       | cart     | order           | 3600
            ada      | 2026-03-01T01:00 | order      | purchase | order           | 86400
            ada      | 2026-04-10       | order      | purchase | -               | -
            bob      | 2026-03-01       | cart       | cart     | order           | 86400
            bob      | 2026-03-02       | order      | purchase | -               | -
            cyd      | 2026-05-01       | cart       | cart     | -               | -
        """,
        when=afterwards,
        then="""
            customer | followed | value
            ada      | yes      | 1
            bob      | yes      | 0
        """,
    )


MAP_WITH_JOURNEY = """
stages: [buy]
touchpoints:
  - {name: ordered, stage: buy, kind: purchase}
  - {name: promised, stage: buy, kind: promise}
  - {name: delivered, stage: buy, kind: delivery}
journeys:
  - name: get it
    path: JOURNEY
"""


def test_a_journey_is_read_from_the_map(tmp_path: Path):
    (tmp_path / "map.yaml").write_text(MAP_WITH_JOURNEY.replace("JOURNEY", "[ordered, [promised, delivered]]"))
    (journey,) = load_map(tmp_path / "map.yaml").journeys
    assert journey == IntendedPath("get it", (("ordered",), ("promised", "delivered")), (), 30.0)
    assert journey.steps == ["ordered", "promised or delivered"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("[ordered, paid]", 'line 9: journeys.0.path.1: "paid" is no touchpoint of this map (there are: delivered, ordered'),
        ("[ordered, delivered]\n    beside: [ordered]", 'journeys.0.beside.0: "ordered" stands in this journey twice'),
        ("[ordered, delivered]\n  - {name: get it, path: [ordered, promised]}", 'journeys.1.name: another journey is called "get it"'),
        ("[ordered]", "line 9: journeys.0.path"),
        ("[ordered, delivered]\n    within_days: 0", "line 10: journeys.0.within_days"),
    ],
)  # fmt: skip
def test_a_journey_that_contradicts_the_map_is_named_by_line_and_key(tmp_path: Path, path: str, told: str):
    (tmp_path / "map.yaml").write_text(MAP_WITH_JOURNEY.replace("JOURNEY", path))
    with pytest.raises(MapError) as fault:
        load_map(tmp_path / "map.yaml")
    assert told in str(fault.value)
