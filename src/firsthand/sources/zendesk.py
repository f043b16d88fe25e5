"""Reads Zendesk tickets with metric sets, as its incremental export gives them.

Either documents (`{"tickets": […], "metric_sets": […], "users": […]}`, one a page) or JSON lines of tickets with
`metric_set` inside. Each ticket is a record; requester and metric set are put into it. The tickets of a document are
streamed; its metric sets and users are held, as JSON text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from firsthand.sources import jsonl
from firsthand.sources.documents import Document, NotADocument, packed
from firsthand.sources.lines import Block, blocks
from firsthand.sources.rows import Advance, Rows, Unreadable, json_rows, shown

BATCH = 50_000


def read(path: Path, *, advance: Advance) -> Iterator[Rows]:
    """The tickets of an export, in the order of the file."""
    if _is_lines(path):
        yield from _lines(path, advance)
        return
    try:
        yield from _document(path, advance)
    except NotADocument as bad:
        yield json_rows([], [], [bad.fault])


def _document(path: Path, advance: Advance) -> Iterator[Rows]:
    page = Document(path)
    metrics, users = _held(page, "metric_sets", "ticket_id"), _held(page, "users", "id")
    waiting: list[bytes] = []
    lines: list[int] = []
    for line, ticket in page.elements("tickets", advance):
        waiting.append(packed(_with(ticket, metrics, users)))
        lines.append(line)
        if len(waiting) == BATCH:
            yield jsonl.judged(waiting, lines)
            waiting, lines = [], []
    if "tickets" not in page.lists:
        waiting = [packed(ticket) for ticket in _tickets(page.whole())]
        lines = [1] * len(waiting)
    yield jsonl.judged(waiting, lines)


def _held(page: Document, key: str, of: str) -> dict[str, bytes]:
    """What stands beside the tickets, as JSON text, by the ticket or user it is of."""
    entries = (entry for _, entry in page.elements(key) if isinstance(entry, dict) and of in entry)
    return {str(entry[of]): packed(entry) for entry in entries}


def _with(ticket: Any, metrics: dict[str, bytes], users: dict[str, bytes]) -> Any:
    if not isinstance(ticket, dict):
        return ticket
    beside = (metrics.get(str(ticket.get("id"))), users.get(str(ticket.get("requester_id"))))
    return _whole(ticket, *(found and orjson.loads(found) for found in beside))


def _is_lines(path: Path) -> bool:
    """Whether the first line is a whole JSON value, as in JSON lines (or a document on one line)."""
    for block in blocks(path, lambda _: None):
        if isinstance(block, Unreadable):
            return False
        line = block.data.lstrip().partition(b"\n")[0]
        return line.strip() not in (b"{", b"[") and line.rstrip().endswith(b"}")
    return True


def _lines(path: Path, advance: Advance) -> Iterator[Rows]:
    empty = True
    for block in blocks(path, advance):
        empty = False
        if isinstance(block, Unreadable):
            yield json_rows([], [], [block])
            continue
        yield _page(block)
    if empty:
        yield json_rows([], [], [Unreadable(0, "empty_file", "the file is empty; expected tickets")])


def _page(block: Block) -> Rows:
    records: list[bytes] = []
    numbers: list[int] = []
    unreadable: list[Unreadable] = []
    for number, line in enumerate(block.data.split(b"\n"), block.first_line):
        if not line.strip():
            continue
        fault = jsonl.fault_of(line)
        if fault:
            unreadable.append(Unreadable(number, *fault, shown(line)))
            continue
        tickets = _tickets(orjson.loads(line))
        records += [orjson.dumps(ticket) for ticket in tickets]
        numbers += [number] * len(tickets)
    rows = jsonl.judged(records, numbers)
    return Rows(rows.table, rows.line, unreadable + rows.unreadable, nested=True)


def _tickets(page: dict[str, Any]) -> list[Any]:
    """The tickets of a page with what stands beside them put inside; a ticket alone is a page of one."""
    tickets = page.get("tickets", [page])
    metrics = _beside(page, "metric_sets", "ticket_id")
    users = _beside(page, "users", "id")
    listed = tickets if isinstance(tickets, list) else [tickets]
    return [
        _whole(ticket, metrics.get(str(ticket.get("id"))), users.get(str(ticket.get("requester_id"))))
        if isinstance(ticket, dict)
        else ticket
        for ticket in listed
    ]


def _beside(page: dict[str, Any], key: str, of: str) -> dict[str, dict[str, Any]]:
    listed = page.get(key)
    entries = listed if isinstance(listed, list) else []
    return {str(entry[of]): entry for entry in entries if isinstance(entry, dict) and of in entry}


def _whole(ticket: dict[str, Any], metric_set: Any, requester: Any) -> dict[str, Any]:
    ticket = dict(ticket)
    if metric_set is not None:
        ticket["metric_set"] = metric_set
    if requester is not None:
        ticket["requester"] = requester
    if first_reply := _first_reply(ticket):
        ticket["first_reply_at"] = first_reply
    return ticket


def _first_reply(ticket: dict[str, Any]) -> str | None:
    """When the first reply came; where that cannot be told from what stands there, words that will be rejected as no date."""
    try:
        minutes = ticket["metric_set"]["reply_time_in_minutes"]["calendar"]
        created = datetime.fromisoformat(ticket["created_at"])
    except (KeyError, TypeError, ValueError):
        return None
    try:
        return None if minutes is None else (created + timedelta(minutes=minutes)).isoformat()
    except (TypeError, OverflowError):
        return f"{minutes} minutes after {created.isoformat()}"
