"""Easy: whether it was easy to do business with us. The second of the three E's."""

import ibis.expr.types as ir

from firsthand.measures.measure import Measure, share
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import top_two


def answers(seen: Seen) -> ir.Table:
    """Share of answers in the top two of five points to how easy it was to do business with us.

    Only answers asked as `ease`; the statement of CES 2.0 on 1 to 7 is `ces`. On another scale, named by `scale`, the
    uppermost quarter of the way from low to high; never summed across scales. An answer belongs to the day it was
    given. Source: as for `effective`.
    """
    return top_two(seen, "ease")


EASY = Measure("easy", "Easy (top two of five)", answers, share, "share", also=("scale",), private=True, score=True)
