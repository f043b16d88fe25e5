"""The signals of a home: those that come with Firsthand, those of other packages, and the home's own files."""

from __future__ import annotations

import runpy
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from firsthand.errors import SignalError
from firsthand.jobs.home import Home
from firsthand.journeys.signals import ALL, Signal

FOLDER = "signals"
GROUP = "firsthand.signals"
"""Entry points by which another package brings signals of its own; each names a Signal."""
EXPECTED = 'SIGNAL = Signal("its_name", "Its title", find), of firsthand.journeys.signals'


def signals_of(home: Home) -> list[Signal]:
    """All signals that are looked for in a home.

    Raises SignalError where a file or package does not bring one, or two bear the same name.
    """
    brought = {f"entry point {point.name} of {GROUP}": _checked(point.load(), point.value) for point in _points()}
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


def _read(file: Path) -> Signal:
    try:
        told = runpy.run_path(str(file))
    except Exception as wrong:
        raise SignalError(f"{file}: cannot be run: {type(wrong).__name__}: {wrong}.") from wrong
    if "SIGNAL" not in told:
        raise SignalError(f"{file}: defines no SIGNAL (expected {EXPECTED}).")
    return _checked(told["SIGNAL"], file)


def _checked(signal: object, where: object) -> Signal:
    if not isinstance(signal, Signal):
        raise SignalError(f"{where}: SIGNAL is a {type(signal).__name__} (expected {EXPECTED}).")
    return signal
