"""Promises kept."""

import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share
from firsthand.measures.seen import Seen


def judged(seen: Seen) -> ir.Table:
    """Share of promises kept: kept / (kept + late + broken + overdue), each judged by the first date given.

    Not due and withdrawn by the customer do not count. A promise belongs to the day on which it was due.
    """
    due = seen.promises.filter(_.state.isin(["kept", "late", "broken", "overdue"]))
    return observed(due, _.state == "kept")


KEPT_SHARE = Measure("kept_share", "Promises kept", judged, share, "share")
