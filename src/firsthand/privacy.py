"""Small groups are not shown: figures that came from what people said, or on single employees."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

MINIMUM_GROUP = 10
"""Default of the home's setting `minimum_group`: the fewest customers an answer-based figure may speak of."""


def suppress(figures: ir.Table, *, minimum: int = MINIMUM_GROUP) -> ir.Table:
    """Blanks every number in rows that speak of fewer than `minimum` customers.

    figures: a table with the column `customers`. Returns it with `suppressed` added; in suppressed rows all
    numeric columns are null, the counts too. Where a single group is blanked, the total still tells it by subtraction.
    """
    small = figures.customers < minimum
    blanked: dict[str, Any] = {
        name: small.ifelse(ibis.null(dtype), figures[name])
        for name, dtype in figures.schema().items()
        if dtype.is_numeric() and not dtype.is_boolean()
    }
    return figures.mutate(suppressed=small, **blanked)
