"""A home: the folder that holds all that belongs to one organisation, and its settings."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomli_w
from filelock import FileLock

from firsthand.errors import HomeError
from firsthand.lake import Location

SETTINGS_FILE = "firsthand.toml"
MAP_FILE = "map.yaml"
TOPICS_FILE = "topics.yaml"
LONGEST = 36_500
KEPT = ("keep_interactions_days", "keep_text_days", "keep_rejected_days", "vacuum_grace_hours")
"""How many days, or hours, something is kept; none more than LONGEST."""


@dataclass(frozen=True)
class Settings:
    """What firsthand.toml says."""

    name: str = field(default="My organisation", metadata={"about": "Name of the organisation."})
    timezone: str = field(default="UTC", metadata={"about": "IANA time zone: days and periods are its."})
    currency: str = field(default="EUR", metadata={"about": "Currency of amounts that name none."})
    lake: str = field(
        default="lake", metadata={"about": "Folder (relative to the home) or object-store URL of the lake."}
    )
    database: str = field(default="sqlite:///firsthand.db", metadata={"about": "Database URL of the website."})
    country: str = field(
        default="", metadata={"about": "Country whose phone numbers are told without one (ISO 3166, such as DE)."}
    )
    one_per_person: list[str] = field(
        default_factory=list,
        metadata={"about": 'Kinds of identifier of which nobody has two ("customer_number", or "shop/customer_number" as that source tells it): they keep people apart.'},
    )  # fmt: skip
    most_holders: int = field(
        default=4, metadata={"about": "An identifier that more people than this hold (info@…, a guest's customer number) links nobody."}
    )  # fmt: skip
    minimum_group: int = field(
        default=10,
        metadata={"about": "Fewest customers that a figure from answers, or on an employee, may speak of."},
    )
    employee_figures: bool = field(
        default=False, metadata={"about": "Whether the website shows figures on single employees."}
    )
    encoder: str = field(
        default="", metadata={"about": "What turns comments into vectors, as in --encoder; empty: the one that comes with the extra voice."}
    )  # fmt: skip
    vacuum_grace_hours: int = field(
        default=24, metadata={"about": "How long files that no current table needs are kept for readers."}
    )
    keep_interactions_days: int = field(
        default=0, metadata={"about": "`firsthand retain` lets interactions go when they are older than so many days; 0: never."}
    )  # fmt: skip
    keep_text_days: int = field(
        default=0, metadata={"about": "The same of the customers' own words; the interactions stay."}
    )
    keep_rejected_days: int = field(
        default=0, metadata={"about": "The same of rejected records, by when they were put aside."}
    )
    as_of: str = field(default="", metadata={"about": "The moment from which the world is seen; empty: the clock. For samples and tests."})  # fmt: skip


@dataclass(frozen=True)
class Home:
    """An opened home."""

    folder: Path
    settings: Settings

    @property
    def lake(self) -> Location:
        url = self.settings.lake
        return Location.at(url if "://" in url else self.folder / url)

    @property
    def map_file(self) -> Path:
        return self.folder / MAP_FILE

    @property
    def topics_file(self) -> Path:
        return self.folder / TOPICS_FILE

    def as_of(self, said: str | None = None) -> datetime:
        """The moment from which the world is seen: as said, else as the settings fix it, else now."""
        text = said or self.settings.as_of
        return moment(text, self.settings.timezone) if text else datetime.now(UTC)


def moment(text: str, timezone: str) -> datetime:
    """A date (its last moment) or date and time, in the home's time zone unless it names one, as UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise HomeError(f'as_of: "{text}" is not a date (expected 2026-03-31 or 2026-03-31T12:00).') from wrong
    if _is_date(text):
        time = time.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return (time if time.tzinfo else time.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def folder_of(said: Path | None) -> Path:
    """The home's folder: as said, else FIRSTHAND_HOME, else the current folder. Raises HomeError where that is a file."""
    folder = said or Path(os.environ.get("FIRSTHAND_HOME") or ".")
    if folder.is_file():
        raise HomeError(f"{folder} is a file, and a home is a folder. Name another with --home.")
    return folder


def open_home(said: Path | None) -> Home:
    """The home in a folder. Raises HomeError where there is none or its settings are wrong."""
    folder = folder_of(said)
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise HomeError(
            f"{folder} is no home: {SETTINGS_FILE} is not there. "
            f"Make one with: firsthand init --home {folder}   or name another with --home."
        )
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise HomeError(f"{path}: not TOML: {wrong}.") from wrong
    return Home(folder, _checked(content, path))


def create_home(said: Path | None, **given: Any) -> Home:
    """Makes a home: settings, an empty map, an empty lake. Raises HomeError where there is one already."""
    from firsthand.lake.delta import create

    folder = folder_of(said)
    path = folder / SETTINGS_FILE
    if path.exists():
        raise HomeError(f"{folder} is a home already ({path} is there). Nothing was changed.")
    settings = _checked({key: value for key, value in given.items() if value is not None}, path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = Home(folder, settings)
    create(home.lake)
    if not home.map_file.exists():
        home.map_file.write_text(EMPTY_MAP, "utf-8")
    path.write_text(_as_toml(settings), "utf-8")
    return home


def change_settings(home: Home, **changed: Any) -> Home:
    """Writes settings anew with some changed; returns the home with them. Raises HomeError where one is wrong."""
    path = home.folder / SETTINGS_FILE
    with FileLock(home.folder / ".saving-settings"):
        settings = _checked({**tomllib.loads(path.read_text("utf-8")), **changed}, path)
        written = path.with_suffix(f".{os.getpid()}")
        written.write_text(_as_toml(settings), "utf-8")
        written.replace(path)
    return Home(home.folder, settings)


EMPTY_MAP = """\
# The experience map: the stages of the relationship and the touchpoints in them.
# `firsthand map propose` drafts one from what is in the record; `firsthand map check` says what is missing.
stages: []
touchpoints: []
"""


KINDS: dict[str, tuple[type, str]] = {
    "bool": (bool, "true or false"),
    "int": (int, "a number"),
    "str": (str, "a text"),
    "list[str]": (list, "a list of texts"),
}


def _as_toml(settings: Settings) -> str:
    lines = []
    for entry in fields(Settings):
        lines += [f"# {entry.metadata['about']}", tomli_w.dumps({entry.name: getattr(settings, entry.name)})]
    return "\n".join(lines).replace("\n\n", "\n").replace("\n#", "\n\n#")


def _checked(content: dict[str, Any], path: Path) -> Settings:
    known = {entry.name: entry for entry in fields(Settings)}
    for key, value in content.items():
        if key not in known:
            raise HomeError(f"{path}: {key} is no setting. Known: {', '.join(known)}.")
        expected, words = KINDS[str(known[key].type)]
        if not isinstance(value, expected) or isinstance(value, bool) != (expected is bool):
            raise HomeError(f"{path}: {key} = {value!r}: expected {words}.")
    settings = Settings(**content)
    if settings.minimum_group < 2 or settings.vacuum_grace_hours < 0:
        raise HomeError(f"{path}: minimum_group must be at least 2, and vacuum_grace_hours at least 0.")
    if min(settings.keep_interactions_days, settings.keep_text_days, settings.keep_rejected_days) < 0:
        raise HomeError(
            f"{path}: keep_interactions_days, keep_text_days and keep_rejected_days must be at least 0 (0: for ever)."
        )
    for key in KEPT:
        if getattr(settings, key) > LONGEST:
            raise HomeError(f"{path}: {key} = {getattr(settings, key)}: it must be at most {LONGEST}.")
    if not settings.lake.strip():
        raise HomeError(f'{path}: lake = "" names no folder (expected lake, or the URL of an object store).')
    if len(settings.currency) != 3 or not settings.currency.isalpha():
        raise HomeError(f'{path}: currency = "{settings.currency}" is no code of three letters, such as EUR.')
    if settings.most_holders < 1 or not all(isinstance(kind, str) and kind for kind in settings.one_per_person):
        raise HomeError(
            f'{path}: most_holders must be at least 1, and one_per_person a list such as ["customer_number"].'
        )
    from phonenumbers import SUPPORTED_REGIONS

    if settings.country and settings.country not in SUPPORTED_REGIONS:
        raise HomeError(f'{path}: country = "{settings.country}" is no country (expected a code such as DE).')
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise HomeError(f'{path}: timezone = "{settings.timezone}" is no time zone (try Europe/Berlin).') from wrong
    if settings.as_of:
        moment(settings.as_of, settings.timezone)
    return settings
