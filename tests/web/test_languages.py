"""German: every text has its translation, with the same gaps, and pages are told in the language that the browser asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib

import firsthand

CATALOGUE = Path(firsthand.__file__).parent / "web" / "locale" / "de" / "LC_MESSAGES" / "django.po"
GAP = re.compile(r"%\((\w+)\)[sd]")


def test_every_text_is_translated_with_its_gaps() -> None:
    entries = [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]
    assert len(entries) > 500
    assert [entry.msgid for entry in entries if not entry.translated()] == []
    wrong = [entry.msgid for entry in entries if not entry.msgid_plural and sorted(GAP.findall(entry.msgid)) != sorted(GAP.findall(entry.msgstr))]  # fmt: skip
    assert wrong == []


def test_titles_of_measures_and_signals_are_known_to_the_catalogue(home: Any) -> None:
    from firsthand import measures
    from firsthand.jobs.signal_files import signals_of

    known = {entry.msgid for entry in polib.pofile(str(CATALOGUE))}
    titles = {measure.title for measure in measures.ALL} | {signal.title for signal in signals_of(home)}
    assert titles - known == set()


def test_definitions_of_measures_and_signals_are_told_in_german(client_as: Callable[..., Any]) -> None:
    from firsthand.jobs.measure_catalogue import measure_catalogue
    from firsthand.journeys.signals import ALL

    told = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE.with_name("definitions.po")))}
    defined = {part for row in measure_catalogue()["measures"] for part in row["definition"]}
    assert set(told) == defined | {signal.definition for signal in ALL}
    assert all(told.values())
    page = client_as("viewer").get("/measures/?measure=kept_share", headers={"accept-language": "de"}).content.decode()
    assert "Anteil gehaltener Zusagen" in page


def test_what_the_audit_log_says_is_known_to_the_catalogue() -> None:
    from firsthand.web.figures.spoken import AUDITED

    code = [file.read_text("utf-8") for file in (CATALOGUE.parents[3]).rglob("*.py")]
    noted = {did for text in code for did in re.findall(r'did="([^"]+)"', text)}
    assert len(noted) > 20
    assert noted - AUDITED == set()


def test_a_german_browser_gets_german_pages(client_as: Callable[..., Any]) -> None:
    page = client_as("viewer").get("/measures/", headers={"accept-language": "de"}).content.decode()
    assert '<html lang="de">' in page
    assert "Kennzahlen" in page
    assert "Net Promoter Score" in page


def test_charts_speak_german_and_write_numbers_so(website: Any) -> None:
    from django.utils.translation import override

    from firsthand.web.figures.drawing import journey_picture, picture

    counts = [
        {
            "by": {"month": "2026-05"},
            "kept": 1200,
            **dict.fromkeys(("late", "broken", "overdue", "withdrawn", "not_due"), 400),
        }
    ]
    point = {
        "touchpoint": "hotline",
        "stage": "help",
        "kind": "contact",
        "owner": None,
        "customers": 12345,
        "interactions": 20000,
        "how_it_was": None,
    }
    with override("de"):
        drawn = picture("promises", counts, group="month") + journey_picture(["help"], [point], [])
    for told in ("fällige Zusagen", "gehalten", "1.000", "nicht zu sehen", "12.345"):
        assert told in drawn
    with override("en"):
        drawn = picture("promises", counts, group="month")
    assert "promises due" in drawn
    assert "1,000" in drawn


def evidence_of_specifications() -> set[str]:
    """What the tables that specify the signals say that they find."""
    found, at = set(), None
    for file in sorted(Path(__file__).parents[1].glob("test_signals_of_*.py")):
        for line in file.read_text("utf-8").splitlines():
            cells = [cell.strip() for cell in line.split("|")]
            if "evidence" in cells:
                at = cells.index("evidence")
            elif len(cells) == 1:
                at = None
            elif at is not None:
                found.add(cells[at])
    return found


def test_the_evidence_of_signals_is_told_in_german(home: Any) -> None:
    from django.utils import translation

    from firsthand.web.customers.evidence import in_words

    said = evidence_of_specifications()
    assert len(said) > 30
    with translation.override("de"):
        assert {text for text in said if in_words(text) == text} == set()
        assert in_words("again after 3 days about order A_1") == "3 Tage danach wieder zu Bestellung A_1"
        assert in_words("what a signal of the home's own says") == "what a signal of the home's own says"
    with translation.override("en"):
        assert in_words("again after 1 day about order A_1") == "again after 1 day about order A_1"
        assert (
            in_words("from web to phone after 2 days about case 3") == "from website to phone after 2 days about case 3"
        )
