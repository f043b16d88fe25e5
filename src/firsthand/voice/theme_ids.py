"""The same theme keeps its id over re-runs and new data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

Array = np.ndarray[Any, Any]

SAME = 0.8
"""The least cosine of two centres, both as they differ from the mean comment, that may be the same theme."""


def identities(centres: Array, mean: Array, earlier: Mapping[int, Array], *, same: float = SAME) -> list[int]:
    """An id for each theme: that of the earlier theme it is, else the next one that was never given.

    Centres are matched one to one so that the sum of what their cosines exceed `same` by is greatest (Hungarian method;
    Kuhn 1955). What does not reach `same` is a new theme.

    centres: float32[themes, d].  mean: float32[d], the mean comment, which is taken from both sides.
    earlier: the last known centre of every id that was ever given, of themes that are gone too: ids are never reused.
    """
    first = max(earlier, default=0) + 1
    ids = sorted(earlier)
    found = [0] * len(centres)
    if ids and len(centres):
        near = _apart(centres, mean) @ _apart(np.stack([earlier[each] for each in ids]), mean).T
        gain = np.maximum(near - same, 0)
        for row, column in zip(*linear_sum_assignment(-gain), strict=True):
            if gain[row, column] > 0:
                found[row] = ids[column]
    for row, given in enumerate(found):
        if not given:
            found[row], first = first, first + 1
    return found


def _apart(centres: Array, mean: Array) -> Array:
    moved = np.asarray(centres, np.float64) - np.asarray(mean, np.float64)
    return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12)
