"""people match."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from firsthand.cli import options


@click.group("people")
def people() -> None:
    """Who is who: which records are one person's."""


@people.command("match")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write (CSV): id, customer_id, probability.",
)
@click.option(
    "--id", "id_column", help="The column that names a record (default: one is looked for, else records are numbered)."
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    help="Join from this probability on (default: chosen from the data).",
)
@click.option(
    "--column",
    "said",
    multiple=True,
    metavar="NAME=KIND",
    help="What a column is: surname=surname, notes=ignore; may be given more than once.",
)
@options.as_json
def match(
    files: tuple[Path, ...],
    out: Path,
    id_column: str | None,
    threshold: float | None,
    said: tuple[str, ...],
    as_json: bool,
) -> None:
    """Find out which records of lists (CSV, Parquet) are one person's."""
    from firsthand.jobs.match_people import match_people

    found = match_people(files, out, id_column=id_column, threshold=threshold, said=_said(said))
    if as_json:
        options.print_json(found)
    else:
        _print(found, out)


def _said(pairs: tuple[str, ...]) -> dict[str, str]:
    from firsthand.errors import UserError

    found = {}
    for pair in pairs:
        name, sign, kind = pair.rpartition("=")
        if not sign:
            raise UserError(f"--column {pair} says no kind; write --column {pair}=surname, or another kind.")
        found[name] = kind
    return found


def _print(found: dict[str, Any], out: Path) -> None:
    for column in found["columns"]:
        click.echo(f"{column['name']}: {column['kind'].replace('_', ' ')} ({column['why']})")
    if not any(column["kind"] == "id" for column in found["columns"]):
        click.echo("No column names the records: they are numbered from 1, in the order of the files.")
    click.echo(f"Compared {found['pairs_compared']:,} pairs, by {len(found['rules'])} rules: " + "; ".join(f"{rule['rule']} ({rule['pairs']:,})" for rule in found["rules"]) + ".")  # fmt: skip
    click.echo(f"Threshold {found['threshold']['value']:g}: {found['threshold']['why']}.")
    if found["unseen_levels"]:
        click.echo("Never seen among matches, so worth what is usual: " + ", ".join(found["unseen_levels"]) + ".")
    if found["expected_precision"] is not None:
        click.echo(f"Expected of the pairs that were compared: precision {found['expected_precision']:.1%}, recall {found['expected_recall']:.1%}.")  # fmt: skip
    click.echo(f"{found['records']:,} records of {found['customers']:,} customers, at most {found['largest']:,} of one. Wrote {out} in {found['seconds']:g} s.")  # fmt: skip


COMMANDS: list[Any] = [people]
