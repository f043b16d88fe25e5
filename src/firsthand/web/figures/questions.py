"""Questions that pages and the API ask: a name, and what works its answer out, a document as the command line prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from firsthand import measures
from firsthand.errors import UserError
from firsthand.jobs.after_promises import after_promises, by_circumstance
from firsthand.jobs.comments_shown import flagged, to_label
from firsthand.jobs.designed_figures import designed_figures
from firsthand.jobs.figures import Period, changes, corrected, figures, refused, summary
from firsthand.jobs.funnel_figures import funnel_figures, main_funnel, retention_figures
from firsthand.jobs.groups import Comparison
from firsthand.jobs.journey_map import journey_map
from firsthand.jobs.map_check import map_check
from firsthand.jobs.map_figures import map_figures
from firsthand.jobs.measure_catalogue import measure_catalogue
from firsthand.jobs.path_figures import around_figures, path_figures, variant_figures
from firsthand.jobs.promise_figures import promise_figures
from firsthand.jobs.rejections import count_rejections
from firsthand.jobs.report_facts import TRENDS
from firsthand.jobs.signal_figures import catalogue, signal_figures
from firsthand.jobs.source_figures import source_figures
from firsthand.jobs.survival import survival
from firsthand.jobs.touchpoint_figures import latest_customers, touchpoint_scores
from firsthand.jobs.troubled_customers import troubled_customers
from firsthand.jobs.voice_figures import voice_figures
from firsthand.jobs.voice_tables import read_at_all
from firsthand.jobs.world import World
from firsthand.web.figures.choices import choices, touchpoints

Row = dict[str, Any]
Question = Callable[..., Row]


CHOSEN = {
    "ALL": measures.ALL, "SAID": measures.SAID, "DONE": measures.DONE, "OUTCOMES": measures.OUTCOMES,
    "TODAY": [*measures.SAID, *measures.DONE, *measures.HOW_IT_WAS],
    "AFTER_PROMISES": measures.AFTER_PROMISES, "WAITS": measures.WAITS, "AT_TOUCHPOINT": [measures.HOW_IT_WAS[0], *measures.DONE[:2], *measures.WAITS],
    "TRENDS_AT_TOUCHPOINT": [measures.HOW_IT_WAS[0], measures.DONE[0], measures.WAITS[2]], "HOW_IT_WAS": measures.HOW_IT_WAS, "TRENDS": TRENDS,
} | {measure.name: [measure] for measure in measures.ALL}  # fmt: skip
"""Lists of measures, in capitals, and each measure alone, in small letters."""


def chosen_measures(name: str) -> list[measures.Measure]:
    """The list or the measure of a name, as it is written or else in other letters. Raises UserError where there is none."""
    found = CHOSEN.get(name) or CHOSEN.get(name.lower()) or CHOSEN.get(name.upper())
    if found is None:
        raise UserError(f'"{name}" is no measure. There are: {", ".join(measure.name for measure in measures.ALL)}.')
    return found


def _measures(
    world: World, period: Period, *, chosen: str = "ALL", by: list[str] | None = None, within: str | None = None
) -> Row:  # fmt: skip
    return {"figures": figures(world, chosen_measures(chosen), by=by or [], period=_on(period, within))}


def _changes(
    world: World, period: Period, *, against: str, chosen: str = "ALL", by: list[str] | None = None, within: str | None = None
) -> Row:  # fmt: skip
    found = changes(world, chosen_measures(chosen), by=by or [], before=_on(period, against), after=_on(period, within))
    return {"changes": corrected(found)}


def _on(period: Period, span: str | None) -> Period:
    """The same selection on other days, such as 2026-01-01..2026-03-31; itself where none are named."""
    days = Period.span(span) if span else period
    return replace(period, since=days.since, until=days.until)


def _compared(period: Period, group: str | None, against: str | None, within: str | None) -> Comparison:
    """A comparison in which a period that is compared with is one of the same selection."""
    compared = Comparison.of(_on(period, within), group, against)
    return replace(compared, against=_on(period, against)) if isinstance(compared.against, Period) else compared


def _paths(
    world: World, period: Period, *, group: str | None = None, against: str | None = None, within: str | None = None,
    without: list[str] | None = None,
) -> Row:  # fmt: skip
    return path_figures(world, _compared(period, group, against, within), without=without or [])


def _signals(
    world: World, period: Period, *, by: list[str] | None = None, group: str | None = None, against: str | None = None,
    within: str | None = None,
) -> Row:  # fmt: skip
    return signal_figures(world, by=by or [], compared=_compared(period, group, against, within))


def _voice(world: World, period: Period, *, by: list[str] | None = None, against: str | None = None) -> Row:
    if not read_at_all(world.home):
        return {"read": False}
    other = _on(period, against) if against else None
    return voice_figures(world, by=by or [], period=period, against=other) | {"read": True}


def _read(world: World, function: Callable[[World, Period], Row], period: Period) -> Row:
    return function(world, period) | {"read": True} if read_at_all(world.home) else {"read": False}


def _by(function: Callable[..., Row]) -> Question:
    return lambda world, period, *, by=None, **more: function(world, by=by or [], period=period, **more)


AS_GOOD = "|"
"""What stands between touchpoints that are as good, in a step of a funnel."""
QUESTIONS: dict[str, Question] = {
    "summary": lambda world, period: summary(world),
    "measures": _measures,
    "changes": _changes,
    "sources": lambda world, period: source_figures(world),
    "rejected": lambda world, period: {"rejected": count_rejections(world.home)},
    "refused": lambda world, period: {"refused": refused(world)},
    "survival": lambda world, period: {"survival": survival(world, period=period, every=True)},
    "promises": _by(promise_figures),
    "after_promises": _by(after_promises),
    "promises_by_circumstance": lambda world, period: {"circumstances": by_circumstance(world, period=period)},
    "signals": _signals,
    "catalogue": lambda world, period: catalogue(world),
    "map": lambda world, period: map_figures(world, period),
    "map_check": lambda world, period: map_check(world),
    "journey": lambda world, period: journey_map(world, period),
    "paths": _paths,
    "variants": lambda world, period, **more: variant_figures(world, period=period, **more),
    "around": lambda world, period, *, touchpoint, **more: around_figures(world, touchpoint, period=period, **more),
    "funnel": lambda world, period, *, steps, **more: funnel_figures(
        world, [step.split(AS_GOOD) if AS_GOOD in step else step for step in steps], period=period, **more
    ),
    "main_funnel": lambda world, period: {"funnel": main_funnel(world, period)},
    "retention": lambda world, period, **more: retention_figures(world, period=period, **more),
    "designed": lambda world, period, **more: designed_figures(world, period=period, **more),
    "voice": _voice,
    "flagged": lambda world, period: _read(world, flagged, period),
    "to_label": lambda world, period, **more: _read(world, to_label, period),
    "choices": lambda world, period: choices(world),
    "definitions": lambda world, period: measure_catalogue(),
    "touchpoints": lambda world, period: touchpoints(world),
    "customers": lambda world, period: troubled_customers(world, period=period),
    "touchpoint_scores": touchpoint_scores,
    "latest_customers": latest_customers,
}
"""Each takes the world, the period or selection, and parameters that JSON can hold."""
NEEDS = {"customers": "list_customers", "latest_customers": "list_customers", "to_label": "label_comments"}
"""Questions whose answers take another right than `see_figures`, wherever they are told."""
