"""What derived things are made of: as long as it stays, they need not be made anew."""

from __future__ import annotations

import hashlib
from pathlib import Path

import phonenumbers

import firsthand
from firsthand.jobs.home import Home
from firsthand.jobs.signal_files import signal_files
from firsthand.lake import version
from firsthand.people import ALIKE
from firsthand.tables import (
    Interactions,
    PublishedFigures,
    Readings,
    Rejected,
    Retried,
    Themes,
    ThemesFound,
    Timeline,
    TopicsFound,
    WhoIsWho,
)


def of_timeline(home: Home) -> dict[str, str]:
    """What the timeline is made of: the record, who is who, the map, the time zone, and its own form."""
    settings = home.settings
    return {
        "record": str(version(home.lake, Interactions.table_name)),
        "map": _content(home.map_file),
        "who_is_who": str(version(home.lake, WhoIsWho.table_name)),
        "identifiers": repr(
            (settings.one_per_person, settings.most_holders, settings.country, ALIKE, phonenumbers.__version__)
        ),
        "timezone": settings.timezone,
        "firsthand": f"{firsthand.__version__} {','.join(Timeline.columns)}",
    }


def of_answers(home: Home) -> dict[str, str]:
    """What answers to questions are made of: the timeline, what was put aside, read and published, the settings, and the code itself."""
    beside = (Rejected, Retried, Readings, TopicsFound, ThemesFound, Themes, PublishedFigures)
    aside = {table.table_name: str(version(home.lake, table.table_name)) for table in beside}
    code = max(file.stat().st_mtime_ns for file in Path(firsthand.__file__).parent.rglob("*.py"))
    topics = {"topics": _content(home.topics_file)}
    own = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in signal_files(home)}
    return (
        of_timeline(home) | aside | topics | {"settings": repr(home.settings), "code": str(code), "signals": repr(own)}
    )


def _content(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "none"
