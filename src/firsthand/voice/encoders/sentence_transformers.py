"""Models of sentence-transformers, which brings torch: for who has it, and a graphics card, already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firsthand.errors import EncoderError
from firsthand.voice.encoder import Vectors, once
from firsthand.voice.encoders.files import card, fingerprint, installed, needed


class SentenceTransformers:
    """A folder, or a name that sentence-transformers knows; that it downloads, unless it did before. Texts stay on this machine."""

    sends = False

    def __init__(self, name: str) -> None:
        """Raises EncoderError where sentence-transformers is not installed, or does not find the model."""
        self.id = f"sentence-transformers:{name}"
        package = needed("sentence_transformers", self.id, "sentence-transformers")
        try:
            self._model = package.SentenceTransformer(name)
        except Exception as odd:
            raise EncoderError(f"The encoder {self.id} cannot be loaded ({odd}).") from odd
        self.dimension = int(self._model.get_sentence_embedding_dimension())
        self.version = f"sentence-transformers {installed('sentence-transformers')}"
        self.languages, self.licence = frozenset[str](), ""
        if (place := Path(name)).is_dir():
            self.id = f"sentence-transformers:{place.resolve().name}"
            self.version = fingerprint(
                sorted(file for file in place.rglob("*") if file.suffix in (".safetensors", ".json", ".bin"))
            )
            self.languages, self.licence = card(place)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return once(lambda asked: self._model.encode(asked, show_progress_bar=False), texts, self.dimension)
