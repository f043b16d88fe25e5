"""show journey|paths|variants|around|funnel|retention."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from firsthand.cli import options
from firsthand.cli.showing import answer, period_of, say_when

if TYPE_CHECKING:
    from firsthand.jobs.world import World

Row = dict[str, Any]
SHOWN = 20
LONGEST = 25
"""Touchpoints of a sequence that are written out."""


def _filters(function: options.Command) -> options.Command:
    return options.home(options.engine(options.as_of(options.as_json(options.period(function)))))


def _without(function: options.Command) -> options.Command:
    return click.option(
        "--without", multiple=True, metavar="KIND",
        help="A kind of touchpoint to leave out, as if it had not been, such as invitation; may be given twice.",
    )(function)  # fmt: skip


@click.command("journey")
@_filters
@click.option("--out", type=click.Path(path_type=Path), help="The picture to write (SVG).")
def journey(
    home: Path | None, as_of: str | None, as_json: bool, since: str | None, until: str | None, out: Path | None
) -> None:
    """The journey map: how many customers went from which touchpoint to which, and how it was there."""

    def work(opened: World) -> Row:
        from firsthand.jobs.journey_map import journey_map

        return journey_map(opened, period_of(since, until))

    found = answer(home, as_of, work)
    if out:
        _write_journey(found, out)
    if as_json:
        options.print_json(found)
    elif out:
        click.echo(f"Wrote {out}.")
    else:
        _print_journey(found)


def _write_journey(found: Row, out: Path) -> None:
    from firsthand import charts
    from firsthand.charts.look import FULL
    from firsthand.errors import UserError

    picture = charts.journey_map(found["stages"], found["touchpoints"], found["flows"], width=FULL)
    if not picture:
        raise UserError("The map has no touchpoint to draw. `firsthand map propose` drafts one from the record.")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(picture, "utf-8")


def _print_journey(found: Row) -> None:
    from firsthand.cli.tables import print_table
    from firsthand.jobs.words import duration

    print_table(
        ["from", "to", "customers", "times", "of steps from there", "half within"],
        [
            [row["from"], row["to"], row["customers"], row["interactions"], f"{row['share']:.1%}", duration(row["median_seconds"])]
            for row in found["flows"]
        ],
    )  # fmt: skip
    click.echo(f"{found['not_on_map']:,} of {found['steps']:,} steps begin or end off the map.")
    say_when(found)


@click.command("paths")
@_filters
@options.compared
@_without
def paths(
    home: Path | None, as_of: str | None, as_json: bool, since: str | None, until: str | None, group: str | None,
    against: str | None, without: tuple[str, ...],
) -> None:  # fmt: skip
    """The process map: what directly follows what, for how many, how soon; beginnings, ends, loops."""

    def work(opened: World) -> Row:
        from firsthand.jobs.groups import Comparison
        from firsthand.jobs.path_figures import path_figures

        return path_figures(opened, Comparison.of(period_of(since, until), group, against), without=without)

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_changes, print_table
    from firsthand.jobs.words import shown

    edges = found["edges"]
    unknown = found["without_customer"]
    others = f" {unknown:,} more are of nobody known and have no path." if unknown else ""
    click.echo(f"{found['interactions']:,} interactions of {found['customers']:,} known customers.{others}")
    print_table(
        ["from", "to", "times", "customers", "share", "median", "nine of ten within"],
        [
            [row["from"], row["to"], row["interactions"], row["customers"], f"{row['share']:.1%}"]
            + [shown(row[key], "seconds") for key in ("median_seconds", "p90_seconds")]
            for row in edges[:SHOWN]
        ],
    )
    if len(edges) > SHOWN:
        rest = sum(row["interactions"] for row in edges[SHOWN:])
        click.echo(f"{len(edges) - SHOWN:,} more ways, gone {rest:,} times; all of them: --json")
    for what in ("starts", "ends"):
        told = ", ".join(f"{row['touchpoint']} {row['customers']:,}" for row in found[what][:5])
        more = found[what][5:]
        others = f", {len(more):,} others {sum(row['customers'] for row in more):,}" if more else ""
        click.echo(f"Life {what} at: {told}{others}.")
    for row in found["loops"]:
        if row["three_in_a_row"]:
            click.echo(
                f"Three or more in a row: {row['touchpoint']}, {row['three_in_a_row']:,} times, "
                f"{row['customers_three_in_a_row']:,} customers."
            )
    if "changes" in found:
        print_changes(found["changes"], ["from", "to"], "ways", group, against)
    say_when(found)


@click.command("variants")
@_filters
@click.option(
    "--per", type=click.Choice(["journey", "life"]), default="journey", help="What a case is (default journey)."
)
@click.option("--most", type=click.IntRange(1), default=SHOWN, help="How many stand alone (default 20).")
@_without
def variants(
    home: Path | None, as_of: str | None, as_json: bool, since: str | None, until: str | None, per: str, most: int,
    without: tuple[str, ...],
) -> None:  # fmt: skip
    """The whole sequences of touchpoints, the most frequent first; the others are one row."""

    def work(opened: World) -> Row:
        from firsthand.jobs.path_figures import variant_figures

        return variant_figures(opened, period=period_of(since, until), per=per, most=most, without=without)

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_table

    others = found["others"]
    rows = [[_path(row["path"]), row["cases"], row["customers"], f"{row['share']:.1%}"] for row in found["variants"]]
    if others["variants"]:
        share = others["cases"] / found["cases"]
        rows.append([f"{others['variants']:,} other variants", others["cases"], others["customers"], f"{share:.1%}"])
    print_table(["path", "cases", "customers", "share"], rows)
    say_when(found)


def _path(touchpoints: list[str]) -> str:
    """A sequence on a line; of a long one the beginning and the end."""
    if len(touchpoints) > LONGEST:
        left_out = f"({len(touchpoints) - LONGEST:,} more, all of them: --json)"
        touchpoints = [*touchpoints[: LONGEST - 3], left_out, *touchpoints[-3:]]
    return " → ".join(touchpoints)


@click.command("around")
@_filters
@click.argument("touchpoint")
@click.option("--steps", type=click.IntRange(1, 20), default=3, help="How many before and after (default 3).")
def around(
    home: Path | None, as_of: str | None, as_json: bool, since: str | None, until: str | None, touchpoint: str, steps: int
) -> None:  # fmt: skip
    """What customers met in the steps before and after a touchpoint."""

    def work(opened: World) -> Row:
        from firsthand.jobs.path_figures import around_figures

        return around_figures(opened, touchpoint, period=period_of(since, until), steps=steps)

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_table

    rows = []
    for position in sorted({row["position"] for row in found["around"]}):
        here = [row for row in found["around"] if row["position"] == position]
        rows += [
            [
                f"{position:+}",
                row["touchpoint"] or "nothing",
                row["interactions"],
                row["customers"],
                f"{row['share']:.1%}",
            ]
            for row in here[:5]
        ]
        if here[5:]:
            rows.append(
                [f"{position:+}", f"{len(here) - 5} others", sum(row["interactions"] for row in here[5:]), "", ""]
            )
    click.echo(f"{found['touchpoint']}: {found['interactions']:,} times, {found['customers']:,} customers.")
    print_table(["step", "touchpoint", "times", "customers", "share"], rows)
    say_when(found)


@click.command("funnel")
@_filters
@click.option(
    "--step", "steps", multiple=True, required=True, help="A touchpoint, or kind:purchase; give two or more, in order."
)
@click.option(
    "--mode",
    type=click.Choice(["ordered", "strict", "any"]),
    default="ordered",
    help="ordered: other things may come between (default); strict: directly after each other; any: in any order.",
)
@click.option(
    "--within-days",
    type=click.FloatRange(0, min_open=True),
    help="Only what came within so many days of the beginning.",
)
@click.option("--by", multiple=True, help="Group of the first step, as in show measures; may be given twice.")
def funnel(
    home: Path | None, as_of: str | None, as_json: bool, since: str | None, until: str | None,
    steps: tuple[str, ...], mode: str, within_days: float | None, by: tuple[str, ...],
) -> None:  # fmt: skip
    """How many of those who took the first step got to the others, and how soon."""

    def work(opened: World) -> Row:
        from firsthand.jobs.funnel_figures import funnel_figures

        return funnel_figures(
            opened, steps, mode=mode, within_days=within_days, by=by, period=period_of(since, until)
        )  # fmt: skip

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_table
    from firsthand.jobs.words import shown

    rows = []
    for group in found["groups"]:
        for row in group["steps"]:
            soon = "" if row["median_seconds"] is None else shown(row["median_seconds"], "seconds")
            rows.append(
                [
                    *group["by"].values(),
                    row["step"],
                    row["customers"],
                    _share(row["of_first"]),
                    _share(row["of_previous"]),
                    soon,
                ]
            )
    print_table([*by, "step", "customers", "of the first", "of the one before", "median time"], rows)
    if not found["groups"]:
        click.echo(
            f"Nobody took the first step, {steps[0]}. What the map does not know has no kind: firsthand map check"
        )
    if recent := sum(group["too_recent"] or 0 for group in found["groups"]):
        click.echo(f"{recent:,} customers began too late for {within_days:g} days to be over; they are not counted.")
    say_when(found)


@click.command("retention")
@_filters
@click.option("--first", help="What makes a beginning: a touchpoint, or kind:purchase (default: anything).")
@click.option("--back", help="What makes a coming back: a touchpoint, or kind:purchase (default: anything).")
@click.option("--months", type=click.IntRange(1, 120), default=12, help="How many months to look at (default 12).")
def retention(
    home: Path | None, as_of: str | None, as_json: bool, since: str | None, until: str | None,
    first: str | None, back: str | None, months: int,
) -> None:  # fmt: skip
    """Of each month's new customers, the share that came back in each month after."""

    def work(opened: World) -> Row:
        from firsthand.jobs.funnel_figures import retention_figures

        return retention_figures(opened, first=first, back=back, months=months, period=period_of(since, until))

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_table

    longest = max((row["months"][-1]["month"] for row in found["cohorts"]), default=0)
    rows = []
    for row in found["cohorts"]:
        told = {each["month"]: f"{each['value']:.0%}" for each in row["months"]}
        rows.append([row["cohort"], row["customers"], *(told.get(month, "") for month in range(1, longest + 1))])
    print_table(["came in", "customers", *(f"month {month}" for month in range(1, longest + 1))], rows)
    say_when(found)


def _share(found: Row | None) -> str:
    from firsthand.jobs.words import share_said

    return "–" if found is None else share_said(found)


COMMANDS = [journey, paths, variants, around, funnel, retention]
