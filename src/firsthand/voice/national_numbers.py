"""National numbers of people in the countries of the seven languages: by form and check digits (python-stdnum)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

BESIDE = 50
"""So many characters before a number are searched for a word that says what it is."""


class Sort(NamedTuple):
    """A sort of number: how it is written, the module of stdnum that checks it, and the words that name it.

    checked: "" where the form is all there is.  words: needed beside it where form and check digits are weak; "" if not.
    """

    written: str
    checked: str
    words: str = ""


TAX = r"steuer|tax|fiscal|fiscale?|nif|tin\b|contribuinte|contribuable|belasting|tributari"
SECU = r"\bnir\b|s[ée]curit[ée] sociale|num[ée]ro de s[ée]cu|\bs[ée]cu\b|\bn[°o]? ?ss\b|\binsee\b|carte vitale"
NIR_WITHOUT_KEY = (
    r"[12][ .\-\u00a0]?\d{2}[ .\-\u00a0]?\d{2}[ .\-\u00a0]?(?:\d{2}|2[AB])[ .\-\u00a0]?\d{3}[ .\-\u00a0]?\d{3}"
)
NIR = NIR_WITHOUT_KEY + r"[ .\-\u00a0]?\d{2}"
SORTS = (
    Sort(r"\d{2} ?\d{3} ?\d{3} ?\d{3}", "de.idnr", r"steuer|identifikationsnummer|idnr|id-nr|tax|tin\b"),
    Sort(r"\d{2} ?\d{6} ?[A-Z] ?\d{3}", "", r"versicherung|sozial|rente|sv-?n|rv-?n|social"),
    Sort(r"[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}", "", r"ausweis|personalausweis|reisepass|pass(?:nummer|nr)"),
    Sort(r"\d{4} ?\d{6}", "at.vnr", r"versicherung|sozial|sv-?n"),
    Sort(r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}", "ch.ssn"),
    Sort(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]", ""),
    Sort(r"\d{3}[ -]?\d{3}[ -]?\d{4}", "gb.nhs", r"\bnhs\b"),
    Sort(r"\d{3}-\d{2}-\d{4}", "us.ssn"),
    Sort(NIR, "fr.nir"),
    Sort(NIR, "", SECU),  # with a slip in it
    Sort(NIR_WITHOUT_KEY, "", SECU),
    Sort(r"[0-3]\d ?\d{2} ?\d{3} ?\d{3} ?\d{3}", "fr.nif", TAX),
    Sort(r"\d{4}[ .]?\d{2}[ .]?\d{3}|\d{9}", "nl.bsn", r"bsn|burgerservice|sofi"),
    Sort(r"\d{2}\.\d{2}\.\d{2}-\d{3}[.-]\d{2}", "be.nn"),
    Sort(r"\d{11}", "be.nn", r"rijksregister|registre national|insz|niss"),
    Sort(r"\d{2}\.?\d{3}\.?\d{3}[ -]?[A-HJ-NP-TV-Z]", "es.dni"),
    Sort(r"[XYZ][ -]?\d{7}[ -]?[A-Z]", "es.nie"),
    Sort(r"[12356]\d{2} ?\d{3} ?\d{3}", "pt.nif", r"\bnif\b|contribuinte|fiscal"),
    Sort(r"\d{8} ?\d ?[A-Z0-9]{2}\d", "pt.cc", r"cidadão|cidadao|\bcc\b|identidade|documento"),
    Sort(r"\d{3}\.\d{3}\.\d{3}-\d{2}", "br.cpf"),
    Sort(r"\d{11}", "br.cpf", r"\bcpf\b"),
    Sort(r"[A-Z]{6} ?\d{2} ?[A-EHLMPR-T] ?\d{2} ?[A-Z] ?\d{3} ?[A-Z]", "it.codicefiscale"),
)  # fmt: skip


def national_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where the national numbers of a text begin and end."""
    last = 0
    for match in _any().finditer(text):
        if match.start() >= last and any(_is(sort, text, match) for sort in _of_form(match[0])):
            yield match.span()
            last = match.end()


@cache
def _any() -> re.Pattern[str]:
    """Any of the forms, the longest first."""
    forms = sorted({sort.written for sort in SORTS}, key=len, reverse=True)
    return re.compile(rf"(?<![\w.,+/-])(?:{'|'.join(forms)})(?![\w]|[.,/-]\d)", re.I)


def _of_form(number: str) -> list[Sort]:
    return [sort for sort in SORTS if re.fullmatch(sort.written, number, re.I)]


def _is(sort: Sort, text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - BESIDE) : match.start()]
    if sort.words and not re.search(sort.words, before, re.I):
        return False
    return not sort.checked or bool(import_module(f"stdnum.{sort.checked}").is_valid(match[0]))
