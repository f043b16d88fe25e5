"""Labels: what people say of comments, kept as decisions; models learn from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from firsthand.errors import UserError
from firsthand.jobs.comments import comments_of
from firsthand.jobs.home import Home
from firsthand.jobs.opened import opened
from firsthand.jobs.refresh import backend, refresh
from firsthand.jobs.world import rows_of
from firsthand.lake import delta, files
from firsthand.lake.read import rows
from firsthand.tables import Labels, Readings
from firsthand.voice.personal_data import masked
from firsthand.voice.plain import plain
from firsthand.voice.topic_list import Topic, load_topics

Row = dict[str, Any]
SENTIMENTS = ("negative", "neutral", "positive")


def topics_of(home: Home) -> list[Topic]:
    """The home's own list of topics; none where it has no topics.yaml. Raises TopicError where that is wrong."""
    return load_topics(home.topics_file) if home.topics_file.is_file() else []


def label(
    home: Home, interaction_id: str, *, about: str, value: str, right: bool, by: str, why: str | None = None
) -> Row:
    """Writes down what somebody says of a comment: that it is about a topic or not, or how it was meant.

    about: topic or sentiment. Raises UserError where there is no such comment, topic or sentiment.
    """
    return label_whole(home, interaction_id, [(about, value, right)], by=by, why=why)[0]


def label_whole(
    home: Home, interaction_id: str, told: Sequence[tuple[str, str, bool]], *, by: str, why: str | None = None
) -> list[Row]:
    """Writes down all that somebody says of a comment, in one piece: each as (about, value, right), as `label` takes them.

    Raises UserError where there is no such comment, topic or sentiment; then nothing is written.
    """
    if not by.strip():
        raise UserError("Say who says so: --by NAME")
    topics = [topic.name for topic in topics_of(home)]
    for about, value, _right in told:
        known = topics if about == "topic" else list(SENTIMENTS)
        if value not in known:
            raise UserError(
                f'"{value}" is no {about}. There are: {", ".join(known) or "none; write topics.yaml first"}.'
            )
    refresh(home)
    if not texts_of(home, [interaction_id]):
        raise UserError(f'"{interaction_id}" is no comment: no interaction of that id has a text. `firsthand voice search` and `show person --json` give the ids.')  # fmt: skip
    now = datetime.now(UTC)
    written = [
        {"interaction_id": interaction_id, "about": about, "value": value, "right": right, "by": by, "why": why, "labelled_at": now}
        for about, value, right in told
    ]  # fmt: skip
    if written:
        delta.add(home.lake, Labels, written)
    return written


def labels(home: Home, about: str | None = None) -> list[Row]:
    """What holds by now of each comment and value, the latest first, as in tables.Labels."""
    told = sorted(rows(home.lake, Labels).to_pylist(), key=lambda row: row["labelled_at"])
    newest = {(row["interaction_id"], row["about"], row["value"]): row for row in told}
    return sorted(
        (row for row in newest.values() if about in (None, row["about"])),
        key=lambda row: (row["labelled_at"], row["interaction_id"], row["value"]),
        reverse=True,
    )


def texts_of(home: Home, interactions: Iterable[str]) -> dict[str, str]:
    """The words of comments, by interaction, masked."""
    connection = backend(home)
    said = comments_of(home, connection).select("interaction_id", "text", "text_hash")
    known = opened(connection, files(home.lake, Readings.table_name), Readings, "readings")
    found = said.filter(said.interaction_id.isin(list(interactions)))
    read = found.left_join(known.select("text_hash", "masked_text"), "text_hash")
    told = {row["interaction_id"]: row["masked_text"] or masked(plain(row["text"]))[0] for row in rows_of(read)}
    connection.disconnect()
    return told
