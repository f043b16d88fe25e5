"""Reads CSV: each row as columns of text, each broken line named.

A block in which nothing is odd is parsed by Arrow; any other, by Python's csv module line by line, which
tells what is wrong where. A property test holds the two to the same rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from firsthand.sources.lines import LONGEST_LINE, blocks
from firsthand.sources.rows import Advance, Rows, Unreadable, shown

MOST_COLUMNS = 4096
csv.field_size_limit(LONGEST_LINE)


class Layout(NamedTuple):
    """How a CSV file is laid out, and where its header stands."""

    names: list[str]
    delimiter: str
    encoding: str
    header_line: int = 1


def read(path: Path, *, advance: Advance, delimiter: str | None = None, encoding: str = "utf-8") -> Iterator[Rows]:
    """The rows of a CSV file with a header line; the delimiter is taken from the header if not given."""
    layout: Layout | None = None
    carried = b""
    first = 1
    for block in blocks(path, advance):
        if isinstance(block, Unreadable):
            if layout and carried:
                yield _exact(carried, first, layout, last=True)[0]
                carried = b""
            yield _none([block])
            continue
        if not carried:
            first = block.first_line
        data = carried + block.data
        if layout is None:
            header = _header(data, delimiter, encoding)
            if isinstance(header, Unreadable):
                yield _none([header])
                return
            layout, used = header
            first += data.count(b"\n", 0, used)
            data = data[used:]
        rows, carried = _parse(data, first, layout, last=block.last)
        first += data.count(b"\n", 0, len(data) - len(carried))
        yield rows
    if layout is None:
        yield _none([Unreadable(0, "empty_file", "the file is empty; expected a header line and rows")])
    elif carried:
        yield _exact(carried, first, layout, last=True)[0]


def _none(unreadable: list[Unreadable]) -> Rows:
    return Rows(pa.table({"none": pa.array([], pa.string())}), pa.array([], pa.int64()), unreadable)


def _header(data: bytes, delimiter: str | None, encoding: str) -> tuple[Layout, int] | Unreadable:
    """The layout that the first line declares, and the number of bytes it takes."""
    used = 0
    line = b""
    while not line.strip() and used < len(data):
        end = data.find(b"\n", used) + 1 or len(data)
        line, used = data[used:end], end
    try:
        text = line.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as bad:
        return Unreadable(
            1, "not_utf8", f"the header is not {encoding}: {bad.reason} at byte {bad.start + 1}; "
            "say `read: {encoding: …}` in the mapping", shown(line),
        )  # fmt: skip
    if not text.strip():
        return Unreadable(0, "empty_file", "the file is empty; expected a header line and rows")
    delimiter = delimiter or max(",;\t|", key=text.count)
    cells = next(csv.reader([text], delimiter=delimiter))
    if len(cells) > MOST_COLUMNS:
        return Unreadable(
            1, "too_many_columns", f"{len(cells):,} columns; at most {MOST_COLUMNS:,} are read. "
            "Is the delimiter right?", shown(line),
        )  # fmt: skip
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {number}"
        names.append(name if name not in names else f"{name}.{number}")
    return Layout(names, delimiter, encoding), used


def _parse(data: bytes, first: int, layout: Layout, *, last: bool) -> tuple[Rows, bytes]:
    """Rows of whole lines, and the bytes of a last record that goes on in the next block."""
    table = _fast(data, layout)
    if table is not None:
        return Rows(table, pa.array(np.arange(first, first + table.num_rows))), b""
    return _exact(data, first, layout, last=last)


def _fast(data: bytes, layout: Layout) -> pa.Table | None:
    """The rows by Arrow, if each line is one whole row of valid text; else None."""
    names = layout.names
    if layout.encoding.lower() not in ("utf-8", "utf8") or not data or len(names) < 2:
        return None
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(data) + 1, use_threads=True),
            parse_options=arrow_csv.ParseOptions(delimiter=layout.delimiter),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    return table.combine_chunks() if table.num_rows == lines else None


def _exact(data: bytes, first: int, layout: Layout, *, last: bool) -> tuple[Rows, bytes]:
    """The rows line by line: a broken line is put aside alone, and reading goes on with the next."""
    raw = _lines(data)
    texts, unreadable = _decoded(raw, first, layout.encoding)
    width = len(layout.names)
    rows: list[list[str]] = []
    numbers: list[int] = []
    at = 0
    while at < len(raw):
        if texts[at] is None:
            at += 1
            continue
        reader = csv.reader(_until_undecodable(texts, at), delimiter=layout.delimiter)
        begin = at
        for row in _tolerant(reader):
            start, at = at, begin + reader.line_num
            ended = at == len(raw) or texts[at] is None
            if row is None or (ended and _quote_is_open(raw[start:at], layout)):
                if at == len(raw) and not last and row is not None and _size(raw[start:]) < LONGEST_LINE:
                    return _rows(rows, numbers, layout, unreadable), b"".join(raw[start:])
                unreadable.append(_broken(first + start, raw[start], "a quote that is opened is never closed"))
                at = start + 1
                break
            if not row:
                continue
            if len(row) != width:
                found = f"{len(row)} columns, expected {width} as in the header"
                unreadable.append(_broken(first + start, raw[start], found, "wrong_number_of_columns"))
                at = start + 1
                if reader.line_num > start - begin + 1:
                    break
                continue
            rows.append(row)
            numbers.append(first + start)
    return _rows(rows, numbers, layout, unreadable), b""


def _lines(data: bytes) -> list[bytes]:
    *whole, rest = data.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


def _size(lines: list[bytes]) -> int:
    return sum(map(len, lines))


def _tolerant(reader: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """The reader's rows; None, and then no more, where it cannot go on."""
    try:
        yield from reader
    except csv.Error:
        yield None


def _until_undecodable(texts: list[str | None], at: int) -> Iterator[str]:
    for text in islice(texts, at, None):
        if text is None:
            return
        yield text


def _quote_is_open(lines: list[bytes], layout: Layout) -> bool:
    texts = (line.decode(layout.encoding) for line in lines)
    try:
        list(csv.reader(texts, delimiter=layout.delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _decoded(raw: list[bytes], first: int, encoding: str) -> tuple[list[str | None], list[Unreadable]]:
    texts: list[str | None] = []
    unreadable: list[Unreadable] = []
    for number, line in enumerate(raw, first):
        try:
            texts.append(line.decode(encoding))
        except UnicodeDecodeError as bad:
            texts.append(None)
            found = f"not {encoding}: byte 0x{line[bad.start]:02x} at position {bad.start + 1}"
            hint = "; if the file is Latin-1, say `read: {encoding: latin-1}` in the mapping"
            unreadable.append(_broken(number, line, found + hint, "not_utf8"))
    return texts, unreadable


def _broken(line: int, raw: bytes, found: str, reason: str = "broken_line") -> Unreadable:
    return Unreadable(line, reason, found, shown(raw))


def _rows(rows: list[list[str]], numbers: list[int], layout: Layout, unreadable: list[Unreadable]) -> Rows:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(layout.names)
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=layout.names)
    return Rows(table, pa.array(numbers, pa.int64()), unreadable)
