"""Reads object-centric event logs, OCEL 2.0 as JSON (https://www.ocel-standard.org): an event is a record.

Events are streamed. Of the objects, which may stand behind the events, id and type are held: a first pass gathers them.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from firsthand.errors import SourceError
from firsthand.sources.documents import Document, NotADocument, packed
from firsthand.sources.mapping import InteractionMapping
from firsthand.sources.rows import Advance, Rows, Unreadable, json_rows, shown

BATCH = 50_000


def read(path: Path, *, advance: Advance, customer: str | None = None) -> Iterator[Rows]:
    """The events of a log; objects stand under `objects`, by type, the customer's first one under `customer`.

    Of a file that is no whole document, nothing is taken: what its objects are is not known.
    """
    records: list[bytes] = []
    lines: list[int] = []
    unreadable: list[Unreadable] = []
    log = Document(path)
    try:
        types = _types(log)
        if not {"events", "objects"} <= log.lists:
            raise NotADocument(0, "not_ocel", "no OCEL 2.0 log; expected the lists `events` and `objects`")
        if customer and customer not in types.values():
            known = ", ".join(sorted(set(types.values()))) or "none"
            raise SourceError(f"{path.name}: no object is of the type {customer!r}. Types here: {known}.")
        for line, event in log.elements("events", advance):
            try:
                records.append(packed(_record(event, types, customer)))
                lines.append(line)
            except (AttributeError, KeyError, TypeError):
                found = "no event; expected an object with id, type, time, attributes and relationships"
                unreadable.append(Unreadable(line, "not_an_event", found, shown(packed(event))))
            if len(records) + len(unreadable) >= BATCH:
                yield json_rows(records, lines, unreadable)
                records, lines, unreadable = [], [], []
    except NotADocument as bad:
        unreadable.append(bad.fault)
    yield json_rows(records, lines, unreadable)


def _types(log: Document) -> dict[str, str]:
    """The type of each object, by its id. Raises NotADocument."""
    objects = (entry for _, entry in log.elements("objects") if isinstance(entry, dict) and "id" in entry)
    return {str(entry["id"]): sys.intern(str(entry.get("type", "object"))) for entry in objects}


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
    try:
        return set(_types(Document(path)).values())
    except NotADocument:
        return set()


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
