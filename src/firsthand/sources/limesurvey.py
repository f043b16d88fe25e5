"""Reads surveys of LimeSurvey, exported as CSV with question codes, codes and texts, or texts as header.

An answer is a record: `question:…` and `answer:…` beside the response's own columns. The IP address is left out, unless
a file of questions keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from firsthand.sources import mapping as mappings
from firsthand.sources.mapping import InteractionMapping
from firsthand.sources.rows import Advance, Rows, Unreadable
from firsthand.sources.surveys import NOTHING_TOLD, Column, Layout, Told, records
from firsthand.sources.surveys.words import folded, wording

TEXTS = {
    "id": ("response id", "antwort id", "antwort-id", "id de la reponse"),
    "submitdate": ("date submitted", "datum abgeschickt", "date de soumission"),
    "lastpage": ("last page", "letzte seite", "derniere page"),
    "startlanguage": ("start language", "start-sprache", "startsprache", "langue de depart"),
    "seed": ("seed", "zufallsstartwert", "tete de serie"),
    "startdate": ("date started", "datum gestartet", "datum start", "date de lancement"),
    "datestamp": ("date last action", "datum letzte aktivitat", "date de la derniere action"),
    "ipaddr": ("ip address", "ip-adresse", "adresse ip"),
    "refurl": ("referrer url", "weiterleitungs-url", "url reference", "url de reference"),
    "token": ("access code", "token", "zugangscode", "zugangsschlussel", "code d'acces"),
    "firstname": ("first name", "vorname", "prenom"),
    "lastname": ("last name", "nachname", "nom"),
    "email": ("email address", "email", "e-mail-adresse", "adresse electronique"),
}
"""What the columns of a response are called where the header has texts without codes (folded)."""
CODES = {folded(text): code for code, texts in TEXTS.items() for text in texts}
DROPPED = frozenset({"ipaddr"})
UNANSWERED = frozenset({"N/A", "{question_not_shown}"})
_WITH_TEXT = re.compile(r"([A-Za-z_]\w*(?:\[[^\]]*\])*)\.\s+(.*)", re.S)
_CODE = re.compile(r"([A-Za-z_]\w*)((?:\[[^\]]*\])*)")
_BESIDE = re.compile(r"attribute_\d+|interviewtime|groupTime\d*|\w+Time|completed|usesleft|participant_id")
_TIMING = re.compile(r"(question time|group time|total time)\b.*", re.I)
OWN_WORDS = frozenset({"other", "comment", "sonstiges", "kommentar", "autre", "commentaire"})
"""Labels, where the header has texts without codes, of what was written beside a choice."""
_LABEL = re.compile(r"(.*?)\s*((?:\[[^\[\]]*\]\s*)+)", re.S)
_SURVEY = re.compile(r"survey[_-]?(\d+)")


def read(
    path: Path, *, advance: Advance, told: Told = NOTHING_TOLD, delimiter: str | None = None, encoding: str = "utf-8"
) -> Iterator[Rows]:
    """The answers of a survey, in the order of the file, those of a response in the order of its columns."""
    reading = {"encoding": encoding} | ({"delimiter": delimiter} if delimiter else {})
    yield from records(
        path, advance=advance, understand=_layout, language=("startlanguage",), told=told, reading=reading
    )


def mapping(path: Path, source: str | None) -> InteractionMapping:
    """The mapping that ships. Ids of responses begin at 1 in each survey, so the source names the survey.

    source: its name, if given; else the survey's number in the name of the file, else that name.
    """
    found = _SURVEY.search(path.name)
    named = f"limesurvey {found[1]}" if found else path.name.split(".")[0]
    return mappings.built_in("limesurvey", source or named)


def _layout(names: list[str], _below: list[dict[str, str]]) -> Layout | Unreadable:
    with_text = [_WITH_TEXT.fullmatch(name) for name in names]
    if "id" in names:
        heads = [(name, name, "") for name in names]
    elif any(found and found[1] == "id" for found in with_text):
        heads = [
            (name, found[1], wording(found[2])) if found else (name, name, wording(name))
            for name, found in zip(names, with_text, strict=True)
        ]
    else:
        heads = [(name, CODES.get(folded(name), name), wording(name)) for name in names]
    codes = {code for _, code, _ in heads}
    if "id" not in codes:
        return Unreadable(
            1, "not_a_survey", "no column is the id of a response (`id`, `id. Response ID` or `Response ID`). Export the "
            "responses again as CSV, with question codes or with codes and texts", ",".join(names)[:2000],
        )  # fmt: skip
    response = {
        name: code for name, code, _ in heads if code in TEXTS or _BESIDE.fullmatch(code) or _TIMING.fullmatch(code)
    }
    return Layout(
        answers=[_column(name, code, text) for name, code, text in heads if name not in response],
        beside=response,
        dropped=DROPPED,
        blank=UNANSWERED,
    )


def _column(name: str, code: str, text: str) -> Column:
    """A column of answers; without a text, its code is all that is known of its wording."""
    found = _CODE.fullmatch(code)
    labelled = _LABEL.fullmatch(text)
    stem, parts = (
        (found[1], found[2]) if found else (labelled[1] if labelled else name, labelled[2] if labelled else "")
    )
    stem_text, label = text, ""
    if parts and labelled:
        stem_text, label = labelled[1], " ".join(re.findall(r"\[([^\[\]]*)\]", labelled[2])).strip()
    last = parts.rstrip("] ").rpartition("[")[2]
    own_words = last.endswith(("other", "comment")) if found else folded(label) in OWN_WORDS
    return Column(
        name=name,
        key=code,
        stem=stem,
        stem_key=stem,
        wording=text or code,
        stem_wording=stem_text or stem,
        label=label or parts.strip("[]").replace("][", " "),
        own_words=own_words,
    )
