"""Models of sentiment that a home's labels taught, kept as decisions; the newest that was taken reads the home."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from firsthand.errors import UserError
from firsthand.jobs.home import Home
from firsthand.jobs.labels import SENTIMENTS, labels, texts_of
from firsthand.jobs.topic_models import FEWEST, folds_of, unseen, wilson
from firsthand.jobs.voice_models import encoder_named, open_reader
from firsthand.lake import delta
from firsthand.lake.read import rows
from firsthand.tables import SentimentModels
from firsthand.voice.encoder import named
from firsthand.voice.language import languages
from firsthand.voice.read import Reader
from firsthand.voice.sentiment import Sentiment
from firsthand.voice.sentiment_head import taught, written

Row = dict[str, Any]
Array = np.ndarray[Any, Any]


def reader_of(home: Home, encoder: str | None = None) -> Reader:
    """What reads this home: the encoder as named, and the sentiment that its labels taught, where there is one in use."""
    reader = open_reader(encoder_named(home, encoder))
    kept = _kept(home, reader)
    return replace(reader, sentiment=Sentiment.read(kept[-1]["model"])) if kept else reader


def train_sentiment(home: Home, *, by: str) -> Row:
    """Teaches sentiment by the home's labels; takes the model if it is not worse than the one in use, else refuses it.

    It starts from the weights that ship. Both are kept. Returns a row as in tables.SentimentModels, without the model.
    Raises UserError where there are too few labels.
    """
    reader = open_reader(encoder_named(home))
    said = {text: told for text, told in _labelled(home).items() if languages([text])[0].understood}
    texts, allowed = list(said), np.array(list(said.values())).reshape(-1, len(SENTIMENTS))
    if len(texts) < FEWEST or len({tuple(row) for row in allowed}) < 2:
        raise UserError(
            f"There are {len(texts):,} different comments with a label of sentiment; {FEWEST} are needed, of two sorts or more. "
            "Say how comments were meant with: firsthand voice label COMMENT negative --sentiment --by …"
        )
    vectors = reader.felt_with.encode(texts)
    alone = _right(reader.sentiment, texts, vectors, allowed)
    seen = np.zeros(len(texts), bool)
    fold = np.array(list(folds_of(texts).values()))
    for part in np.unique(fold):
        held, known = np.flatnonzero(fold == part), np.flatnonzero(fold != part)
        model = taught(reader.sentiment, [texts[at] for at in known], vectors[known], allowed[known])
        seen[held] = _right(model, [texts[at] for at in held], vectors[held], allowed[held])
    kept = _kept(home, reader)
    accuracy = float(seen.mean())
    best = max([float(alone.mean()), *(_in_use(home, row, texts, vectors, allowed) for row in kept[-1:])])
    low, high = wilson(accuracy, len(texts))
    row = {
        "model_id": f"s{uuid.uuid4().hex[:8]}", "trained_at": datetime.now(UTC), "base": named(reader.sentiment),
        "encoder": named(reader.felt_with), "labels": len(texts), "accuracy": accuracy, "low": low, "high": high,
        "taken": accuracy >= best, "by": by,
        "why": f"it got {accuracy:.1%} of {len(texts):,} labels right that it had not seen ({low:.1%} to {high:.1%}); "
        f"{'what was in use' if kept else 'the model that ships'} {best:.1%}.",
    }  # fmt: skip
    whole = taught(reader.sentiment, texts, vectors, allowed)
    delta.add(home.lake, SentimentModels, [row | {"model": written(whole)}])
    return row


def _in_use(home: Home, row: Row, texts: list[str], vectors: Any, allowed: Array) -> float:
    """Share of the texts that the model in use gets right without having seen what was said of them."""
    since = _labelled(home, row["trained_at"])
    new = np.array([text in since for text in texts])
    right = _right(Sentiment.read(row["model"]), [text for text in texts if text in since], vectors[new], allowed[new])
    return unseen(row["accuracy"], right, len(texts))


def _labelled(home: Home, since: datetime | None = None) -> dict[str, Array]:
    """What the masked words of a comment may mean, by all that was said of them: bool[3], as in SENTIMENTS.

    Where labels contradict each other, the newer holds.  since: only what was said after that.
    """
    said = [row for row in labels(home, "sentiment") if since is None or row["labelled_at"] > since]
    texts = texts_of(home, {row["interaction_id"] for row in said})
    found: dict[str, Array] = {}
    for row in said:
        text = texts.get(row["interaction_id"])
        if text is None:
            continue
        told = np.array([(value == row["value"]) == row["right"] for value in SENTIMENTS])
        both = found.get(text, np.ones(len(SENTIMENTS), bool)) & told
        if both.any():
            found[text] = both
    return dict(sorted(found.items()))


def _right(model: Sentiment, texts: list[str], vectors: Any, allowed: Array) -> Array:
    """Of which texts the most probable sentiment is one that was told."""
    best = model.probabilities(texts, vectors).argmax(axis=1)
    return np.asarray(allowed[np.arange(len(texts)), best])


def _kept(home: Home, reader: Reader) -> list[Row]:
    """Models that were taken, made of the model that ships now and for its encoder, the oldest first."""
    base, encoder = named(reader.sentiment), named(reader.felt_with)
    found = [
        row
        for row in rows(home.lake, SentimentModels).to_pylist()
        if row["taken"] and row["base"] == base and row["encoder"] == encoder
    ]
    return sorted(found, key=lambda row: row["trained_at"])
