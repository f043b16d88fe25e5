"""Which topics a text that was read speaks of, each with the part that it rests on and how it was there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from firsthand.voice.read import vectors_of
from firsthand.voice.topics import THRESHOLD, Topics

Row = dict[str, Any]


def spoken(rows: Sequence[Row], model: Topics) -> list[list[Row]]:
    """The topics of each text, the surest first: topic, probability, sentiment (-1 to 1), begin, end. None is an empty list.

    rows: with `parts` and `vectors`, as `read.Reader` gives them. A text speaks of a topic if one of its sentences or clauses does; it
    rests on the surest of them, and the sentiment is that part's.
    """
    dimension = len(model.mean)
    vectors = [vectors_of(row, dimension) for row in rows]
    every = np.concatenate(vectors) if vectors else np.zeros((0, dimension), np.float32)
    probable = model.probabilities(every)
    found, at = [], 0
    for row, own in zip(rows, vectors, strict=True):
        found.append(_of(row["parts"], probable[at : at + len(own)], model.names))
        at += len(own)
    return found


def _of(parts: Sequence[Row], probable: Any, names: Sequence[str]) -> list[Row]:
    if not len(parts):
        return []
    surest = probable.argmax(axis=0)
    told = []
    for topic in np.argsort(-probable.max(axis=0), kind="stable"):
        part, probability = parts[surest[topic]], float(probable[surest[topic], topic])
        if probability >= THRESHOLD:
            told.append(
                {"topic": names[topic], "probability": round(probability, 4)}
                | {
                    "sentiment": round(part["positive"] - part["negative"], 4),
                    "begin": part["begin"],
                    "end": part["end"],
                }
            )
    return told
