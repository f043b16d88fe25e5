"""Themes: what many comments have in common, found without a list by how near their vectors lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

SAMPLE = 10_000
"""Comments among which seeds are looked for: density clustering takes time with the square of their number."""
AXES, DENSITY_AXES = 100, 15
"""Directions in which comments differ most: as many are compared, and as many are looked at for density."""
NEIGHBOURS, PULL = 10, 0.3
LEAST_SHARE, LEAST = 1 / 300, 8
"""A seed is this share of the sample, and at least so many comments."""
CUT = 0.1
"""A comment that is farther from the centre than nine in ten of those that made the theme's seed fits nowhere."""
ALIKE = 0.15
"""Comments of a theme are so near each other at least, on average (cosine, as they differ from the mean comment). Moving towards
neighbours makes even what has nothing in common lie dense; this is measured before it."""
GRAPH = 25
BLOCK = 1024


@dataclass(frozen=True)
class Themes:
    """The themes of a body of comments.

    centres: float32[themes, d], the mean comment of each, the largest theme first.  of: int32[n], the theme of each comment, -1
    where it fits nowhere.  nearness: float32[n], the cosine of a comment with its theme's centre, both as they differ
    from the mean comment (0 where it fits nowhere).  sizes: distinct comments of each theme.  unassigned: distinct comments
    that fit nowhere.  folded: comments that repeat another one and were not counted.
    mean: float32[d], the mean comment.
    """

    centres: Array
    of: Array
    nearness: Array
    sizes: tuple[int, ...]
    unassigned: int
    folded: int
    mean: Array


def themes(vectors: Array, group: Array | None = None, *, count: int | None = None, seed: int = 0) -> Themes:
    """Finds themes.

    Comments are first moved towards their ten nearest neighbours, which makes what is alike more so. Where they then lie
    dense among a sample of 10,000, a theme has its seed (HDBSCAN; Campello, Moulavi & Sander 2013). Each comment goes
    to the nearest seed, unless it lies farther off than those that made it: then it fits nowhere.

    vectors: float32[n, d], each of length 1.  group: int[n], equal for comments that repeat each other (see `duplicates`);
    they count once, and share a theme.  count: how many themes are wanted; then each comment has one (spectral
    clustering of who is near whom; Ng, Jordan & Weiss 2001).  seed: of the sample.
    """
    n = len(vectors)
    first, place = np.unique(
        np.arange(n) if group is None else np.asarray(group), return_index=True, return_inverse=True
    )[1:]
    distinct = np.asarray(vectors, np.float32)
    if len(first) < n:
        distinct = distinct[first]
    mean = distinct.mean(axis=0) if len(first) else np.zeros(vectors.shape[1], np.float32)
    smallest = max(LEAST, round(LEAST_SHARE * min(len(first), SAMPLE)))
    if (len(first) < 3 * smallest and count is None) or len(first) < 2:
        return _named(vectors, distinct, place, np.full(len(first), -1), mean)
    rng = np.random.default_rng(seed)
    some = np.sort(rng.choice(len(first), SAMPLE, replace=False)) if len(first) > SAMPLE else np.arange(len(first))
    axes = _axes(distinct[some] - mean)
    points = np.concatenate([_unit(_unit(each - mean) @ axes.T) for each in _blocks(distinct)])
    sample = points[some]
    pulled = _pulled(points, sample)
    if count:
        label = _spectral(sample, min(count, len(sample) - 1), seed)
    else:
        label = _alike(_dense(pulled[some], smallest), _unit(distinct[some] - mean))
    return _named(vectors, distinct, place, _nearest(pulled, pulled[some], label, whole=bool(count)), mean)


