"""What the readers of survey exports share: a response is a row, each question that it answers a record.

The file is read twice: once for all answers to each question, which show its scale, and once for the records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from firsthand.sources import csv
from firsthand.sources.lines import chunks
from firsthand.sources.rows import Advance, Rows, Unreadable, json_rows
from firsthand.sources.surveys.questions import MOST_WORDS, Column, Question, Said, Told, load, questions

BATCH = 50_000
NOTHING_TOLD = Told()
_FIRST_CELL = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:"(?:[^"]|"")*"|[^;,\t"\r\n]*)([;,\t])')

__all__ = ["Column", "Layout", "Told", "load", "records"]


@dataclass(frozen=True)
class Layout:
    """What the columns of an export are.

    answers: those that hold answers.  beside: the others, by what they are called in a record.
    dropped: names of those that are not taken over unless they are asked for.
    blank: cells that mean that nothing was answered.  heads: how many rows below the header are no responses.
    beside_as: what becomes of a cell of those beside, by what they are called.
    """

    answers: Sequence[Column]
    beside: Mapping[str, str]
    dropped: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    heads: int = 0
    beside_as: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


Understand = Callable[[list[str], list[dict[str, str]]], Layout | Unreadable]
"""What the header and the first rows below it say: the layout, or why it is none."""


def delimiter_of(path: Path) -> str | None:
    """What stands behind the first cell of a header: wordings hold commas, so they cannot be counted."""
    try:
        found = _FIRST_CELL.match(next(chunks(path, lambda _: None), b"")[:4096])
    except EOFError:
        return None
    return found[1].decode() if found else None


def records(
    path: Path,
    *,
    advance: Advance,
    understand: Understand,
    language: Sequence[str],
    told: Told,
    reading: Mapping[str, str],
) -> Iterator[Rows]:
    """The answers in an export, a record each; a response that answers nothing is a record without a question.

    language: columns that tell the language of a response.  told: what a file of questions says.
    reading: delimiter and encoding, where they are told.
    """
    reading = {"delimiter": delimiter_of(path) or ",", **reading}
    layout, said, partly = _first_pass(path, understand, reading, told)
    if isinstance(layout, Unreadable):
        yield json_rows([], [], [layout])
        return
    asked = questions(layout.answers, said, partly, told) if layout else []
    heads = layout.heads if layout else 0
    texts: list[str] = []
    lines: list[int] = []
    for rows in csv.read(path, advance=advance, **reading):
        skipped = min(heads, rows.table.num_rows)
        heads -= skipped
        numbers = rows.line.to_pylist()[skipped:]
        unreadable = rows.unreadable
        if layout:
            for line, cells in zip(numbers, _cells(rows.table.slice(skipped), layout), strict=True):
                found = list(_of_response(cells, asked, layout, told, language))
                texts += found
                lines += [line] * len(found)
                if len(texts) >= BATCH:
                    yield json_rows(texts, lines, unreadable)
                    texts, lines, unreadable = [], [], []
        yield json_rows(texts, lines, unreadable)
        texts, lines = [], []


def _first_pass(
    path: Path, understand: Understand, reading: Mapping[str, str], told: Told
) -> tuple[Layout | Unreadable | None, dict[str, Said], frozenset[str]]:
    """The layout, all that was said in each column, and the stems that some response answers in part."""
    layout: Layout | None = None
    said: dict[str, Said] = {}
    partly: set[str] = set()
    for rows in csv.read(path, advance=lambda _: None, **reading):
        table = rows.table
        if layout is None:
            if not table.num_rows and rows.unreadable:
                continue
            found = understand(table.column_names, table.slice(0, 2).to_pylist())
            if isinstance(found, Unreadable):
                return found, said, frozenset()
            layout = found
            told.check(path, layout.answers, table.column_names)
            said = {column.name: Said() for column in layout.answers}
            table = table.slice(layout.heads)
        _hear(table, layout, said, partly)
    return layout, said, frozenset(partly)


def _hear(table: pa.Table, layout: Layout, said: dict[str, Said], partly: set[str]) -> None:
    """Adds what a batch says."""
    stems: dict[str, list[np.ndarray[Any, Any]]] = {}
    for column in layout.answers:
        cells = pc.utf8_trim_whitespace(table.column(column.name))
        blank = ["", *layout.blank]
        stems.setdefault(column.stem_key, []).append(
            ~pc.is_in(cells, pa.array(blank, pa.string())).to_numpy(zero_copy_only=False)
        )
        heard = said[column.name]
        for counted in () if heard.many else cells.value_counts().to_pylist():
            if counted["values"] not in blank:
                heard.counts[counted["values"]] = heard.counts.get(counted["values"], 0) + counted["counts"]
        heard.many |= len(heard.counts) > MOST_WORDS
    partly.update(stem for stem, given in stems.items() if (np.any(given, axis=0) & ~np.all(given, axis=0)).any())


def _cells(table: pa.Table, layout: Layout) -> Iterator[dict[str, str]]:
    """The cells of each row, by name of column; those that mean that nothing was answered are empty."""
    answers = [column.name for column in layout.answers]
    columns = [column.to_pylist() for column in table.columns]
    for row in zip(*columns, strict=True):
        said = {name: text.strip() for name, text in zip(table.column_names, row, strict=True)}
        yield said | {name: "" for name in answers if said[name] in layout.blank}


def _of_response(
    cells: Mapping[str, str], asked: Sequence[Question], layout: Layout, told: Told, language: Sequence[str]
) -> Iterator[str]:
    """The records of a response, as JSON text: as bytes of orjson each would hold on to eight kilobytes."""
    beside = {
        key: layout.beside_as[key](cells[name]) if key in layout.beside_as else cells[name]
        for name, key in layout.beside.items()
        if cells[name] and (key not in layout.dropped or name in told.keep)
    }
    spoken = next((beside[name] for name in language if name in beside), "")
    if spoken[:2].isalpha() and spoken[2:3] in ("", "-", "_"):
        beside["answer:language"] = spoken[:2].lower()
    for each in asked:
        if each.sort == "property" and (said := cells.get(each.columns[0].name)):
            beside[each.columns[0].name] = said
    answered = False
    for each in asked:
        if each.sort not in ("property", "nothing") and (found := each.answered(cells)):
            answered = True
            what = {"question:id": each.key, "question:wording": each.wording, "question:kind": each.kind}
            yield orjson.dumps(beside | what | found).decode()
    if not answered:
        yield orjson.dumps(beside).decode()
