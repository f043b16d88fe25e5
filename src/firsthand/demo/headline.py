"""The sample company's headline figures, as sentences."""

from __future__ import annotations

from typing import Any

from firsthand.jobs.report import HEADLINE
from firsthand.jobs.words import findings, tile


def headline(facts: dict[str, Any]) -> list[str]:
    """The figures that the report opens with, and what stands out."""
    count = facts["summary"]
    said = [
        f"{count['interactions']:,} interactions of {count['customers']:,} customers, as of {facts['as_of']:%Y-%m-%d}:"
    ]
    for name in HEADLINE:
        if name in facts["headline"]:
            shown = tile(facts["headline"][name])
            said.append(f"  {shown['value']:>6}  {shown['words']} ({shown['interval']}; {shown['n']})")
    return [*said, "", *findings(facts)]
