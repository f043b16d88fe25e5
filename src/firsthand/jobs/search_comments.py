"""Search by meaning: the sentences of comments that come nearest to a question, in any language."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

import ibis.expr.types as ir
import numpy as np
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.comments import comments
from firsthand.jobs.figures import Period
from firsthand.jobs.home import Home
from firsthand.jobs.opened import opened
from firsthand.jobs.voice_models import encoder_of_readings
from firsthand.jobs.world import World, rows_of, world
from firsthand.lake import files, read
from firsthand.measures.seen import GROUPABLE
from firsthand.tables import Readings
from firsthand.voice.encoder import named
from firsthand.voice.personal_data import masked
from firsthand.voice.search import search

Row = dict[str, Any]
PORTION = 20_000
LEAST = 0.2
"""What is less alike has nothing to do with the question."""
MORE = 5
"""Of a sentence that many wrote, one is shown: so many times as many sentences are looked at."""


def search_comments(
    home: Home, question: str, *, most: int = 10, period: Period = Period(), as_of: str | None = None
) -> Row:
    """The document of `voice search`: comments nearest in meaning, the nearest first, with the sentence that is.

    `similarity` is the cosine of the vectors. Personal data in the question is masked before the encoder sees it.
    Raises UserError where nothing was read, or the question says nothing.
    """
    if not question.strip():
        raise UserError("Say what to look for, such as: firsthand voice search “parcel left in the rain”")
    encoder = encoder_of_readings(home)
    asked = encoder.encode([masked(question)[0]])[0]
    name = named(encoder)

    def answer() -> Row:
        with world(home, as_of) as seen:
            said = period.within(comments(seen.seen.timeline)).select("text_hash", "interaction_id", *GROUPABLE)
            best: list[tuple[float, str, int, int, str]] = []
            for portion in _read(seen, name, said):
                best = heapq.nlargest(most * MORE, [*best, *_nearest(asked, portion, encoder.dimension, most * MORE)])
            (whole,) = rows_of(said.semi_join(_readings(seen, name), "text_hash").aggregate(n=_.count()))
            return _document(said, best, most) | {"comments": whole["n"], "as_of": seen.as_of.isoformat()}

    return read(home.lake, answer)


def _readings(seen: World, encoder: str) -> ir.Table:
    readings = opened(seen.connection, files(seen.home.lake, Readings.table_name), Readings, "readings_now")
    return readings.filter(_.encoder == encoder, _.vectors.notnull())


def _read(seen: World, encoder: str, said: ir.Table) -> Iterator[list[Row]]:
    mine = _readings(seen, encoder).semi_join(said, "text_hash")
    for batch in mine.select("text_hash", "masked_text", "parts", "vectors").to_pyarrow_batches(chunk_size=PORTION):
        yield batch.to_pylist()


def _nearest(asked: Any, portion: list[Row], dimension: int, most: int) -> list[tuple[float, str, int, int, str]]:
    vectors = np.frombuffer(b"".join(row["vectors"] for row in portion), np.float16).reshape(-1, dimension)
    owner = np.repeat(np.arange(len(portion)), [len(row["parts"]) for row in portion])
    first = np.searchsorted(owner, np.arange(len(portion)))
    found = []
    for hit in search(asked, vectors, most):
        row = portion[owner[hit.row]]
        place = row["parts"][hit.row - first[owner[hit.row]]]
        found.append((round(hit.score, 4), row["text_hash"], place["begin"], place["end"], row["masked_text"]))
    return found


def _document(said: ir.Table, best: list[tuple[float, str, int, int, str]], most: int) -> Row:
    """The nearest comments, each text and each sentence once, with the latest comment that says it."""
    rows = rows_of(said.filter(_.text_hash.isin([each[1] for each in best])), ["day", "interaction_id"])
    latest = {row["text_hash"]: row for row in rows}
    times = {text_hash: sum(row["text_hash"] == text_hash for row in rows) for text_hash in latest}
    found: dict[str, Row] = {}
    told = set[str]()
    for score, text_hash, begin, end, text in best:
        words = text[begin:end].casefold()
        if score >= LEAST and words not in found and text_hash not in told:
            told.add(text_hash)
            row = latest[text_hash]
            found[words] = {
                "similarity": score, "interaction_id": row["interaction_id"], "day": row["day"].isoformat(),
                "touchpoint": row["touchpoint"], "quote": text[begin:end], "text": text, "times": times[text_hash],
            }  # fmt: skip
    return {"found": list(found.values())[:most]}
