"""bench voice: how well and how fast, measured here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

import firsthand
from firsthand.errors import UserError


@click.group("bench")
def bench() -> None:
    """Measure how well and how fast Firsthand works here. Needs the repository, and public data beside it."""


@bench.command("voice")
@click.option("--quick", is_flag=True, help="Speed alone.")
@click.option("--out", type=click.Path(path_type=Path), help="A JSON file for the figures.")
def voice(quick: bool, out: Path | None) -> None:
    """How well comments are understood, on public data, beside simple peers; and how fast they are read."""
    script = Path(firsthand.__file__).parents[2] / "bench" / "voice.py"
    if not script.is_file():
        raise UserError(f"{script}: the benchmark is not here; it is in the repository: git clone it, then make bench.")
    words = [*(["--quick"] if quick else []), *(["--out", str(out.resolve())] if out else [])]
    sys.exit(subprocess.run([sys.executable, str(script), *words], check=False).returncode)  # noqa: S603 (our own script)


COMMANDS = [bench]
