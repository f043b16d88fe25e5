"""Groups of customers that the user names: `source=till`, `first:channel=app`, `circumstance:need=gift`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import ibis.expr.types as ir
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.figures import Period
from firsthand.jobs.world import World, rows_of
from firsthand.measures import grouped

OTHERS = "others"
GRAMMAR = "expected KEY=VALUE, where KEY is what --by takes, or first:KEY=VALUE; such as first:channel=app"
FIRST = "first:"
LISTED = 10


@dataclass(frozen=True)
class Group:
    """Customers one of whose interactions (`first`: whose first one) has the value under the key."""

    key: str
    value: str
    first: bool = False

    @classmethod
    def of(cls, text: str) -> Group:
        """The group that a text names. Raises UserError where it names none."""
        key, equals, value = text.removeprefix(FIRST).partition("=")
        if not (key and equals and value):
            raise UserError(f'"{text}" is no group of customers ({GRAMMAR}).')
        return cls(key, value, text.startswith(FIRST))

    def __str__(self) -> str:
        return f"{FIRST if self.first else ''}{self.key}={self.value}"

    def lives(self, world: World) -> ir.Table:
        """The `life` of each customer in it, as of now.

        Raises UserError where nobody is, or where it speaks of an employee and of too few.
        """
        told = grouped(world.seen.timeline.filter(_.life > 0, (_.step == 1) if self.first else True), [self.key])
        told = told.mutate(value=_[self.key])
        found = told.filter(_.value == self.value).select("life").distinct()
        (count,) = rows_of(found.aggregate(n=_.count()))
        if not count["n"]:
            values = rows_of(told.filter(_.value.notnull()).group_by("value").aggregate(n=_.life.nunique()))
            usual = sorted(values, key=lambda row: (-row["n"], row["value"]))[:LISTED]
            raise UserError(f"Nobody is in the group {self}. Values of {self.key} are: {', '.join(row['value'] for row in usual) or 'none'}.")  # fmt: skip
        minimum = world.home.settings.minimum_group
        if self.key == "employee" and count["n"] < minimum:
            raise UserError(f"The group {self} has fewer than {minimum} customers; by employee that is not shown.")
        return found


@dataclass(frozen=True)
class Comparison:
    """Whose figures of which period are shown, and those of another period, another group, or all others beside them."""

    period: Period = field(default_factory=Period)
    group: Group | None = None
    against: Period | Group | None = None
    others: bool = False

    @classmethod
    def of(cls, period: Period, group: str | None, against: str | None) -> Comparison:
        """What `--group` and `--against` name. Raises UserError where a group is compared with nothing that it could be."""
        chosen = Group.of(group) if group else None
        if against is None:
            return cls(period, chosen)
        if "=" not in against and against != OTHERS:
            return cls(period, chosen, Period.span(against))
        if not chosen:
            raise UserError(
                f"{against} is compared with no group: name it with --group, such as --group first:channel=app."
            )
        return cls(period, chosen, others=True) if against == OTHERS else cls(period, chosen, Group.of(against))

    def shown(self, world: World, rows: Callable[[Period], ir.Table]) -> ir.Table:
        """The rows of the period that are of the group.

        rows: makes the rows of a period; they have `life`.
        """
        return _of_group(world, rows(self.period), self.group)

    def beside(self, world: World, rows: Callable[[Period], ir.Table]) -> ir.Table | None:
        """The rows that those are compared with; None where they are with nothing."""
        if isinstance(self.against, Period):
            return _of_group(world, rows(self.against), self.group)
        if self.others and self.group:
            return rows(self.period).anti_join(self.group.lives(world), "life")
        return _of_group(world, rows(self.period), self.against) if self.against else None


def _of_group(world: World, rows: ir.Table, group: Group | None) -> ir.Table:
    return rows.semi_join(group.lives(world), "life") if group else rows
