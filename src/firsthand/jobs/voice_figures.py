"""What customers talk of and how it was: topics by touchpoint and period, the scores beside them, and their own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.figures import Period, corrected, differences
from firsthand.jobs.find_themes import themes_told
from firsthand.jobs.share_changes import share_changes
from firsthand.jobs.topic_places import places_of
from firsthand.jobs.voice_tables import Voice, once, read_at_all, voice_of
from firsthand.jobs.world import World, rows_of
from firsthand.measures import grouped
from firsthand.measures.csat import CSAT
from firsthand.measures.intervals import mean, share
from firsthand.measures.nps import NPS
from firsthand.privacy import suppress

Row = dict[str, Any]
QUOTES = 3
TREND = timedelta(days=90)
BESIDE = (NPS, CSAT)
"""Scores that are shown beside each topic."""
SHARE = ("value", "low", "high", "customers", "observations")


def voice_figures(
    world: World, *, by: Sequence[str] = (), period: Period = Period(), against: Period | None = None
) -> Row:
    """The document of `show voice`.

    `comments`: how many there are, were read and understood, their languages, and how many are copies of a form letter, which counts
    once in every share. `topics`: the share of the comments understood that speaks of each, and the sentiment there (mean of -1 to 1), by the groups of `by`. `wants`: the share that
    wants something. `flags`: what must not wait. `scores`: how NPS and CSAT of customers who spoke of a topic differ from those
    of customers who commented and did not: a difference, not an effect. `changes`: what more or fewer customers speak of than
    in another period, beyond chance. `trend`: the same of the last 90 days until `as_of` and the 90 before, where neither a
    period nor groups are asked for. `themes`: what was found without a list. Small groups are suppressed.
    """
    voice = voice_of(world)
    said = period.within(voice.comments)
    document: Row = {
        "comments": _counts(said),
        "flags": _flags(voice, said),
        "topics": _topics(world, voice, said, by),
        "wants": _wants(world, voice, said, by),
        "scores": [] if by else _scores(world, voice, period),
        "quotes": [] if by else quotes(world, voice, said),
        "themes": [] if by else themes_told(world, voice, said)["themes"],
    }
    if against:
        document["changes"] = share_changes(
            _spoke(voice, against.within(voice.comments)), _spoke(voice, said), ["topic"]
        )
    elif not by and period == Period():
        document["trend"] = _trend(world, voice)
    return document | {"as_of": world.as_of.isoformat()}


def _trend(world: World, voice: Voice) -> Row:
    """What more or fewer customers speak of than before: `late` and `early`, each its first and last day, and share_changes."""
    today = world.as_of.astimezone(ZoneInfo(world.home.settings.timezone)).date()
    late = Period(today - TREND + timedelta(days=1), today)
    early = Period(today - 2 * TREND + timedelta(days=1), today - TREND)
    before, after = (_spoke(voice, part.within(voice.comments)) for part in (early, late))
    days = {name: [str(part.since), str(part.until)] for name, part in (("early", early), ("late", late))}
    return days | share_changes(before, after, ["topic"])


def voice_facts(world: World) -> Row | None:
    """What the report says of the voice; None where no comment was read yet."""
    return voice_figures(world) if read_at_all(world.home) else None


def _counts(said: ir.Table) -> Row:
    (whole,) = rows_of(said.aggregate(
        comments=_.count(), customers=_.life.nunique(where=_.life > 0), read=_.understood.notnull().sum(),
        understood=_.understood.fill_null(False).sum(), copies=_.copied.count() - _.copied.nunique(), unsure=(_.label == "unsure").fill_null(False).sum(),
    ))  # fmt: skip
    rows = rows_of(said.filter(_.understood).group_by("language_read").aggregate(n=_.count()))
    rows.sort(key=lambda row: (-row["n"], row["language_read"]))
    return {key: value or 0 for key, value in whole.items()} | {
        "languages": {row["language_read"]: row["n"] for row in rows}
    }


def _flags(voice: Voice, said: ir.Table) -> list[Row]:
    """Comments that speak of danger, of the law, or of leaving, the latest first, with the words."""
    flagged = said.inner_join(voice.judged.filter(_.about == "flag"), "text_hash")
    rows = rows_of(
        flagged.select("day", "interaction_id", "life", "touchpoint", "owner", "value", "masked_text", "begin", "end")
    )
    rows.sort(key=lambda row: (row["day"], row["interaction_id"]), reverse=True)
    return [
        {"flag": row["value"], "day": row["day"].isoformat(), "interaction_id": row["interaction_id"], "touchpoint": row["touchpoint"]}
        | {"owner": row["owner"], "quote": row["masked_text"][row["begin"] : row["end"]]}
        for row in rows
    ]  # fmt: skip


def _topics(world: World, voice: Voice, said: ir.Table, by: Sequence[str]) -> list[Row]:
    """A row per topic and group: how large a share speaks of it, how it was there, and who looks after it."""
    spoken = voice.topics.select("text_hash", what="topic", tone="topic_sentiment")
    places = places_of(world.home, world.map)
    nowhere = {"touchpoint": None, "owner": None}
    rows = [row | places.get(row["topic"], nowhere) for row in _shares(world, said, spoken, by, "topic")]
    rows.sort(key=lambda row: -(row["share"]["observations"] or 0) * (row["share"]["value"] or 0))
    return rows


def _wants(world: World, voice: Voice, said: ir.Table, by: Sequence[str]) -> list[Row]:
    """A row per want or sort of effort, and group: how large a share wants or tells of it."""
    spoken = voice.judged.select("text_hash", what=_.about + ":" + _.value, tone=ibis.null("float64"))
    rows = [_renamed(row) for row in _shares(world, said, spoken, by, "what")]
    return sorted(rows, key=lambda row: (row["about"], -(row["share"]["value"] or 0)))


def _renamed(row: Row) -> Row:
    about, _colon, value = row["what"].partition(":")
    return {"about": about, "value": value, "by": row["by"], "share": row["share"], "suppressed": row["suppressed"]}


def _shares(world: World, said: ir.Table, spoken: ir.Table, by: Sequence[str], name: str) -> list[Row]:
    """Of the comments that were understood the share that speaks of each thing, with its interval; and the tone of those."""
    minimum = world.home.settings.minimum_group
    understood = once(grouped(said.filter(_.understood), by), by)
    each = spoken.group_by("text_hash", "what").aggregate(tone=_.tone.mean())
    everything = understood.cross_join(each.select("what").distinct())
    told = everything.left_join(each, ["text_hash", "what"]).drop("what_right")
    about = told.mutate(value=_.text_hash_right.notnull().cast("float64"))
    keys = ["what", *by]
    shares = rows_of(suppress(share(about, keys), minimum=minimum, apart=["what"], by=by), keys)
    tones = mean(about.filter(_.tone.notnull()).mutate(value=_.tone), keys)
    felt = {_key(row, keys): row for row in rows_of(suppress(tones, minimum=minimum, apart=["what"], by=by))}
    return [
        {name: row["what"], "by": {key: row[key] for key in by}, "share": {key: row[key] for key in SHARE}}
        | {"sentiment": _tone(felt.get(_key(row, keys))), "suppressed": row["suppressed"]}
        for row in shares
        if row["value"] != 0
    ]


def _key(row: Row, keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[key] for key in keys)


def _tone(row: Row | None) -> Row | None:
    return None if row is None else {key: row[key] for key in SHARE}


def _spoke(voice: Voice, said: ir.Table) -> ir.Table:
    """Who spoke of what; with null, so that who spoke of nothing on the list counts, too."""
    understood = said.filter(_.understood, _.life > 0)
    spoke = understood.inner_join(voice.topics, "text_hash").select("life", "topic")
    return understood.select("life", topic=ibis.null("string")).union(spoke)


def _scores(world: World, voice: Voice, period: Period) -> list[Row]:
    """Each score of customers who spoke of a topic less that of customers who commented and did not, topic by topic.

    `beyond_chance` is corrected by Holm for all of them together; the intervals are of each alone.
    """
    spoke = _spoke(voice, period.within(voice.comments)).distinct()
    about, everyone = spoke.filter(_.topic.notnull()), spoke.select("life").distinct()
    names = about.select("topic").distinct()

    def who_did(seen: ir.Table) -> ir.Table:
        return period.within(seen).inner_join(about, "life")

    def who_did_not(seen: ir.Table) -> ir.Table:
        each = period.within(seen).semi_join(everyone, "life").cross_join(names)
        return each.anti_join(about, ["life", "topic"])

    rows = differences(world, BESIDE, before=who_did_not, after=who_did, apart=["topic"])
    rows = [{"topic": row["by"].pop("topic")} | row for row in rows]
    return corrected(rows)


def quotes(world: World, voice: Voice, said: ir.Table) -> list[Row]:
    """For each topic that enough customers speak of, the sentences that are surest about it, of different customers."""
    spoken = said.filter(_.understood, _.life > 0).inner_join(voice.topics, "text_hash")
    words = _.masked_text.substr(_.begin, _.end - _.begin)
    surest = [ibis.desc("probability"), "interaction_id"]
    one_each = _first(spoken.mutate(quote=words), ["topic", "life"], surest)
    people = one_each.mutate(people=_.count().over(group_by="topic"), said=_.quote.lower())
    different = _first(people, ["topic", "said"], surest)
    ranked = different.mutate(nth=ibis.row_number().over(group_by="topic", order_by=surest))
    shown = ranked.filter(_.nth < QUOTES, _.people >= world.home.settings.minimum_group)
    rows = rows_of(shown.select("topic", "nth", "day", "touchpoint", "topic_sentiment", "quote"), ["topic", "nth"])
    return [
        {"topic": row["topic"], "day": row["day"].isoformat(), "touchpoint": row["touchpoint"]}
        | {"sentiment": row["topic_sentiment"], "quote": row["quote"]}
        for row in rows
    ]


def _first(rows: ir.Table, keys: Sequence[str], order: Sequence[Any]) -> ir.Table:
    """The first row of each group."""
    place = ibis.row_number().over(group_by=list(keys), order_by=list(order))
    return rows.mutate(place=place).filter(_.place == 0).drop("place")
