"""Sorting comments by topic: every text that was read is judged once by the model in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa
from ibis import _

from firsthand.jobs.comments import comments_of
from firsthand.jobs.home import Home
from firsthand.jobs.labels import labels
from firsthand.jobs.opened import opened
from firsthand.jobs.refresh import backend
from firsthand.jobs.topic_models import model_of
from firsthand.jobs.world import rows_of
from firsthand.lake import delta, files, read
from firsthand.tables import Readings, TopicsFound
from firsthand.voice.encoder import Encoder
from firsthand.voice.spoken import spoken

Row = dict[str, Any]
PORTION = 10_000


def find_topics(home: Home, encoder: Encoder) -> Row:
    """Judges what was not judged yet by the model in use; all of it, where that is another one.

    Returns `topics` (how many there are; None where the home has no list) and `with_topic` (comments that speak of one).
    """
    found = model_of(home, encoder)
    if found is None:
        return {"topics": None, "with_topic": None}
    name, model = found
    read(home.lake, lambda: _judge(home, name, model))
    return {"topics": len(model.names), "with_topic": read(home.lake, lambda: _with_topic(home))}


def _judge(home: Home, name: str, model: Any) -> None:
    connection = backend(home)
    readings = opened(connection, files(home.lake, Readings.table_name), Readings, "readings")
    before = opened(connection, files(home.lake, TopicsFound.table_name), TopicsFound, "topics_found")
    said = _said(home, connection, model.names)
    stands = before.filter(_.model == name).semi_join(readings, "text_hash")
    labelled = stands.text_hash.isin(list(said)) if said else ibis.literal(False)
    old, again = stands.filter(~labelled).to_pyarrow(), rows_of(stands.filter(labelled))
    new = readings.anti_join(stands.filter(~labelled), "text_hash").order_by("text_hash")
    parts = [old] if old.num_rows else []
    wanted = new.select("text_hash", "parts", "vectors", "masked_text", "sentiment")
    for batch in wanted.to_pyarrow_batches(chunk_size=PORTION):
        rows = batch.to_pylist()
        judged = spoken(rows, model)
        told = [
            {
                "text_hash": row["text_hash"],
                "model": name,
                "topics": corrected(topics, row, said.get(row["text_hash"], {})),
            }
            for row, topics in zip(rows, judged, strict=True)
        ]
        if told:
            parts.append(pa.Table.from_pylist(told, TopicsFound.schema()))
    (count,) = rows_of(before.aggregate(n=_.count()))
    connection.disconnect()
    found = pa.concat_tables(
        [part.cast(TopicsFound.schema()) for part in parts] or [TopicsFound.schema().empty_table()]
    )
    fresh = found.slice(old.num_rows).to_pylist()
    if count["n"] != found.num_rows or sorted(fresh, key=_hash) != sorted(again, key=_hash):
        delta.overwrite(home.lake, TopicsFound, found, {"model": name})


def _hash(row: Row) -> str:
    return str(row["text_hash"])


def _said(home: Home, connection: Any, topics: Sequence[str]) -> dict[str, dict[str, bool]]:
    """What people said of texts and topics, the newest word of each: by text_hash and topic, whether it is about that."""
    told = [row for row in reversed(labels(home, "topic")) if row["value"] in topics]
    if not told:
        return {}
    of_them = _.interaction_id.isin([row["interaction_id"] for row in told])
    hashes = {row["interaction_id"]: row["text_hash"] for row in rows_of(comments_of(home, connection).filter(of_them).select("interaction_id", "text_hash"))}  # fmt: skip
    found: dict[str, dict[str, bool]] = {}
    for row in told:
        if row["interaction_id"] in hashes:
            found.setdefault(hashes[row["interaction_id"]], {})[row["value"]] = row["right"]
    return found


def corrected(topics: Sequence[Row], read: Row, said: Mapping[str, bool]) -> list[Row]:
    """The topics of a text, what a person said of it (topic to yes or no) in place of what the model says.

    topics: as `spoken` returns them.  read: the text's reading. A topic that only a person sees rests on the whole text.
    """
    kept = [
        row | ({"probability": 1.0} if row["topic"] in said else {}) for row in topics if said.get(row["topic"], True)
    ]
    there = {row["topic"] for row in kept}
    whole = {
        "probability": 1.0,
        "sentiment": round(read["sentiment"] or 0.0, 4),
        "begin": 0,
        "end": len(read["masked_text"]),
    }
    kept += [{"topic": topic, **whole} for topic, right in said.items() if right and topic not in there]
    return sorted(kept, key=lambda row: -row["probability"])


def _with_topic(home: Home) -> int:
    connection = backend(home)
    found = opened(connection, files(home.lake, TopicsFound.table_name), TopicsFound, "topics_found")
    about = comments_of(home, connection).semi_join(found.filter(_.topics.length() > 0), "text_hash")
    (count,) = rows_of(about.aggregate(n=_.count()))
    connection.disconnect()
    return int(count["n"])
