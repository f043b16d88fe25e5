"""paths: what a log in a file says of the ways that its cases go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from firsthand.cli import options

SHOWN = 20


@click.command("paths")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as", "format_name", type=click.Choice(["xes", "csv", "parquet"]), required=True, help="The format of the file."
)
@click.option("--case", help="The column that names the case (default case:concept:name, else case or case_id).")
@click.option("--activity", help="The column that names what happened (default concept:name, else activity or event).")
@click.option("--time", help="The column that says when (default time:timestamp, else time or timestamp).")
@click.option(
    "--time-format",
    metavar="FORMAT",
    help='How times are written: "%d.%m.%Y %H:%M", epoch_seconds, epoch_milliseconds (default ISO 8601).',
)
@click.option(
    "--lifecycle", is_flag=True, help="Tell start and completion of an activity apart (lifecycle:transition)."
)
@options.as_json
def paths(
    file: Path, format_name: str, case: str | None, activity: str | None, time: str | None, time_format: str | None,
    lifecycle: bool, as_json: bool,
) -> None:  # fmt: skip
    """The paths of a log in a file, without a home: what directly follows what, how often and how soon."""
    from firsthand.jobs.log_paths import log_paths
    from firsthand.sources import format_named

    found = log_paths(
        file, format_named(format_name), lifecycle=lifecycle, time_format=time_format, case=case, activity=activity, time=time
    )  # fmt: skip
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_table

    edges = found["edges"]
    click.echo(
        f"{found['events']:,} events of {found['cases']:,} cases, which go {found['variants']:,} different ways."
    )
    print_table(
        ["from", "to", "times", "cases", "median seconds"],
        [[row["from"], row["to"], row["count"], row["cases"], f"{row['median_seconds']:,.0f}"] for row in edges[:SHOWN]],
    )  # fmt: skip
    if len(edges) > SHOWN:
        rest = sum(row["count"] for row in edges[SHOWN:])
        click.echo(f"{len(edges) - SHOWN:,} more, gone {rest:,} times; all of them: --json")
    click.echo("Begin: " + _counts(found["starts"]))
    click.echo("End: " + _counts(found["ends"]))
    for reason, count in found["rejected"].items():
        click.echo(f"Rejected: {count:,} ({reason}).")
    for message in found["examples"]:
        click.echo(message)


def _counts(counts: dict[str, int]) -> str:
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{name} {count:,}" for name, count in most[:SHOWN])
    rest = most[SHOWN:]
    return named + (f", {len(rest):,} others {sum(count for _, count in rest):,}" if rest else "")


COMMANDS: list[Any] = [paths]
