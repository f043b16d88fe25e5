"""Reads Zendesk tickets with metric sets, as its incremental export gives them.

Either documents (`{"tickets": […], "metric_sets": […], "users": […]}`, one a page) or JSON lines of tickets with
`metric_set` inside. Each ticket is a record; requester and metric set are put into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from firsthand.errors import SourceError
from firsthand.sources import jsonl
from firsthand.sources.lines import Block, blocks
from firsthand.sources.ocel2 import document
from firsthand.sources.rows import Advance, Rows, Unreadable, json_rows, shown


def read(path: Path, *, advance: Advance) -> Iterator[Rows]:
    """The tickets of an export, in the order of the file."""
    if _is_lines(path):
        yield from _lines(path, advance)
        return
    try:
        page = document(path, advance)
    except SourceError as bad:
        yield json_rows([], [], [Unreadable(0, "not_json", str(bad))])
        return
    tickets = _tickets(page)
    yield json_rows([orjson.dumps(ticket) for ticket in tickets], list(range(1, len(tickets) + 1)), [])


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
    return json_rows(records, numbers, unreadable)


def _tickets(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The tickets of a page with what stands beside them put inside; a ticket alone is a page of one."""
    tickets = page.get("tickets", [page])
    metrics = {entry.get("ticket_id"): entry for entry in page.get("metric_sets") or []}
    users = {entry.get("id"): entry for entry in page.get("users") or []}
    return [_whole(ticket, metrics, users) for ticket in tickets if isinstance(ticket, dict)]


def _whole(ticket: dict[str, Any], metrics: dict[Any, Any], users: dict[Any, Any]) -> dict[str, Any]:
    ticket = dict(ticket)
    if ticket.get("id") in metrics:
        ticket["metric_set"] = metrics[ticket["id"]]
    if ticket.get("requester_id") in users:
        ticket["requester"] = users[ticket["requester_id"]]
    reply = ((ticket.get("metric_set") or {}).get("reply_time_in_minutes") or {}).get("calendar")
    if isinstance(reply, int | float) and (created := _time(ticket.get("created_at"))):
        ticket["first_reply_at"] = (created + timedelta(minutes=reply)).isoformat()
    return ticket


def _time(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
