"""Static models of model2vec: one vector for each word piece, their mean for a text. Hundreds of times faster, and coarser."""

from __future__ import annotations

from collections.abc import Sequence

from firsthand.errors import EncoderError
from firsthand.voice.encoder import Vectors, once
from firsthand.voice.encoders.files import card, fingerprint, folder, needed


class Static:
    """A folder that `StaticModel.save_pretrained` wrote."""

    sends = False

    def __init__(self, path: str) -> None:
        """Raises EncoderError where model2vec is not installed, or the folder holds no model."""
        spec = f"model2vec:{path}"
        package = needed("model2vec", spec, "model2vec")
        place = folder(path, spec, "model.safetensors, tokenizer.json and config.json")
        try:
            self._model = package.StaticModel.from_pretrained(str(place.resolve()))
        except Exception as odd:
            raise EncoderError(f"The encoder {spec}: the folder holds no model of model2vec ({odd}).") from odd
        self.id = f"model2vec:{place.resolve().name}"
        self.version = fingerprint([*sorted(place.rglob("*.safetensors")), *sorted(place.rglob("tokenizer.json"))])
        self.dimension = int(self._model.dim)
        self.languages, self.licence = card(place)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return once(lambda asked: self._model.encode(asked, use_multiprocessing=False), texts, self.dimension)
