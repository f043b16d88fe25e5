"""Options that many commands share."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]
ENGINE = "firsthand.engine"


def home(function: Command) -> Command:
    return click.option(
        "--home", type=click.Path(path_type=Path), envvar="FIRSTHAND_HOME", help="The home's folder (else FIRSTHAND_HOME, else here)."
    )(function)  # fmt: skip


def said(_context: click.Context, _option: click.Parameter, words: str) -> str:
    """A callback of options that must not be blank."""
    if not words.strip():
        raise click.BadParameter("it must not be blank.")
    return words.strip()


def again(command_line: str, home: Path | None) -> str:
    """A command to paste, for the home that was named in this one."""
    return command_line if home is None else f"{command_line} --home {shlex.quote(str(home))}"


def period(function: Command) -> Command:
    since = click.option("--since", help="Only from this local day on (2026-01-01).")
    until = click.option("--until", help="Only until this local day (2026-03-31).")
    return since(until(function))


def compared(function: Command) -> Command:
    group = click.option(
        "--group",
        help="Only customers of this group: KEY=VALUE as in --by, circumstance:NAME=VALUE, or first:KEY=VALUE.",
    )
    against = click.option(
        "--against",
        help="Another period (2026-01-01..2026-03-31), another group, or others (all not in --group): names what differs beyond chance.",
    )
    return group(against(function))


def as_of(function: Command) -> Command:
    return click.option("--as-of", help="The moment from which the world is seen (2026-03-31 or 2026-03-31T12:00).")(
        function
    )


def engine(function: Command) -> Command:
    """Adds `--engine`, which `engine_named` tells."""

    def keep(context: click.Context, _option: click.Parameter, name: str) -> None:
        context.meta[ENGINE] = name

    return click.option(
        "--engine", envvar="FIRSTHAND_ENGINE", default="duckdb", expose_value=False, callback=keep,
        help="What works it out: duckdb, spark (on this machine), or spark=URL of a cluster or of Spark Connect (else FIRSTHAND_ENGINE, else duckdb).",
    )(function)  # fmt: skip


def engine_named() -> str:
    """What `--engine` says for the command that runs."""
    name: str = click.get_current_context().meta[ENGINE]
    return name


def as_json(function: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="One JSON document with stable keys.")(function)


def print_json(document: Any) -> None:
    """One document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=as_iso))


def as_iso(value: Any) -> str:
    """What JSON has no form for, as text."""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
