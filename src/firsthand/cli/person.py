"""show person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from firsthand.cli import options
from firsthand.cli.consents import told

Row = dict[str, Any]


@click.command("person")
@click.argument("who")
@options.home
@options.engine
@options.as_of
@options.as_json
def person(home: Path | None, who: str, as_of: str | None, as_json: bool) -> None:
    """One customer's life over all channels: a customer id, or an identifier such as email=kim@example.org."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.person import person as run

    found = run(open_home(home), who, as_of, options.engine_named())
    if as_json:
        options.print_json(found)
        return
    click.echo(
        f"{found['customer_id']}: {found['interactions']:,} interactions, known as {', '.join(found['identifiers'])}."
    )
    if not found["life"]:
        click.echo(f"All that was told lies after {found['as_of'][:10]}, as of when this is seen.")
    day = ""
    for row in found["life"]:
        if row["occurred_at"][:10] != day:
            day = row["occurred_at"][:10]
            click.echo(f"\n{day}")
        click.echo(
            f"  {row['occurred_at'][11:16]}  {row.get('channel', '–'):<9} {row.get('touchpoint') or row.get('event', '–')}{_more(row)}"
        )
        for signal in row.get("signals", []):
            click.echo(
                f"{' ' * 19}{'good' if signal['good'] else 'bad'}: {signal['title'].lower()} ({signal['evidence']})"
            )
    click.echo("")
    for promise in found["promises"]:
        click.echo(
            f"Promise {promise['promise_id']}, for {promise['promised_for'][:10]}: {promise['state'].replace('_', ' ')}{_late(promise)}."
        )
    for row in found["consents"]:
        click.echo(told(row))
    click.echo(f"As of {found['as_of']}.")


def _more(row: Row) -> str:
    from firsthand.jobs.words import duration

    told = []
    if "subjects" in row:
        told.append(", ".join(f"{each['kind']} {each['value']}" for each in row["subjects"]))
    if "amount" in row:
        told.append(f"{row['amount']:,.2f} {row.get('currency', '')}".strip())
    if "promised_for" in row:
        told.append(f"promised for {row['promised_for'][:10]}")
    if "wait_seconds" in row:
        told.append(f"waited {duration(row['wait_seconds'])}")
    if "score" in row:
        scale = (
            f" of {row['scale_low']:g} to {row['scale_high']:g}" if {"scale_low", "scale_high"} <= row.keys() else ""
        )
        told.append(f"{row['score']:g}{scale}")
    if "answer" in row and "score" not in row:
        told.append(row["answer"])
    if "text" in row:
        told.append(f"“{' '.join(row['text'].split())}”")
    return f" ({'; '.join(told)})" if told else ""


def _late(promise: Row) -> str:
    from firsthand.jobs.words import duration

    return f", {duration(promise['late_seconds'])} late" if promise["late_seconds"] else ""


COMMANDS = [person]
