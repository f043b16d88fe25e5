"""Customer satisfaction: top two of five."""

import ibis.expr.types as ir

from firsthand.measures.measure import Measure, share
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import top_two


def answers(seen: Seen) -> ir.Table:
    """Share of satisfied answers: the top two of five points.

    On another scale, named by `scale`, the answers in its uppermost quarter of the way from low to high (6 and 7
    of 1 to 7); never summed across scales. Source: ISO 10004:2018, annex on top-box scores.
    """
    return top_two(seen, "csat")


CSAT = Measure(
    "csat", "Satisfied (top two of five)", answers, share, "share", also=("scale",), private=True, score=True
)
