"""Answers are told again as long as nothing that they were made of has changed."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from firsthand.jobs.home import Home, create_home
from firsthand.jobs.kept import ASKED_LATELY, YOUNG, kept, last
from firsthand.lake import delta
from firsthand.tables import Erasures


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_home(tmp_path / "home", as_of="2026-03-31")


def ask(home: Home, question: str = "how many?", as_of: str | None = None, at: datetime | None = None):
    """The number of the answer: how often it had to be worked out."""
    worked_out = Counter.of(home)
    told = (at or datetime(2026, 3, 31, tzinfo=UTC)).isoformat()
    return kept(home, [question], as_of, lambda: {"n": next(worked_out), "as_of": told})["n"]


class Counter:
    counts: ClassVar[dict[Path, int]] = {}

    @classmethod
    def of(cls, home: Home):
        while True:
            cls.counts[home.folder] = cls.counts.get(home.folder, 0) + 1
            yield cls.counts[home.folder]


def test_the_same_question_is_worked_out_once(home: Home) -> None:
    assert [ask(home), ask(home), ask(home, "how long?"), ask(home)] == [1, 1, 2, 1]


def test_a_question_as_of_another_moment_is_another_question(home: Home) -> None:
    assert [ask(home), ask(home, as_of="2026-01-01"), ask(home, as_of="2026-01-01")] == [1, 2, 2]


@pytest.mark.parametrize("change", ["map", "settings"])
def test_what_the_answer_was_made_of_makes_it_anew_in_place_of_the_older_one(home: Home, change: str) -> None:
    assert ask(home) == 1
    if change == "map":
        home.map_file.write_text(home.map_file.read_text() + "# changed\n")
    else:
        home = replace(home, settings=replace(home.settings, minimum_group=20))
    before = last(home, ["how many?"], None)
    assert before is not None
    assert (before.document["n"], before.holds) == (1, False)
    assert ask(home) == 2
    assert len(list((home.folder / "kept").iterdir())) == 1


def test_an_answer_that_nobody_asked_for_lately_is_deleted(home: Home) -> None:
    ask(home)
    (file,) = (home.folder / "kept").iterdir()
    long_ago = file.stat().st_mtime - ASKED_LATELY.total_seconds() - 60
    os.utime(file, (long_ago, long_ago))
    ask(home, "how long?")
    assert last(home, ["how many?"], None) is None
    assert last(home, ["how long?"], None) is not None


def test_as_of_the_clock_an_answer_holds_for_a_while(home: Home) -> None:
    home = replace(home, settings=replace(home.settings, as_of=""))
    now = datetime.now(UTC)
    assert [ask(home, at=now), ask(home, at=now)] == [1, 1]
    assert [ask(home, "old", at=now - YOUNG - timedelta(seconds=1)) for _ in range(2)] == [2, 3]


def test_a_torn_answer_is_worked_out_anew(home: Home) -> None:
    ask(home)
    (file,) = (home.folder / "kept").rglob("*.json")
    file.write_text('{"n": 1')
    assert [ask(home), ask(home)] == [2, 2]


def test_where_nothing_can_be_kept_it_is_only_slower(home: Home) -> None:
    (home.folder / "kept").write_text("in the way")
    assert [ask(home), ask(home)] == [1, 2]


def test_an_answer_is_of_the_moment_when_it_was_begun(home: Home) -> None:
    def answer():
        home.map_file.write_text(home.map_file.read_text() + "# changed meanwhile\n")
        return {"as_of": "2026-03-31T00:00:00+00:00"}

    kept(home, ["slow"], None, answer)
    before = last(home, ["slow"], None)
    assert before is not None
    assert not before.holds


def test_an_answer_that_somebody_may_be_in_who_was_forgotten_meanwhile_is_not_kept(home: Home) -> None:
    def answer():
        forgotten = {
            "erasure_id": "e1",
            "kind": "person",
            "erased_at": datetime.now(UTC),
            "by": "kim",
            "why": "asked",
            "customer_hash": None,
            "rows": [],
        }
        delta.add(home.lake, Erasures, [forgotten])
        return {"as_of": "2026-03-31T00:00:00+00:00"}

    kept(home, ["slow"], None, answer)
    assert last(home, ["slow"], None) is None
