"""Tables and figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table


def print_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A plain table on standard output; numbers to the right, and never cut in a pipe."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for at, name in enumerate(header):
        numeric = all(isinstance(row[at], int) or row[at] in ("", None) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str("" if cell is None else cell) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def shown(value: float | None, unit: str) -> str:
    """A figure with its unit, as people write it."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{value:.1%}"
    if unit == "points":
        return f"{value:+.1f}"
    if unit == "seconds":
        return duration(value)
    if unit == "days":
        return f"{value:.1f} d"
    return f"{value:,.2f}"


def duration(seconds: float) -> str:
    """Seconds in the largest unit that fits."""
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if abs(seconds) >= size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.0f} s"
