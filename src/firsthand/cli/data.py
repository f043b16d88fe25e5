"""refresh, compact, vacuum, demo."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from firsthand.cli import options


@click.command("refresh")
@options.home
@click.option("--anyway", is_flag=True, help="Even if nothing has changed.")
def refresh(home: Path | None, anyway: bool) -> None:
    """Make the timeline anew, if record or map have changed. (Every `show` does.)"""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.refresh import refresh as run

    click.echo("The timeline was made anew." if run(open_home(home), anyway=anyway) else "Nothing has changed.")


@click.command("compact")
@options.home
def compact(home: Path | None) -> None:
    """Merge small files of the lake."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.maintain import compact as run

    fewer = run(open_home(home))
    click.echo("; ".join(f"{table}: {count:,} files fewer" for table, count in fewer.items()) + ".")


@click.command("vacuum")
@options.home
@click.option(
    "--grace-hours",
    type=click.IntRange(min=0),
    help="Keep what versions of the last hours need (default: the setting).",
)
@click.option(
    "--now", is_flag=True, help="All of it at once, and what stopped writes left: when nobody else is at work."
)
def vacuum(home: Path | None, grace_hours: int | None, now: bool) -> None:
    """Delete files of the lake that no current version needs."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.maintain import vacuum as run

    click.echo(f"{run(open_home(home), grace_hours=grace_hours, now=now):,} files deleted.")


@click.command("demo")
@options.home
@click.option(
    "--customers",
    default=20_000,
    show_default=True,
    type=click.IntRange(min=100),
    help="How many customers it has.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")
def demo(home: Path | None, customers: int, seed: int) -> None:
    """Make a home with the sample company in it, and show it."""
    from firsthand.demo import build
    from firsthand.demo.headline import headline, people_line, voice_line
    from firsthand.jobs.report import write_report
    from firsthand.jobs.world import world

    made = build(home or Path("demo"), customers=customers, seed=seed, say=click.echo)
    page = made.folder / "report.html"
    with world(made) as opened:
        facts = write_report(opened, page)
    click.echo("")
    for line in headline(facts):
        click.echo(line)
    click.echo(f"\n{people_line(made)}")
    if said := voice_line(made):
        click.echo(said)
    program = "firsthand" if shutil.which("firsthand") else os.path.relpath(sys.argv[0])
    click.echo(f"\nThe whole report: {page}")
    click.echo(
        f"More: {program} show summary --home {made.folder}   {program} show promises --by owner --home {made.folder}"
    )
    if sys.stdout.isatty() and os.environ.get("SERVE") != "0" and find_spec("django"):
        _serve(made.folder)


def _serve(home: Path) -> None:
    """The website over the sample company, until it is stopped. It runs in a process of its own."""
    website = [sys.executable, "-m", "firsthand.web.run"]
    mail = "cx@example.org"
    added = subprocess.run(  # noqa: S603
        [*website, "user", "add", mail, "--role", "administrator", "--once", "--home", str(home), "--json"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    click.echo(
        f"\nLog in to the website as {mail} with the one-time password {json.loads(added.stdout)['password']}\n"
        "(it holds for one login; in the menu with your address at the top you can set your own)"
    )
    subprocess.run([*website, "serve", "--home", str(home)], check=False)  # noqa: S603


COMMANDS: list[Any] = [refresh, compact, vacuum, demo]
