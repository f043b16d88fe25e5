"""Sorting comments by topic: every text that was read is judged once by the model in use."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from ibis import _

from firsthand.jobs.comments import comments_of
from firsthand.jobs.home import Home
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
    kept = before.filter(_.model == name).semi_join(readings, "text_hash")
    new = readings.anti_join(kept, "text_hash").order_by("text_hash").select("text_hash", "parts", "vectors")
    old = kept.to_pyarrow()
    parts = [old] if old.num_rows else []
    for batch in new.to_pyarrow_batches(chunk_size=PORTION):
        rows = batch.to_pylist()
        judged = spoken(rows, model)
        told = [
            {"text_hash": row["text_hash"], "model": name, "topics": topics}
            for row, topics in zip(rows, judged, strict=True)
        ]
        if told:
            parts.append(pa.Table.from_pylist(told, TopicsFound.schema()))
    (count,) = rows_of(before.aggregate(n=_.count()))
    connection.disconnect()
    if len(parts) > bool(old.num_rows) or count["n"] != old.num_rows:
        whole = (
            pa.concat_tables([part.cast(TopicsFound.schema()) for part in parts])
            if parts
            else TopicsFound.schema().empty_table()
        )
        delta.overwrite(home.lake, TopicsFound, whole, {"model": name})


def _with_topic(home: Home) -> int:
    connection = backend(home)
    found = opened(connection, files(home.lake, TopicsFound.table_name), TopicsFound, "topics_found")
    about = comments_of(home, connection).semi_join(found.filter(_.topics.length() > 0), "text_hash")
    (count,) = rows_of(about.aggregate(n=_.count()))
    connection.disconnect()
    return int(count["n"])
