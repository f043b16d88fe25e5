"""Reading the comments of a file: one row of answers for each; learning labels from one."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from firsthand.errors import UserError
from firsthand.jobs.comment_files import Answers, Comments, question_of, write_unreadable
from firsthand.sources.rows import Advance
from firsthand.voice.encoders import open_encoder
from firsthand.voice.labelled import NONE, Labelled, learn
from firsthand.voice.language import languages
from firsthand.voice.personal_data import masked
from firsthand.voice.plain import plain
from firsthand.voice.read import Reader, vectors_of
from firsthand.voice.spoken import spoken
from firsthand.voice.stored import load as stored
from firsthand.voice.topic_list import load_topics
from firsthand.voice.topics import Topics

Row = dict[str, Any]
COLUMNS = (
    "id", "language", "sentiment", "p_negative", "p_neutral", "p_positive", "label", "topics", "wants", "effort", "flags",
    "masked_text",
)  # fmt: skip
MOST_ENGLISH = 0.95
"""From this share of English comments on, labels are learned with the encoder for English."""


def read_file(
    comments: Comments,
    out: Path,
    reader: Reader,
    *,
    topics_file: Path | None = None,
    model_file: Path | None = None,
    advance: Advance = lambda _: None,
) -> Row:
    """Writes what is understood of each comment to `out`, and returns the counts. A run that was stopped goes on where it was.

    topics_file: a list of topics; how far apart they are is learned from the first portion of comments.
    model_file: a model of `learn_topics`; adds `predicted` and `p_predicted`.
    """
    if out.resolve() == comments.path.resolve():
        raise UserError(f"{out}: that is the file with the comments. Name another with --out.")
    listed = load_topics(topics_file) if topics_file else None
    learned = _opened(model_file, reader) if model_file else None
    settings = [_digest(file) for file in (topics_file, model_file)]
    columns = [*COLUMNS, *(["predicted", "p_predicted"] if learned else [])]
    portions = comments.portions(advance)
    begun = list(islice(portions, 1))  # before anything is written: a file may hold nothing
    answers = Answers(out, columns, question_of(comments.path, comments.text, comments.id, reader.id, *settings))
    seen, model = 0, None
    for portion in chain(begun, portions):
        first, seen = not seen, seen + len(portion)
        if seen <= answers.done and not (first and listed):
            continue
        read = reader.read([row["text"] for row in portion])
        if first and listed:
            background = [vectors_of(row, reader.encoder.dimension) for row in read if row["vectors"]]
            model = Topics.fit(listed, reader.encoder, background=np.concatenate(background) if background else None)
        if seen <= answers.done:
            continue
        judged = spoken(read, model) if model else [[] for _ in read]
        rows = [_answer(row["id"], each, about) for row, each, about in zip(portion, read, judged, strict=True)]
        if learned:
            _add_predicted(rows, read, *learned)
        sorts = ["understood" if each["understood"] else "not_understood" for each in read]
        answers.add(rows, sorts + ["cut"] * sum(each["cut"] for each in read))
    answers.finish()
    document: Row = {"comments": answers.done, "understood": 0, "not_understood": 0, "cut": 0} | dict(answers.counts)
    document["written"] = str(out)
    if comments.unreadable:
        document["rejected"] = dict(Counter(each.reason for each in comments.unreadable))
        document["rejected_listed"] = str(write_unreadable(comments.unreadable, comments.path, out))
    return document | {"reader": reader.id, "encoding": comments.encoding}


def _answer(name: str, read: Row, about: Sequence[Row]) -> Row:
    def told(sort: str) -> str:
        return json.dumps(list(dict.fromkeys(each["value"] for each in read["judgements"] if each["about"] == sort)))

    topics = [{key: each[key] for key in ("topic", "probability", "sentiment")} for each in about]
    return {
        "id": name, "language": read["language"], "sentiment": read["sentiment"], "p_negative": read["negative"],
        "p_neutral": read["neutral"], "p_positive": read["positive"], "label": read["label"],
        "topics": json.dumps(topics, ensure_ascii=False), "wants": told("want"), "effort": told("effort"),
        "flags": told("flag"), "masked_text": read["masked_text"],
    }  # fmt: skip


def _add_predicted(rows: Sequence[Row], read: Sequence[Row], model: Labelled, encoder: Any) -> None:
    texts = [each["masked_text"] for each in read]
    for row, (label, probability) in zip(rows, model.predict(texts, encoder.encode(texts)), strict=True):
        row["predicted"], row["p_predicted"] = label, round(probability, 4)
    for row, each in zip(rows, read, strict=True):
        if not each["understood"]:
            row["predicted"], row["p_predicted"] = NONE, None


def _opened(file: Path, reader: Reader) -> tuple[Labelled, Any]:
    """A model, and the encoder that it was taught with; one that sends texts away only if the reader has it too."""
    facts, _arrays = stored(file, "labelled texts")
    name = facts.get("opened_as") or ""
    if name.startswith("openai:") and name != reader.encoder.id:
        raise UserError(f"{file} was taught with the encoder {name}, which sends texts away. If you want that, name it: --encoder {name}")  # fmt: skip
    encoder = open_encoder(name or None)
    return Labelled.load(file, encoder), encoder


def _digest(file: Path | None) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file and file.is_file() else None


def learn_topics(comments: Comments, label: str, out: Path, encoder_name: str | None = None) -> Row:
    """Learns from comments that have one label each (those without one only help), writes the model, and says how good it is.

    encoder_name: as in voice.encoders.open_encoder; where nobody says, the one for English if nearly all are English.
    Raises UserError where there are fewer than two labels.
    """
    rows = [row for portion in comments.portions() for row in portion]
    texts = [masked(plain(row["text"]))[0] for row in rows]
    labels = [(row[label] or "").strip() for row in rows]
    english = float(np.mean([said.code == "en" for said in languages(texts[:2_000])])) if texts else 0.0
    name = encoder_name or ("english" if english >= MOST_ENGLISH else None)
    encoder = open_encoder(name)
    told = [at for at, said in enumerate(labels) if said and texts[at]]
    rest = [at for at, said in enumerate(labels) if not said and texts[at]]
    if len({labels[at] for at in told}) < 2:
        raise UserError(f'{comments.path}: column "{label}" has fewer than two labels; there is nothing to tell apart.')
    vectors = encoder.encode([texts[at] for at in told])
    crowd = ([texts[at] for at in rest], encoder.encode([texts[at] for at in rest])) if rest else None
    try:
        model, report = learn([texts[at] for at in told], [labels[at] for at in told], vectors, encoder, crowd)
    except UserError as few:
        raise UserError(f'{comments.path}, column "{label}": {few}') from few
    out.parent.mkdir(parents=True, exist_ok=True)
    model.save(out, report, opened_as=name)
    return {**vars(report), "without_label": len(rest), "encoder": encoder.id, "written": str(out)}
