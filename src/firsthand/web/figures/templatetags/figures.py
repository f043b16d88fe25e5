"""Filters and tags of all templates: figures in the user's language, and the parts of pages that repeat."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from firsthand.web.figures import faults
from firsthand.web.figures import figure as words

register = template.Library()
register.filter("percent", words.percent)
register.filter("duration", words.duration)
register.filter("shown", words.shown)
register.filter("told", words.told)
register.filter("interval", words.interval)
register.filter("customers", words.customers)
register.filter("difference", words.difference)
register.filter("difference_interval", words.difference_interval)


@register.filter
def silent_share(answered: float) -> str:
    """The share that did not answer."""
    return words.percent(1 - answered)


@register.filter
def thousands(value: float | None) -> str:
    """A number in groups of three digits."""
    return "–" if value is None else number_format(value, force_grouping=True)


@register.filter
def spoken(value: Any) -> str:
    """A title or name of the core in the user's language, where it is known there."""
    return gettext(str(value).replace("_", " ")) if value not in (None, "") else "–"


@register.simple_tag
def definition(text: str) -> str:
    """What a measure or a signal means, in the user's language; where it is not known there, in English that says so."""
    return _or_english(gettext(text), text)


@register.filter
def fault(text: str) -> str:
    """What the core says of a mistake, in the user's language; where it is not known there, in English that says so."""
    return _or_english(faults.in_words(text), text)


def _or_english(said: str, text: str) -> str:
    known = said != text or str(get_language()).startswith("en")
    return said if known else format_html('<span lang="en">{}</span>', text)


@register.filter
def of_what(row: dict[str, Any]) -> str:
    """What tells a figure apart from others of the same measure, such as the scale of its question."""
    return ", ".join(gettext(str(value)) for value in row["by"].values() if value not in (None, ""))


@register.filter
def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@register.filter
def tone_class(share: float | None) -> str:
    """The colour of how it was: a class of the style sheet."""
    if share is None:
        return "unseen"
    return next(
        name for limit, name in ((0.5, "q1"), (0.7, "q2"), (0.8, "q3"), (0.9, "q4"), (2.0, "q5")) if share < limit
    )


@register.simple_tag
def link(filters: Any, key: str, value: Any) -> str:
    """The query of an address with one filter more."""
    return filters.with_(key, str(value)).query


@register.simple_tag
def unlink(filters: Any, key: str) -> str:
    """The query of an address with one filter less."""
    return filters.without(key).query or "?"


@register.inclusion_tag("components/figure.html")
def figure(it: Any) -> dict[str, Any]:
    return {"figure": it}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filter_bar(context: Any, *only: str) -> dict[str, Any]:
    """The bar in which the page's filters are set; only those that are named, else all."""
    page = context["page"]
    chosen = dict(page.filters.pairs)
    kinds = only or ("channel", "stage", "touchpoint", "source", "owner", "topic", "circumstance")
    fields = [(key, page.choices.get(key, []), chosen.get(key, "")) for key in kinds if key != "period"]
    return {"page": page, "fields": [field for field in fields if field[1]], "request": context["request"]}
