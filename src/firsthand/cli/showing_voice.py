"""show voice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from firsthand.cli import options
from firsthand.cli.showing import answer, filters, period_of, say_when

if TYPE_CHECKING:
    from firsthand.jobs.world import World

Row = dict[str, Any]
SHOWN = 20


@click.command("voice")
@filters
@click.option("--against", help="Another period (2026-01-01..2026-03-31): what is spoken of more or less often.")
@click.option("--flags", "flagged", is_flag=True, help="List the comments that should not wait.")
def voice(
    home: Path | None, as_of: str | None, as_json: bool, by: tuple[str, ...], since: str | None, until: str | None,
    against: str | None, flagged: bool,
) -> None:  # fmt: skip
    """What customers talk of and how it was: topics, wants, quotes, the scores beside them."""

    def work(opened: World) -> Row:
        from firsthand.jobs.figures import Period
        from firsthand.jobs.voice_figures import voice_figures

        other = Period.span(against) if against else None
        return voice_figures(opened, by=by, period=period_of(since, until), against=other)

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    if flagged:
        _print_flags(found["flags"])
    else:
        _print(found, by, against)
    say_when(found)


def _print_flags(flags: list[Row]) -> None:
    for row in flags:
        click.echo(f"{row['day']}  {row['flag']}  {row['interaction_id']}  {row['touchpoint'] or ''}  “{row['quote']}”")
    click.echo(f"{len(flags):,} comments should not wait.")


def _print(found: Row, by: tuple[str, ...], against: str | None) -> None:
    from firsthand.cli.tables import print_changes, print_table
    from firsthand.jobs.words import difference_said

    said = found["comments"]
    languages = ", ".join(f"{language} {count:,}" for language, count in said["languages"].items())
    click.echo(
        f"{said['comments']:,} comments of {said['customers']:,} customers; {said['read']:,} were read, "
        f"{said['understood']:,} understood ({languages or 'none'}). Whoever wrote nothing is not heard here."
    )
    if said["copies"]:
        click.echo(f"{said['copies']:,} are copies of a form letter, which counts once in the shares below.")
    if found["flags"]:
        click.echo(f"{len(found['flags']):,} should not wait: --flags lists them.")
    print_table(
        ["topic", "owner", *by, "of the comments", "95 %", "sentiment", "95 %", "customers"],
        [
            [
                row["topic"],
                row["owner"] or "nobody",
                *row["by"].values(),
                *_share(row["share"]),
                *_sentiment(row["sentiment"]),
            ]
            for row in found["topics"]
        ],
    )
    print_table(
        ["what", "", *by, "of the comments", "95 %", "comments"],
        [
            [
                row["about"],
                row["value"].replace("_", " "),
                *row["by"].values(),
                *_share(row["share"]),
                row["share"]["observations"],
            ]
            for row in found["wants"]
        ],
    )
    for row in found["scores"]:
        click.echo(f"{row['topic']}: {difference_said(row)}")
    if found["scores"]:
        click.echo("Those are differences between those who spoke of it and those who did not, not effects of it.")
    for row in found["quotes"]:
        click.echo(f"  {row['topic']}: “{row['quote']}”")
    _print_themes([row for row in found["themes"] if not row["suppressed"]])
    if "changes" in found:
        print_changes(found["changes"], ["topic"], "topics", None, against)
    if "trend" in found:
        early, late = (f"{first} to {last}" for first, last in (found["trend"]["early"], found["trend"]["late"]))
        click.echo(f"Trend: {late} (after), held against {early} (before).")
        print_changes(found["trend"], ["topic"], "topics", None, None)


def _print_themes(themes: list[Row]) -> None:
    if not themes:
        return
    from firsthand.cli.tables import print_table

    click.echo("Found without a list (firsthand voice themes tells more):")
    print_table(
        ["theme", "named by", "comments", "customers", "of late"],
        [
            [row["theme_id"], ", ".join(row["words"]), row["comments"], row["customers"], row["growth"]["told"]]
            for row in themes[:SHOWN]
        ],
    )
    if themes[SHOWN:]:
        click.echo(f"{len(themes) - SHOWN:,} smaller ones: --json")


def _share(figure: Row) -> list[str]:
    if figure["value"] is None:
        return ["too few to show", ""]
    return [f"{figure['value']:.1%}", f"{figure['low']:.1%} to {figure['high']:.1%}"]


def _sentiment(figure: Row | None) -> list[Any]:
    if figure is None or figure["value"] is None:
        return ["", "", ""]
    between = "" if figure["low"] is None else f"{figure['low']:+.2f} to {figure['high']:+.2f}"
    return [f"{figure['value']:+.2f}", between, figure["customers"]]


COMMANDS = [voice]
