"""Tables and figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

SHOWN = 20


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


def print_changes(found: dict[str, Any], keys: list[str], what: str, group: str | None, against: str | None) -> None:
    """What differs between two groups or periods beyond chance, the largest difference first.

    keys: of the rows, what differs; what: its name in the plural.  group, against: as the user said.
    """
    before, after = (against, group) if group and against and ".." not in against else ("before", "after")
    customers, differs = found["customers"], found["differs"]
    click.echo(
        f"Customers: {before} {customers['before']:,}, {after} {customers['after']:,}, in both {customers['both']:,}."
    )
    click.echo(
        f"Of {found['tested']:,} {what} that were tested, {len(differs):,} differ beyond chance (5 % for all of them "
        f"together, after Holm). Of too few customers to be tested: {found['too_few']:,}."
    )
    rows = [
        [
            *(row[key] for key in keys),
            f"{row['before']:.1%}",
            f"{row['after']:.1%}",
            f"{100 * row['difference']:+.1f} points",
            f"{100 * row['low']:+.1f} to {100 * row['high']:+.1f}",
        ]
        for row in differs[:SHOWN]
    ]
    if rows:
        print_table([*keys, before, after, "difference", "95 %"], rows)
    if len(differs) > SHOWN:
        click.echo(f"{len(differs) - SHOWN:,} more that differ less: --json")
