"""The mapping: which columns of a record say what, as a YAML file that a published schema describes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from firsthand.errors import MappingError
from firsthand.lake import connect
from firsthand.sources import checked_yaml
from firsthand.sources.sql import literal

TIMES = ("occurred_at", "promised_for", "version")
NUMBERS = ("wait_seconds", "duration_seconds", "score", "scale_low", "scale_high")
TEXTS = (
    "event", "channel", "touchpoint", "direction", "currency", "employee", "team", "promise_id",
    "promise_state", "question", "question_kind", "answer", "text", "language",
)  # fmt: skip
LISTS = ("identifiers", "subjects", "circumstances")
Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class InteractionMapping:
    """A mapping that was checked: its source, how to read the file, and a rule per interaction.

    nested: dots in a column's name lead into nested objects.
    """

    source: str
    interactions: tuple[Mapping[str, Any], ...]
    reading: Mapping[str, Any]
    properties: bool = True

    def columns(self) -> list[str]:
        """Every column that a rule names, once, in order."""
        found: dict[str, None] = {}
        for rule in self.interactions:
            found |= dict.fromkeys(columns_of(rule))
        return list(found)


def load(path: Path) -> InteractionMapping:
    """The mapping in a file. Raises MappingError, naming line and key, where it is not one."""
    content = checked_yaml.load(path, "mapping.schema.json", MappingError)
    if faults := list(faults_of(content)):
        raise MappingError("\n".join(f"{checked_yaml.place(path, keys)}: {message}." for keys, message in faults[:20]))
    rules = tuple(content["interactions"])
    return InteractionMapping(content["source"], rules, content.get("read", {}), content.get("properties", True))


def built_in(name: str, source: str | None = None) -> InteractionMapping:
    """The mapping that ships for a format."""
    path = Path(str(files("firsthand").joinpath("sources", "mappings", f"{name}.yaml")))
    mapping = load(path)
    return InteractionMapping(source or mapping.source, mapping.interactions, mapping.reading, mapping.properties)


def faults_of(content: Mapping[str, Any]) -> Iterator[tuple[Keys, str]]:
    """What a mapping says that cannot be carried out though it conforms to the schema: where, and why."""
    rules = content["interactions"]
    same = [(str(rule.get("id")), str(rule["event"])) for rule in rules]
    for number, (rule, key) in enumerate(zip(rules, same, strict=True)):
        if "id" in rule and (first := same.index(key)) < number:
            yield (
                ("interactions", number),
                (
                    f"interactions {first + 1} and {number + 1} have the same id and event, so one would overwrite the "
                    "other. Give them different events, or add a column to one id"
                ),
            )
        yield from _values_at_fault(rule, ("interactions", number))
        for field in set(TIMES) & set(rule):
            yield from _time_at_fault(rule[field], ("interactions", number, field))
    yield from _reading_at_fault(content.get("read", {}))


def _values_at_fault(rule: Mapping[str, Any], at: Keys) -> Iterator[tuple[Keys, str]]:
    for field, part in rule.items():
        if field not in ("identifiers", "subjects") and any(True for _ in _each(part)):
            yield (*at, field), "`each` goes with identifiers and subjects only"


def _each(spec: Any) -> Iterator[str]:
    if isinstance(spec, Mapping):
        if isinstance(spec.get("each"), str):
            yield spec["each"]
        for part in spec.values():
            yield from _each(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from _each(part)


def _time_at_fault(spec: Mapping[str, Any], at: Keys) -> Iterator[tuple[Keys, str]]:
    zone = spec.get("timezone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield (*at, "timezone"), f"{zone} is no time zone (try Europe/Berlin)"
    formats = spec.get("format", [])
    for pattern in [formats] if isinstance(formats, str) else formats:
        if not pattern.startswith("epoch_") and not _is_format(pattern):
            yield (*at, "format"), f'"{pattern}" is no time format (try %Y-%m-%d %H:%M:%S, or epoch_seconds)'


def _is_format(pattern: str) -> bool:
    try:
        connect().execute(f"SELECT try_strptime('', {literal(pattern)})")
    except duckdb.Error:
        return False
    return "%" in pattern


def _reading_at_fault(reading: Mapping[str, Any]) -> Iterator[tuple[Keys, str]]:
    if reading.get("delimiter", ",") in '"\r\n' or not reading.get("delimiter", ",").isascii():
        yield ("read", "delimiter"), "a delimiter is one ASCII character, no quote and no line break"
    encoding = reading.get("encoding", "utf-8")
    try:
        lines_end = "\n".encode(encoding).removeprefix(codecs.BOM_UTF8) == b"\n"
    except LookupError:
        yield ("read", "encoding"), f"{encoding} is no encoding (try latin-1)"
    else:
        if not lines_end:
            yield ("read", "encoding"), f"{encoding} cannot be read; save the file as UTF-8"


def columns_of(spec: Any) -> Iterator[str]:
    """The columns that a part of a mapping names."""
    if isinstance(spec, Mapping):
        if isinstance(spec.get("column"), str):
            yield spec["column"]
        if isinstance(spec.get("each"), str):
            yield spec["each"]
        if isinstance(spec.get("columns"), list):
            yield from spec["columns"]
        for key, part in spec.items():
            if key not in ("column", "columns", "each", "values", "constant", "is", "is_not"):
                yield from columns_of(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from columns_of(part)


def consumed(rule: Mapping[str, Any]) -> Iterator[str]:
    """The columns whose value a rule takes over as it is, so that `properties` need not repeat it."""
    for field, part in rule.items():
        if field != "when":
            yield from _taken(part, joined=field in ("id", "text", "answer"))


def _taken(spec: Any, *, joined: bool) -> Iterator[str]:
    """joined: columns that are joined count too; elsewhere one that is empty makes the others go unsaid."""
    if isinstance(spec, list):
        for part in spec:
            yield from _taken(part, joined=joined)
    elif isinstance(spec, Mapping) and isinstance(spec.get("column"), str):
        if "values" not in spec:
            yield spec["column"]
    elif isinstance(spec, Mapping) and "columns" in spec:
        if joined:
            yield from spec["columns"]
    elif isinstance(spec, Mapping) and "first" not in spec:
        for part in spec.values():
            yield from _taken(part, joined=joined)


def required_columns(mapping: InteractionMapping) -> list[str]:
    """Columns that the header must have: all that are named, save those said to be `optional`."""
    optional: set[str] = set()
    _gather_optional(list(mapping.interactions), optional)
    return [column for column in mapping.columns() if column not in optional]


def _gather_optional(spec: Any, found: set[str]) -> None:
    if isinstance(spec, Mapping):
        if spec.get("optional") and "column" in spec:
            found.add(spec["column"])
        for part in spec.values():
            _gather_optional(part, found)
    elif isinstance(spec, list):
        for part in spec:
            _gather_optional(part, found)
