"""Which themes grow and which fade beyond chance, corrected for looking at many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, fisher_exact

from firsthand.corrections import LEVEL, holm

SAME = 0.5
"""A theme whose share went by less than this part of the larger of both is as it was."""
FEWEST = 5
"""Customers who spoke of a theme in either period: with fewer, no test could find anything."""


@dataclass(frozen=True)
class Growth:
    """How a theme went from one period to the next.

    before, after: customers who spoke of it.  difference: of their shares among all who commented (-1 to 1), with its
    95 % interval low to high.  p: the chance of a difference as large where there is none, corrected for the number of
    themes; none where too few spoke of it.  told: new, growing, fading, gone; where nothing is beyond chance, steady if the interval
    holds no change by half (`SAME`), else unclear; or too few.
    """

    before: int
    after: int
    difference: float
    low: float
    high: float
    p: float | None
    told: str


def growth(before: Sequence[int], after: Sequence[int], all_before: int, all_after: int) -> list[Growth]:
    """The growth of each theme between two periods, held against the other comments of the same periods.

    Fisher's exact test of customers who spoke of a theme and those who spoke of something else, in either period;
    corrected by Holm (1979, Scand. J. Statistics 6): the chance that any theme at all is named wrongly is at most 5 %.
    A customer counts once in each period; one who spoke of a theme in both makes the test more careful, not less.
    The interval of the difference is Newcombe's (1998, Statistics in Medicine 17, method 10), of this theme alone.

    before, after: customers who spoke of each theme.  all_before, all_after: customers who commented at all.
    """
    counts = [(int(x), int(y)) for x, y in zip(before, after, strict=True)]
    tested = [at for at, (x, y) in enumerate(counts) if x + y >= FEWEST and all_before and all_after]
    chances = [
        float(fisher_exact([[x, all_before - x], [y, all_after - y]]).pvalue)
        for x, y in (counts[at] for at in tested)
    ]  # fmt: skip
    corrected = dict(zip(tested, holm(np.array(chances)).tolist(), strict=True))
    found = []
    for at, (x, y) in enumerate(counts):
        difference, low, high = _difference(x, all_before, y, all_after)
        p = corrected.get(at)
        found.append(
            Growth(
                x,
                y,
                difference,
                low,
                high,
                p,
                _told(x, y, p, difference, _same(x, y, all_before, all_after, low, high)),
            )
        )
    return found


def _told(before: int, after: int, p: float | None, difference: float, same: bool) -> str:
    if p is None:
        return "too few"
    if p >= LEVEL:
        return "steady" if same else "unclear"
    if difference > 0:
        return "growing" if before else "new"
    return "fading" if after else "gone"


def _same(x: int, y: int, n: int, m: int, low: float, high: float) -> bool:
    """Whether the interval of the difference holds no change by half."""
    return bool(n and m) and max(-low, high) < SAME * max(x / n, y / m)


def _difference(x: int, n: int, y: int, m: int) -> tuple[float, float, float]:
    if not n or not m:
        return 0.0, -1.0, 1.0
    (low_x, high_x), (low_y, high_y) = (binomtest(*part).proportion_ci(method="wilson") for part in ((x, n), (y, m)))
    a, b = x / n, y / m
    low = b - a - np.hypot(b - low_y, high_x - a)
    high = b - a + np.hypot(high_y - b, a - low_x)
    return b - a, float(low), float(high)
