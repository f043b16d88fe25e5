"""Periods and groups in words, as several pages speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from firsthand.jobs.figures import EARLIEST
from firsthand.jobs.selection import PROPERTY
from firsthand.measures.seen import CIRCUMSTANCE
from firsthand.web.figures.filters import Filters

DAYS = 91


def spans(today: date, filters: Filters = Filters()) -> tuple[str, str]:
    """The period that is shown, else the last 91 days, and the period as long before it; each as `since..until`."""
    since = date.fromisoformat(filters.since) if filters.since else None
    until = date.fromisoformat(filters.until) if filters.until else today
    since = since or until - timedelta(days=DAYS)
    before = since - timedelta(days=1)
    first = before - (until - since - timedelta(days=not filters.since))
    return _span(since, until), _span(first, before)


def _span(*days: date) -> str:
    """Two days as `since..until`; neither before the first that can be asked for."""
    return "..".join(str(max(EARLIEST, day)) for day in days)


def span_words(span: str) -> str:
    """A period as people write it."""
    since, _dots, until = span.partition("..")
    first, last = (date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT") for day in (since, until))
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def month_words(month: str) -> str:
    """`2026-03` as people write it."""
    return date_format(date.fromisoformat(f"{month}-01"), "F Y")


def key_words(key: str) -> str:
    """The name of what figures are grouped by; of a property or a circumstance its own."""
    own = key.removeprefix(PROPERTY).removeprefix(CIRCUMSTANCE)
    return _(key) if own == key else own.replace("_", " ")


def group_words(key: str, value: Any) -> str:
    """The name of a group, also of the one that has none."""
    if value is not None:
        return str(value)
    if key.startswith(CIRCUMSTANCE):
        return _("none told")
    return {"owner": _("nobody"), "touchpoint": _("not on the map"), "stage": _("not on the map")}.get(
        key, _("unknown")
    )


def groups_title(what: str, seen: Sequence[tuple[str, str]]) -> str:
    """What lies between the groups, in words. seen: name and value of each group, the smallest first."""
    if not seen:
        return _("%(what)s: too few to show") % {"what": what}
    (first, low), (last, high) = seen[0], seen[-1]
    if len(seen) == 1:
        return _("%(what)s: %(value)s at %(group)s") % {"what": what, "value": low, "group": first}
    return _("%(what)s: from %(low)s at “%(first)s” to %(high)s at “%(last)s”") % {
        "what": what, "low": low, "first": first, "high": high, "last": last,
    }  # fmt: skip
