"""Phrases in seven languages, as files beside this one, and where they stand in a text.

A file holds values, languages, and phrases with a semicolon or a line's end between them. A phrase is words. In it

    ship*      a word that begins so              late|slow   one word or the other
    very?      a word that may be missing         _           up to three words of any kind
    ^where     only where a sentence begins       =never      true with a "not" before it, too
    -no thanks what looks like it and is not

Letters with marks match those without (`ä` also `ae`), upper case matches lower.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import yaml

LANGUAGES = ("en", "de", "fr", "nl", "es", "pt", "it")
BETWEEN = r"[\s,'’\"-]{1,3}"
GAP = rf"(?:{BETWEEN}[\w'’]+){{0,3}}?"
CLAUSE = re.compile(r"[.,;:!?\n()]")
NEAR = 3
"""So many words before a phrase (in German and Dutch also after it) may negate it."""


class Hit(NamedTuple):
    """A phrase that stands in a text, from `begin` until before `end`."""

    value: str
    begin: int
    end: int


def hits(text: str, about: str, language: str) -> list[Hit]:
    """Which phrases of the file `about` stand in a text and are meant: not negated, as in "I would never leave you".

    language: one of `LANGUAGES`; of any other nothing is found.  In the order of the text; a value may come again.
    """
    found = []
    for value, pattern in _patterns(about, language).items():
        for match in pattern.finditer(text):
            kind = match.lastgroup
            if kind == "as_is" or (kind == "meant" and not _negated(text, match, language)):
                found.append(Hit(value, *match.span()))
    return sorted(found, key=lambda hit: (hit.begin, hit.end, hit.value))


@cache
def small_words() -> dict[str, tuple[str, ...]]:
    """The small words of all languages, and what short comments are made of, as `bare` writes them, with the languages of each."""
    spoken: dict[str, list[str]] = {}
    for language, words in _file("small_words")["words"].items():
        for word in set(map(bare, words.split())):
            spoken.setdefault(word, []).append(language)
    return {word: tuple(codes) for word, codes in spoken.items()}


@lru_cache(100_000)
def bare(word: str) -> str:
    """A word in lower case and without marks on its letters, as many people type it."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word.lower()) if letter.isalpha())


@cache
def _file(about: str) -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = yaml.safe_load(
        files("firsthand.voice.phrases").joinpath(f"{about}.yaml").read_text("utf-8")
    )
    return content


@cache
def _patterns(about: str, language: str) -> dict[str, re.Pattern[str]]:
    return {value: _pattern(said[language]) for value, said in _file(about).items() if language in said}


def _pattern(said: str) -> re.Pattern[str]:
    """What is not meant comes first, then the longer phrases."""
    phrases = sorted(
        {" ".join(phrase.split()) for phrase in re.split(r"[;\n]", said)} - {""}, key=lambda p: (-len(p), p)
    )
    sorts: dict[str, list[str]] = {"not_meant": [], "as_is": [], "meant": []}
    for phrase in phrases:
        sort = {"-": "not_meant", "=": "as_is"}.get(phrase[0], "meant")
        sorts[sort].append(_phrase(phrase.lstrip("-=")))
    parts = [f"(?P<{sort}>{'|'.join(patterns)})" for sort, patterns in sorts.items() if patterns]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.I)


def _phrase(phrase: str) -> str:
    first = r"(?:(?<=^)|(?<=[.!?\n] )|(?<=[\n¿]))" if phrase.startswith("^") else ""
    pattern, glue = "", ""
    for word in phrase.lstrip("^").split():
        if word == "_":
            pattern += GAP
            continue
        if word.endswith("?"):
            pattern += f"(?:{glue}{_word(word[:-1])})?" if glue else f"(?:{_word(word[:-1])}{BETWEEN})?"
        else:
            pattern += glue + _word(word)
        glue = BETWEEN if not word.endswith("?") or glue else ""
    return first + pattern


def _word(word: str) -> str:
    return "(?:" + "|".join("".join(_letter(letter) for letter in each) for each in word.split("|")) + ")"


def _letter(letter: str) -> str:
    if letter == "*":
        return r"\w*"
    if letter == "'":
        return "['’]?"
    base = unicodedata.normalize("NFD", letter)[0]
    if letter in "äöü":
        return f"(?:{letter}|{base}e?)"
    return f"[{letter}{base}]" if base != letter else re.escape(letter).replace("ß", "(?:ß|ss)")


@cache
def _negation(language: str, side: str) -> re.Pattern[str] | None:
    said = _file("negation")[side].get(language)
    return _pattern(said) if said else None


def _negated(text: str, match: re.Match[str], language: str) -> bool:
    before = CLAUSE.split(text[max(0, match.start() - 60) : match.start()])[-1]
    after = CLAUSE.split(text[match.end() : match.end() + 60])[0]
    sides = (("before", " ".join(before.split()[-NEAR:])), ("after", " ".join(after.split()[:NEAR])))
    for side, words in sides:
        pattern = _negation(language, side)
        if pattern and any(found.lastgroup == "meant" for found in pattern.finditer(words)):
            return True
    return False
