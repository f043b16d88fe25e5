"""Models of a home's topics: made of its list, taught by its labels, kept as decisions."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.home import Home
from firsthand.jobs.labels import labels, texts_of, topics_of
from firsthand.jobs.opened import opened
from firsthand.jobs.refresh import backend
from firsthand.jobs.voice_models import encoder_of_readings
from firsthand.lake import delta, files
from firsthand.lake.read import rows
from firsthand.tables import Readings, VoiceModels
from firsthand.voice.encoder import Encoder, named
from firsthand.voice.read import vectors_of
from firsthand.voice.topic_list import Topic
from firsthand.voice.topics import THRESHOLD, Label, Topics

Row = dict[str, Any]
FOLDS, FEWEST = 5, 10
"""Labels are held out in so many parts; with fewer than so many labels nothing is trained."""
ENOUGH = 200
"""A model that was made when fewer texts than this were read is made anew once there are twice as many."""
SAMPLE = 3_000


def model_of(home: Home, encoder: Encoder) -> tuple[str, Topics] | None:
    """The model of the home's topics and its name: the newest that was taken, of the list as it stands; else one is made.

    Returns None where the home has no list. Raises TopicError where the list is wrong.
    """
    if not home.topics_file.is_file():
        return None
    listed = topics_of(home)
    seen = _texts(home)
    for row in reversed(_kept(home, encoder)):
        if row["texts"] >= ENOUGH or 2 * row["texts"] >= seen or row["labels"]:
            return row["model_id"], _opened(row, encoder)
    told = _of_the_list(home, listed)
    model = Topics.fit(listed, encoder, told, _background(home, encoder))
    why = f"made of the list and {len(told):,} labels, after a look at {seen:,} texts"
    return _keep(home, model, texts=seen, labels=len(told), taken=True, why=why, by="voice read")["model_id"], model


def train(home: Home, *, by: str) -> Row:
    """Trains the home's topics on its labels; takes the model if it is not worse than the one in use, else refuses it.

    Both are kept. Returns a row as in tables.VoiceModels, without the model. Raises UserError where there are too few labels.
    """
    encoder = encoder_of_readings(home)
    listed = topics_of(home)
    told = _of_the_list(home, listed)
    if len(told) < FEWEST or len({label.yes for label in told}) < 2:
        raise UserError(
            f"There are {len(told):,} labels of topics in the list; {FEWEST} are needed, yes and no (--not) among them. "
            "Say what comments are about with: firsthand voice label (and what they mean: --sentiment, and voice train --sentiment)"
        )
    background = _background(home, encoder)
    alone = _right(Topics.fit(listed, encoder, background=background), told, encoder)
    taught = _cross_validated(listed, told, encoder, background)
    before = [row for row in _kept(home, encoder) if row["accuracy"] is not None]
    best = max([float(np.mean(alone)), *(_in_use(home, row, listed, len(told), encoder) for row in before[-1:])])
    accuracy = float(np.mean(taught))
    low, high = wilson(accuracy, len(taught))
    taken = accuracy >= best
    why = (
        f"it got {accuracy:.1%} of {len(told):,} labels right that it had not seen ({low:.1%} to {high:.1%}); "
        f"{'what was in use' if before else 'the list alone'} {best:.1%}."
    )
    model = Topics.fit(listed, encoder, told, background)
    return _keep(
        home, model, texts=_texts(home), labels=len(told), accuracy=accuracy, low=low, high=high, taken=taken, why=why, by=by
    )  # fmt: skip


def _in_use(home: Home, row: Row, listed: Sequence[Topic], count: int, encoder: Encoder) -> float:
    """Share of so many labels that the model in use gets right without having seen them."""
    since = _of_the_list(home, listed, row["trained_at"])
    right = _right(_opened(row, encoder), since, encoder) if since else np.zeros(0, bool)
    return unseen(row["accuracy"], right, count)


def unseen(accuracy: float, right: Any, count: int) -> float:
    """Share of so many labels that a model gets right without having seen them: of those that came since what it gets now
    (`right`), of those that it was taught with what it got of them by cross-validation (`accuracy`)."""
    return float((accuracy * (count - len(right)) + right.sum()) / count)


def _of_the_list(home: Home, listed: Sequence[Topic], since: datetime | None = None) -> list[Label]:
    known = {topic.name for topic in listed}
    return [label for label in labelled(home, since) if label.topic in known]


def labelled(home: Home, since: datetime | None = None) -> list[Label]:
    """What people said of comments and topics, with the masked words; of comments that are still in the record.

    since: only what was said after that.
    """
    said = [row for row in labels(home, "topic") if since is None or row["labelled_at"] > since]
    texts = texts_of(home, {row["interaction_id"] for row in said})
    return [
        Label(texts[row["interaction_id"]], row["value"], row["right"])
        for row in reversed(said)
        if row["interaction_id"] in texts
    ]


def _cross_validated(listed: Sequence[Any], told: Sequence[Label], encoder: Encoder, background: Any) -> Any:
    """Which labels a model gets right that has not seen any of the same text."""
    fold = folds_of(label.text for label in told)
    right = np.zeros(len(told), bool)
    for part in range(FOLDS):
        held = np.array([fold[label.text] == part for label in told])
        if held.any():
            seen = [label for label, out in zip(told, held, strict=True) if not out]
            model = Topics.fit(listed, encoder, seen, background)
            right[held] = _right(model, [label for label, out in zip(told, held, strict=True) if out], encoder)
    return right


def folds_of(texts: Iterable[str]) -> dict[str, int]:
    """For each text, once, the part of the cross-validation that it is held out in: always the same for the same texts."""
    different = list(dict.fromkeys(texts))
    order = np.random.default_rng(0).permutation(len(different))
    return {text: int(place) % FOLDS for text, place in zip(different, order, strict=True)}


def _right(model: Topics, told: Sequence[Label], encoder: Encoder) -> Any:
    """Which labels a model agrees with, the text taken as a whole and by its sentences."""
    from firsthand.voice.clauses import sentences_and_clauses
    from firsthand.voice.sentences import sentences

    right = []
    for label in told:
        places = sentences_and_clauses(label.text, sentences(label.text))
        parts = [label.text[begin:end] for begin, end in places] or [label.text]
        probable = model.probabilities(encoder.encode(parts))[:, model.names.index(label.topic)].max()
        right.append((probable >= THRESHOLD) == label.yes)
    return np.array(right)


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of so many."""
    from scipy.stats import binomtest

    found = binomtest(round(share * count), count).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def _kept(home: Home, encoder: Encoder) -> list[Row]:
    """Models that were taken, of the list as it stands and of this encoder, the oldest first."""
    found = [
        row
        for row in rows(home.lake, VoiceModels).to_pylist()
        if row["taken"] and row["topics_hash"] == _hash(home) and row["encoder"] == named(encoder)
    ]
    return sorted(found, key=lambda row: row["trained_at"])


