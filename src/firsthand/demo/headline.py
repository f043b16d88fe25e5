"""The sample company's headline figures, as sentences."""

from __future__ import annotations

from typing import Any

from firsthand.demo.people_found import people_found
from firsthand.demo.topics_found import topics_found
from firsthand.jobs.home import Home
from firsthand.jobs.report import HEADLINE
from firsthand.jobs.words import findings, percent, tile


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


def people_line(home: Home) -> str:
    """How many identifiers belong to how many people, and how right that is."""
    found = people_found(home)
    return (
        f"{found['identifiers']:,} identifiers belong to {found['customers']:,} people. Held against the planted truth: "
        f"precision {percent(found['precision'], 1)}, recall {percent(found['recall'], 1)} "
        f"(of the {found['pairs']:,} pairs of identifiers that are one person's)."
    )


def voice_line(home: Home) -> str | None:
    """How right the topics of comments are, and whether personal data was masked; None where comments were not read."""
    found = topics_found(home)
    if not found["comments"]:
        return None
    return (
        f"{found['comments']:,} comments were read. Their topics, held against the planted truth: precision "
        f"{percent(found['precision'], 1)}, recall {percent(found['recall'], 1)}, F1 {found['f1']:.3f}. "
        f"Personal data left unmasked: {found['left']:,}."
    )