def _named(vectors: Array, distinct: Array, place: Array, label: Array, mean: Array) -> Themes:
    """Themes by size, told of all comments."""
    counts = np.bincount(label[label >= 0]) if (label >= 0).any() else np.zeros(0, int)
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    rank = np.full(len(counts) + 1, -1)
    rank[order] = np.arange(len(order))
    of = rank[label]
    centres = np.zeros((len(order), vectors.shape[1]), np.float32)
    nearness = np.zeros(len(of), np.float32)
    for theme in range(len(order)):
        own = np.flatnonzero(of == theme)
        centres[theme] = distinct[own].mean(axis=0)
        nearness[own] = _unit(distinct[own] - mean) @ _unit((centres[theme] - mean)[None])[0]
    sizes = tuple(int(size) for size in counts[order])
    return Themes(
        centres, of[place].astype(np.int32), nearness[place], sizes, int((of < 0).sum()), len(place) - len(of), mean
    )


def _axes(vectors: Array) -> Array:
    """The directions in which comments differ most."""
    vectors = _unit(vectors)
    _, directions = np.linalg.eigh(np.asarray(vectors.T @ vectors, np.float64))
    return directions[:, ::-1][:, :AXES].T.astype(np.float32)


def _pulled(points: Array, sample: Array) -> Array:
    """Points moved towards their nearest neighbours in the sample."""
    moved = []
    several = min(NEIGHBOURS, len(sample) - 1)
    for block in _blocks(points):
        far = -(block @ sample.T)
        far[far < -0.99999] = 1
        best = np.argpartition(far, several - 1, axis=1)[:, :several]
        moved.append(_unit(block + PULL * sample[best].sum(axis=1)))
    return np.concatenate(moved)


def _blocks(rows: Array) -> list[Array]:
    return [rows[begin : begin + BLOCK] for begin in range(0, len(rows), BLOCK)]


def _dense(points: Array, smallest: int) -> Array:
    from sklearn.cluster import HDBSCAN

    return HDBSCAN(min_cluster_size=smallest, min_samples=5, copy=True).fit_predict(
        np.asarray(points[:, :DENSITY_AXES], np.float64)
    )


def _alike(label: Array, vectors: Array) -> Array:
    """Labels without those whose members are not near each other."""
    kept = np.full(len(label), -1)
    for theme in range(int(label.max(initial=-1)) + 1):
        own = np.flatnonzero(label == theme)
        length = float(np.sum(vectors[own].mean(axis=0) ** 2))
        if (len(own) * length - 1) / (len(own) - 1) >= ALIKE:
            kept[own] = kept.max() + 1
    return kept


def _spectral(sample: Array, count: int, seed: int) -> Array:
    from scipy.sparse import csr_array, diags_array
    from scipy.sparse.linalg import eigsh
    from sklearn.cluster import KMeans
    from sklearn.neighbors import NearestNeighbors

    several = min(GRAPH, len(sample) - 1)
    far, near = NearestNeighbors(n_neighbors=several, metric="cosine", algorithm="brute").fit(sample).kneighbors()
    rows = np.repeat(np.arange(len(sample)), several)
    ways = csr_array((np.exp(-10 * far).ravel(), (rows, near.ravel())), shape=(len(sample), len(sample)))
    ways = (ways + ways.T) / 2
    fair = diags_array(1 / np.sqrt(np.maximum(ways.sum(axis=1), 1e-12)))
    _, axes = eigsh(fair @ ways @ fair, k=count, which="LA", v0=np.ones(len(sample)))
    return KMeans(count, n_init=5, random_state=seed).fit_predict(_unit(axes))


def _nearest(points: Array, sample: Array, label: Array, *, whole: bool) -> Array:
    """The theme whose seed is nearest, -1 where it is farther than those that made it; `whole`: never -1."""
    count = int(label.max(initial=-1)) + 1
    if not count:
        return np.full(len(points), -1)
    centres = _unit(np.stack([sample[label == theme].mean(axis=0) for theme in range(count)]))
    inner = [(sample[label == theme] @ centres[theme]) for theme in range(count)]
    least = np.array([-2.0 if whole else np.quantile(each, CUT) for each in inner])
    near = points @ centres.T
    found = near.argmax(axis=1)
    return np.where(near[np.arange(len(points)), found] >= least[found], found, -1)


def _unit(rows: Array) -> Array:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
