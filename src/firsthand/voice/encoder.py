"""What an encoder is: it turns texts into vectors, and texts that mean nearly the same into near ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

LONGEST = 20_000
"""Characters of one text that an encoder reads at most; some read less."""


class Encoder(Protocol):
    """Turns texts into vectors. Who asks it has masked personal data before: an encoder sees masked text only.

    Vectors of two encoders, or of two versions of one, cannot be compared: keep `id` and `version` with them.
    """

    @property
    def id(self) -> str:
        """Its name, as it stands beside every judgement that rests on its vectors."""

    @property
    def version(self) -> str:
        """Changes whenever its vectors may."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of what it was trained on; empty where nobody said so."""

    @property
    def licence(self) -> str:
        """Of the model, as its maker states it; empty where nobody said so."""

    @property
    def sends(self) -> bool:
        """Whether texts leave this machine. Who calls `encode` then must have been told so by the user."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text, whatever else is asked with it. A text without content has a row too."""


class Named(Protocol):
    """A model that says which it is."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> str: ...


def named(model: Named) -> str:
    """A model as it stands beside what rests on it: its name and its version."""
    return f"{model.id} {model.version}"


def readable(text: str) -> str:
    """What of a text an encoder reads: its first characters, without halves of characters."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def unit(rows: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1. A row of zeros, of which nothing can be said, points equally along all axes."""
    scaled = np.nan_to_num(np.asarray(rows, dtype=np.float32))
    scaled[~scaled.any(axis=1)] = 1
    scaled /= np.linalg.norm(scaled, axis=1, keepdims=True)
    return scaled


def once(encode: Callable[[list[str]], NDArray[np.floating]], texts: Sequence[str], dimension: int) -> Vectors:
    """Encodes each text once, however often it comes, as far as it is read; "thanks" comes often."""
    if not texts:
        return np.zeros((0, dimension), dtype=np.float32)
    places: dict[str, int] = {}
    which = [places.setdefault(readable(text), len(places)) for text in texts]
    return unit(encode(list(places)))[which]


def threads() -> int:
    """How many threads to use: `OMP_NUM_THREADS`, else as many as there are cores for this process."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdigit() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
