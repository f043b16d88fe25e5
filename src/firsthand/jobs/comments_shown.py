"""Single comments as people read them, masked: those that must not wait, and those that are worth labelling; and whose one is."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _

from firsthand.jobs.figures import Period
from firsthand.jobs.home import Home
from firsthand.jobs.labels import labels
from firsthand.jobs.refresh import backend, refresh
from firsthand.jobs.timeline_files import layers, timeline_of
from firsthand.jobs.voice_tables import voice_of
from firsthand.jobs.world import World, rows_of
from firsthand.lake import read

Row = dict[str, Any]
MOST = 300
"""So many comments are chosen for labelling at a time."""
NOTHING_FOUND = 0.5
"""A comment in which no topic was found comes after those where one was found with less probability than this."""


def flagged(world: World, period: Period = Period()) -> Row:
    """Comments that speak of danger, of the law, or of leaving, the latest first.

    `flagged`: rows of `flag`, `day`, `interaction_id`, `touchpoint`, `owner`, `text` (masked), and `begin` and `end` of the words in it
    that say so. Raises UserError where no comment was read yet.
    """
    voice = voice_of(world)
    said = period.within(voice.comments).select(
        "day", "interaction_id", "touchpoint", "owner", "text_hash", "masked_text"
    )
    flags = voice.judged.filter(_.about == "flag").select("text_hash", "begin", "end", flag="value")
    rows = rows_of(said.inner_join(flags, "text_hash"))
    rows.sort(key=lambda row: (row["day"], row["interaction_id"], row["begin"]), reverse=True)
    return {
        "flagged": [
            {key: row[key] for key in ("flag", "interaction_id", "touchpoint", "owner", "begin", "end")}
            | {"day": row["day"].isoformat(), "text": row["masked_text"]}
            for row in rows
        ]
    }


def to_label(world: World, period: Period = Period()) -> Row:
    """Comments that nobody has labelled, of those that say the same one, the less sure the model is the earlier.

    How sure it is of a comment is the least probability of the topics that it found there.
    `comments`: rows of `interaction_id`, `day`, `touchpoint`, `language`, `text` (masked), `sentiment` (the label, or unsure) and
    `topics` (`topic`, `probability`, `begin`, `end`). Raises UserError where no comment was read yet.
    """
    voice = voice_of(world)
    understood = period.within(voice.comments).filter(_.understood)
    done = {row["interaction_id"] for row in labels(world.home)}
    known = understood.filter(_.interaction_id.isin(list(done))).select("text_hash").distinct() if done else None
    said = understood.anti_join(known, "text_hash") if known is not None else understood
    latest = ibis.row_number().over(group_by="text_hash", order_by=[ibis.desc("day"), "interaction_id"])
    each = said.mutate(place=latest).filter(_.place == 0)
    least = voice.topics.group_by("text_hash").aggregate(least=_.probability.min())
    sure = each.left_join(least, "text_hash").mutate(sure=_.least.fill_null(NOTHING_FOUND))
    columns = ("interaction_id", "day", "touchpoint", "text_hash", "masked_text", "label", "sure", "language_read")
    rows = rows_of(sure.select(*columns).order_by(["sure", "interaction_id"]).limit(MOST), ["sure", "interaction_id"])
    found: dict[str, list[Row]] = {row["text_hash"]: [] for row in rows}
    spoken = voice.topics.filter(_.text_hash.isin(list(found)))
    for row in rows_of(spoken.select("text_hash", "topic", "probability", "begin", "end"), ["begin", "topic"]):
        found[row.pop("text_hash")].append(row)
    return {
        "comments": [
            {"interaction_id": row["interaction_id"], "day": row["day"].isoformat(), "touchpoint": row["touchpoint"]}
            | {"language": row["language_read"], "text": row["masked_text"], "sentiment": row["label"], "topics": found[row["text_hash"]]}
            for row in rows
        ]
    }  # fmt: skip


def customer_of(home: Home, interaction_id: str) -> str | None:
    """The id of the customer whose interaction it is; None where there is no such interaction, or it is nobody's."""
    refresh(home)

    def lives() -> list[Row]:
        connection = backend(home)
        told = timeline_of(connection, *layers(home)).filter(_.interaction_id == interaction_id, _.life > 0)
        found = rows_of(told.select("life").limit(1))
        connection.disconnect()
        return found

    rows = read(home.lake, lives)
    return f"c{rows[0]['life']:015x}" if rows else None
