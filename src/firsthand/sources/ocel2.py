"""Reads object-centric event logs, OCEL 2.0 as JSON (https://www.ocel-standard.org): an event is a record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from firsthand.errors import SourceError
from firsthand.sources.lines import chunks
from firsthand.sources.mapping import InteractionMapping
from firsthand.sources.rows import Advance, Rows, Unreadable, json_rows

BATCH = 50_000


def document(path: Path, advance: Advance) -> dict[str, Any]:
    """A JSON document. Raises SourceError where it is none, naming where it stops being one."""
    try:
        content = b"".join(chunks(path, advance))
    except EOFError as damaged:
        raise SourceError(f"{path.name}: the file ends early ({damaged}).") from damaged
    if not content.strip():
        raise SourceError(f"{path.name}: the file is empty; expected a JSON document.")
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as bad:
        raise SourceError(f"{path.name}, line {bad.lineno}, column {bad.colno}: not JSON: {bad.msg}.") from bad
    if not isinstance(value, dict):
        raise SourceError(f"{path.name}: expected a JSON object, found {type(value).__name__}.")
    return value


def read(path: Path, *, advance: Advance, customer: str | None = None) -> Iterator[Rows]:
    """The events of a log; objects stand under `objects`, by type, the customer's first one under `customer`."""
    try:
        log = document(path, advance)
        if not isinstance(log.get("events"), list) or not isinstance(log.get("objects"), list):
            raise SourceError(f"{path.name}: no OCEL 2.0 log: it must have the lists `events` and `objects`.")
    except SourceError as bad:
        yield json_rows([], [], [Unreadable(0, "not_json", str(bad))])
        return
    types = {entry["id"]: entry["type"] for entry in log["objects"] if isinstance(entry, dict) and "id" in entry}
    if customer and customer not in types.values():
        known = ", ".join(sorted(set(types.values()))) or "none"
        raise SourceError(f"{path.name}: no object is of the type {customer!r}. Types here: {known}.")
    events = log["events"]
    for at in range(0, len(events), BATCH):
        records: list[bytes] = []
        numbers: list[int] = []
        unreadable: list[Unreadable] = []
        for number, event in enumerate(events[at : at + BATCH], at + 1):
            record = _record(event, types, customer) if isinstance(event, dict) else None
            if record is None:
                unreadable.append(Unreadable(number, "not_an_event", "expected an object with id, type and time"))
                continue
            records.append(orjson.dumps(record))
            numbers.append(number)
        yield json_rows(records, numbers, unreadable)


def _record(event: dict[str, Any], types: dict[str, str], customer: str | None) -> dict[str, Any]:
    record = {entry["name"]: entry.get("value") for entry in event.get("attributes", [])}
    record |= {"id": event.get("id"), "type": event.get("type"), "time": event.get("time")}
    objects: dict[str, list[str]] = {}
    for related in event.get("relationships", []):
        objects.setdefault(types.get(related["objectId"], "object"), []).append(related["objectId"])
    for sort, ids in objects.items():
        record[f"object:{sort}"] = list(dict.fromkeys(ids))
    if customer and customer in objects:
        record["customer"] = objects[customer][0]
    return record


def mapping(path: Path, source: str, customer: str | None) -> InteractionMapping:
    """How an event becomes an interaction: its objects are subjects, by type."""
    try:
        log = document(path, lambda _: None)
        sorts = sorted({str(entry["type"]) for entry in log.get("objects", [])})
    except (SourceError, TypeError, KeyError):
        sorts = []
    rule: dict[str, Any] = {
        "id": {"column": "id"},
        "occurred_at": {"column": "time"},
        "event": {"column": "type"},
        "subjects": {sort: {"each": f"object:{sort}"} for sort in [*sorts, "object"]},
    }
    if customer:
        rule["identifiers"] = {f"{customer} of {source}": {"column": "customer"}}
    return InteractionMapping(source, (rule,), {})
