"""Effective: whether customers got what they came for. The first of the three E's."""

import ibis.expr.types as ir

from firsthand.measures.measure import Measure, share
from firsthand.measures.seen import Seen
from firsthand.measures.top_two import top_two


def answers(seen: Seen) -> ir.Table:
    """Share of answers in the top two of five points to how effective we were at meeting the customer's needs.

    Only answers asked as `effective`. On another scale, named by `scale`, the uppermost quarter of the way from low to
    high; never summed across scales. An answer belongs to the day it was given. Source: the three questions of
    Forrester's Customer Experience Index (effective, easy, emotion); the share is that of ISO 10004:2018, not
    Forrester's index.
    """
    return top_two(seen, "effective")


EFFECTIVE = Measure(
    "effective", "Effective (top two of five)", answers, share, "share", also=("scale",), private=True, score=True
)
