"""Who must not be one: components of linked identifiers, kept apart where two people would become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from firsthand.people.linked import connected, one_typo_apart


@dataclass(frozen=True)
class Label:
    """What a node says of its person: values of one group must not differ within a person.

    reason: why not, as in tables.ToReview.  exact: whether a value one typo away is another one.
    """

    group: str
    value: str
    reason: str
    exact: bool


@dataclass(frozen=True)
class Refused:
    """A link that would have made two people one."""

    one: int
    other: int
    times: int
    reason: str
    detail: str


def components(
    size: int, one: np.ndarray, other: np.ndarray, times: np.ndarray, labels: Mapping[int, Iterable[Label]],
    held: np.ndarray | None = None,
) -> tuple[np.ndarray, list[Refused]]:  # fmt: skip
    """Numbers of the groups of linked nodes in which no labels contradict each other, and the links refused for that.

    size: number of nodes.  one, other, times: the links.  labels: by node.  held: whether a link holds already.
    Where a group would contradict itself, its links are taken from the most often told to the least, of equal ones those that hold
    already first, and one that joins a contradiction is refused.
    """
    found = connected(one, other, size)
    torn = _contradicting(found, labels)
    if not torn:
        return found, []
    inside = np.flatnonzero(np.isin(found[one], list(torn)))
    fresh = np.zeros(len(one), bool) if held is None else ~held
    order = inside[np.lexsort((other[inside], one[inside], fresh[inside], -times[inside]))]
    parts = _Parts(labels)
    refused = []
    for at in order:
        fault = parts.join(int(one[at]), int(other[at]))
        if fault is not None:
            refused.append(Refused(int(one[at]), int(other[at]), int(times[at]), fault[0].reason, words(*fault)))
    members = np.flatnonzero(np.isin(found, list(torn)))
    found[members] = size + np.array([parts.root(int(node)) for node in members])
    return np.unique(found, return_inverse=True)[1], refused


def _contradicting(found: np.ndarray, labels: Mapping[int, Iterable[Label]]) -> set[int]:
    said: dict[tuple[int, str], list[Label]] = defaultdict(list)
    for node, told in labels.items():
        for label in told:
            said[int(found[node]), label.group].append(label)
    return {
        component
        for (component, _), told in said.items()
        if any(_contradict(told[0], label) for label in told[1:]) or _any_contradict(told)
    }


def _any_contradict(told: list[Label]) -> bool:
    distinct = list({label.value: label for label in told}.values())
    return any(_contradict(a, b) for at, a in enumerate(distinct) for b in distinct[:at])


def contradiction(mine: Iterable[Label], theirs: Iterable[Label]) -> tuple[Label, Label] | None:
    """The first two labels that forbid two to be one person; None where nothing does."""
    against = list(theirs)
    for label in mine:
        for other in against:
            if label.group == other.group and _contradict(label, other):
                return label, other
    return None


def _contradict(a: Label, b: Label) -> bool:
    return a.value != b.value and (a.exact or not one_typo_apart(a.value, b.value))


def words(a: Label, b: Label) -> str:
    """What two labels say against each other."""
    return f"{a.group}: {a.value} and {b.value}" if a.reason == "one_per_person" else a.group


class _Parts:
    """Groups that grow link by link (union-find), each with the labels of its members."""

    def __init__(self, labels: Mapping[int, Iterable[Label]]) -> None:
        self.parent: dict[int, int] = {}
        self.labels = {node: list(told) for node, told in labels.items()}

    def root(self, node: int) -> int:
        while self.parent.get(node, node) != node:
            self.parent[node] = self.parent.get(self.parent[node], self.parent[node])
            node = self.parent[node]
        return node

    def join(self, one: int, other: int) -> tuple[Label, Label] | None:
        """Joins the groups of two nodes; or tells the two labels that forbid it."""
        a, b = self.root(one), self.root(other)
        if a == b:
            return None
        mine, theirs = self.labels.get(a, []), self.labels.get(b, [])
        fault = contradiction(mine, theirs)
        if fault is not None:
            return fault
        self.parent[b] = a
        if theirs:
            self.labels[a] = list(dict.fromkeys([*mine, *theirs]))
        return None
