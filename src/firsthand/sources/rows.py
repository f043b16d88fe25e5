"""What every reader yields: rows of one file, and the records it could not make rows of."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

RAW_LIMIT = 64 * 1024
"""Characters of a rejected record that are kept; a longer one cannot be retried."""

Advance = Callable[[int], object]
"""Told the number of bytes read, for a progress bar."""


@dataclass(frozen=True)
class Unreadable:
    """A record, or with line 0 a whole file, that could not be read."""

    line: int
    reason: str
    message: str
    raw: str = ""
    column: str | None = None


@dataclass(frozen=True)
class Rows:
    """Rows of a file: columns of text, or, where records are nested, the one column `raw` of JSON text.

    line: number of the line each row begins on (of the row, in Parquet).
    """

    table: pa.Table
    line: pa.Array
    unreadable: list[Unreadable] = field(default_factory=list)
    nested: bool = False


class Packed:
    """JSON texts one behind the other, as a column of Arrow lies in memory: a fraction of what a list of them takes."""

    def __init__(self) -> None:
        self._texts = bytearray()
        self._ends = array("i", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self._texts)

    def add(self, text: bytes) -> None:
        self._texts += text
        self._ends.append(len(self._texts))

    def rows(self, lines: list[int], unreadable: list[Unreadable]) -> Rows:
        column = pa.StringArray.from_buffers(len(self), pa.py_buffer(self._ends), pa.py_buffer(self._texts))
        return Rows(pa.table({"raw": column}), pa.array(lines, pa.int64()), unreadable, nested=True)


def json_rows(texts: list[str] | list[bytes], lines: list[int], unreadable: list[Unreadable]) -> Rows:
    """Rows of JSON text."""
    column = pa.array(texts, pa.binary()).cast(pa.string()) if _binary(texts) else pa.array(texts, pa.string())
    return Rows(pa.table({"raw": column}), pa.array(lines, pa.int64()), unreadable, nested=True)


def _binary(texts: list[str] | list[bytes]) -> bool:
    return bool(texts) and isinstance(texts[0], bytes)


def shown(raw: bytes | str) -> str:
    """A raw record as text that can be stored: undecodable bytes as \\xNN, cut at the limit."""
    text = raw[:RAW_LIMIT].decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw[:RAW_LIMIT]
    return text.rstrip("\r\n")
