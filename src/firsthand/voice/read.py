"""Reading a text: plain, masked, its language, its sentences, how they feel, what they want. Texts in, rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from firsthand.voice.clauses import Span, sentences_and_clauses
from firsthand.voice.effort import effort
from firsthand.voice.encoder import Encoder, named
from firsthand.voice.judged import Judged
from firsthand.voice.language import Language, languages
from firsthand.voice.names import versions
from firsthand.voice.personal_data import Found, masked
from firsthand.voice.plain import cut, plain
from firsthand.voice.sentences import sentences
from firsthand.voice.sentiment import Sentiment, score
from firsthand.voice.wants import wants

Row = dict[str, Any]
Array = np.ndarray[Any, Any]
RULES = "rules 3"
"""The version of all that is read by rules: raise it when masking, sentences, wants or effort change."""


@dataclass(frozen=True)
class Reader:
    """What reads texts: an encoder, a model of sentiment with the encoder that it was trained on, and rules."""

    encoder: Encoder
    sentiment: Sentiment
    felt_with: Encoder

    @cached_property
    def id(self) -> str:
        """Its models, each with its version: the same id reads the same text alike."""
        return "; ".join([named(self.encoder), named(self.sentiment), RULES, *versions()])

    def read(self, texts: Sequence[str]) -> list[Row]:
        """What is understood of each text, in their order; columns as in tables.Readings, but `text_hash` and `reader`.

        Of a text in no language that is understood only language and personal data are told. `vectors` is float16
        [parts, dimension], as bytes.
        """
        hidden = [masked(plain(text)) for text in texts]
        shown = [text for text, _ in hidden]
        spoken = languages(shown)
        spans = [sentences(text) if said.understood else [] for text, said in zip(shown, spoken, strict=True)]
        places = [sentences_and_clauses(text, own) for text, own in zip(shown, spans, strict=True)]
        parts = [text[begin:end] for text, own in zip(shown, places, strict=True) for begin, end in own]
        wholes = [text for text, own in zip(shown, spans, strict=True) if own]
        every = [*parts, *wholes]
        vectors = self.encoder.encode(every)
        same = self.felt_with is self.encoder
        moods = self.sentiment.probabilities(every, vectors if same else self.felt_with.encode(every))
        at = np.cumsum([0, *map(len, places)])
        whole = iter(moods[len(parts) :])
        told = [_Text(*each) for each in zip(texts, hidden, spoken, spans, places, strict=True)]
        by_sentence = [
            moods[begin + n]
            for each, begin in zip(told, at, strict=False)
            for n, place in enumerate(each.places)
            if place in each.sentences
        ]
        wanted = wants(shown, spans, [said.code for said in spoken], np.array(by_sentence).reshape(-1, 3))
        return [
            _row(each, wanted[n], moods[at[n] : at[n + 1]], vectors[at[n] : at[n + 1]])
            | (self._felt(next(whole)) if each.sentences else {})
            | {"encoder": named(self.encoder)}
            for n, each in enumerate(told)
        ]

    def _felt(self, mood: Array) -> Row:
        told = {"sentiment": round(float(score(mood[None])[0]), 4), "label": self.sentiment.label(mood[None])[0]}
        return _probabilities(mood) | told


def vectors_of(row: Row, dimension: int) -> Array:
    """The vectors of the parts of a row that was read: float32 [parts, dimension]."""
    return np.frombuffer(row["vectors"] or b"", np.float16).reshape(-1, dimension).astype(np.float32)


class _Text(NamedTuple):
    raw: str
    hidden: tuple[str, list[Found]]
    said: Language
    sentences: list[Span]
    places: list[Span]  # of sentences and clauses


def _row(text: _Text, wanted: list[Judged], moods: Array, vectors: Array) -> Row:
    """What is told of a text, but how it feels as a whole."""
    masked_text, found = text.hidden
    row: Row = {
        "language": text.said.code, "language_probability": text.said.probability, "understood": text.said.understood,
        "masked_text": masked_text, "cut": cut(text.raw), "personal_data": [each._asdict() for each in found],
        "judgements": [each._asdict() for each in wanted],  # a flag needs no language: "Fire!!"
        **dict.fromkeys(("negative", "neutral", "positive", "sentiment", "label")), "parts": [], "vectors": None,
    }  # fmt: skip
    if not text.sentences:
        return row
    row["judgements"] += [each._asdict() for each in effort(masked_text, text.said.code)]
    row["parts"] = [
        {"begin": begin, "end": end, "clause": (begin, end) not in text.sentences} | _probabilities(mood)
        for (begin, end), mood in zip(text.places, moods, strict=True)
    ]
    return row | {"vectors": vectors.astype(np.float16).tobytes()}


def _probabilities(mood: np.ndarray[Any, Any]) -> Row:
    return {name: round(float(value), 4) for name, value in zip(("negative", "neutral", "positive"), mood, strict=True)}
