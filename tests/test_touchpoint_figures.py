"""What is told at single touchpoints: the scores that speak of them, bad signals, and who was there last."""

from __future__ import annotations

import pytest

from firsthand.jobs.figures import Period
from firsthand.jobs.home import change_settings
from firsthand.jobs.import_files import import_files
from firsthand.jobs.map_figures import map_figures
from firsthand.jobs.selection import select
from firsthand.jobs.touchpoint_figures import latest_customers, touchpoint_scores
from firsthand.jobs.world import world
from firsthand.sources import format_named

MAPPING = """
source: desk
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    event: {column: what}
    identifiers: {email: {column: mail}}
    wait_seconds: {column: wait}
    question: {column: question}
    question_kind: {column: asked}
    score: {column: score}
    scale_low: {constant: 1}
    scale_high: {constant: 5}
"""
MAP = """
stages: [help, tell]
teams: {care: {}}
touchpoints:
  - {name: called, stage: help, kind: contact, owner: care, rules: [{event: Call}], standard: {wait_seconds: 60, score: {question: How was it?, at_least: 4, within_days: 5}}}
  - {name: told us, stage: tell, kind: answer, rules: [{event: Answer}]}
"""
ROWS = """id,at,what,mail,wait,question,asked,score
1,2026-03-01T10:00:00Z,Call,a@x.org,30,,,
2,2026-03-02T10:00:00Z,Answer,a@x.org,,How was it?,csat,5
3,2026-03-01T10:00:00Z,Call,b@x.org,90,,,
4,2026-03-03T10:00:00Z,Answer,b@x.org,,How was it?,csat,1
5,2026-03-01T10:00:00Z,Call,c@x.org,30,,,
6,2026-03-20T10:00:00Z,Answer,c@x.org,,How was it?,csat,5
7,2026-03-02T10:00:00Z,Answer,d@x.org,,And the shop?,csat,5
8,2026-03-04T10:00:00Z,Answer,d@x.org,,And the shop?,csat,5
"""


@pytest.fixture
def desk(home, tmp_path):
    (tmp_path / "desk.yaml").write_text(MAPPING)
    (tmp_path / "desk.csv").write_text(ROWS)
    home.map_file.write_text(MAP)
    import_files(home, [tmp_path / "desk.csv"], format_named("csv"), mapping_file=tmp_path / "desk.yaml")
    return change_settings(home, as_of="2026-03-31", minimum_group=2)


def test_an_answer_speaks_of_the_touchpoint_that_asks_for_it_if_it_came_in_time(desk):
    with world(desk) as opened:
        found = touchpoint_scores(opened)["scores"]
    told = {row["by"]["touchpoint"]: (row["value"], row["customers"], row["observations"]) for row in found}
    assert told == {"called": (0.5, 2, 2), "told us": (1.0, 2, 3)}


def test_scores_of_few_customers_are_not_shown(desk):
    with world(change_settings(desk, minimum_group=3)) as opened:
        found = touchpoint_scores(opened)["scores"]
    assert {(row["suppressed"], row["value"], row["customers"]) for row in found} == {(True, None, None)}


def test_answers_are_selected_by_the_place_that_they_speak_of(desk):
    with world(desk) as opened:
        found = touchpoint_scores(opened, select(opened, Period(), ["owner=care"]))["scores"]
    assert [(row["by"]["touchpoint"], row["customers"]) for row in found] == [("called", 2)]


def test_the_share_of_customers_to_whom_a_bad_signal_shows_has_an_interval(desk):
    with world(desk) as opened:
        called, told_us = map_figures(opened)["touchpoints"]
    share = called["bad_signal_share"]
    assert (called["with_bad_signal"], share["value"], share["customers"]) == (1, pytest.approx(1 / 3), 3)
    assert 0 < share["low"] < 1 / 3 < share["high"] < 1
    assert told_us["bad_signal_share"]["value"] == 0


def test_the_latest_customers_of_a_selection_come_first(desk):
    with world(desk) as opened:
        found = latest_customers(opened, select(opened, Period(), ["touchpoint=told us"]), most=2)["customers"]
    assert [(row["last"], row["interactions"]) for row in found] == [("2026-03-20", 1), ("2026-03-04", 2)]
