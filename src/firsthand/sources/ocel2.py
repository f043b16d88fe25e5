"""Reads object-centric event logs, OCEL 2.0 as JSON (https://www.ocel-standard.org): an event is a record."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from firsthand.errors import SourceError
from firsthand.sources.lines import chunks
from firsthand.sources.mapping import InteractionMapping
from firsthand.sources.rows import Advance, Rows, Unreadable, json_rows, shown

BATCH = 50_000


def document(path: Path, advance: Advance) -> dict[str, Any] | Unreadable:
    """A JSON document; where the file is none, what it is, and where it stops being one."""
    try:
        content = b"".join(chunks(path, advance))
    except EOFError as damaged:
        return Unreadable(0, "truncated", f"the file ends early ({damaged}); expected a whole JSON document")
    if not content.strip():
        return Unreadable(0, "empty_file", "the file is empty; expected a JSON document")
    try:
        value = orjson.loads(content.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as bad:
        return Unreadable(bad.lineno, "not_json", f"not JSON: {bad.msg} at column {bad.colno}; expected a document")
    if not isinstance(value, dict):
        return Unreadable(0, "not_json", f"JSON, but {type(value).__name__}; expected one object")
    return value


def read(path: Path, *, advance: Advance, customer: str | None = None) -> Iterator[Rows]:
    """The events of a log; objects stand under `objects`, by type, the customer's first one under `customer`."""
    log = document(path, advance)
    if isinstance(log, dict) and not all(isinstance(log.get(key), list) for key in ("events", "objects")):
        log = Unreadable(0, "not_ocel", "no OCEL 2.0 log; expected the lists `events` and `objects`")
    if isinstance(log, Unreadable):
        yield json_rows([], [], [log])
        return
    types = _types(log)
    if customer and customer not in types.values():
        known = ", ".join(sorted(set(types.values()))) or "none"
        raise SourceError(f"{path.name}: no object is of the type {customer!r}. Types here: {known}.")
    events = log["events"]
    for at in range(0, len(events), BATCH):
        records: list[bytes] = []
        numbers: list[int] = []
        unreadable: list[Unreadable] = []
        for number, event in enumerate(events[at : at + BATCH], at + 1):
            try:
                records.append(orjson.dumps(_record(event, types, customer)))
            except (AttributeError, KeyError, TypeError):
                found = "no event; expected an object with id, type, time, attributes and relationships"
                unreadable.append(Unreadable(number, "not_an_event", found, shown(orjson.dumps(event))))
                continue
            numbers.append(number)
        yield json_rows(records, numbers, unreadable)


def _types(log: dict[str, Any]) -> dict[str, str]:
    """The type of each object, by its id."""
    found = [entry for entry in log["objects"] if isinstance(entry, dict) and "id" in entry]
    return {str(entry["id"]): str(entry.get("type", "object")) for entry in found}


def _record(event: dict[str, Any], types: dict[str, str], customer: str | None) -> dict[str, Any]:
    record = {entry["name"]: entry.get("value") for entry in event.get("attributes", [])}
    record |= {"id": event.get("id"), "type": event.get("type"), "time": event.get("time")}
    objects: dict[str, list[str]] = {}
    for related in event.get("relationships", []):
        objects.setdefault(types.get(related["objectId"], "object"), []).append(related["objectId"])
    for sort, ids in objects.items():
        record[f"object:{sort}"] = list(dict.fromkeys(ids))
    if qualifiers := {
        part["objectId"]: part["qualifier"] for part in event.get("relationships", []) if part.get("qualifier")
    }:
        record["qualifiers"] = qualifiers
    if customer and customer in objects:
        record["customer"] = objects[customer][0]
    return record


def sorts_in_file(path: Path) -> set[str]:
    """The types of the objects in a log; none where it is no log."""
    log = document(path, lambda _: None)
    return set(_types(log).values()) if isinstance(log, dict) and isinstance(log.get("objects"), list) else set()


def sorts_in_records(records: Iterable[str]) -> set[str]:
    """The types of the objects that records speak of."""
    keys = {key for record in records for key in orjson.loads(record)}
    return {key.removeprefix("object:") for key in keys if key.startswith("object:")}


def mapping(sorts: Collection[str], source: str, customer: str | None) -> InteractionMapping:
    """How an event becomes an interaction: its objects are subjects, by type (one of `sorts`)."""
    rule: dict[str, Any] = {
        "id": {"column": "id"},
        "occurred_at": {"column": "time"},
        "event": {"column": "type"},
        "subjects": {sort: {"each": f"object:{sort}"} for sort in dict.fromkeys([*sorted(sorts), "object"])},
    }
    if customer:
        rule["identifiers"] = {f"{customer} of {source}": {"column": "customer"}}
    return InteractionMapping(source, (rule,), {})
