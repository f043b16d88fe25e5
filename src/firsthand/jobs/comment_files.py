"""Comments in a file: its rows in portions, and a table of answers that grows by them and goes on where it was stopped."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from firsthand.errors import SourceError
from firsthand.sources import csv as csv_source
from firsthand.sources import parquet
from firsthand.sources.rows import Advance, Unreadable

Row = dict[str, Any]
PORTION = 1_000
"""So many comments are read and written at a time: what a stop can cost."""


@dataclass
class Comments:
    """The rows of a file: an id and a text each, as they come; what could not be read gathers in `unreadable`."""

    path: Path
    text: str
    id: str | None = None
    also: tuple[str, ...] = ()
    unreadable: list[Unreadable] = field(default_factory=list)

    def portions(self, advance: Advance = lambda _: None) -> Iterator[list[Row]]:
        """Portions of rows: `id` (the number of the record, from 1, where no column is one; what could not be read counts), `text`, and the columns of `also`.

        Raises SourceError where the file is not there, holds nothing, or lacks a column.
        """
        if not self.path.is_file():
            raise SourceError(f"{self.path}: there is no such file.")
        number, header = 0, False
        for rows in self._rows(advance):
            self.unreadable += rows.unreadable
            table, lines = rows.table, rows.line.to_pylist()
            faulty = sorted(each.line for each in self.unreadable)
            if not table.num_rows:
                continue
            header = header or self._check(table.column_names)
            names = [self.text, *([self.id] if self.id else []), *self.also]
            for begin in range(0, table.num_rows, PORTION):
                part = table.slice(begin, PORTION).select(list(dict.fromkeys(names))).to_pylist()
                yield [
                    {
                        "id": row[self.id] if self.id else str(number + at + bisect(faulty, line)),
                        "text": row[self.text] or "",
                    }
                    | {name: row[name] for name in self.also}
                    for at, (row, line) in enumerate(zip(part, lines[begin:], strict=False), 1)
                ]
                number += len(part)
        if not header and not self.unreadable:
            raise SourceError(f"{self.path}: there are no rows in it.")

    def _rows(self, advance: Advance) -> Iterator[Any]:
        if self.path.suffix == ".parquet":
            return parquet.read(self.path, advance=advance)
        return csv_source.read(self.path, advance=advance, encoding=self.encoding)

    @cached_property
    def encoding(self) -> str:
        """utf-8; or latin-1, where no letter beyond ASCII in the first megabyte is UTF-8."""
        with self.path.open("rb") as stream:
            foreign = {letter for letter in stream.read(2**20).decode("utf-8", "replace") if letter > "\x7f"}
        return "latin-1" if foreign == {"\ufffd"} else "utf-8"

    def _check(self, there: Sequence[str]) -> bool:
        for name in (self.text, self.id, *self.also):
            if name is not None and name not in there:
                raise SourceError(f'{self.path}: there is no column "{name}". It has: {", ".join(there[:40])}.')
        return True


class Answers:
    """A CSV that is written portion by portion beside the file that it will be.

    What is in a portion that was finished stays, whatever happens: asked again with the same question, `done` says how many
    rows are there already.
    """

    def __init__(self, out: Path, columns: Sequence[str], question: Any) -> None:
        self.out, self.columns = out, columns
        self._part = out.with_name(out.name + ".part")
        self._mark = out.with_name(out.name + ".part.json")
        self._question = hashlib.sha256(json.dumps(question, sort_keys=True, default=str).encode()).hexdigest()
        self.done, self.counts, size = self._found()
        out.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("r+" if size else "w", encoding="utf-8", newline="")
        self._file.seek(size)
        self._file.truncate()
        self._writer = csv.DictWriter(self._file, columns, lineterminator="\n")
        if not size:
            self._writer.writeheader()

    def _found(self) -> tuple[int, Counter[str], int]:
        try:
            mark = json.loads(self._mark.read_text("utf-8"))
            if mark["question"] == self._question and self._part.stat().st_size >= mark["size"]:
                return mark["rows"], Counter(mark["counts"]), mark["size"]
        except (OSError, ValueError, KeyError):
            pass
        return 0, Counter(), 0

    def add(self, rows: Sequence[Row], sorts: Iterable[str]) -> None:
        """Writes a portion, and that it is written. sorts: of each row, what it counts as."""
        self._writer.writerows(rows)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.done += len(rows)
        self.counts.update(sorts)
        size = self._part.stat().st_size
        mark = {"question": self._question, "rows": self.done, "counts": self.counts, "size": size}
        written = self._mark.with_suffix(".new")
        written.write_text(json.dumps(mark), "utf-8")
        written.replace(self._mark)

    def finish(self) -> None:
        """Puts the whole file in its place."""
        self._file.close()
        self._part.replace(self.out)
        self._mark.unlink(missing_ok=True)


def question_of(path: Path, *settings: Any) -> Row:
    """What tells one reading of a file from another: the file as it is, and how it is to be read."""
    there = path.stat() if path.is_file() else None
    return {"file": str(path.resolve()), "is": there and [there.st_size, there.st_mtime_ns], "settings": settings}


def write_unreadable(unreadable: Sequence[Unreadable], source: Path, out: Path) -> Path:
    """Lists what could not be read beside the answers: file, line, reason, what was found, and the record as it stood."""
    listed = out.with_name(f"{out.stem}.rejected.csv")
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "line", "reason", "message", "raw"])
        writer.writerows([source.name, each.line, each.reason, each.message, each.raw] for each in unreadable)
    return listed
