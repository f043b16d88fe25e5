"""show summary|measures|promises|signals|waits|outcomes|map, report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from firsthand.cli import options

if TYPE_CHECKING:
    from firsthand.jobs.figures import Period
    from firsthand.jobs.world import World

Row = dict[str, Any]


@click.group("show")
def show() -> None:
    """Figures: what is in the record, and how it was for customers."""


GROUPS = "day, week, month, quarter, year, channel, stage, touchpoint, owner, source, kind, team, employee, circumstance:NAME or property:NAME; may be given twice."


def filters(function: options.Command, also: str = "") -> options.Command:
    """The options of a command that shows figures by group and period.  also: what else there is to group by."""
    by = click.option("--by", multiple=True, help=also + GROUPS)
    return options.home(options.engine(options.as_of(options.as_json(by(options.period(function))))))


def answer(home: Path | None, as_of: str | None, work: Callable[[World], Row]) -> Row:
    """The answer to the command that runs, worked out by the engine that it names, or kept from when that did."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.kept import kept

    context = click.get_current_context()
    asked = {key: value for key, value in context.params.items() if key not in ("home", "as_json", "as_of", "out")}
    question = [context.info_name, asked, options.engine_named()]
    return kept(open_home(home), question, as_of, lambda: _seen(home, as_of, work))


def _seen(home: Path | None, as_of: str | None, work: Callable[[World], Row]) -> Row:
    from firsthand.jobs.home import open_home
    from firsthand.jobs.world import world
    from firsthand.lake import read

    found, engine = open_home(home), options.engine_named()

    def question() -> Row:
        with world(found, as_of, engine) as opened:
            document = work(opened)
            if not as_of:
                document["record_ends"] = opened.ended_long_ago()
            return document

    return read(found.lake, question)


def period_of(since: str | None, until: str | None) -> Period:
    from firsthand.jobs.figures import Period

    return Period.of(since, until)


@show.command("summary")
@options.home
@options.engine
@options.as_of
@options.as_json
def summary(home: Path | None, as_of: str | None, as_json: bool) -> None:
    """What is in the record."""

    def work(opened: World) -> Row:
        from firsthand.jobs.figures import summary as run

        return run(opened)

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    click.echo(
        f"{found['interactions']:,} interactions of {found['customers']:,} customers, {_date(found['first'])} to {_date(found['last'])}."
    )
    click.echo(f"{found['identifiers']['count']:,} identifiers became {found['identifiers']['customers']:,} customers.")
    click.echo("Sources: " + ", ".join(f"{name} {count:,}" for name, count in found["sources"].items()))
    click.echo("Channels: " + ", ".join(f"{name} {count:,}" for name, count in found["channels"].items()))
    click.echo(
        f"Of nobody known: {found['without_customer']:,}. Not on the map: {found['not_recognised']:,}. Rejected: {found['rejected']['total']:,}."
    )
    click.echo(f"As of {found['as_of']}.")


def _measures(names: str) -> Callable[..., None]:
    @partial(filters, also="topic, " if names == "ALL" else "")
    @click.option(
        "--against",
        help="Another period (2026-01-01..2026-03-31): shows the difference to it, with its interval.",
    )
    def command(
        home: Path | None, as_of: str | None, as_json: bool, by: tuple[str, ...], since: str | None,
        until: str | None, against: str | None,
    ) -> None:  # fmt: skip
        def work(opened: World) -> Row:
            from firsthand import measures
            from firsthand.jobs.figures import Period, changes, figures, left_out

            chosen, period = getattr(measures, names), period_of(since, until)
            rows = figures(opened, chosen, by=by, period=period)
            document: Row = {"figures": rows, "left_out": left_out(chosen, by), "as_of": opened.as_of.isoformat()}
            if against:
                document["changes"] = changes(opened, chosen, by=by, before=Period.span(against), after=period)
            if names == "OUTCOMES":
                from firsthand.jobs.survival import survival

                document["survival"] = survival(opened, by=by, period=period)
            if names in ("ALL", "SAID"):
                from firsthand.jobs.figures import refused

                document["refused"] = refused(opened)
            return document

        found = answer(home, as_of, work)
        if as_json:
            options.print_json(found)
        else:
            _print_figures(found, by)

    return command


