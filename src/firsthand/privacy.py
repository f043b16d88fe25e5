"""Small groups are not shown: what people said, and single employees."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

MINIMUM_GROUP = 10
"""Default of the home's setting `minimum_group`: the fewest customers an answer-based figure may speak of."""


def suppress(
    figures: ir.Table, *, minimum: int = MINIMUM_GROUP, apart: Sequence[str] = (), by: Sequence[str] = ()
) -> ir.Table:
    """Blanks every number in rows that speak of fewer than `minimum` people, and in those that would tell them.

    Where groups add up to a total, the total less those shown tells what the blanked ones are together. So where one is
    blanked alone, or they are fewer people than `minimum` together, the next smallest is blanked, too (secondary
    suppression: Hundepool et al., Statistical Disclosure Control, 2012). With several keys that is done for groups
    that differ in one key alone, key by key, then for all of them.

    figures: a table with the column `respondents`: customers, and each answer of nobody known (it may be one
    person's several: nothing tells).  minimum: 0 suppresses nothing.  apart: columns that tell figures
    apart; each has a total of its own.  by: the keys whose groups add up to it.
    Returns it with `suppressed` added; in suppressed rows all numeric columns that are no key are null, the counts too.
    """
    if not minimum:
        return figures.mutate(suppressed=ibis.literal(False))
    marked = figures.mutate(suppressed=figures.respondents < minimum)
    for within in dict.fromkeys([*(tuple(other for other in by if other != key) for key in by), ()]):
        marked = marked.mutate(suppressed=_with_next(marked, minimum, [*apart, *within], by))
    blanked = {
        name: marked.suppressed.ifelse(ibis.null(dtype), marked[name])
        for name, dtype in figures.schema().items()
        if dtype.is_numeric() and name not in (*apart, *by)
    }
    return marked.mutate(**blanked)


def _with_next(marked: ir.Table, minimum: int, within: Sequence[str], by: Sequence[str]) -> ir.BooleanValue:
    """Which rows are suppressed when the next smallest of those that share `within` is, too, where it is needed."""
    alike = ibis.window(group_by=list(within))
    smallest_first = ibis.window(group_by=list(within), order_by=[ibis.desc("suppressed"), "respondents", *by])
    blanked = marked.suppressed.cast("int64").sum().over(alike)
    together = marked.suppressed.ifelse(marked.respondents, 0).sum().over(alike)
    needed = (blanked == 1) | ((blanked > 1) & (together < minimum))
    return marked.suppressed | (needed & (ibis.row_number().over(smallest_first) == blanked))
