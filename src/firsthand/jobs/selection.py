"""A selection: the part of all observations that figures speak of, by period, place on the map, circumstance and topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.figures import Period
from firsthand.jobs.groups import Group
from firsthand.jobs.world import World
from firsthand.measures import PLACES, grouped
from firsthand.measures.seen import CIRCUMSTANCE

TOPIC = "topic"
PROPERTY = "property:"
WHERE = ("channel", "stage", "touchpoint", "owner", "source", "kind", "team")


@dataclass(frozen=True)
class Selection(Period):
    """Observations of a period that lie at the places named, of the customers named.

    where: pairs of a key as in `--by` and the value that it must have.  lives: the customers, by `life`; None for all.
    """

    where: tuple[tuple[str, str], ...] = ()
    lives: ir.Table | None = None

    def within(self, table: ir.Table) -> ir.Table:
        """The rows that are in the selection. Raises UserError where they do not lie at places, as whole lives do not."""
        table = super().within(table)
        for key, value in self.where:
            if key.startswith(CIRCUMSTANCE) and "situation" not in table.columns:
                continue  # of whole lives, those of the customers who were in it
            if (key if key in PLACES else "properties") not in table.columns:
                raise UserError(
                    f"This cannot be had for one {key} alone; it speaks of whole lives. Leave that filter out."
                )
            told = grouped(table, [key]).filter(_[key] == value)
            table = told if key in table.columns else told.drop(key)
        return self.of_customers(table)

    def at_any_time(self) -> Period:
        """The customers that are spoken of, whatever the day and the place."""
        return Selection(lives=self.lives)

    def of_customers(self, table: ir.Table) -> ir.Table:
        """The rows of the customers that are spoken of."""
        return table if self.lives is None else table.semi_join(self.lives, "life")


def select(world: World, period: Period, where: Sequence[str]) -> Period:
    """The part of a period that texts such as `channel=app`, `circumstance:need=gift` or `topic=delivery` name.

    A topic chooses customers: those who spoke of it at any time; the others choose interactions. Where whole lives are told,
    a circumstance chooses those of the customers who were in it. Raises UserError where a text names nothing, or where nobody is in a circumstance or spoke of a topic.
    """
    if not where:
        return period
    places: list[tuple[str, str]] = []
    lives: ir.Table | None = None
    for text in where:
        key, equals, value = text.partition("=")
        if not equals or not value or not (key in (*WHERE, TOPIC) or key.startswith((PROPERTY, CIRCUMSTANCE))):
            raise UserError(
                f'"{text}" selects nothing (expected KEY=VALUE, where KEY is {", ".join(WHERE)}, property:NAME, '
                "circumstance:NAME or topic; such as channel=app)."
            )
        if key == TOPIC or key.startswith(CIRCUMSTANCE):
            chosen = _who_spoke_of(world, value) if key == TOPIC else Group.of(text).lives(world)
            lives = chosen if lives is None else lives.semi_join(chosen, "life")
        if key != TOPIC:
            places.append((key, value))
    return Selection(period.since, period.until, tuple(places), lives)


def _who_spoke_of(world: World, topic: str) -> ir.Table:
    from firsthand.jobs.voice_tables import voice_of

    voice = voice_of(world)
    spoke = voice.comments.semi_join(voice.topics.filter(_.topic == topic), "text_hash")
    return spoke.filter(_.life > 0).select("life").distinct()
