"""Waiting, as customers felt it: what nine of ten waited at most."""

from firsthand.measures.measure import Measure, p90
from firsthand.measures.wait_median import waits

WAIT_P90 = Measure("wait_p90", "Waited, nine of ten at most", waits, p90, "seconds")
