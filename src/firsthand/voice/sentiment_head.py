"""Sentiment that an organisation's own labels have taught: the weights that ship, moved no farther than the labels ask."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp

from firsthand.voice import lexicon
from firsthand.voice.encoder import Vectors
from firsthand.voice.sentiment import Sentiment

STIFFNESS = 1.0
"""How hard it is to move a weight away from the one that ships: half the sum of squares of what was moved weighs so much
beside the surprise of the labels. Without labels nothing moves."""

Array = np.ndarray[Any, Any]


def taught(base: Sentiment, texts: Sequence[str], vectors: Vectors, allowed: Array) -> Sentiment:
    """What `base` becomes when it is told how texts were meant.

    A logistic regression whose weights are pulled towards those of `base` instead of towards zero (as a normal prior
    around them would), so that a few labels shift what is usual here, and many teach the words of this organisation.

    vectors: of the texts, by the encoder of `base`.  allowed: bool [texts, 3], what a text may be, of negative, neutral,
    positive: "positive" allows one, "not positive" two.
    """
    given = np.hstack([vectors, lexicon.features(texts), np.ones((len(texts), 1))]).astype(np.float64)
    start = np.vstack([base.weights, base.bias])

    def surprise(moved: Array) -> tuple[float, Array]:
        change = moved.reshape(start.shape)
        logs = log_softmax(given @ (start + change), axis=1)
        told = np.where(allowed, logs, -np.inf)
        right = logsumexp(told, axis=1, keepdims=True)
        slope = given.T @ (np.exp(logs) - np.exp(told - right)) + STIFFNESS * change
        return float(STIFFNESS / 2 * (change**2).sum() - right.sum()), slope.ravel()

    found = minimize(surprise, np.zeros(start.size), jac=True, method="L-BFGS-B").x.reshape(start.shape)
    return replace(base, weights=(start + found)[:-1], bias=(start + found)[-1])


def written(model: Sentiment) -> bytes:
    """The model as a file that `Sentiment.read` reads."""
    said = {
        "features": list(lexicon.FEATURES), "encoder": model.encoder, "unsure": model.unsure, "lexicon": model.lexicon,
    }  # fmt: skip
    file = io.BytesIO()
    np.savez_compressed(file, said=json.dumps(said), weights=model.weights, bias=model.bias)
    return file.getvalue()
