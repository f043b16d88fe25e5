"""What agreement is worth, learnt from the list itself: expectation and maximisation over all pairs.

Splink estimates m rule by rule, and no field that a rule uses. Here the pairs of all rules are taken at once: those
that no rule brought are all but surely of different people, and count as such. So every field is learnt, how common
matches are is learnt with it, and what a random sample says of chance is freed of the matches that are in it.

Between one person's records and strangers' there are pairs of people who are alike for a reason: a family shares
surname, street and phone, twins a date of birth too; neighbours share a postcode and a city; namesakes share a name and
what e-mail addresses are made of it. Each is a class of its own (`ALIKE`), in which some fields agree as often as the
list shows, and the others no more often than strangers' do. Otherwise what goes together by nature would count twice,
and a list without any duplicates would seem to hold some.
Source: Fellegi & Sunter 1969; Enamorado, Fifield & Imai 2019 (fastLink) for all pairs in one estimation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from firsthand.people.comparisons import USUAL_CHANCE
from firsthand.people.levels import Compared

PRIOR_MATCHES = 10.0
PRIOR_PAIRS = 1_000.0
MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-4
KNOWN_PEOPLE = 100.0
MOST_TWINS = 0.2
OWN = ("email", "phone", "identifier")
ADDRESS = ("street", "house_number", "postcode", "city")
ALIKE: dict[str, tuple[str, ...]] = {
    "family": ("surname", "birth_date", "phone", "email", "attribute", "text", *ADDRESS),
    "neighbours": ("attribute", *ADDRESS),
    "namesakes": ("first_name", "surname", "email", "attribute", "text"),
}
"""People who are alike for a reason, and the kinds of fields that they may share."""
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


@dataclass(frozen=True)
class Alike:
    """A class of pairs: its name, its share of all pairs, and the shares of levels; None where they are strangers'."""

    name: str
    prior: float
    levels: list[np.ndarray | None]


@dataclass
class Learnt:
    """The parameters of a model.

    prior: share of matches among all pairs.  m, u: for each field, the share of each level among matches and among
    strangers.  alike: classes of people who are alike for a reason.  sharing: for each field, how much of its agreement
    is between different people.  seen: for each field and level, whether it was met among matches.
    """

    prior: float
    m: list[np.ndarray]
    u: list[np.ndarray]
    alike: list[Alike]
    sharing: np.ndarray
    rounds: int = 0
    settled: bool = False
    matches: float = 0.0
    seen: list[np.ndarray] = field(default_factory=list)


def learn(found: Compared, chance: Compared, facts: Facts, known: Compared | None = None) -> Learnt:
    """Learns a model. found: pairs that the rules brought.  chance: random pairs.

    known: pairs of which it is known otherwise that they are one person's. Then what one person's records look like is
    counted on them, and only how common such pairs are, and what other people share, is learnt.
    """
    drawn = [
        _drawn(levels, chance.weights, size, share)
        for levels, size, share in zip(chance.levels, facts.sizes, facts.exact, strict=True)
    ]
    told = None if known is None else _counted(known, facts)
    found = replace(found, weights=np.where(_compared(found), found.weights, 0.0))
    now = _start(drawn, facts, told)
    for rounds in range(1, MOST_ROUNDS + 1):
        classes = _classes(now, found, facts.known, facts.usual)
        after = _maximise(classes, found, drawn, facts, now, told)
        change = max(float(np.abs(a - b).max()) for a, b in zip(after.m, now.m, strict=True))
        after.settled = change < CLOSE_ENOUGH and abs(after.prior / now.prior - 1) < CLOSE_ENOUGH * 10
        now = after
        now.rounds = rounds
        if now.settled:
            break
    return now


def _compared(pairs: Compared) -> np.ndarray:
    """Which pairs have a field that both know. The others teach nothing, least of all that matches are common."""
    return np.logical_or.reduce([levels >= 0 for levels in pairs.levels])


def agree_somewhere(pairs: Compared, sizes: Sequence[int], kinds: Sequence[str]) -> np.ndarray:
    """Which pairs are alike in at least one field; what many people share (`attribute`) is none.

    sizes: how many levels each field has; the last is `different`.
    """
    alike = [
        (levels >= 0) & (levels < size - 1)
        for levels, size, kind in zip(pairs.levels, sizes, kinds, strict=True)
        if kind != "attribute"
    ]
    return np.logical_or.reduce(alike) if alike else np.zeros(len(pairs.weights), bool)


