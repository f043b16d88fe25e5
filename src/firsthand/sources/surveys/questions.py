"""The questions of a survey: found in its columns and in all answers to each, or told by a file of questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from firsthand.errors import SourceError
from firsthand.sources import checked_yaml
from firsthand.sources.surveys.words import (
    NO,
    YES,
    Scale,
    asks_for_words,
    asks_what_was_expected,
    folded,
    kinds,
    no_opinion,
    scale_of_words,
)

MOST_WORDS = 1000
"""Distinct answers of a column that are looked at; more are no scale."""
USUAL = ((1, 5), (1, 7), (0, 10))
_NUMBER = re.compile(r"([+-]?\d{1,15}(?:[.,]\d{1,15})?)(?:\s*[-–—=:.)(]\s*|\s+|$)(\D.*)?")
_ENDS = re.compile(r"(?<![\d.,])(0|1)\s*(?:-|–|—|to|bis|a|à|tot|t/m|al|ao|until)\s*(4|5|6|7|10|100)(?![\d%])")


@dataclass(frozen=True)
class Column:
    """A column of answers.

    stem: what the columns of one question share.  label: what this one adds to the wording.
    own_words, chosen: whether the export says that it holds the customer's own words, or what was chosen.
    nps: whether it says that the question is that of the Net Promoter Score.
    """

    name: str
    key: str
    stem: str
    stem_key: str
    wording: str
    stem_wording: str
    label: str = ""
    own_words: bool = False
    chosen: bool = False
    nps: bool = False


@dataclass
class Said:
    """What a column holds: each distinct answer with how often it was given, as far as there are not too many."""

    counts: dict[str, int] = field(default_factory=dict)
    many: bool = False

    @property
    def given(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Question:
    """A question: what it asks for, and how an answer to it is read.

    sort: score, answer, choices (several columns, one answer), text, property or nothing.
    """

    key: str
    wording: str
    columns: tuple[Column, ...]
    sort: str
    kind: str = "other"
    scale: Scale | None = None

    def answered(self, cells: Mapping[str, str]) -> dict[str, Any] | None:
        """What a response says to the question; None where nothing."""
        given = [(column, cells[column.name]) for column in self.columns if cells.get(column.name)]
        if self.sort == "choices":
            chosen = [_chosen(column, cell) for column, cell in given if folded(cell) not in NO]
            return {"answer:words": ", ".join(chosen)} if chosen else None
        if not given:
            return None
        return self._said(given[0][1])

    def _said(self, cell: str) -> dict[str, Any]:
        if self.sort == "text":
            return {"answer:text": cell}
        if self.sort == "answer":
            return {"answer:words": cell}
        number, words = numbered(cell)
        scale = self.scale
        if scale and scale.scores is not None:
            number, words = scale.scores.get(folded(cell)), True
        said: dict[str, Any] = {"answer:words": cell} if words or number is None else {}
        if number is not None:
            said["answer:score"] = number
        return said | ({"question:low": scale.low, "question:high": scale.high} if scale else {})


def _chosen(column: Column, cell: str) -> str:
    said = numbered(cell)[0] is None and folded(cell) not in YES
    return cell if said else column.label or column.name


@lru_cache(10_000)
def numbered(cell: str) -> tuple[float | None, bool]:
    """The number that an answer is or begins with (`10 - Extremely likely`), and whether it has words, too."""
    found = _NUMBER.fullmatch(cell)
    return (float(found[1].replace(",", ".")), bool(found[2])) if found else (None, True)


@dataclass(frozen=True)
class Told:
    """What a file says of questions, by the name of a column or of several; and columns to be kept all the same."""

    path: Path | None = None
    questions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    keep: frozenset[str] = frozenset()

    def of(self, column: Column) -> dict[str, Any]:
        """What is told of a column: of its question, then of itself."""
        return {**self.questions.get(column.stem, {}), **self.questions.get(column.name, {})}

    def check(self, file: Path, columns: Iterable[Column], names: Iterable[str]) -> None:
        """Raises SourceError where a name stands in no header."""
        known = [name for column in columns for name in (column.stem, column.name)]
        known = list(dict.fromkeys(known))
        for name in self.questions:
            if name not in known:
                raise SourceError(
                    f"{self.path}: questions.{name}: {file.name} has no such question. It has: {', '.join(known[:40])}."
                )
        if unknown := sorted(self.keep.difference(names)):
            raise SourceError(f"{self.path}: keep: {file.name} has no column {', '.join(unknown)}.")


def load(path: Path) -> Told:
    """The file of questions. Raises SourceError, naming line and key, where it is not one."""
    content = checked_yaml.load(path, "questions.schema.json", SourceError)
    for name, told in content.get("questions", {}).items():
        if "scale_low" in told and told["scale_low"] >= told["scale_high"]:
            at = checked_yaml.place(path, ("questions", name))
            raise SourceError(f"{at}: scale_low must be less than scale_high.")
    return Told(path, content.get("questions", {}), frozenset(content.get("keep", [])))


def questions(
    columns: Sequence[Column], said: Mapping[str, Said], partly: frozenset[str], told: Told
) -> list[Question]:
    """The questions that columns belong to, in their order.

    partly: stems of which some response answers one column and leaves another empty.
    """
    stems: dict[str, list[Column]] = {}
    for column in columns:
        stems.setdefault(column.key if column.own_words else column.stem_key, []).append(column)
    found = []
    for group in stems.values():
        first, several = group[0], len(group) > 1
        as_told = told.questions.get(first.stem, {}).get("as")
        if as_told == "choices" or (several and as_told is None and _is_choices(group, said, partly)):
            wording = told.questions.get(first.stem, {}).get("question", first.stem_wording)
            found.append(Question(first.stem_key, wording, tuple(group), "choices"))
        else:
            rows = _together(said[column.name] for column in group)
            found += [
                question(column, said[column.name], told.of(column), rows if several else None) for column in group
            ]
    return found


def _together(rows: Iterable[Said]) -> Said:
    """What was said in several columns: the rows of a matrix stand on one scale."""
    both = Said()
    for row in rows:
        both.many |= row.many
        for cell, count in row.counts.items():
            both.counts[cell] = both.counts.get(cell, 0) + count
    return both


def _is_choices(group: Sequence[Column], said: Mapping[str, Said], partly: frozenset[str]) -> bool:
    """Whether columns hold what was ticked, one column a choice, and not a row of a matrix each."""
    words = [
        {folded(cell) for cell in said[column.name].counts} - ({folded(column.label)} if column.label else set())
        for column in group
    ]
    if any(said[column.name].many for column in group) or not any(said[column.name].counts for column in group):
        return False
    return all(each <= YES | NO for each in words) or (
        group[0].stem_key in partly and all(each <= {"1"} for each in words)
    )


def question(column: Column, said: Said, told: Mapping[str, Any], matrix: Said | None = None) -> Question:
    """What a column of answers asks for.

    matrix: of a row of a matrix, what was said in all rows of it. Such a row asks about a part of the whole, so it is
    none of the questions that NPS and CSAT are made of.
    """
    several = matrix is not None
    heard = matrix or said
    wording = told.get("question", column.wording)
    asked = column.label if several and column.label else wording
    kind = told.get("question_kind")
    sort = told.get("as")
    if sort and sort != "score":
        return Question(column.key, wording, (column,), sort, kind or "other")
    if column.own_words and not (sort or kind):
        return Question(column.key, wording, (column,), "text")
    answers = {folded(cell) for cell in heard.counts} - no_opinion()
    scale = _told_scale(told)
    if scale is None and not heard.many:
        scale = _shown_scale(column, wording, heard, answers, [kind] if kind else kinds(asked))
    numbers = not said.many and all(numbered(cell)[0] is not None for cell in said.counts if folded(cell) in answers)
    kind = kind or _kind(column, kinds(asked), scale, numbers, several)
    if scale is None and not (sort or (kind != "other" and numbers)):
        free = not (numbers or column.chosen) and _is_free(said, wording)
        return Question(column.key, wording, (column,), "text" if free else "answer", "other" if free else kind)
    return Question(column.key, wording, (column,), "score", kind, scale)


def _told_scale(told: Mapping[str, Any]) -> Scale | None:
    scores = {folded(words): float(score) for words, score in told.get("scores", {}).items()}
    if "scale_low" in told:
        return Scale(told["scale_low"], told["scale_high"], scores or None)
    return Scale(min(scores.values()), max(scores.values()), scores) if scores else None


def _shown_scale(column: Column, wording: str, said: Said, answers: set[str], fits: list[str]) -> Scale | None:
    """The scale that the wording tells, or that all answers to a question show."""
    if not answers:
        return Scale(0, 10) if column.nps else None
    cells = [cell for cell in said.counts if folded(cell) in answers]
    numbers = [numbered(cell) for cell in cells]
    values = [number for number, _ in numbers if number is not None]
    if len(values) < len(cells):
        return scale_of_words(answers)
    low, high, whole = min(values), max(values), all(value.is_integer() for value in values)
    if column.nps and low >= 0 and high <= 10:
        return Scale(0, 10)
    for ends in _ENDS.finditer(wording.casefold()):
        if float(ends[1]) <= low and high <= float(ends[2]):
            return Scale(float(ends[1]), float(ends[2]))
    worded = {number for number, words in numbers if words}
    if len(worded) == 2 and len(values) > 2 and worded == {low, high}:
        return Scale(low, high)
    if not (fits and whole) or len(fits) > 1 or fits == ["other"]:
        return None
    if fits == ["nps"]:
        return Scale(0, 10) if low == 0 and 8 <= high <= 10 else None
    complete = [(one, last) for one, last in USUAL if {*values} == {float(n) for n in range(one, last + 1)}]
    return Scale(*complete[0]) if complete else None


def _kind(column: Column, fits: list[str], scale: Scale | None, numbers: bool, several: bool) -> str:
    """The kind of question, where wording and scale leave no doubt; else `other`.

    fits: the kinds that the wording fits.  numbers: whether all answers are numbers.
    """
    if column.nps:
        return "nps"
    if scale and scale.scores and asks_what_was_expected(scale.scores):
        return "expectation"
    if fits in (["ces"], ["ces", "ease"]):
        return "ces" if scale and (scale.low, scale.high) == (1, 7) else "ease"
    if len(fits) != 1 or (several and fits[0] in ("nps", "csat")):
        return "other"
    if fits == ["nps"] and not (numbers and (scale is None or (scale.low, scale.high) == (0, 10))):
        return "other"
    return fits[0]


def _is_free(said: Said, wording: str) -> bool:
    """Whether answers are the customer's own words rather than one of some choices."""
    if said.many or asks_for_words(wording):
        return True
    if not said.counts:
        return False
    lengths = sum(len(cell) for cell in said.counts) / len(said.counts)
    words = sum(len(cell.split()) for cell in said.counts) / len(said.counts)
    seldom_twice = len(said.counts) > 0.7 * said.given
    return seldom_twice and (lengths > 30 or (len(said.counts) >= 8 and words >= 3))
