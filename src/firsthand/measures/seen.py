"""What every measure looks at, and how its observations are grouped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import ibis
import ibis.expr.types as ir

from firsthand.errors import UserError
from firsthand.functions import json_extract_string

PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
PLACES = ("channel", "stage", "touchpoint", "owner", "source", "kind", "team", "employee")
GROUPABLE = ("life", "day", *PLACES, "situation", "properties")
"""Columns that observations carry, so that any figure can be had by any of them."""
PROPERTY = re.compile(r"""property:([^"'\\*.]+(?:\.[^"'\\*.]+)*)""")
"""The name of a property, with dots between the names of nested ones; none has what means something in a path or in SQL."""
CIRCUMSTANCE = "circumstance:"
TOPIC = "topic"
"""What the comment of an answer speaks of: carried where the timeline that is looked at has a row for each answer and topic."""


@dataclass
class Seen:
    """The world as seen from `as_of`: the timeline until then, its promises, and the touchpoints of the map.

    find_promises: makes the table of promises, when it is first asked for.
    find_judged: the same of what signals tell of single interactions: life, step (0 for nobody's), seen, bad.
    """

    timeline: ir.Table
    find_promises: Callable[[], ir.Table]
    find_judged: Callable[[], ir.Table]
    touchpoints: ir.Table
    as_of: datetime
    currency: str = "EUR"

    @cached_property
    def promises(self) -> ir.Table:
        return self.find_promises()

    @cached_property
    def judged(self) -> ir.Table:
        return self.find_judged()

    @property
    def now(self) -> ir.TimestampScalar:
        return ibis.literal(self.as_of, "timestamp('UTC')")


def grouped(table: ir.Table, by: Sequence[str]) -> ir.Table:
    """Adds a text column for each key of `by`: a period, a place on the map, `circumstance:NAME` or `property:NAME`. `topic` is there already.

    Raises UserError where a key is none of these, or named twice.
    """
    if len(set(by)) < len(by):
        raise UserError(f"Name each group once: {', '.join(by)}.")
    return table.mutate(
        **{key: _group(table, key) for key in by if key not in PLACES and not (key == TOPIC and TOPIC in table.columns)}
    )


def _group(table: ir.Table, key: str) -> ir.StringValue:
    if key in PERIODS:
        day = table.day if key == "day" else table.day.truncate(PERIODS[key])
        return {"month": day.strftime("%Y-%m"), "year": day.strftime("%Y")}.get(key, day.strftime("%Y-%m-%d"))
    if named := PROPERTY.fullmatch(key):
        return json_extract_string(table.properties, '$."' + named[1].replace(".", '"."') + '"')
    if (name := key.removeprefix(CIRCUMSTANCE)) and name != key:
        told: ir.StringValue = table.situation.get(name)
        return told
    known = [*PERIODS, *PLACES, "circumstance:NAME", "property:NAME"]
    raise UserError(f'"{key}" is nothing to group by. There are: {", ".join(known)}.')
