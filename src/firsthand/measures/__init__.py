"""Measures: figures on how it was for customers, one file each. To add one, see CONTRIBUTING.md."""

from firsthand.measures.bought_after_promise import BOUGHT_AFTER
from firsthand.measures.bought_again import BOUGHT_AGAIN
from firsthand.measures.ces import CES
from firsthand.measures.confidence import CONFIDENCE
from firsthand.measures.contact_rate import CONTACT_RATE
from firsthand.measures.csat import CSAT
from firsthand.measures.days_between_purchases import BETWEEN
from firsthand.measures.days_to_first_purchase import DAYS_TO_PURCHASE
from firsthand.measures.easy import EASY
from firsthand.measures.effective import EFFECTIVE
from firsthand.measures.effortless_share import EFFORTLESS
from firsthand.measures.emotion import EMOTION
from firsthand.measures.expectation import EXPECTATION_MET
from firsthand.measures.gone_quiet import QUIET
from firsthand.measures.good_moments import GOOD_MOMENTS
from firsthand.measures.how_it_was import GOOD_CUSTOMERS
from firsthand.measures.kept_share import KEPT_SHARE
from firsthand.measures.lateness import LATENESS
from firsthand.measures.mean_score import MEAN_SCORE
from firsthand.measures.measure import Measure
from firsthand.measures.never_bought import NEVER_BOUGHT
from firsthand.measures.nps import NPS
from firsthand.measures.response_rate import RESPONSE_RATE
from firsthand.measures.satisfied_after_promise import SATISFIED_AFTER
from firsthand.measures.seen import PERIODS, PLACES, Seen, grouped
from firsthand.measures.solved_at_first_contact import FIRST_CONTACT_SOLVED
from firsthand.measures.spend import SPEND
from firsthand.measures.wait_beyond_standard import WAIT_BEYOND
from firsthand.measures.wait_median import WAIT_MEDIAN
from firsthand.measures.wait_p90 import WAIT_P90

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
