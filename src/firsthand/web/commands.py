"""serve, site, work, user add: commands of the website. Django is imported when one runs."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from firsthand.errors import UserError


def started(home: Path | None) -> Path:
    """The home's folder, with Django set up for it and its database brought up to date."""
    try:
        from firsthand.web.config.start import migrate, set_up
    except ImportError as missing:
        raise UserError(f"The website needs the extra “web” ({missing.name} is missing): pip install 'firsthand[web]'") from missing  # fmt: skip
    folder = set_up(home)
    migrate(folder)
    return folder


HOME = click.option(
    "--home", type=click.Path(path_type=Path), envvar="FIRSTHAND_HOME", help="The home's folder (else FIRSTHAND_HOME, else here)."
)  # fmt: skip
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
PORT = click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen at."
)


@click.command("serve")
@HOME
@HOST
@PORT
def serve(home: Path | None, host: str, port: int) -> None:
    """The website together with its background work, until it is stopped."""
    folder = started(home)
    environment = os.environ | {"FIRSTHAND_HOME": str(folder)}
    program = [sys.executable, "-m", "firsthand.web.run"]
    parts = [
        subprocess.Popen([*program, *arguments], env=environment)  # noqa: S603
        for arguments in (["site", "--host", host, "--port", str(port)], ["work"])
    ]
    click.echo(f"Firsthand is at http://{host}:{port}/   (stop it with Ctrl-C)")
    _until_one_ends(parts)


def _until_one_ends(parts: list[subprocess.Popen[bytes]]) -> None:
    """Waits until a part ends or somebody stops us; then stops all. The exit status is that of the part that failed by itself."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # a terminal is closed, and nobody said nohup
        signal.signal(signal.SIGHUP, stop)
    try:
        while all(part.poll() is None for part in parts):
            time.sleep(0.3)
    except KeyboardInterrupt:
        pass
    finally:
        for sort in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):  # said twice, it is still to be done once
            signal.signal(sort, signal.SIG_IGN)
        ended = [part.poll() for part in parts]
        for part in parts:
            if part.poll() is None:
                part.terminate()
        for part in parts:
            try:
                part.wait(20)
            except subprocess.TimeoutExpired:
                part.kill()
                part.wait()
    failed = [status for status in ended if status not in (None, 0, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)]
    if failed:
        sys.exit(failed[0] if failed[0] > 0 else 1)


@click.command("site")
@HOME
@HOST
@PORT
@click.option("--threads", default=4, show_default=True, type=click.IntRange(min=1), help="Requests answered at once.")
def site(home: Path | None, host: str, port: int, threads: int) -> None:
    """The website alone; `firsthand work` does its background work."""
    _tell_code(started(home))
    from granian import Granian
    from granian.constants import Interfaces

    # delta-rs does not work in a process that was forked after it was used
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "firsthand.web.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI,
        workers=1, blocking_threads=threads, log_enabled=False, websockets=False,
    ).serve()  # fmt: skip


def _tell_code(folder: Path) -> None:
    """Prints the code of the first start while there is nobody."""
    from firsthand.web.accounts.first_code import code_of, forget_code
    from firsthand.web.accounts.models import User

    if User.objects.exists():
        forget_code(folder)
    else:
        click.echo(f"Nobody may log in yet. From another machine the first start asks for the code {code_of(folder)}")


@click.command("work")
@HOME
@click.option("--once", is_flag=True, help="Do what is due and waiting, then end.")
def work(home: Path | None, once: bool) -> None:
    """The website's background work alone: refresh, answers worked out ahead, tidying, imports."""
    started(home)
    from firsthand.web.work.worker import run

    run(once=once)


@click.group("user")
def user() -> None:
    """People who may log in to the website."""


@user.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(["viewer", "analyst", "owner", "service", "administrator"]), help="What they may do.")  # fmt: skip
@click.option(
    "--team", "teams", multiple=True, help="A team of the map whose touchpoints an owner edits; may be given twice."
)
@click.option("--name", default="", help="Their name.")
@click.option("--once", is_flag=True, help="The password holds for one login, after which they set their own.")
@HOME
@click.option("--json", "as_json", is_flag=True, help="One JSON document with stable keys.")
def add(email: str, role: str, teams: tuple[str, ...], name: str, once: bool, home: Path | None, as_json: bool) -> None:
    """Add somebody, with a password that is shown once."""
    started(home)
    from firsthand.web.accounts.people import add_person

    person, password = add_person(email=email, role=role, by=None, name=name, teams=teams, one_login=once)
    if as_json:
        click.echo(json.dumps({"email": person.email, "role": role, "password": password}, indent=2))
    else:
        click.echo(f"{person.email} may log in as {role} with the password {password}   (it is not shown again)")


COMMANDS = [serve, site, work, user]
