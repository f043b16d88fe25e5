"""What was understood of the comments that the world holds, ready to be counted."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.comments import comments
from firsthand.jobs.opened import opened
from firsthand.jobs.world import World
from firsthand.lake import files
from firsthand.measures.seen import GROUPABLE
from firsthand.tables import Readings, Table, ThemesFound, TopicsFound

READ = ("masked_text", "understood", "label", "sentiment", "negative", "neutral", "positive")


@dataclass(frozen=True)
class Voice:
    """comments: a row per comment (`interaction_id`, `life`, `day`, places, `text_hash`, and what was read of it, null where it was not).

    topics: a row per text and topic (`topic_sentiment`, `probability`, `begin`, `end`).  judged: per text and judgement (`about`,
    `value`, `begin`, `end`).  themes: per text (`theme_id`, `similarity`, `letter`).
    """

    comments: ir.Table
    topics: ir.Table
    judged: ir.Table
    themes: ir.Table


def voice_of(world: World) -> Voice:
    """Comments until `as_of`, with what was understood of them. Raises UserError where no comment was read yet."""

    def table(declared: type[Table]) -> ir.Table:
        parts = files(world.home.lake, declared.table_name)
        return opened(world.connection, parts, declared, f"{declared.table_name}_now")

    if not files(world.home.lake, Readings.table_name):
        raise UserError("No comment of this home was read yet. Read them with: firsthand voice read --home …")
    readings = table(Readings)
    said = comments(world.seen.timeline).select("interaction_id", "text_hash", *GROUPABLE)
    read = readings.select("text_hash", *READ, language_read=_.language)
    topics = table(TopicsFound).select("text_hash", found=_.topics).unnest("found")
    judged = readings.select("text_hash", found=_.judgements).unnest("found")
    return Voice(
        said.left_join(read, "text_hash").drop("text_hash_right"),
        topics.select(
            "text_hash", topic=_.found["topic"], probability=_.found["probability"],
            topic_sentiment=_.found["sentiment"], begin=_.found["begin"], end=_.found["end"],
        ),
        judged.select("text_hash", **{key: _.found[key] for key in ("about", "value", "probability", "begin", "end")}),
        table(ThemesFound),
    )  # fmt: skip
