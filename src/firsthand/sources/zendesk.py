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

from firsthand.sources import jsonl
from firsthand.sources.lines import Block, blocks
from firsthand.sources.ocel2 import document
from firsthand.sources.rows import Advance, Rows, Unreadable, json_rows, shown


def read(path: Path, *, advance: Advance) -> Iterator[Rows]:
    """The tickets of an export, in the order of the file."""
    if _is_lines(path):
        yield from _lines(path, advance)
        return
    page = document(path, advance)
    if isinstance(page, Unreadable):
        yield json_rows([], [], [page])
        return
    tickets = _tickets(page)
    numbers = list(range(1, len(tickets) + 1))
    yield jsonl.judged([orjson.dumps(ticket) for ticket in tickets], numbers)


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
    return [_whole(ticket, metrics, users) if isinstance(ticket, dict) else ticket for ticket in listed]


def _beside(page: dict[str, Any], key: str, of: str) -> dict[str, dict[str, Any]]:
    listed = page.get(key)
    entries = listed if isinstance(listed, list) else []
    return {str(entry[of]): entry for entry in entries if isinstance(entry, dict) and of in entry}


def _whole(ticket: dict[str, Any], metrics: dict[str, Any], users: dict[str, Any]) -> dict[str, Any]:
    ticket = dict(ticket)
    if (metric_set := metrics.get(str(ticket.get("id")))) is not None:
        ticket["metric_set"] = metric_set
    if (requester := users.get(str(ticket.get("requester_id")))) is not None:
        ticket["requester"] = requester
    if first_reply := _first_reply(ticket):
        ticket["first_reply_at"] = first_reply
    return ticket


def _first_reply(ticket: dict[str, Any]) -> str | None:
    try:
        minutes = ticket["metric_set"]["reply_time_in_minutes"]["calendar"]
        return (datetime.fromisoformat(ticket["created_at"]) + timedelta(minutes=minutes)).isoformat()
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
