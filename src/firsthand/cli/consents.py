"""people consent, may-contact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from firsthand.cli import options

Row = dict[str, Any]


@click.command("consent")
@click.argument("identifier")
@click.option("--purpose", required=True, help="What for: newsletter, survey, …")
@click.option("--yes/--no", "given", required=True, default=None, help="Whether they agreed, or opted out.")
@click.option("--by", callback=options.said, required=True, help="Who or what says so.")
@click.option("--at", help="When they said so (2026-03-31 or 2026-03-31T12:00; default: now).")
@options.home
@options.as_json
def consent(
    home: Path | None, identifier: str, purpose: str, given: bool, by: str, at: str | None, as_json: bool
) -> None:
    """Write down that somebody agreed to be contacted at an identifier (email=kim@example.org), or opted out."""
    from firsthand.jobs.consents import consent as run
    from firsthand.jobs.home import open_home

    found = run(open_home(home), identifier, purpose=purpose, given=given, by=by, at=at)
    if as_json:
        options.print_json(found)
    else:
        click.echo(told(found))


@click.command("may-contact")
@click.argument("who")
@click.option("--purpose", required=True, help="What for: newsletter, survey, …")
@options.home
@options.as_json
def may_contact(home: Path | None, who: str, purpose: str, as_json: bool) -> None:
    """Whether somebody may be contacted for a purpose: at an identifier, or at each of those of a customer."""
    from firsthand.jobs.consents import may_contact as run
    from firsthand.jobs.home import open_home

    found = run(open_home(home), who, purpose)
    if as_json:
        options.print_json(found)
        return
    for row in found["identifiers"]:
        said = f"said so at {row['said_at']:%Y-%m-%d}, by {row['by']}" if row["by"] else "nothing was said there"
        click.echo(f"{row['key']}: {'yes' if row['allowed'] else 'no'} ({said})")


def told(row: Row) -> str:
    """What was said at an identifier, as a line."""
    return f"{row['key']}: {'agreed to' if row['given'] else 'opted out of'} {row['purpose']} at {row['said_at']:%Y-%m-%d} (by {row['by']})"


COMMANDS = [consent, may_contact]
