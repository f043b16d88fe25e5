"""A model that a labelled file teaches: one label for each text, and "none" where it is too unsure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from scipy.stats import binomtest

from firsthand.errors import UserError
from firsthand.voice import stored
from firsthand.voice.encoder import Encoder
from firsthand.voice.word_counts import WordCounts

Array = np.ndarray[Any, Any]

KIND = "labelled texts"
NONE = "none"
FOLDS = 5
FEWEST = 2
"""Texts of a label: with fewer, nothing can be learned and then tried on others."""
STIFFNESS, WORDS_STIFFNESS, WORDS = 10.0, 0.5, 2.0
NEAREST, TOLD, KEPT, STEPS, ALIKE = 6, 3.0, 0.8, 20, 10.0
CROWD = 20_000
"""Texts without a label that are used at most: who is near whom takes time with the square of their number."""


@dataclass(frozen=True)
class Report:
    """How good a model is on texts that it was not taught with.

    accuracy: share of them that got their own label, by cross-validation; low, high its 95 % interval (Wilson).
    texts, labels: how many.  left_out: labels with too few texts, which it cannot give.  threshold: the least probability
    of a label that is given; below it the answer is "none".  answered: share of texts that got a label.  right: share
    of these that got their own.  folds: parts of the cross-validation.
    """

    accuracy: float
    low: float
    high: float
    texts: int
    labels: int
    left_out: tuple[str, ...]
    threshold: float
    answered: float
    right: float
    folds: int


@dataclass(frozen=True)
class Labelled:
    """What was learned from labelled texts: lines through vectors, and through counted words."""

    labels: tuple[str, ...]
    encoder: str
    encoder_version: str
    threshold: float
    sharpness: float
    slopes: Array  # [labels, d]
    offsets: Array  # [labels]
    words: WordCounts
    word_slopes: Array  # [labels, words]
    word_offsets: Array  # [labels]

    def scores(self, texts: Sequence[str], vectors: Array) -> Array:
        """How probable each label is: float32[n, labels]; rows add up to one."""
        odds = np.asarray(vectors, np.float64) @ self.slopes.T + self.offsets
        margins = np.asarray(self.words.counted(texts) @ self.word_slopes.T) + self.word_offsets
        return _shares(self.sharpness * (_log_shares(odds) + WORDS * margins)).astype(np.float32)

    def predict(self, texts: Sequence[str], vectors: Array) -> list[tuple[str, float]]:
        """The label of each text and its probability; "none" with that of the best where it is below the threshold."""
        found = self.scores(texts, vectors)
        best = found.argmax(axis=1)
        return [
            (self.labels[at] if row[at] >= self.threshold else NONE, float(row[at]))
            for row, at in zip(found, best, strict=True)
        ]

    def save(self, path: Path, report: Report | None = None, *, opened_as: str | None = None) -> None:
        """Writes it to a file, with its report. opened_as: how its encoder is opened (see encoders.open_encoder)."""
        facts = {
            "labels": self.labels, "encoder": self.encoder, "encoder_version": self.encoder_version,
            "threshold": self.threshold, "sharpness": self.sharpness, "words": self.words.vocabulary,
            "report": vars(report) if report else None, "opened_as": opened_as,
        }  # fmt: skip
        arrays = {name: getattr(self, name).astype(np.float32) for name in ARRAYS}
        stored.save(path, KIND, facts, arrays | {"rarity": self.words.rarity.astype(np.float32)})

    @classmethod
    def load(cls, path: Path, encoder: Encoder) -> Labelled:
        """Reads it from a file. Raises ModelFileError where it is damaged or was taught with another encoder's vectors."""
        facts, arrays = stored.load(path, KIND)
        stored.same_encoder(path, facts, encoder.id, encoder.version)
        words = WordCounts(tuple(facts["words"]), arrays["rarity"])
        return cls(
            tuple(facts["labels"]), encoder.id, encoder.version, facts["threshold"], facts["sharpness"],
            words=words, **{name: arrays[name] for name in ARRAYS},
        )  # fmt: skip


ARRAYS = ("slopes", "offsets", "word_slopes", "word_offsets")


def learn(
    texts: Sequence[str],
    labels: Sequence[str],
    vectors: Array,
    encoder: Encoder,
    unlabelled: tuple[Sequence[str], Array] | None = None,
) -> tuple[Labelled, Report]:
    """A model from texts with one label each, and how good it is.

    A logistic regression on vectors, and twice the margin of a linear support vector machine on counted words. Trained
    on parts of the texts and tried on the others, it tells its accuracy, how far its probabilities can be trusted (they are scaled to
    it; Guo et al., "On Calibration of Modern Neural Networks", ICML 2017), and the threshold: the lowest at which nine in ten of the
    labels given are right, or, where that cannot be had, the one at which right labels less wrong ones are most.

    vectors: float32[n, d] of `texts`.  unlabelled: other texts and their vectors. Labels spread over them by nearness
    (Zhou et al., "Learning with Local and Global Consistency", NIPS 2003), and what they were given teaches beside the labelled ones.
    Raises UserError where there are not two labels with two texts each.
    """
    counts = Counter(labels)
    names = sorted(label for label, count in counts.items() if count >= FEWEST and label != NONE)
    if len(names) < 2:
        raise UserError(
            f"there must be two labels or more with {FEWEST} texts each to learn from; there are {len(names)}. "
            "Label more texts, or name the right column."
        )
    rows = [at for at, label in enumerate(labels) if label in set(names)]
    said = [texts[at] for at in rows]
    points = np.asarray(vectors, np.float64)[rows]
    index = {name: at for at, name in enumerate(names)}
    told = np.array([index[labels[at]] for at in rows])
    folds = min(FOLDS, min(counts[name] for name in names))
    from sklearn.model_selection import StratifiedKFold

    tried = np.zeros((len(said), len(names)))
    for known, asked in StratifiedKFold(folds, shuffle=True, random_state=0).split(points, told):
        part = fit([said[at] for at in known], points[known], told[known], names, encoder, unlabelled)
        tried[asked] = np.log(np.maximum(part.scores([said[at] for at in asked], points[asked]), 1e-12))
    sharpness = _sharpness(tried, told)
    shares = _shares(sharpness * tried)
    best, surest = shares.argmax(axis=1), shares.max(axis=1)
    threshold = _threshold(surest, best == told)
    given = surest >= threshold
    model = replace(fit(said, points, told, names, encoder, unlabelled), sharpness=sharpness, threshold=threshold)
    right = int((best == told).sum())
    interval = binomtest(right, len(told)).proportion_ci(method="wilson")
    report = Report(
        right / len(told), float(interval.low), float(interval.high), len(told), len(names),
        tuple(sorted(label for label in counts if label not in index)), threshold, float(given.mean()),
        float((best == told)[given].mean()) if given.any() else 0.0, folds,
    )  # fmt: skip
    return model, report


