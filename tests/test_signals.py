"""The catalogue of signals: what each says of itself, as of when it is looked for, and signals of one's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from firsthand.errors import SignalError
from firsthand.jobs import signal_files
from firsthand.jobs.home import Home
from firsthand.jobs.signal_files import signals_of
from firsthand.journeys.signals import ALL, Signal
from firsthand.journeys.signals.repeat_contact import REPEAT_CONTACT
from signal_spec import shows


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
