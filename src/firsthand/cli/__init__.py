"""The command line: parses arguments, calls jobs, prints. Heavy imports wait until a command runs."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

import firsthand
from firsthand.cli import (
    bench,
    consents,
    data,
    designed,
    importing,
    keeping,
    maps,
    paths,
    people,
    person,
    rights,
    showing,
    showing_paths,
    showing_voice,
    voice,
    who,
)
from firsthand.errors import UserError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(firsthand.__version__, prog_name="firsthand")
def command() -> None:
    """Firsthand: what it is really like to be your customer.

    Begin with `firsthand demo --home demo`, or with `firsthand init` and `firsthand import`.
    """


WEBSITE = import_module("firsthand.web.commands")
"""Named, not imported: command line and website stand beside each other. It brings no Django in before a command runs."""

for module, group in (
    *(
        (module, command)
        for module in (importing, data, keeping, maps, showing, paths, people, rights, voice, bench, WEBSITE)
    ),
    *((module, showing.show) for module in (showing_paths, showing_voice, designed, person)),
    *((module, people.people) for module in (who, consents)),
):
    for entry in module.COMMANDS:
        group.add_command(entry)


def main() -> None:
    """Entry point: a user's mistake is a message and exit status 2, never a traceback."""
    os.environ.setdefault("RUST_LOG", "off")  # what keeps delta-rs from its work is told as an error
    gc.set_threshold(50_000, 20, 100)  # expressions are many small objects, and none of them is garbage for long
    try:
        command.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except UserError as fault:
        click.echo(str(fault), err=True)
        sys.exit(2)
    except IsADirectoryError as wrong:
        click.echo(f"{wrong.filename} is a folder; name a file.", err=True)
        sys.exit(2)
    except (FileNotFoundError, PermissionError) as wrong:
        click.echo(f"{wrong.filename}: {wrong.strerror}. Name another with the option you gave it by.", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
