"""backup, restore, doctor."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from firsthand.cli import options


@click.command("backup")
@options.home
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write (.tar.gz).")
@click.option("--without-lake", is_flag=True, help="Leave the lake out; for lakes in an object store.")
@options.as_json
def backup(home: Path | None, out: Path, without_lake: bool, as_json: bool) -> None:
    """Put record, decisions, settings and the website's database into one file."""
    from firsthand.jobs.backup import backup as run
    from firsthand.jobs.home import open_home

    done = run(open_home(home), out, without_lake=without_lake)
    if as_json:
        options.print_json(done)
        return
    click.echo(f"{done['file']}: {done['bytes'] / 1e6:,.1f} MB, {len(done['tables'])} tables, {_database(done)}.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@options.home
@options.as_json
def restore(file: Path, home: Path | None, as_json: bool) -> None:
    """Make a home of a backup, in a folder that is new or empty."""
    from firsthand.jobs.backup import DUMP
    from firsthand.jobs.backup import restore as run
    from firsthand.jobs.home import folder_of

    folder = folder_of(home)
    done = run(file, folder)
    if as_json:
        options.print_json(done)
        return
    click.echo(f"{done['home']} is a home as of {done['made_at']}: {len(done['tables'])} tables, {_database(done)}.")
    if done["database"] == "postgresql":
        click.echo(f"Into an empty database: pg_restore --no-owner --dbname=URL {folder / DUMP}")
    click.echo(
        f"Next: {options.again('firsthand refresh', folder)}, and if comments were read: {options.again('firsthand voice read', folder)}"
    )


def _database(done: dict[str, Any]) -> str:
    return {"sqlite": "with the website's database", "postgresql": "with a dump of the website's database"}.get(
        done["database"], "without a website's database"
    )


@click.command("doctor")
@options.home
@options.as_json
def doctor(home: Path | None, as_json: bool) -> None:
    """What is wrong with a home or its installation, and how to mend it. It changes nothing."""
    from firsthand.jobs.doctor import BROKEN, examined
    from firsthand.jobs.home import open_home

    rows = examined(home)
    if find_spec("django") and not any(row["check"] == "home" and row["state"] == BROKEN for row in rows):
        # named, not imported: the core runs without Django
        rows += import_module("firsthand.web.config.examined").examined(open_home(home))
    broken = any(row["state"] == BROKEN for row in rows)
    if as_json:
        options.print_json({"well": not broken, "checks": rows})
    else:
        for row in rows:
            click.echo(f"{row['state']:<8} {row['check']}: {row['found']}")
            if row["mend"]:
                click.echo(f"{'':<8} → {row['mend']}")
    if broken:
        sys.exit(2)


COMMANDS: list[Any] = [doctor, backup, restore]
