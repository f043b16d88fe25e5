"""The catalogue of signals: what each says of itself, as of when it is looked for, and signals of one's own."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from typing import Any

import duckdb
import ibis
import pytest

from firsthand.errors import SignalError, UserError
from firsthand.jobs import signal_files
from firsthand.jobs.home import Home
from firsthand.jobs.signal_files import signals_of
from firsthand.journeys import ExperienceMap
from firsthand.journeys.signals import ALL, Lives, Signal
from firsthand.journeys.signals.repeat_contact import REPEAT_CONTACT
from shop import run
from signal_spec import shows
from spec import AS_OF
from spec import lives as timeline


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


FINDS = 'lives.timeline.filter(_.kind == "return").select("life", "step", evidence=ibis.literal("own"))'


@pytest.mark.parametrize(
    ("finds", "said"),
    [
        ("lives.timeline.filter(_.knd == 'return')", "own.py, line 8: the signal own cannot be looked for: AttributeError: 'Table' object has no attribute 'knd'"),
        ("lives.timeline.select('life', 'stp')", "own.py, line 8: the signal own cannot be looked for: IbisTypeError: Column 'stp' is not found in table"),
        ("lives.timeline.select('life', 'step', evidence=_.customer_id.cast('int64').cast('string'))", "own.py, line 6: the signal own cannot be looked for: ConversionException"),
        ("lives.timeline.select('life', 'step')", "own.py: the signal own finds no column evidence"),
        ("lives.timeline.select('life', 'step', evidence=_.step)", "own.py: the signal own finds a column evidence of type int64"),
        ("[1]", "own.py: the signal own finds a list"),
    ],
    ids=["no such column", "another", "what the engine cannot do", "no evidence", "evidence of another type", "no table"],
)  # fmt: skip
def test_a_signal_that_fails_is_named_with_its_file_in_a_line_or_two(home: Home, finds: str, said: str) -> None:
    signal = own(home, OWN.replace(FINDS, finds))[-1]
    with pytest.raises(SignalError, match=re.escape(said)) as fault:
        shows(signal, given="customer | occurred_at\nada | 2026-03-01", then="customer")
    assert len(str(fault.value)) < 1000
    assert "\n" not in str(fault.value)


def test_where_a_signal_looked_is_held_to_its_columns_too(home: Home) -> None:
    looking = OWN.replace('"One of our own", find)', '"One of our own", find, looked_at=lambda lives: lives.timeline.select("life"))')  # fmt: skip
    signal = own(home, looking)[-1]
    points = ibis.memtable(ExperienceMap(("help",), (), {}).table())
    lives = Lives(
        timeline("customer | occurred_at\nada | 2026-03-01"), lambda: pytest.fail("asked for promises"), points, AS_OF
    )
    assert signal.looked_at
    with pytest.raises(SignalError, match=r"own\.py: the signal own finds no column step"):
        signal.looked_at(lives)


def test_what_is_said_of_a_signal_of_ones_own_is_what_its_function_says(home: Home) -> None:
    signal = own(home, OWN.replace("find(lives)", "find(lives, *, names=('a', 'b'))"))[-1]
    assert (signal.definition, signal.parameters) == ("Whatever was returned.", {"names": ("a", "b")})


def test_an_entry_point_that_cannot_be_loaded_is_named(home: Home, monkeypatch: Any) -> None:
    point = EntryPoint("early", "firsthand.nowhere:SIGNAL", "firsthand.signals")
    monkeypatch.setattr(signal_files, "_points", lambda: [point])
    with pytest.raises(SignalError, match=r"entry point early of firsthand\.signals: firsthand\.nowhere:SIGNAL cannot"):
        signals_of(home)


@pytest.mark.parametrize("words", [("show", "signals"), ("report", "--out", "{}/report.html")], ids=["show", "report"])
def test_a_command_that_meets_a_signal_that_fails_says_which(own_shop: Home, words: tuple[str, ...]) -> None:
    own(own_shop, OWN.replace("_.kind", "_.knd"))
    done = run(own_shop, *(word.format(own_shop.folder) for word in words))
    assert isinstance(done.exception, UserError)
    assert "own.py, line 8: the signal own cannot be looked for" in str(done.exception)


def test_a_signal_that_fails_is_all_that_a_command_says(own_shop: Home) -> None:
    """What other signals found until then is let go of without a word."""
    own(own_shop, OWN.replace("_.kind", "_.knd"))
    program = "from firsthand.cli import main; main()"
    words = [sys.executable, "-c", program, "show", "signals", "--home", str(own_shop.folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_lakes_fault_is_not_the_signals(home: Home) -> None:
    signal = own(home, OWN.replace(FINDS, "ibis.read_parquet('/nowhere/part.parquet')"))[-1]
    with pytest.raises(duckdb.IOException):
        shows(signal, given="customer | occurred_at\nada | 2026-03-01", then="customer")
