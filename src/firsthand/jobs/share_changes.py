"""Which shares of customers differ between two groups or periods beyond chance, corrected for looking at many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from scipy.stats import norm

from firsthand.corrections import LEVEL, holm
from firsthand.jobs.world import rows_of

Row = dict[str, Any]
FEWEST = 5
"""Customers expected in each group on either side of a share: with fewer, the test is not to be relied on."""


def share_changes(before: ir.Table, after: ir.Table, keys: Sequence[str]) -> Row:
    """What another share of customers did or met, beyond chance.

    A test of two shares for each thing (normal, pooled), in which customers who are in both groups count as the same
    people; corrected by Holm (1979, Scand. J. Statistics 6): the chance that any at all is named wrongly is at
    most 5 %, however they hang together.

    before, after: rows of `life` and the keys, of two periods or two groups; what the last key is null in only says that the
    customer was there.
    Returns `customers` (of `before`, of `after`, and in `both`), `tested`, `too_few` (what too few customers did to be
    tested) and `differs`: the keys, before, after (shares of customers), difference, low, high (95 %, of this one alone),
    p (corrected), the largest difference first.
    """
    did = ibis.union(
        *(
            rows.select(*keys, "life").distinct().mutate(late=ibis.literal(late))
            for rows, late in ((before, False), (after, True))
        )
    )
    people = did.group_by("life").aggregate(x=(~_.late).any(), y=_.late.any())
    (whole,) = rows_of(people.aggregate(n=_.x.sum(), m=_.y.sum(), both=(_.x & _.y).sum()))
    went = did.filter(_[keys[-1]].notnull()).group_by(*keys, "life").aggregate(went=(~_.late).any(), goes=_.late.any())
    counts = went.inner_join(people, "life").group_by(*keys).aggregate(
        before=_.went.sum(), after=_.goes.sum(), each=(_.went & _.goes).sum(),
        stayed=(_.went & _.y).sum(), came=(_.goes & _.x).sum(),
    )  # fmt: skip
    rows = rows_of(counts, keys)
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
    chance = holm(2 * norm.sf(np.abs(difference[tested]) / np.sqrt(spread[tested])))
    differs = [
        {key: rows[at][key] for key in keys}
        | {"before": float(x[at]), "after": float(y[at])}
        | {"difference": float(difference[at]), "low": float(difference[at] - half[at]), "high": float(difference[at] + half[at])}
        | {"p": float(each)}
        for at, each in zip(np.flatnonzero(tested), chance, strict=True)
        if each < LEVEL
    ]  # fmt: skip
    differs.sort(key=lambda row: -abs(row["difference"]))
    return {"customers": customers, "tested": int(tested.sum()), "too_few": int((~tested).sum()), "differs": differs}
