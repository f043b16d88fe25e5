"""Columns in which flows cross little: the order of what stands in a column, and how high each stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean

SWEEPS, ROUNDS = 16, 60


@dataclass(eq=False)
class Item:
    """What takes room in a column: the box of a touchpoint, or the lane of a flow that passes through.

    below: a lane that stands under everything else.  near: what it is joined to, in its column or the next, and how strongly.
    """

    column: int
    height: float
    below: bool = False
    y: float = 0.0
    near: list[tuple[Item, float]] = field(default_factory=list)

    @property
    def centre(self) -> float:
        return self.y + self.height / 2

    def join(self, other: Item, weight: float) -> None:
        self.near.append((other, weight))
        other.near.append((self, weight))


def in_order(columns: list[list[Item]]) -> list[list[Item]]:
    """The columns, each sorted by what its items are joined to in the column before, then in the one after, and so on.

    That is the barycenter heuristic (Sugiyama, Tagawa & Toda 1981); of all sweeps the one with the fewest crossings.
    """
    best, fewest = columns, _crossings(columns)
    found = columns
    for sweep in range(SWEEPS):
        if not fewest:
            break
        side = -1 if sweep % 2 == 0 else 1
        found = [list(column) for column in found]
        for at in range(len(found))[::-side]:
            rank = _ranks(found)
            found[at].sort(key=lambda item: (item.below, _pull(item, side, rank)))
        crossings = _crossings(found)
        if crossings < fewest:
            best, fewest = found, crossings
    return best


def _ranks(columns: list[list[Item]]) -> dict[Item, float]:
    return {item: (at + 0.5) / len(column) for column in columns for at, item in enumerate(column)}


def _pull(item: Item, side: int, rank: dict[Item, float]) -> float:
    for column in (item.column + side, item.column):
        joined = [(rank[other], weight) for other, weight in item.near if other.column == column]
        if joined:
            return fmean(*zip(*joined, strict=True))
    return rank[item]


def _crossings(columns: list[list[Item]]) -> float:
    rank = _ranks(columns)
    crossed = 0.0
    for column in columns:
        ties = [
            (rank[item], rank[other], weight)
            for item in column
            for other, weight in item.near
            if other.column > item.column
        ]
        for at, (left, right, weight) in enumerate(ties):
            crossed += sum(min(weight, other) for one, two, other in ties[:at] if (left - one) * (right - two) < 0)
    return crossed


def settle(columns: list[list[Item]], gap: float) -> float:
    """Sets how high each item stands: near what it is joined to, in the order of its column, with a gap between.

    Returns the height of the tallest column, in which all have room.
    """
    room = max((sum(item.height + gap for item in column) - gap for column in columns if column), default=0.0)
    for column in columns:
        _apart(column, room, gap)
    for turn in range(ROUNDS):
        for column in columns[:: 1 if turn % 2 else -1]:
            for item in column:
                if item.near:
                    wish = fmean([other.centre for other, _ in item.near], [weight for _, weight in item.near])
                    item.y += (wish - item.centre) * 0.7
            _apart(column, room, gap)
    return room


def _apart(column: list[Item], room: float, gap: float) -> None:
    edge = 0.0
    for item in column:
        item.y = max(item.y, edge)
        edge = item.y + item.height + gap
    edge = room
    for item in reversed(column):
        item.y = min(item.y, edge - item.height)
        edge = item.y - gap
