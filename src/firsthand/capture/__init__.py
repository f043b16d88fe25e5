"""Capture: the steps that every interaction passes, whichever way it came in."""

from firsthand.capture.candidates import Candidates, Outcome, Tally
from firsthand.capture.steps import REASONS, STEPS

__all__ = ["REASONS", "STEPS", "Candidates", "Outcome", "Tally"]
