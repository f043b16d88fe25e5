"""The words of surveys in seven languages: what a question asks for, and which scale its answers stand on."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

MOST_UNCHOSEN = {3: 0, 5: 2, 7: 2}
"""Of a scale of so many points, how many may have been chosen by nobody while the others still show it."""
YES = frozenset({"y", "yes", "ja", "oui", "si", "sim", "checked", "selected"})
NO = frozenset({"n", "no", "nein", "non", "nee", "nao", "unchecked", "not selected"})
_ENDINGS = re.compile(r"\((?:e|a|o|in|n|s|es)\)|(?<=\w{3})/(?:e|a|o|in|ne)\b|·e\b")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass(frozen=True)
class Scale:
    """The ends of a scale and, where its points are words, the score of each (folded)."""

    low: float
    high: float
    scores: Mapping[str, float] | None = None


@lru_cache(10_000)
def folded(text: str) -> str:
    """Small letters without accents and endings, by which words are compared."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(_ENDINGS.sub("", plain).replace("/", " ").replace(",", " ").split()).strip(" .:!?")


def wording(text: str) -> str:
    """A question as a person read it: without tags and entities, blanks folded."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


@cache
def _content(name: str) -> dict[str, Any]:
    text = files("firsthand").joinpath("sources", "surveys", f"{name}.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {kind: re.compile("|".join(by_language.values())) for kind, by_language in _content("kinds").items()}


@cache
def scales() -> list[tuple[str, tuple[frozenset[str], ...]]]:
    """The scales in words that are known: language, and the folded words of each point from the lowest up."""
    return [
        (language, tuple(frozenset(folded(word) for word in point.split("|")) for point in points))
        for language, known in _content("scales").items()
        for points in known["scales"]
    ]


@cache
def no_opinion() -> frozenset[str]:
    """Answers that stand on no scale, folded: don't know, not applicable."""
    return frozenset(folded(word) for known in _content("scales").values() for word in known["no_opinion"])


def kinds(question: str) -> list[str]:
    """The kinds of question that a wording fits; `expectation` is told by `asks_what_was_expected`."""
    said = folded(question)
    apart = ("expectation", "words")
    return [kind for kind, pattern in _patterns().items() if kind not in apart and pattern.search(said)]


def asks_what_was_expected(answers: Collection[str]) -> bool:
    """Whether folded answers compare with what was expected."""
    return any(_patterns()["expectation"].search(answer) for answer in answers)


def asks_for_words(question: str) -> bool:
    """Whether a wording asks for the customer's own words."""
    return bool(_patterns()["words"].search(folded(question)))


def scale_of_words(answers: Collection[str]) -> Scale | None:
    """The scale that folded answers stand on; None where they do not show one.

    All must be points of it, its middle among them (else it may be a scale without one), at most two points chosen by
    nobody, and no other scale may fit nearly as well.
    """
    given = frozenset(answers) - no_opinion()
    fitting: dict[tuple[int, frozenset[tuple[str, int]]], int] = {}
    for _, points in scales():
        at = {word: number for number, words in enumerate(points, 1) for word in words if word in given}
        if given and len(at) == len(given) == len(set(at.values())):
            fitting[len(points), frozenset(at.items())] = len(points) - len(given)
    if not fitting:
        return None
    (size, at_points), unchosen = min(fitting.items(), key=lambda fit: (fit[1], fit[0][0], sorted(fit[0][1])))
    middle = (size + 1) // 2 in dict(at_points).values()
    rivals = sum(other < unchosen + 2 for other in fitting.values()) - 1
    if not middle or rivals or unchosen > MOST_UNCHOSEN.get(size, 0):
        return None
    return Scale(1, size, {word: float(number) for word, number in at_points})