def fit(
    texts: Sequence[str],
    vectors: Array,
    told: Array,
    names: Sequence[str],
    encoder: Encoder,
    unlabelled: tuple[Sequence[str], Array] | None = None,
) -> Labelled:
    """What `learn` learns, without trying it out: the answer is never "none".

    told: int[n], the place of each text's label in `names`; each occurs.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    weights = None
    if unlabelled is not None and len(unlabelled[0]):
        texts, vectors, told, weights = _with_crowd(texts, vectors, told, unlabelled)
    line = LogisticRegression(C=STIFFNESS, max_iter=150, tol=1e-3).fit(vectors, told, sample_weight=weights)
    words = WordCounts.of(texts)
    margin = LinearSVC(C=WORDS_STIFFNESS, max_iter=500, tol=1e-3, random_state=0)
    margin.fit(words.counted(texts), told, sample_weight=weights)
    slopes, offsets = _each_label(line.coef_, line.intercept_)
    word_slopes, word_offsets = _each_label(margin.coef_, margin.intercept_)
    return Labelled(
        tuple(names), encoder.id, encoder.version, 0.0, 1.0, slopes, offsets, words, word_slopes, word_offsets
    )


def _each_label(slopes: Array, offsets: Array) -> tuple[Array, Array]:
    """Of two labels, a line for each, where the library gives one for both."""
    if len(slopes) > 1:
        return slopes, offsets
    return np.concatenate([-slopes, slopes]) / 2, np.concatenate([-offsets, offsets]) / 2


def _with_crowd(
    texts: Sequence[str], vectors: Array, told: Array, unlabelled: tuple[Sequence[str], Array]
) -> tuple[list[str], Array, Array, Array]:
    """The labelled texts, and the others with the label that spread to them; these weigh by how sure it is."""
    from sklearn.linear_model import LogisticRegression

    others, theirs = list(unlabelled[0]), np.asarray(unlabelled[1], np.float64)
    if len(others) > CROWD:
        some = np.sort(np.random.default_rng(0).choice(len(others), CROWD, replace=False))
        others, theirs = [others[at] for at in some], theirs[some]
    everything = np.concatenate([vectors, theirs])
    count = len(told)
    sure = np.eye(told.max() + 1)[told]
    start = LogisticRegression(C=STIFFNESS, max_iter=150, tol=1e-3).fit(vectors, told).predict_proba(everything)
    start[:count] = TOLD * sure
    ways = _ways(everything)
    spread = start
    for _ in range(STEPS):
        spread = KEPT * (ways @ spread) + (1 - KEPT) * start
    spread /= np.maximum(spread.sum(axis=1, keepdims=True), 1e-12)
    given = spread[count:]
    weights = np.concatenate([np.full(count, 3.0), given.max(axis=1)])
    return [*texts, *others], everything, np.concatenate([told, given.argmax(axis=1)]), weights


def _ways(vectors: Array) -> Any:
    """Who is near whom, as weights: of the six nearest, the same in both directions, and fair to those with few."""
    from scipy.sparse import csr_array, diags_array
    from sklearn.neighbors import NearestNeighbors

    nearest = min(NEAREST, len(vectors) - 1)
    finder = NearestNeighbors(n_neighbors=nearest, metric="cosine", algorithm="brute").fit(vectors.astype(np.float32))
    far, near = finder.kneighbors()
    rows = np.repeat(np.arange(len(vectors)), nearest)
    ways = csr_array((np.exp(-ALIKE * far).ravel(), (rows, near.ravel())), shape=(len(vectors), len(vectors)))
    ways = (ways + ways.T) / 2
    fair = diags_array(1 / np.sqrt(np.maximum(ways.sum(axis=1), 1e-12)))
    return fair @ ways @ fair


def _sharpness(logs: Array, told: Array) -> float:
    """By what log shares must be multiplied for the probabilities of the right labels to be greatest."""

    def surprise(logarithm: float) -> float:
        return -float(_log_shares(np.exp(logarithm) * logs)[np.arange(len(told)), told].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-3, 3), method="bounded").x))


def _threshold(surest: Array, right: Array) -> float:
    order = np.argsort(-surest, kind="stable")
    correct = np.cumsum(right[order])
    given = np.arange(1, len(order) + 1)
    good = np.flatnonzero(correct / given >= 0.9)
    last = int(good[-1]) if len(good) else int(np.argmax(2 * correct - given))
    return float(surest[order[last]])


def _log_shares(odds: Array) -> Array:
    return np.asarray(log_softmax(odds, axis=1))


def _shares(odds: Array) -> Array:
    return np.exp(_log_shares(odds))