for _name, _list, _about in (
    ("measures", "ALL", "Every measure: what customers said, what happened to them, what they did."),
    ("waits", "WAITS", "Waiting: median, nine of ten, share beyond the standard."),
    ("outcomes", "OUTCOMES", "What customers did: bought again, spent, went quiet, never bought."),
):
    show.command(_name, help=_about)(_measures(_list))


@show.command("promises")
@filters
@click.option(
    "--listed",
    default=20,
    show_default=True,
    type=click.IntRange(0, 100_000),
    help="How many of those due today and of those overdue are listed.",
)
def promises(
    home: Path | None,
    as_of: str | None,
    as_json: bool,
    by: tuple[str, ...],
    since: str | None,
    until: str | None,
    listed: int,
) -> None:
    """What became of promises: kept, late, broken, overdue, withdrawn, not due."""

    def work(opened: World) -> Row:
        from firsthand.jobs.after_promises import after_promises
        from firsthand.jobs.promise_figures import promise_figures

        period = period_of(since, until)
        return promise_figures(opened, by=by, period=period, listed=listed) | {
            "after": after_promises(opened, by=by, period=period)
        }

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_table
    from firsthand.jobs.words import difference_said

    rows = found.get("groups", [found | {"by": {}}])
    print_table(
        [*by, "made", "not due", "kept", "late", "broken", "overdue", "withdrawn", "share kept", "95 %"],
        [
            [*row["by"].values(), *(row[key] for key in ("made", "not_due", "kept", "late", "broken", "overdue", "withdrawn")), *_share_cells(row["kept_share"])]
            for row in rows
        ],
    )  # fmt: skip
    click.echo(f"{found['due_today']:,} are due today.")
    for row in found["after"]["differences"]:
        if row["value"] is not None and row["low"] is not None:
            click.echo(f"After promises not kept: {difference_said(row)}")
    for said, rows in (("Due today", found["first_due_today"]), ("Overdue", found["longest_overdue"])):
        for row in rows:
            click.echo(f"{said}: {row['promise_id']} of {row['customer_id']}, promised for {_date(row['promised_for'])}, owner {row['owner'] or 'nobody'}.")  # fmt: skip
    say_when(found)


@show.command("signals")
@filters
@options.compared
@click.option("--list", "listed", is_flag=True, help="What each signal means instead: definition, parameters, source.")
def signals(
    home: Path | None, as_of: str | None, as_json: bool, by: tuple[str, ...], since: str | None, until: str | None,
    group: str | None, against: str | None, listed: bool,
) -> None:  # fmt: skip
    """Good and bad experience that nobody had to say: how often, of how many customers."""
    from firsthand.cli.tables import print_changes, print_table

    def work(opened: World) -> Row:
        from firsthand.jobs.groups import Comparison
        from firsthand.jobs.signal_figures import catalogue, signal_figures

        compared = Comparison.of(period_of(since, until), group, against)
        return catalogue(opened) if listed else signal_figures(opened, by=by, compared=compared)

    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
    elif listed:
        for row in found["catalogue"]:
            told = "".join(f" {name} = {_parameter(value)}." for name, value in row["parameters"].items())
            click.echo(
                f"{row['signal']} ({'good' if row['good'] else 'bad'}): {row['title']}\n  {row['definition']}{told}\n  Source: {row['source']}.\n"
            )
    else:
        print_table(
            ["signal", "", *by, "times", "customers", "share of those there", "95 %"],
            [
                [row["title"], "good" if row["good"] else "bad", *row["by"].values(), row["count"], row["with_signal"], *_share_cells(row["share"])]
                for row in found["signals"]
            ],
        )  # fmt: skip
        if not found["signals"]:
            click.echo(
                "No signal shows. Signals speak of kinds; what the map does not know has none: firsthand map check"
            )
        if "changes" in found:
            print_changes(found["changes"], ["title"], "signals", group, against)
        say_when(found)


