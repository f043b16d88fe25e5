"""Search by meaning: comments whose vectors are nearest to that of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

BLOCK = 65_536
"""Vectors compared at a time: 128 MB of 512 float32 each."""


@dataclass(frozen=True)
class Hit:
    """A comment that was found: where it stands in the vectors, and the cosine with the question (-1 to 1)."""

    row: int
    score: float


def search(question: np.ndarray[Any, Any], vectors: np.ndarray[Any, Any], most: int = 10) -> list[Hit]:
    """The comments nearest in meaning, the nearest first; of equals, the earlier.

    question: float32[d].  vectors: float32[n, d], of the same encoder, each of length 1 (a row of zeros is never
    found); may be a memory map: it is read in blocks, and no more than one block and the best so far are held.
    most: how many are wanted.  Exact: every vector is compared.
    """
    wanted = np.asarray(question, np.float32)
    length = float(np.linalg.norm(wanted))
    if most < 1 or not len(vectors) or not length:
        return []
    rows, scores = np.empty(0, np.int64), np.empty(0, np.float32)
    for begin in range(0, len(vectors), BLOCK):
        block = np.asarray(vectors[begin : begin + BLOCK], np.float32)
        near = block @ (wanted / length)
        known = np.flatnonzero(block.any(axis=1))
        rows = np.concatenate([rows, begin + known])
        scores = np.concatenate([scores, near[known]])
        best = np.lexsort((rows, -scores))[:most]
        rows, scores = rows[best], scores[best]
    return [Hit(int(row), float(score)) for row, score in zip(rows, scores, strict=True)]


def words_in_common(question: str, text: str) -> list[tuple[int, int]]:
    """Where words of the question stand in a text (begin, end), whatever their case; words of two letters are too short.

    A word counts as the same where one begins with the other and they differ by two letters at most: parcel, parcels.
    """
    asked = {_word(found) for found in re.finditer(r"\w{3,}", question)}
    return [found.span() for found in re.finditer(r"\w{3,}", text) if _among(_word(found), asked)]


def _word(found: re.Match[str]) -> str:
    return found[0].casefold()


def _among(word: str, asked: Sequence[str] | set[str]) -> bool:
    return any(
        abs(len(word) - len(other)) <= 2 and (word.startswith(other) or other.startswith(word)) for other in asked
    )
