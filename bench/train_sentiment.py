"""Trains the sentiment weights that Firsthand carries, on data whose licence lets derived weights be given away.

python bench/train_sentiment.py [--out FILE]     writes the weights, prints what is known of them and the line of their sha256

Lounge and seat reviews (CC0), laptop reviews (MIT), comments of a French shop (CC0), some of their sentences labelled one by
one, and sentences written for this in seven languages. Neither Olist (no commercial use) nor SemEval (research).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

import sentiment_sources as sources
from firsthand.voice import lexicon
from firsthand.voice.encoders import open_encoder
from sentiment_sources import NEUTRAL, Comment

OUT = Path(__file__).resolve().parents[1] / "src" / "firsthand" / "voice" / "weights" / "sentiment.npz"
RIGHT = 0.8
"""Share of the labels other than unsure that are right, on held-out sentences: the threshold of unsure is the lowest with it."""
REVIEWS, TITLES, SENTENCES, WRITTEN = 600.0, 300.0, 900.0, 2.8
"""What all reviews of a source weigh together, all titles, all labelled sentences of a source; what each written sentence weighs."""
NEUTRAL_WEIGHT = 1.5
STRENGTH = 0.1
"""Inverse of the penalty on large weights (scikit-learn's C)."""

Encode = Callable[[Sequence[str]], np.ndarray]


def free() -> list[tuple[Comment, float]]:
    """What the weights that ship are trained on, each with what its group weighs."""
    reviews = [*sources.lounges_and_seats(), *sources.laptops(), *sources.french_shop()]
    known = {comment.text for comment in reviews}
    titles = [comment for comment in sources.laptops(titles=True) if comment.text not in known]
    return [
        *((comment, REVIEWS) for comment in reviews),
        *((comment, TITLES) for comment in titles),
        *((comment, SENTENCES) for comment in sources.labelled()),
        *((comment, 0.0) for comment in sources.written()),
    ]


def weights(examples: Sequence[tuple[Comment, float]]) -> np.ndarray:
    """Each group of a source weighs the same however large it is, and so does each label in it."""
    groups = [(comment.source, total) for comment, total in examples]
    sizes: dict[tuple[str, float, int], int] = {}
    for (comment, _), group in zip(examples, groups, strict=True):
        sizes[(*group, comment.label)] = sizes.get((*group, comment.label), 0) + 1
    labels: dict[tuple[str, float], int] = {}
    for source, total, _ in sizes:
        labels[source, total] = labels.get((source, total), 0) + 1
    found = [
        total / labels[group] / sizes[(*group, comment.label)] if total else WRITTEN
        for (comment, total), group in zip(examples, groups, strict=True)
    ]
    return np.array(found) * np.where([comment.label == NEUTRAL for comment, _ in examples], NEUTRAL_WEIGHT, 1.0)


def given(texts: Sequence[str], encode: Encode) -> np.ndarray:
    return np.hstack([encode(texts), lexicon.features(texts)]).astype(np.float64)


def fit(examples: Sequence[tuple[Comment, float]], numbers: np.ndarray) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3)
    return model.fit(numbers, [comment.label for comment, _ in examples], sample_weight=weights(examples))


def held_out(examples: Sequence[tuple[Comment, float]], numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits and labels of the labelled sentences of each source, by models that saw nothing of that source."""
    logits, labels = [], []
    for source in dict.fromkeys(comment.source for comment, total in examples if total == SENTENCES):
        kept = np.array([comment.source != source for comment, _ in examples])
        asked = np.array([comment.source == source and total == SENTENCES for comment, total in examples])
        model = fit([example for example, keep in zip(examples, kept, strict=True) if keep], numbers[kept])
        logits.append(model.decision_function(numbers[asked]))
        labels.append([comment.label for (comment, _), ask in zip(examples, asked, strict=True) if ask])
    return np.concatenate(logits), np.concatenate(labels)


def softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """What the logits must be divided by for the probabilities to be nearest to what happened (log loss); 1 or more.

    Never less than 1: other fields are further from these sentences than they are from each other, so nothing found on
    them makes the model surer than it is. Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    tried = np.exp(np.linspace(0, 1, 41))
    losses = [-np.log(softmax(logits / by)[np.arange(len(labels)), labels]).mean() for by in tried]
    return float(tried[int(np.argmin(losses))])


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> float:
    """Mean distance between the largest probability and how often it is right, over ten bins of equal width (ECE)."""
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    return float(
        sum(abs(sure[bin_of == at].mean() - right[bin_of == at].mean()) * (bin_of == at).mean() for at in set(bin_of))
    )


def threshold(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The lowest largest probability from which on the share RIGHT of the labels is right."""
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    for least in np.arange(0.34, 0.9, 0.01):
        if right[sure >= least].mean() >= RIGHT:
            return round(float(least), 2)
    return 0.9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--encoder", default=None, help="as in the settings; default: the default encoder")
    arguments = parser.parse_args()
    encoder = open_encoder(arguments.encoder)
    examples = free()
    numbers = given([comment.text for comment, _ in examples], encoder.encode)
    arguments.out.write_bytes(trained(examples, numbers, encoder.id))
    print(f'SHA256 = "{hashlib.sha256(arguments.out.read_bytes()).hexdigest()}"')


def trained(examples: Sequence[tuple[Comment, float]], numbers: np.ndarray, encoder: str) -> bytes:
    """The content of the file of weights; what was measured on held-out sentences is printed."""
    logits, labels = held_out(examples, numbers)
    by = temperature(logits, labels)
    found = softmax(logits / by)
    least = threshold(found, labels)
    sure = found.max(axis=1) >= least
    right = found.argmax(axis=1) == labels
    print(
        f"{len(examples):,} texts. {len(labels)} labelled sentences of sources not trained on: accuracy {right.mean():.3f}, "
        f"macro-F1 {f1_score(labels, found.argmax(axis=1), average='macro'):.3f}, calibration error {calibration_error(found, labels):.3f}, "
        f"temperature {by:.2f}. Unsure below {least}: {1 - sure.mean():.1%}; of the others {right[sure].mean():.1%} right."
    )
    model = fit(examples, numbers)
    said = {
        "encoder": encoder,
        "features": lexicon.FEATURES,
        "lexicon": lexicon.fingerprint(),
        "unsure": least,
        "temperature": by,
    }
    kept = io.BytesIO()
    np.savez(kept, weights=model.coef_.T / by, bias=model.intercept_ / by, said=np.array(json.dumps(said)))
    return kept.getvalue()


if __name__ == "__main__":
    main()
