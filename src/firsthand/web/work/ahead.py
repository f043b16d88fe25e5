"""What pages ask when they are opened without filters: worked out before anybody opens them."""

from __future__ import annotations

from django.conf import settings

from firsthand.jobs.home import open_home
from firsthand.jobs.kept import last
from firsthand.web.customers.views import questions as customers
from firsthand.web.data.views import questions as data
from firsthand.web.experience_map.views import questions as map_
from firsthand.web.figures.answers import Asked, question_of, renew
from firsthand.web.figures.filters import Filters
from firsthand.web.journeys.parts import questions as journeys
from firsthand.web.measured.measures import questions as measures
from firsthand.web.measured.promises import questions as promises
from firsthand.web.measured.signals import questions as signals
from firsthand.web.measured.waits import questions as waits
from firsthand.web.today.views import questions as today
from firsthand.web.voice.views import questions as voice

PAGES = (today, map_, promises, waits, measures, signals, voice, journeys, customers, data)
"""The sections in the order in which they are opened in the morning."""


def asked_ahead() -> list[str | Asked]:
    """Every question that some page asks when it is opened without filters."""
    return ["choices", *(asked for page in PAGES for asked in page().values())]


def work_out_ahead() -> int:
    """Works out those answers that do not hold; returns how many."""
    home, made = open_home(settings.HOME), 0
    for asked in asked_ahead():
        question = question_of(asked, Filters())
        before = last(home, question, None)
        if before is None or not before.holds:
            renew.call(question)
            made += 1
    return made
