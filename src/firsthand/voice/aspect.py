"""How a text speaks of one thing in it: the part that holds it, and the sentiment words near it.

"The food was good, but the service was slow" is mixed as a whole; of the service it is negative. Clauses are cut at
marks of punctuation and at words of contrast, not by grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from firsthand.voice import lexicon

NEAR = 5
"""Words on either side that count as near."""
JOINTS = re.compile(r"[,;:()]|\s(?:and|und|et|en|y|e)\s", re.IGNORECASE)

Span = tuple[int, int]


class Place(NamedTuple):
    """A thing in a text: where it stands."""

    text: str
    begin: int
    end: int


def clauses(text: str) -> list[Span]:
    """The clauses of a text, in order; together they cover all its words."""
    reading = lexicon.read(text)
    starts = [0, *(reading.words[place][0] for place, _ in reading.breaks if 0 < place < len(reading.words)), len(text)]
    return [(begin, end) for begin, end in pairwise(starts) if text[begin:end].strip()]


def clause(place: Place) -> Span:
    """The clause that holds the thing; two, where it reaches over a contrast."""
    holding = [span for span in clauses(place.text) if span[0] < place.end and span[1] > place.begin]
    return (holding[0][0], holding[-1][1]) if holding else (0, len(place.text))


def piece(place: Place) -> Span:
    """The part of the clause between the nearest commas or "and"s."""
    begin, end = clause(place)
    cuts = [begin, *(begin + joint.start() for joint in JOINTS.finditer(place.text[begin:end])), end]
    return max(cut for cut in cuts if cut <= place.begin), min(cut for cut in cuts if cut >= place.end)


def near(place: Place, words: int = NEAR) -> Span:
    """The thing with the words on either side of it."""
    known = lexicon.read(place.text).words
    before = [begin for begin, end in known if end <= place.begin][-words:]
    after = [end for begin, end in known if begin >= place.end][:words]
    return (before or [place.begin])[0], (after or [place.end])[-1]


PARTS = ("text", "clause", "piece", "near", "nearer", "thing", "left", "right")


def parts(places: Sequence[Place]) -> dict[str, list[str]]:
    """The texts that speak of each thing, from all to the thing alone; left and right are those of its clause, with it."""

    def cut(place: Place, span: Span) -> str:
        return place.text[slice(*span)].strip(" ,.;") or place.text

    held = [clause(place) for place in places]
    return {
        "text": [place.text for place in places],
        "clause": [cut(place, span) for place, span in zip(places, held, strict=True)],
        "piece": [cut(place, piece(place)) for place in places],
        "near": [cut(place, near(place)) for place in places],
        "nearer": [cut(place, near(place, 3)) for place in places],
        "thing": [place.text[place.begin : place.end] for place in places],
        "left": [place.text[span[0] : place.end] for place, span in zip(places, held, strict=True)],
        "right": [place.text[place.begin : span[1]] for place, span in zip(places, held, strict=True)],
    }


FEATURES = 12


def nearness(places: Sequence[Place]) -> np.ndarray:
    """Sentiment words by how near they stand: float32 [places, 12], on the left, on the right, in the clause, in all."""
    return np.array([_nearness(place) for place in places], dtype=np.float32).reshape(len(places), FEATURES)


def _nearness(place: Place) -> list[float]:
    reading = lexicon.read(place.text)
    at = [number for number, (begin, end) in enumerate(reading.words) if begin < place.end and end > place.begin] or [0]
    begin, end = clause(place)
    told = []
    for hit in reading.hits:
        distance = at[0] - hit.place if hit.place < at[0] else max(0, hit.place - at[-1])
        told.append((distance, hit.value, hit.place < at[0], begin <= hit.begin < end))

    def weighed(width: float, kept: Sequence[tuple[int, float, bool, bool]]) -> float:
        return float(sum(value * np.exp(-distance / width) for distance, value, *_ in kept))

    left, right = [hit for hit in told if hit[2]], [hit for hit in told if not hit[2]]
    inside = [hit for hit in told if hit[3]]
    nearest = min(told, default=(30, 0.0, False, False))
    return [
        weighed(2, told), weighed(4, told), weighed(2, left), weighed(2, right), weighed(4, inside), weighed(2, inside),
        nearest[1], 1 / (1 + nearest[0]), min(inside, default=nearest)[1], float(bool(inside)), float(bool(told)),
        lexicon.balance([hit[1] for hit in inside]),
    ]  # fmt: skip