def _parameter(value: Any) -> str:
    """A parameter of a signal, whatever a signal of a home has for one."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_parameter(each) for each in value)
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


@show.command("map")
@filters
def map_(
    home: Path | None,
    as_of: str | None,
    as_json: bool,
    by: tuple[str, ...],
    since: str | None,
    until: str | None,
) -> None:
    """The experience map: how it was at each touchpoint."""
    from firsthand.errors import UserError

    def work(opened: World) -> Row:
        from firsthand.jobs.map_figures import map_figures

        return map_figures(opened, period_of(since, until))

    if by:
        raise UserError("show map is by touchpoint; for other groups: firsthand show measures --by …")
    found = answer(home, as_of, work)
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_table

    print_table(
        ["stage", "touchpoint", "owner", "customers", "how it was", "95 %", "bad signals"],
        [
            [row["stage"], row["touchpoint"], row["owner"] or "nobody", row["customers"], *_share_cells(row["how_it_was"], "unseen"), row["bad_signals"]]
            for row in found["touchpoints"]
        ],
    )  # fmt: skip
    click.echo(f"As of {found['as_of']}.")


def _share_cells(found: Row | None, otherwise: str = "–") -> list[str]:
    if found is None:
        return [otherwise, ""]
    if found["value"] is None:
        return ["too few to show", ""]
    return [f"{found['value']:.1%}", f"{found['low']:.1%} to {found['high']:.1%}"]


def _print_figures(found: Row, by: tuple[str, ...]) -> None:
    from firsthand.cli.tables import print_table
    from firsthand.jobs.words import difference_said, shown

    rows = []
    for row in found["figures"]:
        group = ", ".join(str(value) for value in row["by"].values() if value is not None)
        if row["suppressed"]:
            rows.append([row["title"], group, "too few to show", "", "", ""])
            continue
        interval = (
            "" if row["low"] is None else f"{shown(row['low'], row['unit'])} to {shown(row['high'], row['unit'])}"
        )
        reach = "" if row["speaks_for"] is None else f"{row['speaks_for']:.0%}"
        rows.append([row["title"], group, shown(row["value"], row["unit"]), interval, row["customers"], reach])
    if not rows:
        click.echo("There is nothing that these measures speak of in this period.")
    print_table(["measure", "of", "value", "95 %", "customers", "speaks for"], rows)
    if found["left_out"]:
        click.echo(f"By {', '.join(by)} there is no: {', '.join(found['left_out'])}.")
    for key in by:
        if rows and all(row["by"].get(key) is None for row in found["figures"]):
            click.echo(f"None of these has anything under {key}.")
    for row in found.get("changes", []):
        if row["value"] is not None and row["low"] is not None:
            click.echo(f"Change in {difference_said(row)}")
    for row in found.get("survival", []):
        group = ", ".join(str(value) if value is not None else "unknown" for value in row["by"].values())
        click.echo(
            f"Bought again by day {row['days']} (Kaplan–Meier{', ' if group else ''}{group}): {row['value']:.1%} ({row['low']:.1%} to {row['high']:.1%})."
        )
    for row in found.get("refused", []):
        click.echo(row["reason"])
    say_when(found)


def say_when(found: Row) -> None:
    """The moment it was seen from; and where the record ended long before, what that does to follow-ups."""
    click.echo(f"As of {found['as_of']}.")
    if found.get("record_ends"):
        click.echo(
            f"The record ends on {found['record_ends']}, so what was open then looks overdue, quiet or followed up. "
            f"For the figures as of then: --as-of {found['record_ends']}"
        )


def _date(text: str | None) -> str:
    return text[:10] if text else "–"


@click.command("report")
@options.home
@options.engine
@options.as_of
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The page to write (HTML).")
def report(home: Path | None, as_of: str | None, out: Path) -> None:
    """Write the whole experience as one page that needs no network."""

    def work(opened: World) -> Row:
        from firsthand.jobs.report import write_report

        write_report(opened, out)
        return {}

    _seen(home, as_of, work)
    click.echo(f"Wrote {out} ({out.stat().st_size / 1e6:.1f} MB).")


COMMANDS: list[Any] = [show, report]
