"""What belongs together by any chain of links, and values that are the same but for a typo."""

from __future__ import annotations

import numpy as np


def connected(one: np.ndarray, other: np.ndarray, size: int) -> np.ndarray:
    """For each of `size` things, the number of its group: whatever a chain of links from `one` to `other` joins."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def strongest_tree(one: np.ndarray, other: np.ndarray, strength: np.ndarray, size: int) -> np.ndarray:
    """Places of the fewest links that join what all of them join, the strongest ones (0 to 1) taken first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    low, high = np.minimum(one, other), np.maximum(one, other)
    tree = minimum_spanning_tree(coo_array((2.0 - strength, (low, high)), shape=(size, size)).tocsr()).tocoo()
    place = {pair: at for at, pair in enumerate(zip(low.tolist(), high.tolist(), strict=True))}
    return np.array(
        sorted(place[pair] for pair in zip(tree.row.tolist(), tree.col.tolist(), strict=True)), dtype=np.int64
    )


def one_typo_apart(a: str, b: str) -> bool:
    """Whether two texts are the same but for one letter wrong, missing or too many, or two that changed places."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest, other = a[start:], b[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped
