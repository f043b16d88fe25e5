"""What agreement is worth, learnt from the list itself: expectation and maximisation over all pairs.

Splink estimates m rule by rule, and no field that a rule uses. Here the pairs of all rules are taken at once: those
that no rule brought are all but surely of different people, and count as such. So every field is learnt, how common
matches are is learnt with it, and what a random sample says of chance is freed of the matches that are in it.

Between one person's records and strangers' there is a third sort of pair: people who belong together. A family shares
surname, street and phone, twins a date of birth too, neighbours a postcode and a city. What such people do not share,
more than strangers do, is what tells them apart: the first name, or a code of their own. So pairs fall into three
classes, and where a list has such a field, what is shared among related people is learnt like the rest.
Source: Fellegi & Sunter 1969; Enamorado, Fifield & Imai 2019 (fastLink) for all pairs in one estimation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from firsthand.people.comparisons import USUAL_CHANCE
from firsthand.people.levels import Compared

PRIOR_MATCHES = 10.0
PRIOR_PAIRS = 1_000.0
MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-4
KNOWN_PEOPLE = 100.0
TELLS_APART = ("first_name", "identifier")
"""What people who belong together share no more often than strangers."""
OF_THE_PERSON = ("first_name", "surname", "birth_date", "identifier")
"""What one person's records disagree on in at most half of the cases: else it is not one person that was found."""


@dataclass(frozen=True)
class Facts:
    """What is known of a list before anything is learnt, for each field.

    records: how many there are.  kinds: the field's kind.  sizes: how many levels it has.  known: how many records have
    it.  exact: the share of pairs that agree on it exactly, counted over all.
    """

    records: int
    kinds: Sequence[str]
    sizes: Sequence[int]
    known: Sequence[int]
    exact: Sequence[float]

    @property
    def usual(self) -> list[float]:
        return [USUAL_CHANCE[kind] for kind in self.kinds]


@dataclass
class Learnt:
    """The parameters of a model.

    prior, related: share of matches, and of pairs of related people, among all pairs.  m, h, u: for each field, the
    share of each level among matches, related people and strangers.  sharing: for each field, how much of its agreement
    is between different people.  seen: for each field and level, whether it was met among matches.
    """

    prior: float
    related: float
    m: list[np.ndarray]
    h: list[np.ndarray]
    u: list[np.ndarray]
    sharing: np.ndarray
    rounds: int = 0
    settled: bool = False
    matches: float = 0.0
    seen: list[np.ndarray] = field(default_factory=list)


def learn(found: Compared, chance: Compared, facts: Facts) -> Learnt:
    """Learns a model. found: pairs that the rules brought.  chance: random pairs."""
    drawn = [
        _drawn(levels, chance.weights, size, share)
        for levels, size, share in zip(chance.levels, facts.sizes, facts.exact, strict=True)
    ]
    now = _start(drawn, facts)
    for rounds in range(1, MOST_ROUNDS + 1):
        match, related = probabilities(now, found, facts.known, facts.usual)
        after = _maximise(match, related, found, drawn, facts, now)
        change = max(float(np.abs(a - b).max()) for a, b in zip(after.m, now.m, strict=True))
        after.settled = change < CLOSE_ENOUGH and abs(after.prior / now.prior - 1) < CLOSE_ENOUGH * 10
        now = after
        now.rounds = rounds
        if now.settled:
            break
    return now


