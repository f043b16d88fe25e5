"""Encoders: one file each. `open_encoder` opens the one that a word names."""

from __future__ import annotations

from firsthand.errors import EncoderError
from firsthand.voice.encoder import Encoder

KNOWN = "universal, english, onnx:FOLDER, model2vec:FOLDER, sentence-transformers:NAME_OR_FOLDER, openai:URL#MODEL"


def open_encoder(spec: str | None = None) -> Encoder:
    """Opens an encoder; see docs/reference/voice-models.md.

    spec: one of `KNOWN`; None is the default, `universal`.
    Raises EncoderError where there is no such encoder, its package is not installed, or its files are not what they must be.
    """
    kind, _, rest = (spec or "universal").partition(":")
    if kind == "universal" and not rest:
        from firsthand.voice.encoders.universal import Universal

        return Universal()
    if kind == "english" and not rest:
        from firsthand.voice.encoders.english import English

        return English()
    if kind == "onnx":
        from firsthand.voice.encoders.onnx import Folder

        return Folder(rest)
    if kind == "model2vec":
        from firsthand.voice.encoders.model2vec import Static

        return Static(rest)
    if kind == "sentence-transformers":
        from firsthand.voice.encoders.sentence_transformers import SentenceTransformers

        return SentenceTransformers(rest)
    if kind == "openai":
        from firsthand.voice.encoders.openai import OpenAI

        url, _, model = rest.rpartition("#")
        if url and model:
            return OpenAI(url, model)
        raise EncoderError("The encoder openai needs an address and the name of a model: openai:https://HOST#MODEL")
    raise EncoderError(f'"{spec}" is no encoder. There are: {KNOWN}.')
