"""Kept answers: a question is worked out once, and told again until something that its answer was made of changes."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from firsthand.jobs.home import Home
from firsthand.jobs.ingredients import of_answers
from firsthand.lake import version
from firsthand.tables import Erasures

Row = dict[str, Any]
YOUNG = timedelta(minutes=15)
"""How long an answer as of the clock is told again. It says itself as of when."""
ASKED_LATELY = timedelta(days=7)
"""How long an answer that nobody asks for again lies there."""


@dataclass(frozen=True)
class Kept:
    """An answer that was kept. holds: whether all that it was made of is still as it was."""

    document: Row
    holds: bool


def kept(home: Home, question: Any, as_of: str | None, answer: Callable[[], Row]) -> Row:
    """The answer to a question: the kept one if it still holds, else worked out and kept.

    question: all that tells it from others, as JSON.  as_of: as the user said; else the home's, else the clock, then an
    answer holds for `YOUNG`.  Answers lie in the home, in `kept/`.
    """
    begun = Begun.now(home)
    before = last(home, question, as_of, begun.made_of)
    return before.document if before and before.holds else keep(home, question, as_of, answer(), begun)


@dataclass(frozen=True)
class Begun:
    """The moment at which an answer was begun: what it is made of, and the last time that somebody was forgotten."""

    made_of: str
    erasure: int | None

    @classmethod
    def now(cls, home: Home) -> Begun:
        return cls(digest_of(home), version(home.lake, Erasures.table_name))


def keep(home: Home, question: Any, as_of: str | None, answer: Row, begun: Begun) -> Row:
    """Keeps an answer as one of when it was begun, and returns it; if somebody was forgotten since, it is not kept: they may be in it."""
    text = json.dumps(answer, ensure_ascii=False, default=str)
    file = _file(home, question, as_of)
    with suppress(OSError):  # a home that cannot be written to is only slower
        _write(file, f'{{"made_of": "{begun.made_of}", "document": {text}}}')
    if version(home.lake, Erasures.table_name) != begun.erasure:
        file.unlink(missing_ok=True)
    document: Row = json.loads(text)
    return document


def last(home: Home, question: Any, as_of: str | None, made_of: str | None = None) -> Kept | None:
    """The newest answer to a question, whether or not it still holds; None where it was never asked.

    made_of: what answers are made of now, where that is known already (see digest_of).
    """
    try:
        entry = json.loads(_file(home, question, as_of).read_text("utf-8"))
        document: Row = entry["document"]
    except (OSError, ValueError, KeyError):
        return None
    old = not (as_of or home.settings.as_of) and _age(document) > YOUNG
    return Kept(document, entry["made_of"] == (made_of or digest_of(home)) and not old)


def digest_of(home: Home) -> str:
    """What all answers of a home are made of now, as one short text."""
    return _digest(of_answers(home))


def _file(home: Home, question: Any, as_of: str | None) -> Path:
    return home.folder / "kept" / f"{_digest([question, as_of])}.json"


def _age(document: Row) -> timedelta:
    return abs(datetime.now(UTC) - datetime.fromisoformat(document["as_of"]))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(f".{os.getpid()}")
    written.write_text(text, "utf-8")
    written.replace(file)
    for other in file.parent.iterdir():
        if other.stat().st_mtime < time.time() - ASKED_LATELY.total_seconds():
            other.unlink(missing_ok=True)


def _digest(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
