"""What agreement is worth, learnt from the list itself: expectation and maximisation over all pairs.

Splink estimates m rule by rule, and no field that a rule uses. Here the pairs of all rules are taken at once: those
that no rule brought are all but surely of different people, and count as such. So every field is learnt, how common
matches are is learnt with it, and what a random sample says of chance is freed of the matches that are in it.
Source: Fellegi & Sunter 1969; Enamorado, Fifield & Imai 2019 (fastLink) for all pairs in one estimation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from firsthand.people.levels import Compared

PRIOR_MATCHES = 10.0
PRIOR_PAIRS = 1_000.0
MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-4
KNOWN_PEOPLE = 100.0


@dataclass
class Learnt:
    """The parameters of a model.

    prior: share of matches among all pairs.  m, u: for each field, the share of each level among matches and among
    other pairs.  sharing: for each field, how much of its agreement is between different people.
    seen: for each field and level, whether it was met among matches.
    """

    prior: float
    m: list[np.ndarray]
    u: list[np.ndarray]
    sharing: np.ndarray
    rounds: int = 0
    settled: bool = False
    matches: float = 0.0
    seen: list[np.ndarray] | None = None


def learn(
    found: Compared,
    chance: Compared,
    *,
    sizes: Sequence[int],
    records: int,
    known: Sequence[int],
    usual: Sequence[float],
    exact: Sequence[float],
) -> Learnt:
    """Learns a model.

    found: pairs that the rules brought.  chance: random pairs.  sizes: how many levels each field has.  known: how many records have each field.
    usual: how often people agree on each field elsewhere.  exact: the share of pairs that agree exactly on each field,
    counted over all.
    """
    total = records * (records - 1) / 2
    drawn = [
        _drawn(levels, chance.weights, size, share)
        for levels, size, share in zip(chance.levels, sizes, exact, strict=True)
    ]
    now = _start(records, drawn, sizes, usual)
    for rounds in range(1, MOST_ROUNDS + 1):
        odds = probabilities(now, found, known=known, usual=usual)
        after = _maximise(odds, found, drawn, sizes, usual, total, now)
        change = max(float(np.abs(a - b).max()) for a, b in zip(after.m, now.m, strict=True))
        after.settled = change < CLOSE_ENOUGH and abs(after.prior / now.prior - 1) < CLOSE_ENOUGH * 10
        now = after
        now.rounds = rounds
        if now.settled:
            break
    return now


def probabilities(now: Learnt, pairs: Compared, *, known: Sequence[int], usual: Sequence[float]) -> np.ndarray:
    """For each pair, how probable it is that both records are one person's."""
    weight = np.full(len(pairs.weights), np.log(now.prior / (1 - now.prior)))
    for at, (levels, counts) in enumerate(zip(pairs.levels, pairs.counts, strict=True)):
        table = np.append(np.log(now.m[at]) - np.log(now.u[at]), 0.0)
        part = table[levels]
        same = counts > 0
        common = (1 + (counts[same] - 1) * now.sharing[at] + KNOWN_PEOPLE * usual[at]) / (known[at] + KNOWN_PEOPLE)
        part[same] = np.log(now.m[at][0]) - np.log(common)
        weight += part
    return 1 / (1 + np.exp(-np.clip(weight, -500, 500)))


def _drawn(levels: np.ndarray, weights: np.ndarray, size: int, exact: float) -> np.ndarray:
    """How many of all pairs are at each level, from random ones; the closest level is counted, not drawn."""
    there = levels >= 0
    counted = np.bincount(levels[there], weights=weights[there], minlength=size).astype(float)
    whole = counted.sum()
    if whole and counted[1:].sum():
        counted[1:] *= (whole * (1 - exact)) / counted[1:].sum()
        counted[0] = whole * exact
    return counted


def _start(records: int, drawn: list[np.ndarray], sizes: Sequence[int], usual: Sequence[float]) -> Learnt:
    m = [_usual_m(size) for size in sizes]
    u = []
    for counted, size, each in zip(drawn, sizes, usual, strict=True):
        mixed = counted + PRIOR_PAIRS * _usual_u(size, each)
        u.append(mixed / mixed.sum())
    return Learnt(prior=0.2 / max(records, 2), m=m, u=u, sharing=np.full(len(sizes), 0.5))


def _maximise(
    odds: np.ndarray,
    found: Compared,
    drawn: list[np.ndarray],
    sizes: Sequence[int],
    usual: Sequence[float],
    total: float,
    now: Learnt,
) -> Learnt:
    match, other = found.weights * odds, found.weights * (1 - odds)
    m, u, sharing, seen = [], [], [], []
    for at, (levels, size) in enumerate(zip(found.levels, sizes, strict=True)):
        there = levels >= 0
        matched = np.bincount(levels[there], weights=match[there], minlength=size)
        differed = np.bincount(levels[there], weights=other[there], minlength=size)
        mixed = matched + PRIOR_MATCHES * _usual_m(size)
        m.append(mixed / mixed.sum())
        by_chance = np.maximum(drawn[at] - matched, differed)
        chance = by_chance + PRIOR_PAIRS * _usual_u(size, usual[at])
        u.append(chance / chance.sum())
        sharing.append((by_chance[0] + 0.5) / (by_chance[0] + matched[0] + 1))
        seen.append(matched >= 0.5)
    matches = float(match.sum())
    prior = min(0.9, (matches + 0.01) / total)
    return Learnt(prior=prior, m=m, u=u, sharing=np.asarray(sharing), matches=matches, seen=seen)


def _usual_m(size: int) -> np.ndarray:
    """What matches look like before anything is known: four in five agree exactly, one in twelve not at all."""
    if size == 1:
        return np.ones(1)
    between = max(size - 2, 0)
    shares = np.array([0.8, *([0.12 / max(between, 1)] * between), 0.08 if between else 0.2])
    return shares / shares.sum()


def _usual_u(size: int, exact: float) -> np.ndarray:
    """What other pairs look like before anything is known: each level less close is five times as common."""
    steps = exact * 5.0 ** np.arange(size)
    steps[-1] = max(1 - steps[:-1].sum(), steps[-1])
    return steps / steps.sum()
