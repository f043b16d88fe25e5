"""Measures: figures on how it was for customers, one file each. To add one, see CONTRIBUTING.md."""

from firsthand.measures.after_promise import BOUGHT_AFTER, SATISFIED_AFTER
from firsthand.measures.ces import CES
from firsthand.measures.confidence import CONFIDENCE
from firsthand.measures.csat import CSAT
from firsthand.measures.easy import EASY
from firsthand.measures.effective import EFFECTIVE
from firsthand.measures.effort import CONTACT_RATE, EFFORTLESS, FIRST_CONTACT_SOLVED
from firsthand.measures.emotion import EMOTION
from firsthand.measures.expectation import EXPECTATION_MET
from firsthand.measures.first_contact import DAYS_TO_PURCHASE, NEVER_BOUGHT
from firsthand.measures.good_moments import GOOD_CUSTOMERS, GOOD_MOMENTS
from firsthand.measures.kept_share import KEPT_SHARE, LATENESS
from firsthand.measures.mean_score import MEAN_SCORE
from firsthand.measures.measure import Measure
from firsthand.measures.nps import NPS
from firsthand.measures.outcomes import BETWEEN, BOUGHT_AGAIN, QUIET, SPEND
from firsthand.measures.response_rate import RESPONSE_RATE
from firsthand.measures.seen import PERIODS, PLACES, Seen, grouped
from firsthand.measures.waits import WAIT_BEYOND, WAIT_MEDIAN, WAIT_P90

SAID = [NPS, CSAT, CES, EFFECTIVE, EASY, EMOTION, CONFIDENCE, EXPECTATION_MET, MEAN_SCORE, RESPONSE_RATE]
DONE = [
    KEPT_SHARE,
    LATENESS,
    WAIT_MEDIAN,
    WAIT_P90,
    WAIT_BEYOND,
    CONTACT_RATE,
    EFFORTLESS,
    FIRST_CONTACT_SOLVED,
]
AFTER_PROMISES = [BOUGHT_AFTER, SATISFIED_AFTER]
OUTCOMES = [*BOUGHT_AGAIN, *AFTER_PROMISES, SPEND, BETWEEN, QUIET, NEVER_BOUGHT, DAYS_TO_PURCHASE]
WAITS = [WAIT_MEDIAN, WAIT_P90, WAIT_BEYOND]
HOW_IT_WAS = [GOOD_CUSTOMERS, GOOD_MOMENTS]
ALL: list[Measure] = [*SAID, *DONE, *OUTCOMES, *HOW_IT_WAS]

__all__ = [
    "AFTER_PROMISES",
    "ALL",
    "DONE",
    "HOW_IT_WAS",
    "OUTCOMES",
    "PERIODS",
    "PLACES",
    "SAID",
    "WAITS",
    "Measure",
    "Seen",
    "grouped",
]
