"""people match, models, model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from firsthand.cli import options


@click.group("people")
def people() -> None:
    """Who is who: which records are one person's."""


@people.command("match")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Of files: the file to write (CSV): id, customer_id, probability."
)
@click.option(
    "--id",
    "id_column",
    help="Of files: the column that names a record (default: one is looked for, else records are numbered).",
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
    help="Of files: what a column is: surname=surname, notes=ignore; may be given more than once.",
)
@click.option("--again", is_flag=True, help="Of a home: train a new model, and compare all customers with it.")
@options.home
@options.as_json
def match(
    files: tuple[Path, ...],
    out: Path | None,
    id_column: str | None,
    threshold: float | None,
    said: tuple[str, ...],
    again: bool,
    home: Path | None,
    as_json: bool,
) -> None:
    """Find out who is one person by names, dates of birth and addresses: a home's customers, or records of lists (CSV, Parquet)."""
    from firsthand.errors import UserError

    if not files:
        if out or id_column or said:
            raise UserError(
                "--out, --id and --column are for lists in files: name the files, or leave the options out."
            )
        _match_home(home, threshold, again, as_json)
        return
    if out is None or again:
        raise UserError(
            "Of lists in files the file to write is needed (--out customers.csv), and --again is for a home."
        )
    from firsthand.jobs.match_people import match_people

    found = match_people(files, out, id_column=id_column, threshold=threshold, said=_said(said))
    if as_json:
        options.print_json(found)
    else:
        _print(found, out)


def _match_home(home: Path | None, threshold: float | None, again: bool, as_json: bool) -> None:
    from firsthand.errors import HomeError, UserError
    from firsthand.jobs.home import open_home
    from firsthand.jobs.match_home import match_home

    try:
        opened = open_home(home)
    except HomeError as fault:
        raise UserError(
            f"{fault} Of lists, name the files: firsthand people match customers.csv --out found.csv"
        ) from fault
    found = match_home(opened, threshold=threshold, again=again)
    if as_json:
        options.print_json(found)
        return
    click.echo(f"Of {found['records']:,} customers something weak (name, date of birth, address) was told; {found['new']:,} were not compared before.")  # fmt: skip
    if found["model"]:
        how = "was trained on them" if found["trained"] else "is the kept one"
        click.echo(f"Model {found['model']} {how}. It compared {found['pairs_compared']:,} pairs. Threshold {found['threshold']['value']:g}: {found['threshold']['why']}.")  # fmt: skip
    click.echo(f"{found['joined']:,} pairs were joined: {found['customers_before']:,} customers are {found['customers']:,} now ({found['seconds']:g} s).")  # fmt: skip
    if found["to_review"]:
        click.echo(f"{found['to_review']:,} pairs are probable but not joined. See them with: {options.again('firsthand people review', home)}")  # fmt: skip


@people.command("models")
@options.home
@options.as_json
def models(home: Path | None, as_json: bool) -> None:
    """The models by which customers were compared, the newest first."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.people_models import models as run

    found = [{name: value for name, value in row.items() if name != "model"} for row in run(open_home(home))]
    if as_json:
        options.print_json({"models": found})
        return
    for row in found:
        click.echo(f"{row['model_id']}  {row['trained_at']:%Y-%m-%d %H:%M}: {row['records']:,} customers, {row['pairs']:,} pairs, threshold {row['threshold']:g} ({row['why']})")  # fmt: skip
    click.echo(f"{len(found):,} models.")


@people.command("model")
@click.argument("name", required=False)
@options.home
@options.as_json
def model(home: Path | None, name: str | None, as_json: bool) -> None:
    """What a model compares and what each agreement weighs (default: the newest model)."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.people_models import described, model_named

    found = described(model_named(open_home(home), name))
    if as_json:
        options.print_json(found)
    else:
        _print_model(found)


def _print_model(found: dict[str, Any]) -> None:
    from firsthand.cli.tables import print_table

    click.echo(
        f"Model {found['model_id']}, trained at {found['trained_at']:%Y-%m-%d %H:%M} on {found['records']:,} customers."
    )
    click.echo(f"One of {1 / max(found['probability_of_a_match'], 1e-12):,.0f} pairs of customers is one person's. What one person's records look like was counted on {found['known_pairs']:,} pairs that strong identifiers link.")  # fmt: skip
    click.echo(f"Threshold {found['threshold']:g}: {found['why']}.")
    click.echo("Compared are pairs that have one of these in common: " + "; ".join(f"{rule['rule']} ({rule['pairs']:,})" for rule in found["rules"]) + ".")  # fmt: skip
    click.echo("\nWhat each level of agreement weighs, in bits (each doubles the odds); of the same value on the mean: a rare one weighs more.")  # fmt: skip
    rows = [[row["field"].replace("_", " "), row["level"], f"{row['bits']:+.1f}", f"{row['matches']:.2%}", f"{row['strangers']:.4%}", "" if row["seen"] else "never seen"] for row in found["levels"]]  # fmt: skip
    print_table(["field", "level", "bits", "one person's", "others'", ""], rows)


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
        click.echo(f"Expected of the pairs that were compared: precision {found['expected_precision']:.1%}. Recall {found['expected_recall']:.1%}, {found['expected_recall_why']}.")  # fmt: skip
    click.echo(f"{found['records']:,} records of {found['customers']:,} customers, at most {found['largest']:,} of one. Wrote {out} in {found['seconds']:g} s.")  # fmt: skip


COMMANDS: list[Any] = [people]