def _keep(home: Home, model: Topics, **told: Any) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.npz"
        model.save(file)
        row = {
            "model_id": f"t{uuid.uuid4().hex[:8]}", "trained_at": datetime.now(UTC), "topics_hash": _hash(home),
            "encoder": f"{model.encoder} {model.encoder_version}", "accuracy": None, "low": None, "high": None, **told,
        }  # fmt: skip
        delta.add(home.lake, VoiceModels, [row | {"model": file.read_bytes()}])
    return row


def _opened(row: Row, encoder: Encoder) -> Topics:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.npz"
        file.write_bytes(row["model"])
        return Topics.load(file, encoder)


def _hash(home: Home) -> str:
    """Of what the list says, not of how it is written."""
    return hashlib.sha256(repr(topics_of(home)).encode()).hexdigest()


def _texts(home: Home) -> int:
    connection = backend(home)
    known = opened(connection, files(home.lake, Readings.table_name), Readings, "readings")
    count = int(known.filter(_.understood).count().to_pyarrow().as_py())
    connection.disconnect()
    return count


def _background(home: Home, encoder: Encoder) -> Any:
    """Vectors of parts of some of the home's texts, always the same while the home stays the same."""
    connection = backend(home)
    known = opened(connection, files(home.lake, Readings.table_name), Readings, "readings")
    mine = known.filter(_.vectors.notnull(), _.encoder == named(encoder))
    found = mine.order_by("text_hash").limit(SAMPLE).select("vectors").to_pyarrow().to_pylist()
    connection.disconnect()
    return np.concatenate([vectors_of(row, encoder.dimension) for row in found]) if found else None
