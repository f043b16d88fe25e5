"""people why, join, split, undo, decisions, review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from firsthand.cli import options

Row = dict[str, Any]


def _decider(function: options.Command) -> options.Command:
    function = click.option("--why", "reason", required=True, help="The reason, for whoever looks at it later.")(
        function
    )
    function = click.option("--by", required=True, help="Who decides.")(function)
    return options.home(options.as_json(function))


@click.command("why")
@click.argument("one")
@click.argument("other")
@options.home
@options.as_json
def why(home: Path | None, one: str, other: str, as_json: bool) -> None:
    """Why two customers or identifiers are one person, or are not."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import why as run

    found = run(open_home(home), one, other)
    if as_json:
        options.print_json(found)
    elif found["same"]:
        click.echo(f"One customer, {found['customers'][0]}, with {len(found['identifiers'])} identifiers:")
        for step in found["chain"]:
            click.echo(f"  {step['key']}  –  {step['other']}: {_evidence(step)}")
        if not found["chain"]:
            click.echo("  the same identifier")
    else:
        click.echo(f"Two customers: {', '.join(found['customers'])}. Nothing links them that is not refused.")
        for row in found["refused"]:
            click.echo(
                f"  {row['key']}  –  {row['other']}: told together in {row['count']:,} interactions, but {_refusal(row)}"
            )


def _evidence(step: Row) -> str:
    if "decision" in step:
        sure = "" if step["probability"] is None else f", probability {step['probability']:.1%}"
        return f"decided by {step['by']}: {step['why']} ({step['decision']}{sure})"
    return f"told together in {step['interactions']:,} interactions of {', '.join(step['sources'])}"


def _refusal(row: Row) -> str:
    against = (
        "nobody has two of" if row["reason"] == "one_per_person" else "it was decided that they are different people:"
    )
    return f"{against} {row['detail']}"


@click.command("join")
@click.argument("one")
@click.argument("other")
@_decider
def join(home: Path | None, one: str, other: str, by: str, reason: str, as_json: bool) -> None:
    """Decide that two customers are one person."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import join as run

    found = run(open_home(home), one, other, by=by, reason=reason)
    _said(found, f"{' and '.join(found['joined'])} are one customer now: {found['customer_id']}.", home, as_json)


@click.command("split")
@click.argument("customer")
@click.argument("identifiers", nargs=-1, required=True)
@_decider
def split(home: Path | None, customer: str, identifiers: tuple[str, ...], by: str, reason: str, as_json: bool) -> None:
    """Decide that some identifiers (email=kim@example.org) are another person's."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import split as run

    found = run(open_home(home), customer, identifiers, by=by, reason=reason)
    _said(
        found,
        f"{', '.join(identifiers)} are {found['split_off']} now; the rest stays {found['customer_id']}.",
        home,
        as_json,
    )


@click.command("undo")
@click.argument("decision")
@_decider
def undo(home: Path | None, decision: str, by: str, reason: str, as_json: bool) -> None:
    """Take a decision back."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import undo as run

    found = run(open_home(home), decision, by=by, reason=reason)
    _said(found, f"{decision} no longer holds.", home, as_json)


def _said(found: Row, sentence: str, home: Path | None, as_json: bool) -> None:
    if as_json:
        options.print_json(found)
    else:
        click.echo(
            f"{sentence} To take it back: "
            + options.again(f"firsthand people undo {found['decision']} --by … --why …", home)
        )


@click.command("decisions")
@options.home
@options.as_json
def decisions(home: Path | None, as_json: bool) -> None:
    """What people and models decided, as far as it holds."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.identify import decisions as run

    found = run(open_home(home))
    if as_json:
        options.print_json({"decisions": found})
        return
    for row in found:
        click.echo(f"{row['decision_id']}  {row['decided_at']:%Y-%m-%d} {row['by']}: {', '.join(row['keys'])} and {', '.join(row['others'])} are {'one person' if row['verdict'] == 'same' else 'different people'} ({row['why']}).")  # fmt: skip
    click.echo(f"{len(found):,} decisions hold.")


@click.command("review")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@options.home
@options.as_json
def review(home: Path | None, limit: int, as_json: bool) -> None:
    """What was told together but not linked, for a person to look at."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import review as run

    found = run(open_home(home))
    if as_json:
        options.print_json({"total": len(found), "to_review": found[:limit]})
        return
    for row in found[:limit]:
        if row["other"]:
            click.echo(
                f"{row['key']}  –  {row['other']}: told together in {row['count']:,} interactions, but {_refusal(row)}"
            )
        else:
            click.echo(f"{row['key']}: {row['detail']}, so it links nobody")
    click.echo(f"{len(found):,} to review.")


COMMANDS = [why, join, split, undo, decisions, review]
