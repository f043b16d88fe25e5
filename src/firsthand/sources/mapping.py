"""The mapping: which columns of a record say what, as a YAML file that a published schema describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from firsthand.errors import MappingError
from firsthand.sources import checked_yaml

TIMES = ("occurred_at", "promised_for", "version")
NUMBERS = ("wait_seconds", "duration_seconds", "score", "scale_low", "scale_high")
TEXTS = (
    "event", "channel", "touchpoint", "direction", "currency", "employee", "team", "promise_id",
    "promise_state", "question", "question_kind", "answer", "text", "language",
)  # fmt: skip
LISTS = ("identifiers", "subjects", "circumstances")


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
    return checked(checked_yaml.load(path, "mapping.schema.json", MappingError), str(path))


def built_in(name: str, source: str | None = None) -> InteractionMapping:
    """The mapping that ships for a format."""
    path = Path(str(files("firsthand").joinpath("sources", "mappings", f"{name}.yaml")))
    mapping = load(path)
    return InteractionMapping(source or mapping.source, mapping.interactions, mapping.reading, mapping.properties)


def checked(content: Mapping[str, Any], where: str) -> InteractionMapping:
    """A mapping from its content. Raises MappingError where two rules would give the same ids."""
    rules = content["interactions"]
    keys: list[tuple[str, str]] = []
    for number, rule in enumerate(rules, 1):
        key = (str(rule.get("id")), str(rule["event"]))
        if "id" in rule and key in keys:
            raise MappingError(
                f"{where}: interactions {keys.index(key) + 1} and {number} have the same id and event, so one "
                "would overwrite the other. Give them different events, or add a column to one id."
            )
        keys.append(key)
    return InteractionMapping(content["source"], tuple(rules), content.get("read", {}), content.get("properties", True))


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


def consumed(spec: Any) -> Iterator[str]:
    """The columns whose value a rule takes over as it is, so that `properties` need not repeat it."""
    if isinstance(spec, Mapping):
        for key, part in spec.items():
            if key in ("when", "first"):
                continue
            if key == "column" and "values" not in spec:
                yield part
            elif key == "columns":
                yield from part
            else:
                yield from consumed(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from consumed(part)


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