def probabilities(now: Learnt, pairs: Compared, known: Sequence[int], usual: Sequence[float]) -> np.ndarray:
    """For each pair, how probable it is that both records are one person's."""
    return _classes(now, pairs, known, usual)[0]


def _classes(now: Learnt, pairs: Compared, known: Sequence[int], usual: Sequence[float]) -> list[np.ndarray]:
    """For each pair, the probabilities that it is a match, of each class of people alike, and of strangers."""
    weights = _log_weights(now, pairs, known, usual)
    largest = np.max(weights, axis=0)
    parts = [np.exp(weight - largest) for weight in weights]
    whole = np.sum(parts, axis=0)
    return [part / whole for part in parts]


def bits(now: Learnt, pairs: Compared, known: Sequence[int], usual: Sequence[float]) -> np.ndarray:
    """For each pair, the odds that both records are one person's, as a logarithm to the base 2."""
    match, *others = _log_weights(now, pairs, known, usual)
    return np.asarray((match - np.logaddexp.reduce(others)) / np.log(2))


def _log_weights(now: Learnt, pairs: Compared, known: Sequence[int], usual: Sequence[float]) -> list[np.ndarray]:
    """For each class and pair, how probable it is against strangers, as a logarithm."""
    strangers = max(1 - now.prior - sum(each.prior for each in now.alike), 1e-9)
    priors = [now.prior, *(each.prior for each in now.alike)]
    weights = [np.full(len(pairs.weights), np.log(prior / strangers)) for prior in priors]
    for at, levels in enumerate(pairs.levels):
        by_chance = _by_chance(now, at, pairs, known, usual)
        for weight, shares in zip(weights, [now.m[at], *(each.levels[at] for each in now.alike)], strict=True):
            if shares is not None:
                weight += np.append(np.log(shares), 0.0)[levels] - by_chance
    weights.append(np.zeros(len(pairs.weights)))
    return weights


def field_weights(now: Learnt, pairs: Compared, known: Sequence[int], usual: Sequence[float]) -> list[np.ndarray]:
    """For each field, what the level of each pair weighs for a match against strangers, in bits; 0 where it is not known."""
    return [
        (np.append(np.log(now.m[at]), 0.0)[levels] - _by_chance(now, at, pairs, known, usual)) / np.log(2)
        for at, levels in enumerate(pairs.levels)
    ]


def _by_chance(now: Learnt, at: int, pairs: Compared, known: Sequence[int], usual: Sequence[float]) -> np.ndarray:
    """How often strangers reach the level of each pair in a field, as a logarithm; of the same value, how often it is met."""
    same = pairs.counts[at] > 0
    found = np.append(np.log(now.u[at]), 0.0)[pairs.levels[at]]
    found[same] = np.log(frequency(pairs.counts[at][same], now.sharing[at], known[at], usual[at]))
    return np.asarray(found)


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


def _counted(known: Compared, facts: Facts) -> list[np.ndarray]:
    """How many known pairs are at each level. Agreement on what they were known by is no news and does not count."""
    counts = []
    for levels, size, kind in zip(known.levels, facts.sizes, facts.kinds, strict=True):
        there = levels >= (1 if kind in OWN else 0)
        counts.append(np.bincount(levels[there], weights=known.weights[there], minlength=size).astype(float))
    return counts


def _start(drawn: list[np.ndarray], facts: Facts, told: list[np.ndarray] | None) -> Learnt:
    m = [_usual_m(size, kind) for size, kind in zip(facts.sizes, facts.kinds, strict=True)]
    if told is not None:
        m = [_shares(counts + PRIOR_MATCHES * usual) for counts, usual in zip(told, m, strict=True)]
    u = []
    for counted, size, each in zip(drawn, facts.sizes, facts.usual, strict=True):
        u.append(_shares(counted + PRIOR_PAIRS * _usual_u(size, each)))
    some = 0.2 / max(facts.records, 2)
    alike = []
    for name, shared in ALIKE.items():
        levels = [
            _usual_alike(kind, a, b) if kind in shared else None for kind, a, b in zip(facts.kinds, m, u, strict=True)
        ]
        if _can_be_told(name, facts.kinds, levels):
            alike.append(Alike(name, some, levels))
    sharing = [_usual_sharing(usual, exact) for usual, exact in zip(facts.usual, facts.exact, strict=True)]
    return Learnt(some, m, u, alike, np.array(sharing))


def _can_be_told(name: str, kinds: Sequence[str], levels: Sequence[np.ndarray | None]) -> bool:
    """Whether a list has what makes such people alike, and something that tells them apart."""
    if not any(each is None for each in levels):
        return False
    if name == "family":
        return "first_name" in kinds
    needed = ("first_name", "surname") if name == "namesakes" else ADDRESS
    return sum(kind in needed for kind in kinds) >= 2


