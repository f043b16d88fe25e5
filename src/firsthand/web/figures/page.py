"""What every page of figures has: its filters, the values that they can have, and the answers that it asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode

from firsthand.jobs.home import Home, open_home
from firsthand.web.figures.answers import Answers, Asked, answers
from firsthand.web.figures.filters import PLACES, Filters
from firsthand.web.figures.told import told

Row = dict[str, Any]
RANGES = (30, 90, 365)
KEYS = ("since", "until", *PLACES)


def local_today(home: Home) -> date:
    """The local day from which a home is seen."""
    moment: datetime = home.as_of(None)
    return moment.astimezone(ZoneInfo(home.settings.timezone)).date()


@dataclass
class Page:
    """One request for a page of figures."""

    request: HttpRequest
    filters: Filters

    @classmethod
    def of(cls, request: HttpRequest) -> Page:
        """The page that a request asks for. Raises UserError where its filters make no sense."""
        return cls(request, Filters.of(request.GET))

    @cached_property
    def home(self) -> Home:
        return open_home(settings.HOME)

    def ask(self, **asked: str | Asked) -> Answers:
        """Answers about the part of the world that the filters name; `page.answers` for the template.

        Lists of customers are noted in the audit log. Raises PermissionDenied where the user may not ask one of the questions.
        """
        self.answers = told(self.request.user, self.filters, **asked)
        return self.answers

    @cached_property
    def choices(self) -> Row:
        """The values of each filter, whatever is filtered."""
        return answers(Filters(), choices="choices").choices

    @cached_property
    def today(self) -> date:
        """The local day from which the world is seen."""
        return local_today(self.home)

    @cached_property
    def others(self) -> list[tuple[str, str]]:
        """What the address says besides its filters: the filters' form keeps it."""
        return [
            (key, value) for key, values in self.request.GET.lists() if key not in KEYS for value in values if value
        ]

    @property
    def others_query(self) -> str:
        """The same, as it stands at the end of an address that has a question mark."""
        return "&" + urlencode(self.others) if self.others else ""

    @property
    def ranges(self) -> list[tuple[int, str, bool]]:
        """Periods that end today: days, the address's query, and whether it is the one shown."""
        found = []
        for days in RANGES:
            filters = self.filters.between(self.today - timedelta(days=days - 1), None)
            found.append((days, filters.query, self.filters.since == filters.since and not self.filters.until))
        return found
