"""person export, person forget, retain."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from firsthand.cli import options

Row = dict[str, Any]


@click.group("person")
def person() -> None:
    """A person's rights: to have what is held of them, and to be forgotten."""


@person.command("export")
@click.argument("who")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write (JSON); only its owner may read it.")
@options.home
@options.as_json
def export(home: Path | None, who: str, out: Path | None, as_json: bool) -> None:
    """Everything that the home holds of one customer: a customer id, or an identifier such as email=kim@example.org."""
    from firsthand.errors import UserError
    from firsthand.jobs.export_person import export_person
    from firsthand.jobs.home import open_home

    if out is not None and out.exists():
        raise UserError(f"{out} is there already. Name another file with --out.")
    opened = open_home(home)
    found = export_person(opened, who)
    _noted(opened, "exported a customer", found["customer_id"] or "")
    if out is not None:
        text = json.dumps(found, ensure_ascii=False, indent=2, default=options.as_iso)
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    if as_json:
        options.print_json(found)
        return
    held = ", ".join(f"{name.replace('_', ' ')} {len(rows):,}" for name, rows in found.items() if isinstance(rows, list) and rows)  # fmt: skip
    click.echo(f"{found['customer_id'] or 'Of nobody in the record'}: {held}.")
    click.echo(
        f"Written to {out}. A rejected record stands as it came and may name others: look it through before you hand it over."
        if out
        else "All of it: --out FILE.json, or --json"
    )


@person.command("forget")
@click.argument("who")
@click.option("--by", callback=options.said, required=True, help="Who does it.")
@click.option(
    "--why", "reason", callback=options.said, required=True, help="The reason, without naming the person: it is kept."
)
@click.option("--yes", is_flag=True, help="Without asking.")
@options.home
@options.as_json
def forget(home: Path | None, who: str, by: str, reason: str, yes: bool, as_json: bool) -> None:
    """Forget a customer: a customer id, or an identifier such as email=kim@example.org. It cannot be taken back."""
    from firsthand.errors import UserError
    from firsthand.jobs.forget import forget_person
    from firsthand.jobs.home import open_home

    opened = open_home(home)
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise UserError("Forgetting cannot be taken back. Where nobody can be asked, say --yes.")
        click.confirm(f"Forget {who}? {_would(opened, who, by, reason)}. It cannot be taken back.", abort=True)
    found = forget_person(opened, who, by=by, reason=reason)
    if as_json:
        options.print_json(found)
    else:
        _say_forgotten(opened, found, home)
    _noted(opened, "forgot a customer", found["erasure_id"])


def _say_forgotten(opened: Any, found: Row, home: Path | None) -> None:
    click.echo(f"Forgotten ({found['erasure_id']}): {_counted(found['rows'])}.")
    for each in found["not_looked_for"]:
        click.echo(f"{each} is too short to be looked for in rejected records. See: {options.again('firsthand rejected', home)}")  # fmt: skip
    click.echo(
        f"Older files of the lake hold it until {options.again('firsthand vacuum', home)} deletes them, "
        f"{opened.settings.vacuum_grace_hours} hours from now; at once, when nobody is at work: {options.again('firsthand vacuum --now', home)}"
    )
    click.echo("Your own exports and reports are not touched.")


def _noted(opened: Any, did: str, customer: str) -> None:
    """In the audit log, where there is a website; named, not imported: the core runs without Django."""
    import_module("firsthand.web.config.noted").noted(opened, did, customer=customer)


def _would(opened: Any, who: str, by: str, reason: str) -> str:
    from firsthand.errors import UserError
    from firsthand.jobs.erase import unfinished
    from firsthand.jobs.forget import plan_for

    try:
        return f"This goes: {_counted(plan_for(opened, who, by=by, reason=reason)[0].erasure['rows'])}"
    except UserError:
        if unfinished(opened):
            return "An erasure that was stopped is finished first"
        raise


def _counted(rows: Row) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in rows.items())


@click.command("retain")
@options.home
@options.as_of
@options.as_json
def retain(home: Path | None, as_of: str | None, as_json: bool) -> None:
    """Let go of what is older than the settings keep_…_days allow."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.retention import retain as run

    found = run(open_home(home), as_of=as_of)
    if as_json:
        options.print_json(found)
        return
    if found["finished"]:
        click.echo(f"{found['finished']:,} erasures that were stopped are finished.")
    click.echo(f"Let go: {_counted(found['rows'])}." if found["rows"] else "Nothing is older than it may be.")
    click.echo(f"As of {found['as_of']}.")


COMMANDS = [person, retain]
