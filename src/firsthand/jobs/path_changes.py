"""What differs between the paths of two groups or periods beyond chance, corrected for looking at many."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from scipy.stats import norm

from firsthand.jobs.world import rows_of
from firsthand.journeys.paths import travelled

Row = dict[str, Any]
LEVEL = 0.05
FEWEST = 5
"""Customers expected in each group on either side of a share: with fewer, the test is not to be relied on."""


def path_changes(before: ir.Table, after: ir.Table) -> Row:
    """Edges that another share of customers went, beyond chance.

    A test of two shares for each edge (normal, pooled), in which customers who are in both groups count as the same
    people; corrected by Holm (1979, Scand. J. Statistics 6): the chance that any edge at all is named wrongly is at
    most 5 %, however they hang together.

    before, after: timelines of two periods, or of two groups of customers.
    Returns `customers` (of `before`, of `after`, and in `both`), `tested`, `too_few` (edges that too few customers went to be
    tested) and `differs`: from, to, before, after (shares of customers), difference, low, high (95 %, of this one alone),
    p (corrected), the largest difference first.
    """
    ways = _ways(before, late=False).union(_ways(after, late=True))
    people = ways.group_by("life").aggregate(x=(~_.late).any(), y=_.late.any())
    (whole,) = rows_of(people.aggregate(n=_.x.sum(), m=_.y.sum(), both=(_.x & _.y).sum()))
    went = ways.filter(_.to.notnull()).group_by("from", "to", "life").aggregate(went=(~_.late).any(), goes=_.late.any())
    counts = went.inner_join(people, "life").group_by("from", "to").aggregate(
        before=_.went.sum(), after=_.goes.sum(), each=(_.went & _.goes).sum(),
        stayed=(_.went & _.y).sum(), came=(_.goes & _.x).sum(),
    )  # fmt: skip
    rows = rows_of(counts, ["from", "to"])
    n, m, both = (float(whole[key] or 0) for key in ("n", "m", "both"))
    customers = {"before": int(n), "after": int(m), "both": int(both)}
    if not rows or not n or not m:
        return {"customers": customers, "tested": 0, "too_few": len(rows), "differs": []}
    told = {key: np.array([row[key] for row in rows], float) for key in ("before", "after", "each", "stayed", "came")}
    p = (told["before"] + told["after"]) / (n + m)
    shared = (told["each"] - p * (told["stayed"] + told["came"]) + both * p * p) / (n * m)
    spread = p * (1 - p) * (1 / n + 1 / m) - 2 * shared
    x, y = told["before"] / n, told["after"] / m
    alike = (told["each"] - y * told["stayed"] - x * told["came"] + both * x * y) / (n * m)
    half = norm.isf(0.025) * np.sqrt(np.maximum(x * (1 - x) / n + y * (1 - y) / m - 2 * alike, 0))
    difference = y - x
    tested = (np.minimum(p, 1 - p) * min(n, m) >= FEWEST) & (spread > 1e-12)
    chance = _holm(2 * norm.sf(np.abs(difference[tested]) / np.sqrt(spread[tested])))
    differs = [
        {"from": rows[at]["from"], "to": rows[at]["to"], "before": float(x[at]), "after": float(y[at])}
        | {"difference": float(difference[at]), "low": float(difference[at] - half[at]), "high": float(difference[at] + half[at])}
        | {"p": float(each)}
        for at, each in zip(np.flatnonzero(tested), chance, strict=True)
        if each < LEVEL
    ]  # fmt: skip
    differs.sort(key=lambda row: -abs(row["difference"]))
    return {"customers": customers, "tested": int(tested.sum()), "too_few": int((~tested).sum()), "differs": differs}


def _ways(timeline: ir.Table, *, late: bool) -> ir.Table:
    """Which ways each customer went; with null for the last step, so that whoever took but one is there, too."""
    ways = travelled(timeline).select(**{"from": _.touchpoint, "to": _.next_touchpoint, "life": _.life}).distinct()
    return ways.mutate(late=ibis.literal(late))


def _holm(chances: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Chances corrected for their number, in the order they came in."""
    order = np.argsort(chances)
    steps = np.maximum.accumulate(chances[order] * np.arange(len(chances), 0, -1))
    corrected = np.empty_like(chances)
    corrected[order] = np.minimum(steps, 1)
    return corrected
