"""What was understood of the comments that the world holds, ready to be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.comments import comments
from firsthand.jobs.home import Home
from firsthand.jobs.opened import opened
from firsthand.jobs.world import World
from firsthand.lake import files
from firsthand.measures.seen import GROUPABLE
from firsthand.tables import Readings, Table, ThemesFound, TopicsFound
from firsthand.voice.duplicates import LEAST_WORDS

READ = ("masked_text", "understood", "label", "sentiment", "negative", "neutral", "positive")


@dataclass(frozen=True)
class Voice:
    """comments: a row per comment (`interaction_id`, `life`, `day`, places, `text_hash`, and what was read of it, null where it was not;
    `copied`: the form letter that it may be one of, null where it is too short for one).

    topics: a row per text and topic (`topic_sentiment`, `probability`, `begin`, `end`).  judged: per text and judgement (`about`,
    `value`, `begin`, `end`).  themes: per text (`theme_id`, `similarity`, `letter`).
    """

    comments: ir.Table
    topics: ir.Table
    judged: ir.Table
    themes: ir.Table


def read_at_all(home: Home) -> bool:
    """Whether any comment of a home was read."""
    return bool(files(home.lake, Readings.table_name))


def voice_of(world: World) -> Voice:
    """Comments until `as_of`, with what was understood of them. Raises UserError where no comment was read yet."""

    def table(declared: type[Table]) -> ir.Table:
        parts = files(world.home.lake, declared.table_name)
        return opened(world.connection, parts, declared, f"{declared.table_name}_now")

    if not read_at_all(world.home):
        raise UserError("No comment of this home was read yet. Read them with: firsthand voice read --home …")
    readings = table(Readings)
    said = comments(world.seen.timeline).select("interaction_id", "text_hash", *GROUPABLE)
    read = readings.select("text_hash", *READ, language_read=_.language)
    topics = table(TopicsFound).select("text_hash", found=_.topics).unnest("found")
    judged = readings.select("text_hash", found=_.judgements).unnest("found")
    themes = table(ThemesFound)
    letters = themes.select("text_hash", letter=_.letter.cast("string"))
    said = said.left_join(read, "text_hash").drop("text_hash_right")
    said = said.left_join(letters, "text_hash").drop("text_hash_right")
    long = said.masked_text.split(" ").length() >= LEAST_WORDS
    copied = ibis.ifelse(long.fill_null(False), said.letter.fill_null(said.text_hash), ibis.null("string"))
    return Voice(
        said.mutate(copied=copied).drop("letter"),
        topics.select(
            "text_hash", topic=_.found["topic"], probability=_.found["probability"],
            topic_sentiment=_.found["sentiment"], begin=_.found["begin"], end=_.found["end"],
        ),
        judged.select("text_hash", **{key: _.found[key] for key in ("about", "value", "probability", "begin", "end")}),
        themes,
    )  # fmt: skip


def once(said: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Comments, of those that are one form letter only the first in each group of `by`."""
    of_letter = ibis.row_number().over(group_by=["copied", *by], order_by=["day", "interaction_id"])
    return said.mutate(nth=of_letter).filter(_.copied.isnull() | (_.nth == 0)).drop("nth")


def by_topic(world: World) -> ir.Table:
    """The timeline's comments that speak of a topic: a row for each comment and topic, with `topic`.

    Raises UserError where the home has no list of topics, or no comment was sorted by one yet.
    """
    if not world.home.topics_file.is_file():
        raise UserError(
            f"There are no topics to group by: no {world.home.topics_file}. Write one (docs/reference/topics.md), "
            "then: firsthand voice read --home …"
        )
    spoken = voice_of(world).topics.select("text_hash", "topic").distinct()
    return comments(world.seen.timeline).inner_join(spoken, "text_hash").drop("text_hash")
