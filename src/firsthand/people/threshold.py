"""From which probability on two records are joined: chosen from the list's own scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST = 0.5
"""Two records that are more probably two people's are never joined on their own score."""


@dataclass(frozen=True)
class Threshold:
    value: float
    why: str


def choose(probabilities: np.ndarray) -> Threshold:
    """The threshold with the best expected F1, which weighs wrong joins against missed ones.

    probabilities: of each pair that was compared. Their sum above a threshold is how many true pairs are to be
    expected there, and their sum below how many are missed, as far as the model knows itself.
    """
    if not len(probabilities):
        return Threshold(LEAST, "no two records are alike enough to be one person's")
    ordered = np.sort(probabilities)[::-1]
    right, taken = np.cumsum(ordered), np.arange(1, len(ordered) + 1)
    f1 = 2 * right / (taken + right[-1])
    best = int(np.argmax(f1))
    following = ordered[best + 1] if best + 1 < len(ordered) else 0.0
    # Anywhere between this pair and the next is the same; the middle is furthest from both.
    value = max(LEAST, float((ordered[best] + following) / 2))
    if ordered[best] < LEAST:
        at = int(np.searchsorted(-ordered, -LEAST, side="right"))
        rest = f"best expected F1 would be {f1[best]:.3f} at {ordered[best]:.2f}, but two records more probably of two people are not joined"
        return Threshold(LEAST, f"{at:,} pairs are more probably one person's than not; {rest}")
    why = f"best expected F1 ({f1[best]:.3f}): {right[best]:,.0f} of the {best + 1:,} pairs from there on are expected to be right, {right[-1] - right[best]:,.0f} to be missed"
    return Threshold(value, why)


SURE = 0.9
PRECISION = 0.99


def careful(probabilities: np.ndarray) -> Threshold:
    """The threshold for joining customers of a home, where two people taken for one do more harm than one for two.

    The lowest one, from 0.9 on, at which at least 99 % of the joined pairs are expected to be right.
    """
    ordered = np.sort(probabilities[probabilities >= SURE])[::-1]
    if not len(ordered):
        return Threshold(SURE, f"no two customers are one person with a probability of {SURE:.0%}")
    expected = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    good = np.flatnonzero(expected >= PRECISION)
    if not len(good):
        return Threshold(1.0, f"no pair is so probable that {PRECISION:.0%} would be right")
    last = int(good[-1])
    value = SURE if last + 1 == len(ordered) else float((ordered[last] + ordered[last + 1]) / 2)
    return Threshold(value, f"of the {last + 1:,} pairs from there on, {expected[last]:.1%} are expected to be right")
