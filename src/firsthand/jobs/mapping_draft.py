"""A draft of a mapping, column by column: what a form on a page shows, and what becomes a mapping file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from firsthand.errors import MappingError

Row = dict[str, Any]
IDENTIFIERS = (
    "customer_number", "email", "phone", "loyalty_card", "user_id", "anonymous_id", "first_name", "last_name", "name",
    "date_of_birth", "street", "postcode", "city", "other_identifier",
)  # fmt: skip
SUBJECTS = ("order", "case", "product", "invoice", "contract")
TIMES = ("time", "moment", "promised_for", "kept_at", "version")
NUMBERS = ("amount", "wait_seconds", "duration_seconds", "score", "scale_low", "scale_high")
VALUES = ("event", "channel", "touchpoint", "direction", "currency", "employee", "team", "question", "question_kind", "answer", "text", "language")  # fmt: skip
MEANINGS: dict[str, tuple[str, ...]] = {
    "when": TIMES, "what": ("event", "channel", "touchpoint", "direction"), "who": IDENTIFIERS, "about": SUBJECTS,
    "measured": ("amount", "currency", "wait_seconds", "duration_seconds"),
    "said": ("question", "question_kind", "score", "scale_low", "scale_high", "answer", "text", "language"),
    "beside": ("employee", "team", "circumstance"),
}  # fmt: skip
"""What a column may mean, in groups. A column that means none of it is kept in `properties`.

time: when it happened; every mapping needs one.  moment: when something else happened that the same row tells.
promised_for: by when something was promised in that row; kept_at: when that promise was kept.
"""
ALONE = ("time", "version", "promised_for", "kept_at", *NUMBERS, *VALUES)
"""Meanings that one column alone can have."""
CONSTANTS = ("event", "channel", "direction", "currency", "question", "question_kind", "scale_low", "scale_high")
"""What may be said for all rows where no column says it."""
UNITS = ("milliseconds", "seconds", "minutes", "hours", "days")
COMMA = "decimal comma"


@dataclass(frozen=True)
class ColumnDraft:
    """A column: what it means (a word of MEANINGS, or empty), how it is written, and why that was guessed.

    written: of a time its format (empty: ISO 8601); of a number `decimal comma` or empty; of a wait its unit.
    examples: some of its values.
    """

    name: str
    meaning: str = ""
    written: str = ""
    why: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A mapping as it is drafted. id_column: the number of each row at the sender, or empty.  constants: see CONSTANTS."""

    source: str
    columns: tuple[ColumnDraft, ...]
    id_column: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    timezone: str = ""
    reading: Mapping[str, str] = field(default_factory=dict)
    properties: bool = True

    def having(self, meaning: str) -> list[ColumnDraft]:
        """The columns that mean something."""
        return [column for column in self.columns if column.meaning == meaning]


def faults_of(draft: Draft) -> Iterator[tuple[str, str]]:
    """What a draft lacks: the field that is at fault (`source`, `event`, or a column's name), and what to do."""
    if not draft.source.strip():
        yield "source", "Give the source a name, such as shop."
    if not draft.having("time"):
        yield "time", "Say which column tells when it happened."
    if not draft.having("event") and not draft.constants.get("event"):
        yield "event", "Say what happened: choose the column that tells it, or one event for all rows."
    for meaning in ALONE:
        for column in draft.having(meaning)[1:]:
            yield column.name, f"Only one column can mean this; {draft.having(meaning)[0].name} does already."
    for column in [*draft.having("promised_for"), *draft.having("kept_at")]:
        if not _promise(draft):
            yield column.name, "A promise needs its number: choose the number of each row, or a column with the order or case."  # fmt: skip


