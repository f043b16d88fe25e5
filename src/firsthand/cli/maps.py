"""map check, map propose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from firsthand.cli import options


@click.group("map")
def map_() -> None:
    """The experience map: check it, or have one drafted."""


@map_.command("check")
@options.home
@options.as_of
@options.as_json
def check(home: Path | None, as_of: str | None, as_json: bool) -> None:
    """What the map does not know, and what nobody looks after."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.map_check import map_check
    from firsthand.jobs.world import world

    with world(open_home(home), as_of) as opened:
        found = map_check(opened)
    if as_json:
        options.print_json(found)
        return
    said = False
    if found["unknown_interactions"]:
        said = True
        click.echo("No rule knows these interactions. Put each line among the `rules` of a touchpoint in map.yaml:")
    for row in found["unknown_interactions"]:
        click.echo(f"- {row['text']}  # interactions: {row['interactions']:,}, customers: {row['customers']:,}")
    lists = (
        ("unowned", "Nobody owns: {}."), ("without_rules", "Touchpoints without a rule: {}."), ("teams_without_address", "Teams without an address: {}."),
        ("unusual_channels", "Channels that are none of the usual ones (a mapping's `values` can translate them): {}."),
        ("blind_spots", "Known to happen, but no record shows it: {}."),
    )  # fmt: skip
    for key, sentence in lists:
        if found[key]:
            said = True
            click.echo(sentence.format(", ".join(found[key])))
    for row in found["silent_rules"]:
        said = True
        never = f"is never first: all {row['interactions']:,} that it matches went to {', '.join(row['taken_by'])}"
        fate = never if row["interactions"] else "matches nothing"
        click.echo(f"Rule {row['number']} of {row['touchpoint']!r} {fate}: {row['text']}")
    for row in found["standards_without_data"]:
        said = True
        click.echo(f"The standard `{row['standard']}` of {row['touchpoint']!r} has no data to hold it against.")
    for row in found["blind_kinds"]:
        said = True
        click.echo(f"The record is blind to {row['moment']} (kind {row['kind']}). To see it: {row['how']}.")
    if not said:
        click.echo("The map knows every interaction, and every touchpoint has an owner.")


@map_.command("propose")
@options.home
@click.option("--out", type=click.Path(path_type=Path), help="File to write (default: standard output).")
def propose(home: Path | None, out: Path | None) -> None:
    """Draft a map from the record: what map.yaml has, and what no rule knows yet."""
    from firsthand.errors import UserError
    from firsthand.jobs.home import open_home
    from firsthand.jobs.map_propose import map_propose
    from firsthand.jobs.world import world

    if out and out.exists():
        raise UserError(f"{out} is there already; name another file with --out. Nothing was written.")
    with world(open_home(home)) as opened:
        draft = map_propose(opened)
    if out:
        out.write_text(draft, "utf-8")
        click.echo(f"Wrote {out}. Read it, mend it, and make it the home's map.yaml.")
    else:
        click.echo(draft, nl=False)


COMMANDS: list[Any] = [map_]
