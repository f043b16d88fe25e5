"""What part of the world a page speaks of: all of it stands in the address, so that a link shows a colleague the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from firsthand.errors import UserError
from firsthand.jobs.figures import Period

PLACES = ("channel", "stage", "touchpoint", "source", "owner", "topic", "circumstance")
UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters other than those that part words and lines."""


def refuse_unwritten(query: QueryDict) -> None:
    """Raises UserError where an address holds control characters, which no name has and no database takes."""
    if any(UNWRITTEN.search(f"{key}{value}") for key, values in query.lists() for value in values):
        raise UserError("The address holds a control character.")


@dataclass(frozen=True)
class Filters:
    """Days (ISO, both included) and pairs of a place and its value; a circumstance's value is `name=value`."""

    since: str | None = None
    until: str | None = None
    places: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        """The filters of an address. Raises UserError where a day is none, or where it holds control characters."""
        refuse_unwritten(query)
        since, until = query.get("since") or None, query.get("until") or None
        Period.of(since, until)
        return cls(since, until, tuple((key, str(query[key])) for key in PLACES if query.get(key)))

    @property
    def where(self) -> list[str]:
        """As `select` and `--where` take it."""
        return [f"circumstance:{value}" if key == "circumstance" else f"{key}={value}" for key, value in self.places]

    @property
    def question(self) -> dict[str, Any]:
        """What of it an answer depends on."""
        return {"since": self.since, "until": self.until, "where": self.where}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        days = [(key, day) for key, day in (("since", self.since), ("until", self.until)) if day]
        return [*days, *self.places]

    @property
    def query(self) -> str:
        """As it stands in an address, with its question mark; empty where nothing is filtered."""
        return "?" + urlencode(self.pairs) if self.pairs else ""

    @property
    def begun(self) -> str:
        """The same, as the beginning of a query that goes on."""
        return f"{self.query}&" if self.query else "?"

    def with_(self, key: str, value: str) -> Filters:
        """The same with one place more, or another one."""
        return replace(self, places=(*((known, told) for known, told in self.places if known != key), (key, value)))

    def without(self, key: str) -> Filters:
        """The same without one of its places or days."""
        if key == "since":
            return replace(self, since=None)
        if key == "until":
            return replace(self, until=None)
        return replace(self, places=tuple(pair for pair in self.places if pair[0] != key))

    def between(self, since: date | None, until: date | None) -> Filters:
        """The same for other days."""
        return replace(self, since=since.isoformat() if since else None, until=until.isoformat() if until else None)
