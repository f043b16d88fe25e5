"""Reads CSV: each row as columns of text, each broken line named.

A block in which nothing is odd is parsed by Arrow; any other, by Python's csv module line by line, which
tells what is wrong where. A property test holds the two to the same rows.
"""

from __future__ import annotations

import codecs
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
HEADER_LINES = 100
UNCLOSED = "a quote that is opened is never closed"
KNOWN = {
    "limit": UNCLOSED,
    "new-line character": "a line ends with a carriage return alone; expected a line feed, or both",
}
"""What Python's words on a broken line mean."""
csv.field_size_limit(LONGEST_LINE)


class Layout(NamedTuple):
    """How a CSV file is laid out."""

    names: list[str]
    delimiter: str
    encoding: str


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
            if layout is None:
                return
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
    line, used = _first_record(data)
    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        said = "the file is UTF-16, which is not read; save it as UTF-8 (iconv -f utf-16 -t utf-8) and import that"
        return Unreadable(1, "not_utf8", said, shown(line))
    try:
        text = line.decode("utf-8-sig" if _is_utf8(encoding) else encoding)
    except UnicodeDecodeError as bad:
        return Unreadable(
            1, "not_utf8", f"the header is not {encoding}: {bad.reason} at byte {bad.start + 1}; "
            "say `read: {encoding: …}` in the mapping", shown(line),
        )  # fmt: skip
    if not text.strip():
        return Unreadable(0, "empty_file", "the file is empty; expected a header line and rows")
    delimiter = delimiter or max(",;\t|", key=text.count)
    try:
        cells = next(csv.reader([text], delimiter=delimiter))
    except csv.Error as bad:
        return Unreadable(1, "broken_line", f"the header is not CSV: {bad}", shown(line))
    if len(cells) > MOST_COLUMNS:
        return Unreadable(
            1, "too_many_columns", f"{len(cells):,} columns; at most {MOST_COLUMNS:,} are read. "
            "If the delimiter was guessed wrongly, say `read: {delimiter: …}` in the mapping", shown(line),
        )  # fmt: skip
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell.replace("\0", "").strip() or f"column {number}"
        while name in names:
            name += f".{number}"
        names.append(name)
    return Layout(names, delimiter, "utf-8" if _is_utf8(encoding) else encoding), used


def _first_record(data: bytes) -> tuple[bytes, int]:
    """The first line that is not blank, with those that a quoted line break joins to it; and where it ends."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    end = data.find(b"\n", start) + 1 or len(data)
    whole = end
    for _ in range(HEADER_LINES):
        if data.count(b'"', start, whole) % 2 == 0:
            return data[start:whole], whole
        whole = data.find(b"\n", whole) + 1 or len(data)
    return data[start:end], end


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def _parse(data: bytes, first: int, layout: Layout, *, last: bool) -> tuple[Rows, bytes]:
    """Rows of whole lines, and the bytes of a last record that goes on in the next block."""
    table = _fast(data, layout)
    if table is not None:
        return Rows(table, pa.array(np.arange(first, first + table.num_rows))), b""
    return _exact(data, first, layout, last=last)


def _fast(data: bytes, layout: Layout) -> pa.Table | None:
    """The rows by Arrow, if each line is one whole row of valid text; else None."""
    names = layout.names
    if not _is_utf8(layout.encoding) or not data or len(names) < 2:
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
    last = data[data.rfind(b"\n", 0, -1) + 1 :]
    if table.num_rows != lines or data.count(b"\r") != data.count(b"\r\n") or _quote_is_open([last], layout):
        return None
    return table.combine_chunks()


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
            if isinstance(row, str) or (ended and _quote_is_open(raw[start:at], layout)):
                if at == len(raw) and not last and isinstance(row, list) and _size(raw[start:]) < LONGEST_LINE:
                    return _rows(rows, numbers, layout, unreadable), b"".join(raw[start:])
                found = row if isinstance(row, str) else UNCLOSED
                unreadable.append(_broken(first + start, raw[start], found))
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


def _tolerant(reader: Iterator[list[str]]) -> Iterator[list[str] | str]:
    """The reader's rows; where it cannot go on, why, and then no more."""
    try:
        yield from reader
    except csv.Error as bad:
        yield next((found for said, found in KNOWN.items() if said in str(bad)), f"not CSV: {bad}")


def _until_undecodable(texts: list[str | None], at: int) -> Iterator[str]:
    for text in islice(texts, at, None):
        if text is None:
            return
        yield text


def _quote_is_open(lines: list[bytes], layout: Layout) -> bool:
    """Whether a line that followed would still belong to the last record."""
    following = "next"
    texts = [*(line.decode(layout.encoding) for line in lines), following]
    *_, row = _tolerant(csv.reader(texts, delimiter=layout.delimiter))
    return isinstance(row, list) and row != [following]


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
