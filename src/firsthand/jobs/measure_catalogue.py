"""What each measure means: its definition, where the formula comes from, and how its interval is made."""

from __future__ import annotations

import re
from typing import Any

from firsthand import measures
from firsthand.measures.effective import EFFECTIVE
from firsthand.measures.measure import Measure, mean, net_promoter, per_customer, share
from firsthand.measures.measure import median as median_of

Row = dict[str, Any]
GROUPS = {
    "said": measures.SAID,
    "done": measures.DONE,
    "outcomes": measures.OUTCOMES,
    "how_it_was": measures.HOW_IT_WAS,
}
"""The measures by what they speak of: what customers said, what happened to them, what they did, how it was."""


def measure_catalogue() -> Row:
    """A row for each measure: measure, title, unit, group, definition (paragraphs), source, interval, also."""
    return {
        "measures": [
            {"measure": measure.name, "title": measure.title, "unit": measure.unit, "group": group}
            | dict(zip(("definition", "source"), _told(measure), strict=True))
            | {"interval": _interval(measure), "also": list(measure.also)}
            for group, chosen in GROUPS.items()
            for measure in chosen
        ]
    }  # fmt: skip


def _told(measure: Measure) -> tuple[list[str], str | None]:
    """The definition, and the source of the formula where it is not this project's."""
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", (measure.observe.__doc__ or "").strip())
    definition, _marker, source = text.partition("Source:")
    source = re.split(r"; interval:", " ".join(source.split()).replace("`", ""))[0].rstrip(".")
    if source == "as for effective":
        source = _told(EFFECTIVE)[1] or ""
    return [
        " ".join(part.split()).replace("`", "") for part in definition.split("\n\n") if part.strip()
    ], source or None


def _interval(measure: Measure) -> str:
    known = [(net_promoter, "adjusted Wald"), (share, "Wilson"), (mean, "Student"), (per_customer, "Student")]
    quantile = getattr(measure.estimate, "func", measure.estimate) is median_of
    return (
        "Woodruff" if quantile else next((name for estimate, name in known if measure.estimate is estimate), "Wilson")
    )
