"""Promises kept."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, p90, share
from firsthand.measures.seen import Seen


def judged(seen: Seen) -> ir.Table:
    """Share of promises kept: kept / (kept + late + broken + overdue), each judged by the first date given.

    Not due and withdrawn by the customer do not count. A promise belongs to the day on which it was due.
    """
    due = seen.promises.filter(_.state.isin(["kept", "late", "broken", "overdue"]))
    return observed(due, _.state == "kept")


def late(seen: Seen) -> ir.Table:
    """Time by which promises that were fulfilled late were late."""
    return observed(seen.promises.filter(_.state == "late"), _.late_seconds)


KEPT_SHARE = Measure("kept_share", "Promises kept", judged, share, "share")
LATENESS = Measure("lateness_p90", "How late, when late (90 % are less)", late, p90, "seconds")
