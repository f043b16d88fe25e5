"""show designed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from firsthand.cli import options
from firsthand.cli.showing import answer, filters, period_of, say_when

if TYPE_CHECKING:
    from firsthand.jobs.world import World

Row = dict[str, Any]
SHOWN = 4


@click.command("designed")
@click.argument("journey", required=False)
@filters
def designed(
    home: Path | None, as_of: str | None, as_json: bool, by: tuple[str, ...], since: str | None, until: str | None,
    journey: str | None,
) -> None:  # fmt: skip
    """Designed against actual: who followed the map's intended paths, where the others left, and what goes with it."""

    def work(opened: World) -> Row:
        from firsthand.jobs.designed_figures import designed_figures

        return designed_figures(opened, journey, by=by, period=period_of(since, until))

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    if not found["journeys"]:
        click.echo("The map has no journeys: `journeys` of map.yaml says how they are meant to go.")
    for told in found["journeys"]:
        click.echo(f"{told['journey']} (within {told['within_days']:g} days)")
        for group in told["groups"]:
            _print_group(group)
        if not told["groups"]:
            click.echo("Nobody began it.")
    say_when(found)


def _print_group(group: Row) -> None:
    from firsthand.cli.tables import print_table
    from firsthand.jobs.words import difference_said, share_said

    if group["by"]:
        click.echo(", ".join(str(value or "unknown") for value in group["by"].values()))
    if group["suppressed"]:
        click.echo("Too few to show.")
        return
    if group["followed"]:
        click.echo(
            f"Begun {group['attempts']:,} times by {group['customers']:,} customers; followed in {share_said(group['followed'])}, "
            f"at least once by {share_said(group['customers_followed'])} of the customers."
        )
        print_table(["step", "still on the path", "95 %", "left after it, for"], [_step_cells(row, group) for row in group["steps"]])  # fmt: skip
        for line in _times(group):
            click.echo(line)
        for row in group["differences"]:
            click.echo(f"Those who followed it less those who left: {difference_said(row)}")
    if group["too_recent"]:
        click.echo(f"Begun {group['too_recent']:,} times too late for their time to be over; they are not counted.")


def _step_cells(row: Row, group: Row) -> list[str]:
    figure = row["of_attempts"]
    left = [each for each in group["left"] if each["after"] == row["step"]]
    told = [f"{each['left_for'] or 'nothing'} {each['share']['value']:.1%}" for each in left[:SHOWN]]
    if left[SHOWN:]:
        told.append(f"{len(left) - SHOWN} others {sum(each['share']['value'] for each in left[SHOWN:]):.1%}")
    return [row["step"], f"{figure['value']:.1%}", f"{figure['low']:.1%} to {figure['high']:.1%}", ", ".join(told)]


def _times(group: Row) -> list[str]:
    from firsthand.jobs.words import duration, share_said

    lines = []
    for who, words in (("followed", "Who followed it"), ("left", "Who left and got to its end nevertheless")):
        half, most = group["seconds"][who]["median"], group["seconds"][who]["p90"]
        if half and half["value"] is not None:
            arrived = f" ({share_said(group['arrived_otherwise'])} of those who left)" if who == "left" else ""
            lines.append(
                f"{words}{arrived}: half within {duration(half['value'])} "
                f"({duration(half['low'])} to {duration(half['high'])}), nine of ten within {duration(most['value'])}."
            )
    return lines


COMMANDS = [designed]
