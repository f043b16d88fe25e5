"""Emotion: how it felt. The third of the three E's."""

import ibis.expr.types as ir

from firsthand.measures.measure import Measure, share
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import top_two


def answers(seen: Seen) -> ir.Table:
    """Share of answers in the top two of five points to how enjoyable it was, or how it made the customer feel.

    Only answers asked as `emotion`. On another scale, named by `scale`, the uppermost quarter of the way from low to
    high; never summed across scales. An answer belongs to the day it was given. Source: as for `effective`.
    """
    return top_two(seen, "emotion")


EMOTION = Measure(
    "emotion", "Felt good (top two of five)", answers, share, "share", also=("scale",), private=True, score=True
)
