"""Kept answers: a question is worked out once, and told again until something that its answer was made of changes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from firsthand.jobs.home import Home
from firsthand.jobs.ingredients import of_answers

Row = dict[str, Any]
YOUNG = timedelta(minutes=15)
"""How long an answer as of the clock is told again. It says itself as of when."""


def kept(home: Home, question: Any, as_of: str | None, answer: Callable[[], Row]) -> Row:
    """The answer to a question: the kept one if it still holds, else worked out and kept.

    question: all that tells it from others, as JSON.  as_of: as the user said; else the home's, else the clock, then an
    answer holds for `YOUNG`.  Answers lie in the home, in `kept/`, those made of something older are deleted.
    """
    folder = home.folder / "kept" / _digest(of_answers(home))
    file = folder / f"{_digest([question, as_of])}.json"
    found = _told(file)
    by_the_clock = not (as_of or home.settings.as_of)
    if found is not None and not (by_the_clock and _age(found) > YOUNG):
        return found
    text = json.dumps(answer(), ensure_ascii=False, default=str)
    with suppress(OSError):  # a home that cannot be written to is only slower
        _keep(file, text)
    document: Row = json.loads(text)
    return document


def _told(file: Path) -> Row | None:
    try:
        document: Row = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return document


def _age(document: Row) -> timedelta:
    return abs(datetime.now(UTC) - datetime.fromisoformat(document["as_of"]))


def _keep(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(f".{os.getpid()}")
    written.write_text(text, "utf-8")
    written.replace(file)
    for older in file.parent.parent.iterdir():
        if older != file.parent:
            shutil.rmtree(older, ignore_errors=True)


def _digest(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
