"""How good sentiment is on ../shared/data, with VADER beside it: the rows of `bench voice` that are about sentiment.

python bench/voice_sentiment.py        prints them

Each function takes `encode` (texts to vectors of the default encoder), so that who calls can keep vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import sentiment_sources as sources
import train_sentiment as training
from firsthand.voice import aspect, lexicon
from firsthand.voice.aspect import Place
from firsthand.voice.sentiment import Sentiment
from sentiment_sources import DATA, LABELS, NEGATIVE, NEUTRAL, POSITIVE
from train_sentiment import Encode

SENTENCES = Path(__file__).resolve().parents[1] / "tests" / "data" / "sentiment_sentences.tsv"
ENGLISH = ("lounges and seats", "laptops", "SemEval")
Row = dict[str, Any]


def negative_or_positive(encode: Encode, data: Path = DATA, least: int = 0) -> list[Row]:
    """Negative against positive on each source, trained on all the others; the last row is the mean over the sources.

    accuracy, balanced (mean of both labels), n; clear: accuracy on the ends of the scale alone; vader on English ones.
    least: where not 0, every so many texts of a source only, for a quick look.
    """
    tested = [
        sources.lounges_and_seats(data), sources.laptops(data), sources.semeval_sentences(data), sources.olist(data), sources.french_shop(data),
    ]  # fmt: skip
    more = [(comment, training.SENTENCES) for comment in sources.labelled(data)]
    more += [(comment, 0.0) for comment in sources.written()]
    if least:
        tested = [source[::least] for source in tested]
    examples = [*((comment, training.REVIEWS) for source in tested for comment in source), *more]
    numbers = training.given([comment.text for comment, _ in examples], encode)
    named = np.array([comment.source for comment, _ in examples])
    review = np.array([total == training.REVIEWS for _, total in examples])
    labels = np.array([comment.label for comment, _ in examples])
    clear = np.array([comment.clear for comment, _ in examples])
    rows: list[Row] = []
    for source in dict.fromkeys(comment.source for group in tested for comment in group):
        asked = (named == source) & review & (labels != NEUTRAL)
        kept = named != source
        model = training.fit([example for example, keep in zip(examples, kept, strict=True) if keep], numbers[kept])
        logits = model.decision_function(numbers[asked])
        found = np.where(logits[:, POSITIVE] > logits[:, NEGATIVE], POSITIVE, NEGATIVE)
        right = found == labels[asked]
        row: Row = {
            "source": source, "n": int(asked.sum()), "accuracy": float(right.mean()), "clear": float(right[clear[asked]].mean()),
            "balanced": float(np.mean([right[labels[asked] == label].mean() for label in (NEGATIVE, POSITIVE)])),
        }  # fmt: skip
        if source in ENGLISH:
            texts = [comment.text for (comment, _), ask in zip(examples, asked, strict=True) if ask]
            row["vader"] = float(np.mean((vader(texts) > 0) * POSITIVE == labels[asked]))
        rows.append(row)
    figures = ("accuracy", "clear", "balanced")
    return [*rows, {"source": "mean", **{name: float(np.mean([row[name] for row in rows])) for name in figures}}]


def three_classes(sentiment: Sentiment, encode: Encode, data: Path = DATA) -> Row:
    """The weights that ship, on SemEval sentences that they never saw: macro-F1, calibration error, and what "unsure" does."""
    asked = sources.semeval_sentences(data)
    texts, labels = [comment.text for comment in asked], np.array([comment.label for comment in asked])
    found = sentiment.probabilities(texts, encode(texts))
    said = sentiment.label(found)
    sure = np.array([label != "unsure" for label in said])
    compound = vader(texts)
    theirs = np.where(compound >= 0.05, POSITIVE, np.where(compound <= -0.05, NEGATIVE, NEUTRAL))
    return {
        "n": len(asked),
        "macro_f1": float(f1_score(labels, found.argmax(axis=1), average="macro")),
        "accuracy": float((found.argmax(axis=1) == labels).mean()),
        "calibration_error": training.calibration_error(found, labels),
        "unsure": float(1 - sure.mean()),
        "accuracy_where_sure": float((found.argmax(axis=1) == labels)[sure].mean()),
        "vader_macro_f1": float(f1_score(labels, theirs, average="macro")),
    }


def by_language(sentiment: Sentiment, encode: Encode) -> list[Row]:
    """The weights that ship, on 40 sentences of each language written for the tests; mixed ones are not counted."""
    told = [line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines()]
    found = sentiment.probabilities([text for *_, text in told], encode([text for *_, text in told]))
    rows = []
    for language in dict.fromkeys(language for language, *_ in told):
        right = [
            LABELS[row.argmax()] == label
            for (spoken, label, _), row in zip(told, found, strict=True)
            if spoken == language and label in LABELS
        ]
        rows.append({"language": language, "n": len(right), "accuracy": float(np.mean(right))})
    return rows


def polarity_of_aspects(
    sentiment: Sentiment, encode: Encode, data: Path = DATA, english: Encode | None = None
) -> list[Row]:
    """Polarity of each aspect that annotators marked, restaurants and laptops trained together.

    english: vectors of the encoder for English, which are read beside the others where given.

    Tested on the gold part (`2014_*_Test_Gold.xml`) where the folder has it; else by cross-validation over the sentences of
    the training part, which is harder: VADER has .65 there, and .73 on the gold part of the restaurants.
    """
    kept = {name: _aspects(sources.semeval(name, data)) for name in ("Restaurants", "Laptop")}
    models = {name: Aspects(sentiment, encode, english) for name in kept}
    rows = []
    for name, (places, labels, sentences) in kept.items():
        other = kept[next(another for another in kept if another != name)]
        gold = data / "semeval_absa" / f"2014_{name}_Test_Gold.xml"
        if gold.exists():
            asked, told, _ = _aspects(sources.annotated(gold))
            found = models[name].fit(places, labels, *other[:2]).predict(asked)
        else:
            asked, told, found = places, labels, np.zeros_like(labels)
            numbers, others = models[name].seen(places), models[name].seen(other[0])
            for train, test in GroupKFold(5).split(numbers, labels, sentences):
                models[name].learn(numbers[train], labels[train], others, other[1])
                found[test] = models[name].told(numbers[test])
        compound = vader([place.text for place in asked])
        theirs = np.where(compound >= 0.05, POSITIVE, np.where(compound <= -0.05, NEGATIVE, NEUTRAL))
        rows.append({
            "domain": name, "tested_on": "gold part" if gold.exists() else "training part, cross-validated",
            "n": len(told), "accuracy": float((found == told).mean()), "vader": float((theirs == told).mean()),
        })  # fmt: skip
    return rows


class Aspects:
    """Polarity given the aspect: what each part of the sentence says of it, as the weights that ship judge it, and its vector."""

    def __init__(self, sentiment: Sentiment, encode: Encode, english: Encode | None = None) -> None:
        self._sentiment, self._encode, self._english = sentiment, encode, english

    def fit(self, places: Sequence[Place], labels: np.ndarray, others: Sequence[Place], told: np.ndarray) -> Aspects:
        return self.learn(self.seen(places), labels, self.seen(others), told)

    def predict(self, places: Sequence[Place]) -> np.ndarray:
        return self.told(self.seen(places))

    def seen(self, places: Sequence[Place]) -> np.ndarray:
        """All that is known of each aspect, as numbers: vectors of its parts first, then the rest."""
        vectors, rest = [], [aspect.nearness(places)]
        for name, texts in aspect.parts(places).items():
            encoded = self._encode(texts)
            if name != "nearer":
                vectors.append(encoded)
            if self._english and name in ("text", "near"):
                vectors.append(self._english(texts))
            if name != "thing":
                told = np.log(self._sentiment.probabilities(texts, encoded) + 1e-6)
                rest.append(told - told.mean(axis=1, keepdims=True))
                rest.append(lexicon.features(texts))
        self._cuts = np.cumsum([0, *(encoded.shape[1] for encoded in vectors)])
        return np.hstack([*vectors, *rest])

    def learn(self, numbers: np.ndarray, labels: np.ndarray, others: np.ndarray, told: np.ndarray) -> Aspects:
        """others: aspects of the other domain, which count half."""
        numbers = np.vstack([numbers, others])
        domain = np.repeat([0.0, 1.0], [len(labels), len(told)])[:, None]
        self._reduced = [
            PCA(60, random_state=0, svd_solver="randomized").fit(numbers[:, begin:end])
            for begin, end in pairwise(self._cuts)
        ]
        self._model = make_pipeline(StandardScaler(), LogisticRegression(C=0.003, max_iter=150))
        weight = np.where(domain[:, 0] == 0, 1.0, 0.5)
        self._model.fit(
            np.hstack([self._small(numbers), domain]),
            np.concatenate([labels, told]),
            logisticregression__sample_weight=weight,
        )
        return self

    def told(self, numbers: np.ndarray) -> np.ndarray:
        return self._model.predict(np.hstack([self._small(numbers), np.zeros((len(numbers), 1))]))

    def _small(self, numbers: np.ndarray) -> np.ndarray:
        parts = zip(self._reduced, pairwise(self._cuts), strict=True)
        small = [reduced.transform(numbers[:, begin:end]) for reduced, (begin, end) in parts]
        return np.hstack([*small, numbers[:, self._cuts[-1] :]])


def _aspects(annotated: Iterable[Any]) -> tuple[list[Place], np.ndarray, np.ndarray]:
    """Where aspects stand, their polarity, and the number of their sentence; without those of conflicting polarity."""
    places, labels, sentences = [], [], []
    for number, sentence in enumerate(annotated):
        for term in sentence.iter("aspectTerm"):
            if term.get("polarity") in LABELS:
                places.append(Place(sentence.findtext("text", ""), int(term.get("from")), int(term.get("to"))))
                labels.append(LABELS.index(term.get("polarity")))
                sentences.append(number)
    return places, np.array(labels), np.array(sentences)


def vader(texts: Sequence[str]) -> np.ndarray:
    """What VADER says of each text, -1 to 1. Hutto & Gilbert, ICWSM 2014; the package vaderSentiment, MIT."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    return np.array([judge.polarity_scores(text)["compound"] for text in texts])


def main() -> None:
    from firsthand.voice.encoders import open_encoder

    encode, english, sentiment = open_encoder().encode, open_encoder("english").encode, Sentiment.load()
    print(three_classes(sentiment, encode))
    for row in (
        *by_language(sentiment, encode),
        *negative_or_positive(encode),
        *polarity_of_aspects(sentiment, encode, english=english),
    ):
        print(row, flush=True)


if __name__ == "__main__":
    main()
