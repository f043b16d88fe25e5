"""Topics and themes on Banking77: 10,003 questions to a bank for learning, 3,080 for testing, 77 intents.

Beside each figure stands what a simple peer, words counted (TF-IDF) and a linear model, makes of the same examples.
What is measured is what `voice topics` and `voice themes` use.
    python bench/voice_topics.py [--encoder SPEC]
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from sklearn.svm import LinearSVC

from firsthand.voice.encoder import Encoder
from firsthand.voice.encoders import open_encoder
from firsthand.voice.labelled import fit
from firsthand.voice.themes import themes

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "banking77"
SEEDS = 5
EACH = 10

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass
class Part:
    """Texts with their vectors and labels."""

    texts: NDArray[np.str_]
    vectors: Vectors
    labels: Labels
    encoder: Encoder

    def some(self, rows: NDArray[np.int64]) -> Part:
        return Part(self.texts[rows], self.vectors[rows], self.labels[rows], self.encoder)


def read(spec: str) -> tuple[Part, Part]:
    """The part for learning and the part for testing, encoded."""
    listed = [list(csv.DictReader((FOLDER / f"{name}.csv").open(encoding="utf-8"))) for name in ("train", "test")]
    names = sorted({row["category"] for row in listed[0]})
    encoder = open_encoder(spec)
    learning, testing = (
        Part(
            np.array([row["text"] for row in rows]),
            encoder.encode([row["text"] for row in rows]),
            np.array([names.index(row["category"]) for row in rows]),
            encoder,
        )
        for rows in listed
    )
    return learning, testing


def ten_of_each(labels: Labels, seed: int) -> NDArray[np.int64]:
    chance = np.random.default_rng(seed)
    return np.concatenate([chance.permutation(np.flatnonzero(labels == each))[:EACH] for each in np.unique(labels)])


def peer(known: Part, asked: Part) -> Scores:
    """The simple peer: words, pairs of words and parts of words, counted, and a linear model."""
    model = make_pipeline(counted(), LinearSVC(C=0.5, max_iter=500, tol=1e-3))
    return model.fit(known.texts, known.labels).decision_function(asked.texts)


def counted() -> FeatureUnion:
    """Words, pairs of words and parts of words, weighed by how rare they are."""
    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
    )


def ours(known: Part, asked: Part, pool: Part | None = None) -> float:
    """Share of the questions that a model of `voice topics` gets right, its threshold aside."""
    crowd = (list(pool.texts), pool.vectors) if pool else None
    model = fit(list(known.texts), known.vectors, known.labels, [str(n) for n in range(77)], known.encoder, crowd)
    return accuracy(model.scores(list(asked.texts), asked.vectors), asked)


def accuracy(scores: Scores, asked: Part) -> float:
    return float((scores.argmax(axis=1) == asked.labels).mean())


def rows(spec: str = "english") -> list[dict[str, Any]]:
    """Every figure: what, ours, the peer's, the goal."""
    learning, testing = read(spec)
    everyone = np.arange(len(learning.labels))
    few = [learning.some(ten_of_each(learning.labels, seed)) for seed in range(SEEDS)]
    pools = [learning.some(np.setdiff1d(everyone, ten_of_each(learning.labels, seed))) for seed in range(SEEDS)]
    simple = float(np.mean([accuracy(peer(known, testing), testing) for known in few]))
    found = [
        _row(f"{EACH} examples per intent", [ours(known, testing) for known in few], simple, None),
        _row(
            f"{EACH} examples per intent, and {len(pools[0].labels):,} questions without a label",
            [ours(known, testing, pool) for known, pool in zip(few, pools, strict=True)], simple, 0.865,
        ),
        _row("all examples", [ours(learning, testing)], accuracy(peer(learning, testing), testing), 0.935),
        _row("77 themes, adjusted Rand index", [adjusted_rand_score(part.labels, themes(part.vectors, count=77).of) for part in (learning, testing)],
             float(np.mean([adjusted_rand_score(part.labels, counted_themes(part)) for part in (learning, testing)])), 0.5),
    ]  # fmt: skip
    return found


def counted_themes(part: Part) -> Labels:
    """The simple peer of themes: k-means on the vectors as they are."""
    return KMeans(77, n_init=1, random_state=1).fit_predict(part.vectors)


def _row(what: str, values: list[float], simple: float, goal: float | None) -> dict[str, Any]:
    row = {
        "what": f"Banking77, {what}",
        "value": round(float(np.mean(values)), 4),
        "each": [round(value, 4) for value in values],
        "peer": round(simple, 4),
        "goal": goal,
    }
    print(
        f"{row['what']:<75} {row['value']:.3f}   peer {row['peer']:.3f}   goal {goal or '–'}   each {row['each']}",
        flush=True,
    )
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="english", help="as `open_encoder` takes it")
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    told = parser.parse_args()
    if not FOLDER.is_dir():
        print(f"skipped: {FOLDER} is not here")
        return
    found = rows(told.encoder)
    if told.out:
        told.out.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
