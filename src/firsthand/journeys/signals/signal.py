"""What a signal is, and what it is looked for in."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

MATTERS = ("kind", "channel", "inbound", "employee", "promise_id", "question", "answered")


def came_from_customer(row: Any) -> Any:
    """Whether an interaction came from the customer; one without direction did."""
    return row.direction.fill_null("inbound") == "inbound"


def subjects(table: ir.Table, *columns: str) -> ir.Table:
    """A row for each subject of an interaction, as `matter` (order 7), with life, step, time and the columns named.

    What names no subject has none; one that is named twice has it once.
    """
    each = table.select("life", "step", "occurred_at", *columns, subject=_.subjects.unique().unnest())
    each = each.mutate(subject_kind=_.subject["kind"], matter=_.subject["kind"] + " " + _.subject["value"])
    return each.filter(_.matter.notnull()).drop("subject")


@dataclass
class Lives:
    """All lives as seen from `as_of`: the timeline until then, its promises, and the touchpoints of the map.

    find_promises: makes the table of promises (see journeys.promises), when it is first asked for.
    """

    timeline: ir.Table
    find_promises: Callable[[], ir.Table]
    touchpoints: ir.Table
    as_of: datetime
    _shown: dict[str, ir.Table] = field(default_factory=dict)

    def shows(self, signal: Signal) -> ir.Table:
        """What a signal finds here; looked for once."""
        if signal.name not in self._shown:
            self._shown[signal.name] = signal.find(self).cache()
        return self._shown[signal.name]

    @cached_property
    def promises(self) -> ir.Table:
        return self.find_promises()

    @cached_property
    def matters(self) -> ir.Table:
        """A row for each subject of an interaction of a known customer, as `matter` (order 7). Made once.

        Only of contacts, answers, promises made, and what an employee did; the rest is many, and seldom asked for.
        Has of the interaction what is in `MATTERS`; `inbound` is whether it came from the customer.
        """
        about = (_.kind == "contact") | (_.promise_state == "made") | _.question.notnull() | _.employee.notnull()
        told = self.timeline.filter(_.life > 0, about, (_.kind != "invitation").fill_null(True)).mutate(
            inbound=came_from_customer(_), answered=_.score.notnull() | _.answer.notnull()
        )
        return subjects(told, *MATTERS).cache()

    @property
    def now(self) -> ir.TimestampScalar:
        return ibis.literal(self.as_of, "timestamp('UTC')")


@dataclass(frozen=True)
class Signal:
    """Evidence in behaviour of a good or bad experience that nobody had to say.

    find: from Lives, a row for each interaction at which it shows: its life and step, and `evidence`, a few words that
    tell what was seen. Where it shows later than that interaction: `shown_at` and `shown_day`, too. Its docstring is
    the definition, its keywords with their defaults are the parameters.  good: of a good experience.
    source: where the definition comes from.
    looked_at: from Lives, life and step of the interactions at which it would have shown, had it been bad there: those
    at which it does not show were good as far as it can tell (see `judged`).  always: it shows at every interaction of
    its sort, and so does not tell how that was.
    """

    name: str
    title: str
    find: Callable[..., ir.Table]
    good: bool = False
    source: str = "Firsthand's own"
    looked_at: Callable[[Lives], ir.Table] | None = None
    always: bool = False

    @property
    def definition(self) -> str:
        return " ".join((self.find.__doc__ or "").split())

    @property
    def parameters(self) -> Mapping[str, Any]:
        keywords = inspect.signature(self.find).parameters.values()
        return {each.name: each.default for each in keywords if each.default is not each.empty}
