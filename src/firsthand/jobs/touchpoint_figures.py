"""What is told at single touchpoints: scores that speak of them, and who met them last."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.figures import Period, figures
from firsthand.jobs.world import World, rows_of
from firsthand.measures.ces import CES
from firsthand.measures.csat import CSAT
from firsthand.measures.nps import NPS

Row = dict[str, Any]
SCORES = (NPS, CSAT, CES)
LATEST = 50


def touchpoint_scores(world: World, period: Period = Period()) -> Row:
    """NPS, CSAT and CES by the touchpoint that answers speak of: rows as `show measures` has them, without `speaks_for`.

    An answer speaks of the touchpoint whose standard asks that question and that the customer met last before it, if that
    was not longer ago than the standard says; else of the touchpoint at which it was given. Small groups are suppressed.
    """
    about = copy(world)
    about.seen = replace(world.seen, timeline=_where_they_speak_of(world))
    rows = figures(about, SCORES, by=["touchpoint"], period=period)
    return {"scores": [{key: value for key, value in row.items() if key != "speaks_for"} for row in rows]}


def _where_they_speak_of(world: World) -> ir.Table:
    """The answers, each at the touchpoint that it speaks of."""
    life, points = world.seen.timeline, world.seen.touchpoints
    asked = points.filter(_.score_question.notnull()).select("touchpoint", "score_question", "score_within_days")
    moments = life.filter(_.life > 0).select("life", "touchpoint", met_at="occurred_at").inner_join(asked, "touchpoint")
    answers = life.filter(_.score.notnull(), _.question.notnull())
    given = answers.select("interaction_id", "question", "occurred_at", of_life="life")
    both = given.inner_join(
        moments,
        [given.of_life == moments.life, given.question == moments.score_question, moments.met_at < given.occurred_at],
    )
    waited = both.occurred_at.epoch_seconds() - both.met_at.epoch_seconds()
    in_time = both.filter(waited <= both.score_within_days * 86_400)
    of = in_time.group_by(answer="interaction_id").aggregate(speaks_of=_.touchpoint.argmax(_.met_at))
    places = points.select("stage", "kind", "owner", at="touchpoint")
    told = answers.left_join(of, answers.interaction_id == of.answer)
    told = told.left_join(
        places.rename(its_stage="stage", its_kind="kind", its_owner="owner"), told.speaks_of == places["at"]
    )
    elsewhere = told.speaks_of.notnull()
    moved = told.mutate(
        touchpoint=elsewhere.ifelse(told.speaks_of, told.touchpoint),
        **{key: elsewhere.ifelse(told[f"its_{key}"], told[key]) for key in ("stage", "kind", "owner")},
    )
    return moved.select(*life.columns)


def latest_customers(world: World, period: Period = Period(), *, most: int = LATEST) -> Row:
    """Customers of a selection, those who were there last first: customer_id, last (local day), interactions."""
    there = period.within(world.seen.timeline).filter(_.life > 0)
    each = there.group_by("customer_id").aggregate(at=_.occurred_at.max(), last=_.day.max(), interactions=_.count())
    rows = rows_of(each.order_by(ibis.desc("at"), "customer_id").limit(most))
    return {"customers": [{"customer_id": row["customer_id"], "last": row["last"].isoformat(), "interactions": row["interactions"]} for row in rows]}  # fmt: skip
