"""Whether a text speaks well or badly of something: probabilities of negative, neutral and positive, and "unsure".

A linear model on the vector of the default encoder and on what the lexicon says. What it was trained on, how often it is
right and where it is not: `weights/sentiment.md`.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from firsthand.errors import EncoderError
from firsthand.voice import lexicon
from firsthand.voice.encoder import Encoder, Vectors

LABELS = ("negative", "neutral", "positive")
SHA256 = "e36794abc9d1e8fda58f3a27a036d6fbf4271e4ef818f4fc0df9d9eb1006f0e9"
"""Of `weights/sentiment.npz`, as `bench/train_sentiment.py` prints it."""
BATCH = 2_000
TORN = 0.1
"""Where the probabilities of negative and positive are nearer to each other than this, neither is said."""

Probabilities = NDArray[np.float32]


@dataclass(frozen=True)
class Sentiment:
    """A trained model. Use `load`."""

    version: str
    encoder: str
    """Id of the encoder whose vectors it was trained on; of no other may vectors be given."""
    weights: NDArray[np.float64]
    """[numbers of a vector + features of the lexicon, 3]"""
    bias: NDArray[np.float64]
    unsure: float
    """A text whose largest probability is below this is called unsure."""
    lexicon: str
    """Fingerprint of the lexicon that it was trained with."""

    id = "sentiment"

    @classmethod
    def load(cls) -> Sentiment:
        """The weights that Firsthand carries. Raises EncoderError where the file is not the expected one."""
        content = (files("firsthand.voice") / "weights" / "sentiment.npz").read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != SHA256:
            raise EncoderError(
                f"voice/weights/sentiment.npz is not what it should be: its sha256 is {found[:12]}…, expected {SHA256[:12]}…. "
                "Install Firsthand anew: pip install --force-reinstall --no-deps firsthand"
            )
        return cls.read(content)

    @classmethod
    def read(cls, content: bytes) -> Sentiment:
        """Weights from the bytes of a file that `bench/train_sentiment.py` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            said = json.loads(str(arrays["said"]))
            if said["features"] != list(lexicon.FEATURES):
                raise EncoderError("voice/weights/sentiment.npz was trained with another lexicon. Train it anew.")
            version = f"1-{hashlib.sha256(content).hexdigest()[:8]}"
            return cls(version, said["encoder"], arrays["weights"], arrays["bias"], said["unsure"], said["lexicon"])

    def probabilities(self, texts: Sequence[str], vectors: Vectors) -> Probabilities:
        """How probable it is that each text is negative, neutral, positive: [texts, 3], rows add up to 1.

        vectors: of the same texts, by the encoder that `encoder` names. A text has the same answer whatever else is asked with it.
        Raises EncoderError where the vectors are of another length.
        """
        wanted = (len(texts), len(self.weights) - len(lexicon.FEATURES))
        if vectors.shape != wanted:
            raise EncoderError(
                f"Sentiment needs vectors of the encoder {self.encoder}: {wanted[0]} of {wanted[1]} numbers; "
                f"there are {vectors.shape}. Use that encoder, or train weights for another: bench/train_sentiment.py."
            )
        found = [
            self._probabilities(texts[at : at + BATCH], vectors[at : at + BATCH]) for at in range(0, len(texts), BATCH)
        ]
        return np.concatenate(found) if found else np.zeros((0, len(LABELS)), dtype=np.float32)

    def _probabilities(self, texts: Sequence[str], vectors: Vectors) -> Probabilities:
        given = np.hstack([vectors, lexicon.features(texts)]).astype(np.float64)
        # Not a product of matrices: its last digits would depend on how many texts are asked at once.
        logits = np.einsum("tn,nl->tl", given, self.weights, optimize=False) + self.bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)

    def label(self, probabilities: Probabilities) -> list[str]:
        """negative, neutral or positive, whichever is most probable; unsure where none is probable enough, or good and bad nearly equal."""
        return [
            "unsure"
            if row.max() < self.unsure or (row.argmax() != 1 and abs(row[2] - row[0]) < TORN)
            else LABELS[row.argmax()]
            for row in probabilities
        ]

    def fits(self, encoder: Encoder) -> bool:
        """Whether vectors of this encoder may be given."""
        return encoder.id == self.encoder


def score(probabilities: Probabilities) -> NDArray[np.float32]:
    """Sentiment as one number, -1 (surely negative) to 1 (surely positive): probability of positive less that of negative."""
    return probabilities[:, 2] - probabilities[:, 0]
