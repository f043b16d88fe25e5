"""What belongs together by any chain of links, and values that are the same but for a typo."""

from __future__ import annotations

import numpy as np


def connected(one: np.ndarray, other: np.ndarray, size: int) -> np.ndarray:
    """For each of `size` things, the number of its group: whatever a chain of links from `one` to `other` joins."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def one_typo_apart(a: str, b: str) -> bool:
    """Whether two texts are the same but for one letter wrong, missing or too many, or two that changed places."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest, other = a[start:], b[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped
