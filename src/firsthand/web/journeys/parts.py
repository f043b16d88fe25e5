"""What the pages of journeys share: whole paths, of a period and of some customers only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from firsthand.jobs.home import open_home
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.filters import Filters
from firsthand.web.figures.page import Page, local_today
from firsthand.web.figures.questions import AS_GOOD
from firsthand.web.figures.words import spans

Row = dict[str, Any]
OF_CUSTOMERS = ("topic", "circumstance")
"""Filters that choose customers. The others choose interactions, which would cut paths into pieces that nobody went."""


def questions() -> dict[str, str | Asked]:
    """What the pages ask when nothing is chosen or filtered."""
    within, against = spans(local_today(open_home(settings.HOME)))
    days = {"within": within, "against": against}
    return {
        "journey": "journey", "touchpoints": "touchpoints", "funnel": "main_funnel", "designed": "designed",
        "variants": "variants", "retention": "retention", "ways": ("paths", days), "met": ("signals", days),
    }  # fmt: skip


@dataclass
class PathPage(Page):
    """A page with those filters only that choose customers or days; dropped: the others that the address names."""

    dropped: list[tuple[str, str]] = field(default_factory=list)


def page_of(request: HttpRequest) -> PathPage:
    """The page that a request asks for, without the filters that would cut paths into pieces."""
    filters = Filters.of(request.GET)
    kept = tuple(pair for pair in filters.places if pair[0] in OF_CUSTOMERS)
    return PathPage(request, replace(filters, places=kept), [pair for pair in filters.places if pair not in kept])


def shown_page(page: Page, template: str, context: Row) -> HttpResponse:
    """A page with the tabs of this section."""
    tabs = [
        ("/journeys/", _("Journey map")), ("/journeys/funnel/", _("Funnel")), ("/journeys/around/", _("Before and after")),
        ("/journeys/designed/", _("Designed against actual")), ("/journeys/variants/", _("Variants")),
        ("/journeys/retention/", _("Coming back")), ("/journeys/compare/", _("Compare")),
    ]  # fmt: skip
    return render(page.request, f"journeys/{template}.html", {"page": page, "tabs": tabs} | context)


def number(value: int | None) -> str:
    """A count in the user's language."""
    return "–" if value is None else number_format(value, force_grouping=True)


def step_words(step: str | None) -> str:
    """A step as people say it: a touchpoint, or any touchpoint of a kind."""
    if step is None:
        return _("nothing")
    if AS_GOOD in step:
        return _(" or ").join(step.split(AS_GOOD))
    kind = step.removeprefix("kind:")
    return step if kind == step else _("any %(kind)s") % {"kind": _(kind.replace("_", " "))}


def step_choices(touchpoints: Row, chosen: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What a step can be, in groups: value, words, and whether it is chosen."""
    kinds = [f"kind:{kind}" for kind in touchpoints["kinds"]]
    together = [(AS_GOOD.join(names), " or ".join(names)) for names in touchpoints["as_good"]]
    return [
        (_("one of several"), [(value, step_words(value), chosen in (value, name)) for value, name in together]),
        (_("touchpoints"), [(name, name, name == chosen) for name in touchpoints["met"]]),
        (_("kinds"), [(kind, step_words(kind), kind == chosen) for kind in kinds]),
    ]


def sentence(parts: list[str]) -> str:
    """A way from one touchpoint to the next."""
    return " → ".join(parts)
