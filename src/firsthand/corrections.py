"""Many comparisons at once: what is still beyond chance when so many were looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

LEVEL = 0.05
"""The chance that any of many comparisons is named wrongly."""


def holm(chances: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Chances corrected for their number, in the order they came in (Holm 1979, Scand. J. Statistics 6)."""
    order = np.argsort(chances)
    steps = np.maximum.accumulate(chances[order] * np.arange(len(chances), 0, -1))
    corrected = np.empty_like(chances)
    corrected[order] = np.minimum(steps, 1)
    return corrected
