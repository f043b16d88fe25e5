"""map check, map propose, map history, map undo."""

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
        found, bare = map_check(opened), not opened.map.touchpoints
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
    for row in found["unknown_to_topics"]:
        said = True
        click.echo(row["text"])
    for row in found["standards_without_data"]:
        said = True
        click.echo(f"The standard `{row['standard']}` of {row['touchpoint']!r} has no data to hold it against.")
    for row in found["blind_kinds"]:
        said = True
        click.echo(f"The record is blind to {row['moment']} (kind {row['kind']}). To see it: {row['how']}.")
    if not said:
        click.echo(
            "There is nothing to check yet: no touchpoint is on the map, and no interaction in the record."
            if bare else "The map knows every interaction, and every touchpoint has an owner."
        )  # fmt: skip


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


@map_.command("history")
@click.argument("version", required=False, type=int)
@options.home
@options.as_json
def history(home: Path | None, version: int | None, as_json: bool) -> None:
    """The versions of the map, the newest first; or what one of them changed."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.map_versions import history as run
    from firsthand.jobs.map_versions import version_changes

    opened = open_home(home)
    if version is not None:
        found = version_changes(opened, version)
        if as_json:
            options.print_json(found)
        else:
            click.echo("\n".join(found["changes"]) or "Nothing is other than before.")
        return
    found = run(opened)
    if as_json:
        options.print_json(found)
        return
    for row in found["versions"]:
        click.echo(f"{row['version']}  {row['saved_at']:%Y-%m-%d %H:%M} UTC  {row['by'] or 'by hand'}: {row['why']}   (+{row['added']}, -{row['removed']} lines)")  # fmt: skip
    if not found["versions"]:
        click.echo("The map was not saved by Firsthand yet. What it is now becomes version 1 when it is.")
    elif found["edited_by_hand"]:
        click.echo("map.yaml was edited by hand since. That becomes a version of its own on the next save.")


@map_.command("undo")
@click.argument("version", type=int)
@click.option("--by", callback=options.said, required=True, help="Who decides.")
@click.option(
    "--why", "reason", callback=options.said, required=True, help="The reason, for whoever looks at it later."
)
@options.home
@options.as_json
def undo(home: Path | None, version: int, by: str, reason: str, as_json: bool) -> None:
    """Bring a version of the map back, as a new version."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.map_versions import told_shortly, undo_map

    saved = told_shortly(undo_map(open_home(home), version, by=by, reason=reason))
    if as_json:
        options.print_json(saved)
    else:
        click.echo(f"The map is version {saved['version']} now, as version {version} was. To take it back: " + options.again(f"firsthand map undo {saved['version'] - 1} --by … --why …", home))  # fmt: skip


COMMANDS: list[Any] = [map_]