def _usual_sharing(usual: float, exact: float) -> float:
    """How much of a field's agreement is between different people, if they agree as often as is usual by chance."""
    return float(np.clip(usual / max(exact, 1e-12), 0.001, 1))


def _maximise(
    classes: list[np.ndarray], found: Compared, drawn: list[np.ndarray], facts: Facts, now: Learnt, told: list[np.ndarray] | None
) -> Learnt:  # fmt: skip
    weights = [found.weights * each for each in classes]
    m, u, sharing, seen = [], [], [], []
    levels_of: list[list[np.ndarray | None]] = [[] for _ in now.alike]
    for at, (levels, size, kind, usual) in enumerate(
        zip(found.levels, facts.sizes, facts.kinds, facts.usual, strict=True)
    ):
        there = levels >= 0
        matched, *others, strange = (
            np.bincount(levels[there], weights=each[there], minlength=size) for each in weights
        )
        kin = np.sum(others, axis=0) if others else np.zeros(size)
        by_chance = np.maximum(drawn[at] - matched - kin, strange)
        u.append(_shares(by_chance + PRIOR_PAIRS * _usual_u(size, usual)))
        if told is None:
            m.append(_mostly_agreed(_shares(matched + PRIOR_MATCHES * _usual_m(size, kind)), kind))
        else:
            m.append(now.m[at])
        for into, before, counted in zip(levels_of, now.alike, others, strict=True):
            start = _usual_alike(kind, _usual_m(size, kind), u[at])
            shared = None if before.levels[at] is None else _shares(counted + PRIOR_MATCHES * start)
            into.append(shared if shared is None or kind != "birth_date" else _seldom_the_same(shared))
        agreed = by_chance[0] + kin[0]
        between = (agreed + 0.5) / (agreed + matched[0] + 1)
        # Of what is a person's own, what is usual counts as much as what is seen: else doubt would feed on itself.
        sharing.append((between + _usual_sharing(usual, facts.exact[at])) / 2 if kind in OWN else between)
        seen.append((matched if told is None else told[at]) >= 0.5)
    total = facts.records * (facts.records - 1) / 2
    sums = [float(each.sum()) for each in weights]
    alike = [
        Alike(before.name, min(0.03, (count + 0.01) / total), into)
        for before, count, into in zip(now.alike, sums[1:-1], levels_of, strict=True)
    ]
    return Learnt(min(0.9, (sums[0] + 0.01) / total), m, u, alike, np.asarray(sharing), matches=sums[0], seen=seen)


def _shares(counted: np.ndarray) -> np.ndarray:
    return np.asarray(counted / counted.sum())


def _seldom_the_same(levels: np.ndarray) -> np.ndarray:
    """The levels of a family's dates of birth, with sameness held to what twins make of it: else spoilt first names would
    be taken for twins."""
    most = MOST_TWINS
    return levels if levels[0] <= most else np.append(most, levels[1:] / levels[1:].sum() * (1 - most))


def _mostly_agreed(m: np.ndarray, kind: str) -> np.ndarray:
    """The levels of matches, with disagreement held to one half where the field is of the person."""
    if kind not in OF_THE_PERSON or m[-1] <= 0.5:
        return m
    return np.append(m[:-1] / m[:-1].sum() * 0.5, 0.5)


def _usual_alike(kind: str, m: np.ndarray, u: np.ndarray) -> np.ndarray:
    """What people alike share before anything is known: names and addresses as one person's records do, the rest seldom."""
    share = 0.1 if kind in ("birth_date", "email", "text") else 0.9
    return np.asarray(share * m + (1 - share) * u)


def _usual_m(size: int, kind: str) -> np.ndarray:
    """What matches look like before anything is known: of what is the person's, four in five agree exactly and one in
    twelve not at all; of what a person may change, three in five and one in four."""
    if size == 1:
        return np.ones(1)
    same, different = (0.8, 0.08) if kind in (*OF_THE_PERSON, "attribute", "text") else (0.6, 0.25)
    between = max(size - 2, 0)
    rest = 1 - same - different
    return _shares(np.array([same, *([rest / max(between, 1)] * between), different]))


def _usual_u(size: int, exact: float) -> np.ndarray:
    """What other pairs look like before anything is known: each level less close is five times as common."""
    steps = exact * 5.0 ** np.arange(size)
    steps[-1] = max(1 - steps[:-1].sum(), steps[-1])
    return steps / steps.sum()
