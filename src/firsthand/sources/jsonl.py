"""Reads JSON lines: each line one object. Whether a line is valid JSON is judged in bulk, by DuckDB."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa

from firsthand.sources.lines import AS_UTF_8, Block, blocks
from firsthand.sources.rows import Advance, Rows, Unreadable, json_rows, shown

SORTS = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false", type(None): "null"}
"""What a JSON value is called, where it is no object."""


def read(path: Path, *, advance: Advance) -> Iterator[Rows]:
    """The records of a file of JSON lines, each as JSON text with the number of its line."""
    empty = True
    for block in blocks(path, advance):
        empty = False
        yield json_rows([], [], [block]) if isinstance(block, Unreadable) else _rows(block)
    if empty:
        yield json_rows([], [], [Unreadable(0, "empty_file", "the file is empty; expected JSON lines")])


def _rows(block: Block) -> Rows:
    data = block.data.removeprefix(codecs.BOM_UTF8) if block.first_line == 1 else block.data
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    numbers = list(range(block.first_line, block.first_line + len(lines)))
    if not all(lines) or b"\n\r" in data:
        filled = [(line, number) for line, number in zip(lines, numbers, strict=True) if line.strip()]
        lines, numbers = [line for line, _ in filled], [number for _, number in filled]
    try:
        return json_rows(lines, numbers, [])
    except pa.ArrowInvalid:
        return judged(lines, numbers)


def judged(records: list[bytes], numbers: list[int]) -> Rows:
    """Records one by one: those that are JSON objects as rows, the others with what is wrong with them."""
    texts: list[bytes] = []
    lines: list[int] = []
    unreadable: list[Unreadable] = []
    for record, number in zip(records, numbers, strict=True):
        fault = fault_of(record)
        if fault is None:
            texts.append(record)
            lines.append(number)
        else:
            unreadable.append(Unreadable(number, *fault, shown(record)))
    return json_rows(texts, lines, unreadable)


def fault_of(record: bytes) -> tuple[str, str] | None:
    """Reason and message, where a record is no JSON object."""
    try:
        record.decode()
    except UnicodeDecodeError as bad:
        return "not_utf8", f"not UTF-8: byte 0x{record[bad.start]:02x} at position {bad.start + 1}; {AS_UTF_8}"
    try:
        value = orjson.loads(record)
    except orjson.JSONDecodeError as bad:
        return "not_json", f"not JSON: {bad.msg} at position {bad.pos + 1}; expected one object a line"
    if not isinstance(value, dict):
        return "not_json", f"JSON, but {SORTS[type(value)]}; expected an object"
    return None
