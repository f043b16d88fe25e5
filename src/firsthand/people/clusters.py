"""From pairs to people: groups in which records belong together on the whole, not along a chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from firsthand.people.linked import connected, one_typo_apart

MOST_AT_ONCE = 300
"""Larger groups are parted by a higher threshold first: their pairs would not fit."""


@dataclass(frozen=True)
class Pairs:
    """Scored pairs: numbers of two records, and the probability that they are one person's."""

    one: np.ndarray
    other: np.ndarray
    probability: np.ndarray

    def at_least(self, probability: float) -> Pairs:
        return self.where(self.probability >= probability)

    def where(self, mask: np.ndarray) -> Pairs:
        return Pairs(self.one[mask], self.other[mask], self.probability[mask])


def joined(pairs: Pairs, size: int) -> np.ndarray:
    """For each of `size` records, the number of its group, where any chain of pairs makes a group."""
    return connected(pairs.one, pairs.other, size)


def cluster(pairs: Pairs, size: int, threshold: float, *, apart: Sequence[str | None] | None = None) -> np.ndarray:
    """For each of `size` records, the number of its person.

    pairs: all that were scored; a pair that is not among them counts as improbable.
    threshold: two groups are joined only while the pairs between them are, on the mean, at least this probable.
    apart: a value for each record of which nobody has two: records in which it differs are never joined, nor are two
    groups that hold such records. One typo is no difference; None says nothing.
    """
    groups = joined(pairs.at_least(threshold), size)
    inner = pairs.where(groups[pairs.one] == groups[pairs.other])
    of_pair = groups[inner.one]
    sizes = np.bincount(groups)
    strong = np.bincount(of_pair[inner.probability >= threshold], minlength=len(sizes))
    whole = strong == sizes * (sizes - 1) // 2
    doubtful = ~whole
    if apart is not None:
        doubtful |= sizes > 1
    people, following = groups.copy(), len(sizes)
    members = np.argsort(groups, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    order = np.argsort(of_pair, kind="stable")
    bounds = np.searchsorted(of_pair[order], np.arange(len(sizes) + 1))
    for group in np.flatnonzero(doubtful):
        records = members[starts[group] : starts[group + 1]]
        own = inner.where(order[bounds[group] : bounds[group + 1]])
        parts = _split(records, own, threshold, apart)
        people[records] = following + parts
        following += int(parts.max()) + 1
    return _by_appearance(people)


def _by_appearance(people: np.ndarray) -> np.ndarray:
    """The same persons, numbered as they come first."""
    _, first, inverse = np.unique(people, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse])


def strongest(pairs: Pairs, people: np.ndarray) -> np.ndarray:
    """For each record, the probability of its strongest link within its person; 1 where it stands alone."""
    inner = pairs.where(people[pairs.one] == people[pairs.other])
    links = np.zeros(len(people))
    np.maximum.at(links, inner.one, inner.probability)
    np.maximum.at(links, inner.other, inner.probability)
    alone = np.bincount(people)[people] == 1
    return np.where(alone, 1.0, links)


def _split(records: np.ndarray, pairs: Pairs, threshold: float, apart: Sequence[str | None] | None) -> np.ndarray:
    """Parts of one group: average linkage, cut where the mean probability falls below the threshold."""
    if len(records) > MOST_AT_ONCE:
        return _split_large(records, pairs, threshold, apart)
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    at = {record: place for place, record in enumerate(records.tolist())}
    distance = 1.0 - np.eye(len(records))
    one, other = [at[each] for each in pairs.one.tolist()], [at[each] for each in pairs.other.tolist()]
    distance[one, other] = distance[other, one] = 1.0 - pairs.probability
    if apart is not None:
        distance[_differ([apart[record] for record in records])] = float(len(records)) ** 2 * 4
    tree = linkage(squareform(distance, checks=False), "average")
    return fcluster(tree, 1.0 - threshold + 1e-12, "distance").astype(np.int64) - 1


def _split_large(records: np.ndarray, pairs: Pairs, threshold: float, apart: Sequence[str | None] | None) -> np.ndarray:
    """Parts of a group with too many records: the likeliest half of its pairs decides first what comes to lie together."""
    strong = pairs.at_least(threshold)
    kept = strong.where(strong.probability > np.median(strong.probability))
    if not len(kept.one):
        kept = strong.where(strong.probability > strong.probability.min())
    place = np.zeros(int(records.max()) + 1, dtype=np.int64)
    place[records] = np.arange(len(records))
    if not len(kept.one):
        # All pairs are equally likely: nothing tells which chain to cut, so the group stays whole unless it may not.
        return np.zeros(len(records), dtype=np.int64) if apart is None else np.arange(len(records))
    local = Pairs(place[kept.one], place[kept.other], kept.probability)
    groups = joined(local, len(records))
    every = Pairs(place[pairs.one], place[pairs.other], pairs.probability)
    parts, following = np.zeros(len(records), dtype=np.int64), 0
    for group in np.unique(groups):
        inside = np.flatnonzero(groups == group)
        own = every.where((groups[every.one] == group) & (groups[every.other] == group))
        told = [apart[records[each]] for each in inside] if apart is not None else None
        spread = np.zeros(len(records), dtype=np.int64)
        spread[inside] = np.arange(len(inside))
        inner = Pairs(spread[own.one], spread[own.other], own.probability)
        found = (
            _split(np.arange(len(inside)), inner, threshold, told) if len(inside) > 1 else np.zeros(1, dtype=np.int64)
        )
        parts[inside] = following + found
        following += int(found.max()) + 1
    return parts


def _differ(values: Sequence[str | None]) -> np.ndarray:
    """Which of these values differ by more than one typo."""
    size = len(values)
    differ = np.zeros((size, size), dtype=bool)
    for one in range(size):
        for other in range(one + 1, size):
            a, b = values[one], values[other]
            if a is not None and b is not None and not one_typo_apart(a, b):
                differ[one, other] = differ[other, one] = True
    return differ
