"""Which topics of the organisation's list a sentence speaks of, from descriptions alone, better with examples and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from firsthand.voice import stored
from firsthand.voice.encoder import Encoder
from firsthand.voice.personal_data import masked
from firsthand.voice.topic_list import Topic

Array = np.ndarray[Any, Any]

THRESHOLD = 0.3
"""A topic is spoken of from this probability on. Where probabilities are right, F1 is greatest at half the F1 that can be
had (Lipton, Elkan & Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1 measure"): here about .7."""

WEIGHTS = np.array([-2.6228, 6.3706, 1.7037, 0.5595, -6.2040, 11.7694])
INTERCEPT = -2.2329
"""From how near a sentence is to a topic to the odds that it speaks of it: a logistic regression over sentences and topics of
Banking77, MultiDoGO, French shop comments and comments written for it in seven languages (bench/topic_weights.py)."""

SAMPLE = 5000
FEWEST = 5
KNOWN_WEIGHT = 3.0
FIRM = 10
"""A corpus of so many sentences weighs as much as what is known beforehand: the texts of the topics, and usual spreads."""
USUAL = np.array([-0.17, -0.06])
"""Quantiles of 5 and 30 % of how near sentences are to a topic, in most corpora."""
LEAST_NEIGHBOURS, MOST_NEIGHBOURS = 4, 8
ROUNDS, STIFFNESS, SCALE, OWN = 4, 2.0, 3.0, 0.1
SURE, UNSURE = 0.5, 0.15
FLOOR = 1.7
"""What is learned from the corpus never says less, in log odds, than nearness alone does less this: a sentence that is near a
description with a probability of .7 or more speaks of the topic (.3), however few others do. Else topics that are rare in the
corpus, and so in what it teaches, are lost. Where people said that a sentence does not speak of a topic, it does not hold."""
BLOCK = 2048


class Label(NamedTuple):
    """What a person said of a text: it does speak of a topic, or it does not."""

    text: str
    topic: str
    yes: bool


@dataclass(frozen=True)
class Topics:
    """What was learned of the topics. Vectors are of the encoder that it was learned with."""

    names: tuple[str, ...]
    encoder: str
    encoder_version: str
    mean: Array
    whole: Array  # [topics, d]: name and description, as they differ from the other topics'
    apart: Array  # [topics, d]: the same, as they differ from the mean sentence
    parts: Array  # [parts, d]: phrases of descriptions, and examples
    part_of: Array  # [parts]
    spread: Array  # [2, topics]: quantiles of nearness among the corpus' own sentences
    known: Array  # [m, d]: sentences of the corpus, and labelled ones
    odds: Array  # [m, topics]: log odds of these
    slopes: Array  # [topics, d], learned from the surest of them; zeros where there were too few
    offsets: Array  # [topics]
    learned: Array  # [topics], whether there were enough
    floor: (
        Array  # [topics], by how much less than nearness alone says the answer may be; infinity where labels gainsay it
    )

    @classmethod
    def fit(
        cls, topics: Sequence[Topic], encoder: Encoder, labelled: Iterable[Label] = (), background: Array | None = None
    ) -> Topics:
        """Learns the topics.

        labelled: what people said of texts; topics that are not in the list are passed over.
        background: vectors of the corpus' own sentences and clauses (of more than 5,000, a fixed sample is taken). They
        tell how near a sentence is to a topic by chance, and the surest of them teach the words that customers use.
        Without them, or with few, much of the gain over plain similarity is lost.
        """
        labels = [each for each in labelled if each.topic in {topic.name for topic in topics}]
        gainsaid = {each.topic for each in labels if not each.yes}
        wordings, part_texts, part_of = _wordings(topics)
        texts = [*(text for each in wordings for text in each), GENERIC, *part_texts, *(each.text for each in labels)]
        vectors = np.asarray(encoder.encode(texts), np.float64)
        each = len(wordings[0])
        count = len(topics)
        whole, generic, parts, told = np.split(vectors, np.cumsum([count * each, 1, len(part_texts)]))
        whole = whole.reshape(count, each, -1).mean(axis=1)
        examples = [
            parts[[at for at, (topic, example) in enumerate(part_of) if topic == t and example]] for t in range(count)
        ]
        whole = np.stack(
            [(own + said.mean(axis=0)) / 2 if len(said) else own for own, said in zip(whole, examples, strict=True)]
        )
        whole = _unit(whole)
        corpus = np.zeros((0, vectors.shape[1])) if background is None else _sample(background)
        n = len(corpus)
        centre = (whole.sum(axis=0) + generic[0]) / (count + 1) if count < 4 else whole.mean(axis=0)
        mean = (corpus.sum(axis=0) + FIRM * centre) / (n + FIRM)
        model = cls(
            tuple(topic.name for topic in topics), encoder.id, encoder.version, mean,
            _unit(whole - centre), _unit(whole - mean), _unit(parts - centre), np.array([topic for topic, _ in part_of]),
            np.zeros((2, count)), np.zeros((0, len(mean))), np.zeros((0, count)),
            np.zeros((count, len(mean))), np.zeros(count), np.zeros(count, bool),
            np.array([np.inf if topic.name in gainsaid else FLOOR for topic in topics]),
        )  # fmt: skip
        near, _ = model._near(corpus) if n else (np.zeros((0, count)), None)
        seen = np.quantile(near, [0.05, 0.3], axis=0) if n else np.zeros((2, count))
        model = model._with(spread=(n * seen + FIRM * USUAL[:, None]) / (n + FIRM))
        return model._taught(corpus, told, labels)

    def probabilities(self, vectors: Array) -> Array:
        """How probably each sentence speaks of each topic: float32[n, topics]. They need not add up to one.

        vectors: float32[n, d] of sentences or clauses.
        """
        found = np.zeros((len(vectors), len(self.names)), np.float32)
        for begin in range(0, len(vectors), BLOCK):
            block = np.asarray(vectors[begin : begin + BLOCK], np.float64)
            found[begin : begin + BLOCK] = _probability(self._final(block))
        return found

    def save(self, path: Path) -> None:
        """Writes it to a file."""
        facts = {"names": self.names, "encoder": self.encoder, "encoder_version": self.encoder_version}
        arrays = {name: getattr(self, name) for name in ARRAYS}
        stored.save(path, "topics", facts, {name: _small(array) for name, array in arrays.items()})

    @classmethod
    def load(cls, path: Path, encoder: Encoder) -> Topics:
        """Reads it from a file. Raises ModelFileError where it is damaged or was learned with another encoder."""
        facts, arrays = stored.load(path, "topics")
        stored.same_encoder(path, facts, encoder.id, encoder.version)
        arrays.setdefault("floor", np.full(len(facts["names"]), np.inf))
        return cls(tuple(facts["names"]), encoder.id, encoder.version, **{name: arrays[name] for name in ARRAYS})

    def _taught(self, corpus: Array, told: Array, labels: Sequence[Label]) -> Topics:
        """The model with neighbours and slopes."""
        count, n = len(self.names), len(corpus)
        index = {name: at for at, name in enumerate(self.names)}
        sentences = np.concatenate([corpus, told]) if n or len(told) else corpus
        if not len(sentences):
            return self
        odds = self._alone(sentences)
        least = odds - self.floor
        given = np.full((len(sentences), count), np.nan)
        for row, label in enumerate(labels, n):
            given[row, index[label.topic]] = float(label.yes)
        odds = np.where(np.isnan(given), odds, np.where(given == 1, 4.0, -4.0))
        _, first = np.unique(np.round(sentences, 4), axis=0, return_index=True)
        first = np.union1d(first, np.arange(n, len(sentences)))
        model = self._with(known=_unit(sentences[first] - self.mean), odds=odds[first])
        smooth = model._smoothed(sentences)
        current, slopes, offsets = smooth, np.zeros((count, len(self.mean))), np.zeros(count)
        learned = np.zeros(count, bool)
        points = _unit(sentences - self.mean)
        for _ in range(ROUNDS):
            lines = np.array(current)
            for topic in range(count):
                line = _line(points, _probability(current[:, topic]), given[:, topic])
                if line:
                    slopes[topic], offsets[topic] = line
                    learned[topic] = True
                    lines[:, topic] = points @ slopes[topic] + offsets[topic]
            current = np.maximum(OWN * smooth + (1 - OWN) * lines, least)
        return model._with(slopes=slopes, offsets=offsets, learned=learned)

    def _near(self, vectors: Array) -> tuple[Array, Array]:
        """How near sentences are to each topic as a whole, and to its nearest part."""
        points = _unit(vectors - self.mean)
        by_part = points @ self.parts.T
        parts = np.stack([by_part[:, self.part_of == topic].max(axis=1) for topic in range(len(self.names))], axis=1)
        return points @ self.whole.T, parts

    def _alone(self, vectors: Array) -> Array:
        """Log odds from how near a sentence is to the topics, without its neighbours."""
        whole, parts = self._near(vectors)
        away = _unit(vectors - self.mean) @ self.apart.T
        low, usual = self.spread
        unusual = (whole - usual) / np.maximum(usual - low, 0.01)
        features = np.stack([whole, away, _ahead(whole), unusual, parts, _ahead(parts)], axis=2)
        return features @ WEIGHTS + INTERCEPT

    def _smoothed(self, vectors: Array) -> Array:
        """Log odds, half of them those of the nearest sentences that are known."""
        own = self._alone(vectors)
        several = min(max(len(self.known) // 100, LEAST_NEIGHBOURS), MOST_NEIGHBOURS)
        if len(self.known) <= several:
            return own
        near = _unit(vectors - self.mean) @ self.known.T
        near[near > 0.999] = -1
        best = np.argpartition(-near, several - 1, axis=1)[:, :several]
        weights = np.maximum(np.take_along_axis(near, best, axis=1), 0) ** 2 + 1e-9
        theirs = np.einsum("nkt,nk->nt", self.odds[best], weights / weights.sum(axis=1, keepdims=True))
        return (own + theirs) / 2

    def _final(self, vectors: Array) -> Array:
        smooth = self._smoothed(vectors)
        lines = _unit(vectors - self.mean) @ self.slopes.T + self.offsets
        found = np.where(self.learned, OWN * smooth + (1 - OWN) * lines, smooth)
        return np.maximum(found, self._alone(vectors) - self.floor)

    def _with(self, **changed: Any) -> Topics:
        return replace(self, **changed)


ARRAYS = (
    "mean",
    "whole",
    "apart",
    "parts",
    "part_of",
    "spread",
    "known",
    "odds",
    "slopes",
    "offsets",
    "learned",
    "floor",
)
GENERIC = "The customer says something."
PARTS = re.compile(r"\s+-\s+|[,:;.()]|\b(?:and|or|und|oder|et|ou|en|of|y|o|e)\b")
"""Where a description is taken apart: at marks, and at "and" and "or" in seven languages."""


def _wordings(topics: Sequence[Topic]) -> tuple[list[list[str]], list[str], list[tuple[int, bool]]]:
    """Each topic said in several ways, the phrases and examples of all, and of each of these the topic and whether it is an example.

    Examples are words of customers and may go to an encoder that sends them away: they are masked like these.
    """
    wordings, parts, part_of = [], [], []
    for at, topic in enumerate(topics):
        name, description = topic.name, masked(topic.description.strip())[0] or topic.name
        both = f"{name}: {description}"
        wordings.append([name, description, both, f"The customer talks about {both}"])
        phrases = [phrase.strip() for phrase in PARTS.split(description)]
        told = [name, *(f"{name}: {phrase}" for phrase in phrases if len(phrase) > 2)]
        parts += [*told, *(masked(example)[0] for example in topic.examples)]
        part_of += [(at, False)] * len(told) + [(at, True)] * len(topic.examples)
    return wordings, parts, part_of


def _line(points: Array, probable: Array, given: Array) -> tuple[Array, float] | None:
    """A line through what is surest of a topic: slope and offset of its log odds; none where too little is sure."""
    from sklearn.linear_model import LogisticRegression

    told = ~np.isnan(given)
    yes = np.where(told, given == 1, probable > SURE)
    weight = np.where(yes, probable, 1 - probable)
    weight[(probable > UNSURE) & ~yes] = 0
    weight[told] = KNOWN_WEIGHT
    if yes.sum() < FEWEST or not (weight[~yes] > 0).any():
        return None
    used = weight > 0
    line = LogisticRegression(C=STIFFNESS, max_iter=100, tol=1e-3)
    line.fit(points[used] * SCALE, yes[used], sample_weight=weight[used])
    return line.coef_[0] * SCALE, float(line.intercept_[0])


def _ahead(near: Array) -> Array:
    """By how much a topic is nearer than the nearest other one."""
    if near.shape[1] == 1:
        return near
    order = np.sort(near, axis=1)
    return near - np.where(near == order[:, -1:], order[:, -2:-1], order[:, -1:])


def _sample(vectors: Array) -> Array:
    if len(vectors) > SAMPLE:
        vectors = vectors[np.sort(np.random.default_rng(0).choice(len(vectors), SAMPLE, replace=False))]
    return np.asarray(vectors, np.float64)


def _unit(rows: Array) -> Array:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def _probability(odds: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def _small(array: Array) -> Array:
    return array.astype(np.float32) if array.dtype == np.float64 else array