def probabilities(
    now: Learnt, pairs: Compared, known: Sequence[int], usual: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """For each pair, how probable it is that both records are one person's, and that they are of related people."""
    strangers = max(1 - now.prior - now.related, 1e-9)
    match = np.full(len(pairs.weights), np.log(now.prior / strangers))
    related = np.full(len(pairs.weights), np.log(now.related / strangers) if now.related else -np.inf)
    for at, (levels, counts) in enumerate(zip(pairs.levels, pairs.counts, strict=True)):
        same = counts > 0
        common = np.log(frequency(counts[same], now.sharing[at], known[at], usual[at]))
        by_chance = np.append(np.log(now.u[at]), 0.0)[levels]
        by_chance[same] = common
        match += np.append(np.log(now.m[at]), 0.0)[levels] - by_chance
        free = np.append(np.log(now.h[at]), 0.0)[levels]
        if now.h[at] is now.u[at]:
            free[same] = common
        related += free - by_chance
    largest = np.maximum(np.maximum(match, related), 0)
    parts = np.exp(match - largest), np.exp(related - largest), np.exp(-largest)
    whole = parts[0] + parts[1] + parts[2]
    return parts[0] / whole, parts[1] / whole


def frequency(counts: np.ndarray, sharing: float, known: int, usual: float) -> np.ndarray:
    """How often another person has a value too, that stands in so many records.

    A value's own record does not count; the others count by how much of the field's agreement is between different
    people. `splinking` says the same in SQL.
    """
    found: np.ndarray = ((counts - 1) * sharing + KNOWN_PEOPLE * usual) / (known + KNOWN_PEOPLE)
    return found


def _drawn(levels: np.ndarray, weights: np.ndarray, size: int, exact: float) -> np.ndarray:
    """How many of all pairs are at each level, from random ones; the closest level is counted, not drawn."""
    there = levels >= 0
    counted = np.bincount(levels[there], weights=weights[there], minlength=size).astype(float)
    whole = counted.sum()
    if whole and counted[1:].sum():
        counted[1:] *= (whole * (1 - exact)) / counted[1:].sum()
        counted[0] = whole * exact
    return counted


def _start(drawn: list[np.ndarray], facts: Facts) -> Learnt:
    m = [_usual_m(size) for size in facts.sizes]
    u = []
    for counted, size, each in zip(drawn, facts.sizes, facts.usual, strict=True):
        mixed = counted + PRIOR_PAIRS * _usual_u(size, each)
        u.append(mixed / mixed.sum())
    some = 0.2 / max(facts.records, 2)
    told_apart = any(kind in TELLS_APART for kind in facts.kinds)
    h = [_usual_h(kind, a, b) for kind, a, b in zip(facts.kinds, m, u, strict=True)]
    return Learnt(some, some if told_apart else 0.0, m, h, u, np.full(len(m), 0.5))


def _maximise(
    match: np.ndarray, related: np.ndarray, found: Compared, drawn: list[np.ndarray], facts: Facts, now: Learnt
) -> Learnt:
    weights = (found.weights * match, found.weights * related, found.weights * (1 - match - related))
    m, h, u, sharing, seen = [], [], [], [], []
    for at, (levels, size, kind, usual) in enumerate(
        zip(found.levels, facts.sizes, facts.kinds, facts.usual, strict=True)
    ):
        there = levels >= 0
        matched, kin, strange = (np.bincount(levels[there], weights=each[there], minlength=size) for each in weights)
        by_chance = np.maximum(drawn[at] - matched - kin, strange)
        u.append(_shares(by_chance + PRIOR_PAIRS * _usual_u(size, usual)))
        m.append(_mostly_agreed(_shares(matched + PRIOR_MATCHES * _usual_m(size)), kind))
        h.append(u[at] if kind in TELLS_APART else _shares(kin + PRIOR_MATCHES * _usual_h(kind, _usual_m(size), u[at])))
        others = by_chance[0] + kin[0]
        sharing.append((others + 0.5) / (others + matched[0] + 1))
        seen.append(matched >= 0.5)
    total = facts.records * (facts.records - 1) / 2
    matches, kindred = float(weights[0].sum()), float(weights[1].sum())
    prior = min(0.9, (matches + 0.01) / total)
    closeness = min(0.09, (kindred + 0.01) / total) if now.related else 0.0
    return Learnt(prior, closeness, m, h, u, np.asarray(sharing), matches=matches, seen=seen)


def _shares(counted: np.ndarray) -> np.ndarray:
    return np.asarray(counted / counted.sum())


def _mostly_agreed(m: np.ndarray, kind: str) -> np.ndarray:
    """The levels of matches, with disagreement held to one half where the field is of the person."""
    if kind not in OF_THE_PERSON or m[-1] <= 0.5:
        return m
    return np.append(m[:-1] / m[:-1].sum() * 0.5, 0.5)


def _usual_h(kind: str, m: np.ndarray, u: np.ndarray) -> np.ndarray:
    """What pairs of related people look like before anything is known: an address like one person's, the rest like strangers'."""
    if kind in TELLS_APART:
        return u
    share = 0.1 if kind in ("birth_date", "email", "text") else 0.9
    return share * m + (1 - share) * u


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
