"""Published figures: of a closed period the figure that was published holds, so that the past does not change when a person goes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from firsthand.jobs.home import Home
from firsthand.lake.read import rows
from firsthand.measures import Measure
from firsthand.tables import PublishedFigures

Row = dict[str, Any]
KINDS = ("month", "quarter", "year")
PROMISES = "promises_"
NUMBERS = ("value", "low", "high", "customers", "observations", "speaks_for")


def figures_of(
    home: Home, kind: str, as_of: datetime, *, since: date | None = None, until: date | None = None
) -> list[Row]:
    """What was published by `as_of` of periods that were over then, as in tables.PublishedFigures; the newest row of each figure.

    since, until: only of periods that lie wholly between these days.
    """
    current = period_of(kind, as_of.astimezone(ZoneInfo(home.settings.timezone)).date())
    newest: dict[Any, Row] = {}
    for row in sorted(rows(home.lake, PublishedFigures).to_pylist(), key=lambda row: row["published_at"]):
        if row["by"] == kind and row["as_of"] <= as_of and row["period"] < current and _within(row, since, until):
            newest[row["measure"], row["period"], row["apart"]] = row
    return list(newest.values())


def period_of(kind: str, day: date) -> str:
    """The period that a day lies in, as `--by` names it."""
    return {"month": f"{day:%Y-%m}", "quarter": f"{day.year}-{(day.month - 1) // 3 * 3 + 1:02}-01", "year": f"{day:%Y}"}[kind]  # fmt: skip


def _within(row: Row, since: date | None, until: date | None) -> bool:
    text = row["period"]
    first = date(int(text[:4]), int(text[5:7] or 1), 1)
    months = {"month": 1, "quarter": 3, "year": 12}[row["by"]]
    last = (first.replace(day=1) + timedelta(days=31 * months)).replace(day=1) - timedelta(days=1)
    return (since is None or since <= first) and (until is None or last <= until)


def held(
    live: Sequence[Row], told: Sequence[Row], measures: Sequence[Measure], kind: str, fewest: Callable[[Measure], int]
) -> list[Row]:
    """Figures by one sort of period, each as it was published, unless the record holds more observations by now.

    live: rows of jobs.figures.live_figures.  told: as `figures_of` returns them.  fewest: how many customers a measure must speak of.
    A period of which nothing is left is told, too. Adds `published`.
    """
    known = {measure.name: measure for measure in measures}
    kept = {(row["measure"], row["period"], row["apart"]): row for row in told if row["measure"] in known}
    found = []
    for row in live:
        row = row | {"published": False}
        was = kept.pop((row["measure"], row["by"][kind], apart(row, kind)), None)
        found.append(
            row if was is None or more_is_known(row, was) else row | _numbers(was, fewest(known[row["measure"]]))
        )
    for name, measure in known.items():
        found += [
            {"measure": name, "title": measure.title, "unit": measure.unit, "by": json.loads(was["apart"]) | {kind: was["period"]}}
            | _numbers(was, fewest(measure))
            for was in kept.values()
            if was["measure"] == name
        ]  # fmt: skip
    place = {name: at for at, name in enumerate(known)}
    return sorted(found, key=lambda row: (place[row["measure"]], apart(row, kind), row["by"][kind] or ""))


def more_is_known(row: Row, was: Row) -> bool:
    """Whether a figure of the record as it is rests on more than the published one did."""
    if row["observations"] is None:
        return False
    return was["observations"] is None or row["observations"] > was["observations"]


def settled(row: Row) -> int:
    """Of a group of promises, how many outcomes are known."""
    return int(sum(row[state] or 0 for state in ("kept", "late", "broken", "withdrawn")))


def _numbers(was: Row, minimum: int) -> Row:
    hidden = was["suppressed"] or (was["customers"] or 0) < minimum
    return {name: None if hidden else was[name] for name in NUMBERS} | {"suppressed": hidden, "published": True}


def apart(row: Row, kind: str) -> str:
    """What else tells a figure apart, as it is written down."""
    return json.dumps({key: value for key, value in row["by"].items() if key != kind}, sort_keys=True, default=str)
