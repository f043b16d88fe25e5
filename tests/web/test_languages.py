"""German: every text has its translation, with the same gaps, and pages are told in the language that the browser asks for."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
import pytest

import firsthand
from firsthand import errors
from firsthand.errors import UserError

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


MISTAKES_ON_PAGES = [
    "jobs/consents.py", "jobs/designed_figures.py", "jobs/figures.py", "jobs/find_themes.py", "jobs/forget.py", "jobs/funnel_figures.py",
    "jobs/groups.py", "jobs/guess_mapping.py", "jobs/labels.py", "jobs/map_versions.py", "jobs/path_figures.py", "jobs/search_comments.py",
    "jobs/selection.py", "jobs/who_is_who.py", "journeys/map_text.py", "measures/seen.py", "sources/xes.py", "sources/ocel2.py",
    *(f"web/{app}/{name}.py" for app, name in (
        ("accounts", "people"), ("data", "files"), ("data", "imports"), ("figures", "answers"), ("figures", "downloads"),
        ("figures", "filters"), ("figures", "parameters"), ("figures", "questions"),
    )),
]  # fmt: skip
"""Modules whose errors reach somebody at a page."""
PASSED_ON = {"checked_yaml.told(home.map_file, faults)", "str(wrong).replace(str(path), 'mapping')"}
"""Errors that only pass on what was said elsewhere."""


def raised_in(module: str) -> set[str]:
    """What the errors of a module say, with an x in each gap."""
    said = set()
    for node in ast.walk(ast.parse((Path(firsthand.__file__).parent / module).read_text("utf-8"))):
        if (
            isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and issubclass(getattr(errors, ast.unparse(node.exc.func), object), UserError)
        ):
            told = node.exc.args[0]
            for part in (told.body, told.orelse) if isinstance(told, ast.IfExp) else (told,):
                said.add(example(part) if isinstance(part, ast.JoinedStr | ast.Constant) else ast.unparse(part))
    return said - PASSED_ON


def example(told: ast.expr) -> str:
    """A text as it could read. What gaps hold that only some text fits is told by their names."""
    if isinstance(told, ast.Constant):
        return str(told.value)
    assert isinstance(told, ast.JoinedStr)
    return "".join(
        filled(ast.unparse(part.value)) if isinstance(part, ast.FormattedValue) else example(part)
        for part in told.values
    )


def filled(gap: str) -> str:
    """What could stand in a gap of an f-string."""
    if gap.endswith(".message"):
        return "the file has no columns"
    if "known_touchpoints" in gap:
        return "There are: x."
    if "GRAMMAR" in gap:
        from firsthand.jobs.groups import GRAMMAR

        return GRAMMAR
    if any(word in gap for word in ("minimum", "len(", "number")):
        return "7"
    return "2026-01-01" if any(word in gap for word in ("period.", "EARLIEST", "LATEST")) else "x"


@pytest.mark.parametrize("module", MISTAKES_ON_PAGES)
def test_what_is_said_of_mistakes_is_told_in_german(website: Any, module: str) -> None:
    from django.utils import translation

    from firsthand.web.figures.faults import in_words

    said = raised_in(module)
    assert said
    with translation.override("de"):
        assert {text for text in said if "_(" not in text and in_words(text) == text} == set()


@pytest.mark.parametrize(("said", "german"), [
    ('orders.csv, line 3: "2026-02-31" is not a date (column "placed", expected format %d.%m.%Y).',
     "orders.csv, Zeile 3: „2026-02-31“ ist kein Datum (Spalte „placed“, erwartet: Format %d.%m.%Y)."),
    ("orders.csv: the file is empty; expected JSON lines.", "orders.csv: die Datei ist leer; erwartet: JSON lines."),
    ("map.yaml, line 7: touchpoints.0.stage: expected a text, found a list.",
     "map.yaml, Zeile 7: touchpoints.0.stage: erwartet: ein Text, gefunden: eine Liste."),
    ("line 2: stages: expected a list, found a number (7).", "Zeile 2: stages: erwartet: eine Liste, gefunden: eine Zahl (7)."),
    ("what nobody has translated", "what nobody has translated"),
])  # fmt: skip
def test_a_fault_is_told_in_german_with_the_place_where_it_is(website: Any, said: str, german: str) -> None:
    from django.utils import translation

    from firsthand.web.figures.faults import in_words

    with translation.override("de"):
        assert in_words(said) == german
    with translation.override("en"):
        assert in_words(said) == said


@pytest.mark.parametrize(("address", "german"), [
    ("/measures/?since=nonsense", "since: „nonsense“ ist kein Datum"),
    ("/measures/?measure=nps&by=colour", "Nach „colour“ lässt sich nicht gruppieren."),
    ("/map/?measure=nosuch", "„nosuch“ ist keine Kennzahl."),
    ("/figures/promises.csv?rows=nosuch", "„nosuch“ ist keine Liste dieser Antwort."),
    ("/?source=nosuch", "Mit diesen Filtern ist nichts zu sehen."),
])  # fmt: skip
def test_a_mistake_in_an_address_is_told_in_german(client_as: Callable[..., Any], address: str, german: str) -> None:
    page = client_as("analyst").get(address, headers={"accept-language": "de"}).content.decode()
    assert german in html.unescape(page)


def test_what_the_core_lists_is_known_to_the_catalogue() -> None:
    from firsthand.capture.steps import REASONS
    from firsthand.jobs.blind_moments import MOMENTS
    from firsthand.sources import FORMATS

    known = {entry.msgid for entry in polib.pofile(str(CATALOGUE))}
    blind = {text for moment in MOMENTS for text in (moment.moment, moment.how)}
    assert blind - known == set()
    assert {each.about for each in FORMATS} - known == set()
    assert {reason.replace("_", " ") for reason in REASONS} - known == set()


def test_no_text_hides_in_an_f_string_where_the_catalogue_does_not_see_it() -> None:
    hidden = [
        f"{file.name}: {ast.unparse(call)}"
        for file in CATALOGUE.parents[3].rglob("*.py")
        for told in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(told, ast.JoinedStr)
        for call in ast.walk(told)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("_", "gettext") and isinstance(call.args[0], ast.Constant)
    ]  # fmt: skip
    assert hidden == []
