"""The signals of a home: those that come with Firsthand, those of other packages, and the home's own files."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from traceback import extract_tb
from typing import Any

import duckdb
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from firsthand.errors import FirsthandError, SignalError
from firsthand.jobs.home import Home
from firsthand.journeys.signals import ALL, Lives, Signal

FOLDER = "signals"
GROUP = "firsthand.signals"
"""Entry points by which another package brings signals of its own; each names a Signal."""
EXPECTED = 'SIGNAL = Signal("its_name", "Its title", find), of firsthand.journeys.signals'
Find = Callable[..., ir.Table]
PLACE = ("life", "step")
COLUMNS: dict[str, Callable[[dt.DataType], bool]] = {
    "life": dt.DataType.is_integer, "step": dt.DataType.is_integer, "evidence": dt.DataType.is_string,
    "shown_at": dt.DataType.is_timestamp, "shown_day": dt.DataType.is_date,
}  # fmt: skip
"""What the columns of a table that a signal finds must be, where it has them."""


def signals_of(home: Home) -> list[Signal]:
    """All signals that are looked for in a home.

    Raises SignalError where a file or package does not bring one, or two bear the same name; so does looking for one that
    fails, or finds something else than it must.
    """
    brought = {_named(point): _checked(_loaded(point), _named(point)) for point in _points()}
    own = {str(file): _read(file) for file in signal_files(home)}
    taken = {signal.name: "Firsthand" for signal in ALL}
    for where, signal in (brought | own).items():
        if signal.name in taken:
            raise SignalError(f"{where}: {taken[signal.name]} has a signal {signal.name} already. Name it otherwise.")
        taken[signal.name] = where
    return [*ALL, *brought.values(), *own.values()]


def signal_files(home: Home) -> list[Path]:
    """The home's own: every Python file in its folder `signals`."""
    return sorted((home.folder / FOLDER).glob("*.py"))


def _points() -> list[EntryPoint]:
    return sorted(entry_points(group=GROUP), key=lambda point: point.name)


def _named(point: EntryPoint) -> str:
    return f"entry point {point.name} of {GROUP}"


def _loaded(point: EntryPoint) -> object:
    try:
        return point.load()
    except Exception as wrong:
        raise SignalError(f"{_named(point)}: {point.value} cannot be loaded: {_said(wrong)}.") from wrong


def _read(file: Path) -> Signal:
    try:
        told = runpy.run_path(str(file))
    except Exception as wrong:
        raise SignalError(f"{file}: cannot be run: {_said(wrong)}.") from wrong
    if "SIGNAL" not in told:
        raise SignalError(f"{file}: defines no SIGNAL (expected {EXPECTED}).")
    return _checked(told["SIGNAL"], file)


def _checked(signal: object, where: object) -> Signal:
    if not isinstance(signal, Signal):
        raise SignalError(f"{where}: SIGNAL is a {type(signal).__name__} (expected {EXPECTED}).")
    looked_at = signal.looked_at and _guarded(signal.looked_at, signal, where, PLACE)
    return replace(signal, find=_guarded(signal.find, signal, where, [*PLACE, "evidence"]), looked_at=looked_at)


def _guarded(function: Find, signal: Signal, where: object, needed: Sequence[str]) -> Find:
    """A function of a signal, such that where it fails file and line are named, but not for what is the lake's fault."""

    @wraps(function)
    def find(lives: Lives, **parameters: Any) -> ir.Table:
        try:
            told = function(lives, **parameters)
            if wrong := _not_expected(told, needed):
                raise SignalError(
                    f"{where}: the signal {signal.name} finds {wrong}. "
                    f"Its function must return a table of {', '.join(needed)} (see docs/reference/signals.md)."
                )
            return told.cache()
        except (FirsthandError, OSError, duckdb.OperationalError):
            raise
        except Exception as wrong:
            raise SignalError(
                f"{where}{_line(function, wrong)}: the signal {signal.name} cannot be looked for: {_said(wrong)}. "
                "What it is given is in docs/reference/signals.md."
            ) from wrong

    return find


def _not_expected(told: object, needed: Sequence[str]) -> str:
    """What is wrong with what a signal found; nothing if nothing."""
    if not isinstance(told, ir.Table):
        return f"a {type(told).__name__}"
    if lacking := [name for name in needed if name not in told.columns]:
        return f"no column {', '.join(lacking)}"
    for name, fits in COLUMNS.items():
        if name in told.columns and not fits(told[name].type()):
            return f"a column {name} of type {told[name].type()}"
    return ""


def _line(function: Find, wrong: Exception) -> str:
    """The line in the signal's own file at which it failed; where the engine did, that of its function."""
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    lines = [frame.lineno for frame in extract_tb(wrong.__traceback__) if frame.filename == code.co_filename]
    return f", line {lines[-1] if lines else code.co_firstlineno}"


def _said(wrong: Exception) -> str:
    """The first line of an error; engines add the whole query to it."""
    return f"{type(wrong).__name__}: {str(wrong).partition(chr(10))[0][:600].rstrip('.')}"
