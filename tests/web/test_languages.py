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


def test_a_german_browser_gets_german_pages(client_as: Callable[..., Any]) -> None:
    page = client_as("viewer").get("/measures/", headers={"accept-language": "de"}).content.decode()
    assert '<html lang="de">' in page
    assert "Kennzahlen" in page
    assert "Net Promoter Score" in page
