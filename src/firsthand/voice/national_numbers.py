"""National numbers of people in the countries of the seven languages: by form and check digits (python-stdnum)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

BEFORE, AFTER = 50, re.compile(r"[^.,;:!?\n]{0,30}")
"""So many characters before a number, and the words right after it, are searched for one that says what it is."""

PARTED = r"(?:[ \u00a0]?[\-–\u2011][ \u00a0]?|[. \u00a0])?"
"""What people put between the groups of a number, or nothing."""


class Sort(NamedTuple):
    """A sort of number: how it is written, the module of stdnum that checks it, and the words that name it.

    written: a blank stands for what parts the groups, or for nothing.  checked: "" where the form is all there is.
    words: needed beside it where form and check digits are weak; "" if not.
    """

    written: str
    checked: str
    words: str = ""


TAX = r"steuer|tax|fiscal|fiscale?|nif|\btin\b|contribuinte|contribuable|belasting|tributari"
SECU = r"\bnir\b|s[ée]curit[ée] sociale|num[ée]ro de s[ée]cu|\bs[ée]cu\b|\bn[°o]? ?ss\b|\binsee\b|carte vitale"
BELGIAN = r"rijksregister|registre national|nationa\w+ ?n(?:um|r)|\bn\S{0,5} national|\binsz\b|\bniss\b"
NIR_WITHOUT_KEY = r"[12] \d{2} \d{2} (?:\d{2}|2[AB]) \d{3} \d{3}"
NIR = NIR_WITHOUT_KEY + r" \d{2}"
SORTS = (
    Sort(r"\d{2} \d{3} \d{3} \d{3}", "de.idnr", r"steuer|identifikationsnummer|idnr|id-nr|tax|\btin\b"),
    Sort(r"\d{2} \d{6} [A-Z] \d{3}", "", r"versicherung|sozial|rente|sv-?n|rv-?n|social"),
    Sort(r"[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}", "", r"ausweis|personalausweis|reisepass|pass(?:nummer|nr)"),
    Sort(r"\d{4} \d{2} \d{2} \d{2}", "at.vnr", r"versicherung|sozial|sv-?n"),
    Sort(r"756 \d{4} \d{4} \d{2}", "ch.ssn"),
    Sort(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]", ""),
    Sort(r"\d{3} \d{3} \d{4}", "gb.nhs", r"\bnhs\b"),
    Sort(r"\d{3}-\d{2}-\d{4}", "us.ssn"),
    Sort(r"9\d{2}-\d{2}-\d{4}", "us.itin"),
    Sort(r"\d{3} \d{2} \d{4}", "", r"\bssn\b|social security|\bitin\b"),
    Sort(NIR, "fr.nir"),
    Sort(NIR, "", SECU),  # with a slip in it
    Sort(NIR_WITHOUT_KEY, "", SECU),
    Sort(r"[0-3]\d \d{2} \d{3} \d{3} \d{3}", "fr.nif", TAX),
    Sort(r"\d{4} \d{2} \d{3}|\d{3} \d{3} \d{3}", "nl.bsn", r"bsn|burgerservice|\bsofi(?!a)"),
    Sort(r"\d{2}(?:[.\x20-]\d{2}){2}[.\x20-]\d{3}[.\x20-]\d{2}", "be.nn"),
    Sort(r"\d{2} \d{2} \d{2} \d{3} \d{2}", "be.nn", BELGIAN),
    Sort(r"\d{2} \d{3} \d{3}(?:-?| (?=(?-i:[A-Z])))[A-HJ-NP-TV-Z]", "es.dni"),
    Sort(r"\d{2} \d{3} \d{3} [A-HJ-NP-TV-Z]", "es.dni", r"\bdni\b|\bnif\b|identidad"),
    Sort(r"[XYZ] \d \d{3} \d{3} [A-Z]", "es.nie"),
    Sort(r"[12356]\d{2} \d{3} \d{3}", "pt.nif", r"\bnif\b|contribuinte|fiscal"),
    Sort(r"\d{8} \d [A-Z0-9]{2}\d", "pt.cc", r"cidadão|cidadao|\bcc\b|identidade|documento"),
    Sort(r"(?:\d{3}\.\d{3}\.\d{3}|\d{9})[-–]\d{2}", "br.cpf"),
    Sort(r"\d{3} \d{3} \d{3} \d{2}", "br.cpf", r"\bcpf\b"),
    Sort(r"[A-Z]{3} [A-Z]{3} \d{2} [A-EHLMPR-T] \d{2} [A-Z] \d{3} [A-Z]", "it.codicefiscale"),
)  # fmt: skip


def national_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where the national numbers of a text begin and end: the first of two that overlap, the longest of those that begin together."""
    if not any(letter.isdigit() for letter in text):
        return
    found = [match.span() for sort in SORTS for match in _form(sort).finditer(text) if _is(sort, text, match)]
    last = 0
    for begin, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if begin >= last:
            yield begin, end
            last = end


@cache
def _form(sort: Sort) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,+/-])(?:{sort.written.replace(' ', PARTED)})(?![\w]|[.,/-]\d)", re.I)


def _is(sort: Sort, text: str, match: re.Match[str]) -> bool:
    if sort.words:
        after = AFTER.match(text, match.end())
        beside = (text[max(0, match.start() - BEFORE) : match.start()], after[0] if after else "")
        if not any(re.search(sort.words, words, re.I) for words in beside):
            return False
    bare = re.sub(r"[\W_]", "", match[0])
    return not sort.checked or bool(import_module(f"stdnum.{sort.checked}").is_valid(bare))