def content_of(draft: Draft) -> Row:
    """The mapping that a draft amounts to, as it stands in a file. Raises MappingError where something is lacking."""
    if faults := list(faults_of(draft)):
        raise MappingError("\n".join(message for _, message in faults))
    main = {"id": {"column": draft.id_column}} if draft.id_column else {}
    shared = _who(draft) | _about(draft)
    rule: Row = main | {"occurred_at": _time(draft, draft.having("time")[0])}
    for column in draft.having("version"):
        rule["version"] = _time(draft, column)
    for key in VALUES:
        if key in draft.constants and draft.constants[key] and not draft.having(key):
            rule[key] = {"constant": draft.constants[key]}
        for column in draft.having(key):
            rule[key] = {"column": column.name}
    rule |= shared
    for key in NUMBERS:
        for column in draft.having(key):
            rule[key] = _number(column)
        if key in draft.constants and draft.constants[key] and key not in rule:
            rule[key] = {"constant": _as_number(draft.constants[key])}
    rules = [rule]
    for column in [each for each in draft.columns if each.meaning in ("moment", "promised_for", "kept_at")]:
        rules.append(main | _other_moment(draft, column) | shared)
    reading = {key: value for key, value in draft.reading.items() if value}
    content: Row = {"source": draft.source.strip()} | ({"read": reading} if reading else {}) | {"interactions": rules}
    return content if draft.properties else content | {"properties": False}


def as_yaml(content: Mapping[str, Any]) -> str:
    """A mapping as the text of a file."""
    return yaml.dump(
        dict(content), Dumper=_Plain, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120
    )


def as_text(draft: Draft) -> str:
    """A draft as the text of a mapping file, with a comment on each column: what it was taken for, and why."""
    width = max((len(column.name) for column in draft.columns), default=0)
    said = [
        f"#   {' '.join(column.name.split()):{width}}  {column.meaning or '(kept in properties)'}{': ' + column.why if column.why else ''}"
        for column in draft.columns
    ]
    return "\n".join(["# Drafted from names and values of the columns:", *said, as_yaml(content_of(draft))])


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice, not as a reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _other_moment(draft: Draft, column: ColumnDraft) -> Row:
    """A rule for what else a row tells: something that happened later, a promise, or that it was kept."""
    there = {"when": {"column": column.name, "is_not": ""}}
    event = {"event": {"constant": _words(column.name)}}
    if column.meaning == "moment":
        return {"occurred_at": _time(draft, column)} | event | there
    promise = {"promise_id": {"column": _promise(draft)}}
    if column.meaning == "kept_at":
        return {"occurred_at": _time(draft, column)} | event | promise | {"promise_state": {"constant": "kept"}} | there
    made = {"promised_for": _time(draft, column), "promise_state": {"constant": "made"}}
    return {"occurred_at": _time(draft, draft.having("time")[0])} | event | promise | made | there


def _promise(draft: Draft) -> str:
    numbered = [column.name for kind in ("order", "case") for column in draft.having(kind)]
    return numbered[0] if numbered else draft.id_column


def _who(draft: Draft) -> Row:
    return _named(draft, "identifiers", {kind: kind for kind in IDENTIFIERS})


def _about(draft: Draft) -> Row:
    about = _named(draft, "subjects", {kind: kind for kind in SUBJECTS})
    return about | _named(draft, "circumstances", {"circumstance": "circumstance"})


def _named(draft: Draft, key: str, kinds: Mapping[str, str]) -> Row:
    """Named values: several columns of one kind as a list; what has no kind of its own under the column's name."""
    found: dict[str, list[Row]] = {}
    for column in draft.columns:
        if column.meaning in kinds:
            own = column.meaning in ("other_identifier", "circumstance")
            kind = _key(column.name) if own else column.meaning
            found.setdefault(kind, []).append({"column": column.name})
    return {key: {kind: told[0] if len(told) == 1 else told for kind, told in found.items()}} if found else {}


def _time(draft: Draft, column: ColumnDraft) -> Row:
    told: Row = {"column": column.name}
    if column.written:
        told["format"] = column.written
    if draft.timezone:
        told["timezone"] = draft.timezone
    return told


def _number(column: ColumnDraft) -> Row:
    told: Row = {"column": column.name}
    for part in column.written.split(", "):
        if part == COMMA:
            told["decimal_comma"] = True
        elif part in UNITS and part != "seconds" and column.meaning in ("wait_seconds", "duration_seconds"):
            told["unit"] = part
    return told


def _as_number(text: str) -> float | int | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _words(name: str) -> str:
    return " ".join(name.replace("_", " ").replace(".", " ").split()).capitalize()


def _key(name: str) -> str:
    return "_".join(name.lower().replace(".", " ").replace("-", " ").split())
