"""Confidence: whether customers are sure that they got the best answer for them."""

import ibis.expr.types as ir

from firsthand.measures.measure import Measure, share
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import top_two


def answers(seen: Seen) -> ir.Table:
    """Share of answers in the top two of five points to how sure the customer is that this was the best answer for them.

    Only answers asked as `confidence`. On another scale, named by `scale`, the uppermost quarter of the way from low to
    high; never summed across scales. An answer belongs to the day it was given. Source: customers' confidence in their
    decision, Adamson, "Sensemaking for Sales", HBR 2022; the share is that of ISO 10004:2018.
    """
    return top_two(seen, "confidence")


CONFIDENCE = Measure(
    "confidence",
    "Sure of the answer (top two of five)",
    answers,
    share,
    "share",
    also=("scale",),
    private=True,
    score=True,
)
