"""What a text says by its words alone: sentiment words with negation and degree, in seven languages.

The words stand in `sentiment_words/`, a file for each language, and were written for this project. `gut~` stands for all
endings of the language, `fee(s)` for with and without, `bel(lo|la)` for either, `on time` for words in that order.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import yaml

LANGUAGES = ("en", "de", "fr", "nl", "es", "it", "pt")
VALUES = {"great": 3.0, "good": 1.6, "bad": -1.6, "awful": -3.0}
ROLES = ("negators", "not_negators", "intensifiers", "weakeners", "contrasts", "wishes", "facts", "common")
REACH = 4
"""How many words after a negator it turns round; a mark of punctuation or a contrast ends it."""
REACH_BACK = {"de": 4, "nl": 4, "fr": 1}
"""How many words before it, in languages where it may follow the verb: "empfehle ich nicht"."""

LONGEST = 20_000
TOKEN = re.compile(r"[^\W_]+|[.!?;:,…()\n]|[☹-☻❤👍👎💔💩😀-🙏🤗🤣🤬🤮🥰🥳]|[:;]-?[)(DP]")
GLAD = frozenset("☺❤👍👏💯😀😁😂😃😄😊😋😍😎😘🙂🙌🙏🤗🤣🥰🥳") | {":)", ":-)", ";)", ";-)", ":D", ":-D"}
SAD = frozenset("☹👎💔💩😐😑😒😖😞😟😠😡😢😣😤😩😫😭😱🙁🙄🤬🤮") | {":(", ":-("}
STOPS = frozenset(".!?;…\n")
PAUSES = STOPS | frozenset(",:()")


class Hit(NamedTuple):
    """A word or words that tell of sentiment: where they stand in the text, their place among its words, what they are worth."""

    begin: int
    end: int
    place: int
    value: float


@dataclass
class Reading:
    """A text as the lexicon reads it."""

    language: str
    hits: list[Hit] = field(default_factory=list)
    words: list[tuple[int, int]] = field(default_factory=list)
    breaks: list[tuple[int, bool]] = field(default_factory=list)
    """Where a new clause begins (place among the words), and whether a contrast opens it."""
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    values: dict[tuple[str, ...], float]
    roles: dict[tuple[str, ...], frozenset[str]]
    longest: dict[str, int]
    """Of a first word: how many words the longest entry has that begins with it."""


def read(text: str) -> Reading:
    """Finds sentiment words, clauses, and words that tell of wishes and facts, in the first 20,000 characters.

    The language is the one that knows most of the words; a word that several know counts less.
    """
    found = [(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text, 0, LONGEST)]
    lowered = [token.casefold() for token, _, _ in found]
    reading = Reading(language_of(lowered))
    known = words_of(reading.language)
    count = dict.fromkeys((*ROLES, "!", "?", "glad", "sad", "digits", "capitals", "free_negators"), 0)
    negators: list[int] = []
    stops: list[int] = [-1]
    degree, degree_at, at = 1.0, -9, 0
    while at < len(found):
        token, begin, _ = found[at]
        place = len(reading.words)
        if token in PAUSES:
            stops.append(place)
            if token in STOPS:
                _break(reading, place, contrast=False)
            if token in count:
                count[token] += 1
            at += 1
            continue
        if token in GLAD or token in SAD:
            count["glad" if token in GLAD else "sad"] += 1
            at += 1
            continue
        entry = _entry(known, lowered, at)
        reading.words.extend((start, stop) for _, start, stop in found[at : at + len(entry)])
        roles = known.roles.get(entry, frozenset())
        for role in roles:
            count[role] += 1
        count["digits"] += token.isdigit()
        count["capitals"] += len(token) > 2 and token.isupper()
        if "contrasts" in roles and place:
            _break(reading, place, contrast=True)
            stops.append(place)
        if "negators" in roles:
            negators.append(place)
        value = known.values.get(entry, 0.0)
        if value:
            if place - degree_at <= 2:
                value *= degree
            reading.hits.append(Hit(begin, found[at + len(entry) - 1][2], place, value))
        if "intensifiers" in roles:
            degree, degree_at = 1.35, place
        elif "weakeners" in roles:
            degree, degree_at = 0.6, place
        at += len(entry)
    used = _negate(reading, negators, stops)
    count["free_negators"] = len(negators) - len(used)
    reading.counts = count
    return reading


def _break(reading: Reading, place: int, *, contrast: bool) -> None:
    """A clause begins at the word of this place."""
    if reading.breaks and reading.breaks[-1][0] == place:
        contrast = reading.breaks.pop()[1] or contrast
    reading.breaks.append((place, contrast))


def _negate(reading: Reading, negators: list[int], stops: list[int]) -> set[int]:
    """Turns round what a negator reaches; returns the negators that reached something."""
    back = REACH_BACK.get(reading.language, 0)
    used = set()
    for at, hit in enumerate(reading.hits):
        for negator in negators[bisect_left(negators, hit.place - REACH) : bisect_right(negators, hit.place + back)]:
            first, last = sorted((negator, hit.place))
            if first != last and bisect_right(stops, first) == bisect_right(stops, last):
                # "not bad" is less than good; "not good" is as bad as bad.
                reading.hits[at] = hit._replace(value=-hit.value * (0.6 if hit.value < 0 else 0.8))
                used.add(negator)
                break
    return used


def _entry(known: Words, lowered: list[str], at: int) -> tuple[str, ...]:
    """The longest entry that begins here; else the word alone."""
    for length in range(known.longest.get(lowered[at], 1), 1, -1):
        entry = tuple(lowered[at : at + length])
        if entry in known.values or entry in known.roles:
            return entry
    return (lowered[at],)


@cache
def words_of(language: str) -> Words:
    """The lexicon of a language. Accents may be left out, as many write, where that makes no other word of it."""
    values: dict[tuple[str, ...], float] = {}
    roles: dict[tuple[str, ...], set[str]] = {}
    for name, form in forms(language):
        if name in VALUES:
            values.setdefault(form, VALUES[name])
        else:
            roles.setdefault(form, set()).add(name)
    exact = set(values) | set(roles)
    for form in sorted(exact):
        for bare in _bare(form, language):
            if bare not in exact:
                if form in values:
                    values.setdefault(bare, values[form])
                if form in roles:
                    roles.setdefault(bare, roles[form])
    longest: dict[str, int] = {}
    for form in (*values, *roles):
        longest[form[0]] = max(longest.get(form[0], 1), len(form))
    return Words(values, {form: frozenset(named) for form, named in roles.items()}, longest)


def forms(language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """All that the lexicon of a language lists, as (heading, words in order)."""
    entries = yaml.safe_load(_file(language))
    endings = entries.pop("endings")
    for name, listed in entries.items():
        for form in _forms(listed, endings):
            yield name, form


def fingerprint() -> str:
    """What the lexicon contains, as a short hash: weights fit the lexicon that they were trained with."""
    return hashlib.sha256("".join(_file(language) for language in LANGUAGES).encode()).hexdigest()[:12]


def _file(language: str) -> str:
    return (files("firsthand.voice") / "sentiment_words" / f"{language}.yaml").read_text("utf-8")


def _forms(listed: str, endings: str) -> Iterator[tuple[str, ...]]:
    for written in listed.split(","):
        written = written.strip().replace("~", f"({endings})" if endings else "")
        if written:
            stems = [""]
            for piece in re.split(r"(\([^)]*\))", written):
                if piece.startswith("("):
                    ends = piece[1:-1].split("|")
                    ends = ends if len(ends) > 1 else ["", *ends]
                    stems = [stem + end for stem in stems for end in ends]
                else:
                    stems = [stem + piece for stem in stems]
            for stem in stems:
                yield tuple(TOKEN.findall(stem.casefold()))


GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _bare(form: tuple[str, ...], language: str) -> list[tuple[str, ...]]:
    """The forms without accents, and without umlauts as German is written where there are none."""
    plain = tuple(
        "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
        for word in form
    )
    other = tuple(word.translate(GERMAN) for word in form) if language == "de" else plain
    return [bare for bare in {plain, other} if bare != form]


@cache
def _weights() -> dict[str, tuple[tuple[int, float], ...]]:
    """What a word tells of the language: (number of the language, weight); less where many know it."""
    knows: dict[str, set[int]] = {}
    for number, language in enumerate(LANGUAGES):
        known = words_of(language)
        for form in (*known.values, *known.roles):
            if len(form) == 1:
                knows.setdefault(form[0], set()).add(number)
    return {word: tuple((number, 1 / len(numbers)) for number in sorted(numbers)) for word, numbers in knows.items()}


def language_of(lowered: Sequence[str]) -> str:
    """The language whose lexicon knows the words best; English where none does."""
    weights = _weights()
    sums = [0.0] * len(LANGUAGES)
    for word in lowered[:400]:
        for number, weight in weights.get(word, ()):
            sums[number] += weight
    return LANGUAGES[max(range(len(sums)), key=sums.__getitem__)]


FEATURES = (
    "good", "bad", "balance", "sum", "best", "worst", "share", "first", "last", "before_contrast", "after_contrast",
    "contrasts", "negators", "free_negators", "wishes", "facts", "questions", "exclamations", "digits", "length",
    "glad", "sad", "capitals", "none", "great", "awful", "mixed", "unknown",
)  # fmt: skip


def features(texts: Sequence[str]) -> np.ndarray:
    """What the lexicon says of each text, as numbers of about -3 to 3 (see FEATURES): float32 [texts, features]."""
    return np.array([_features(read(text)) for text in texts], dtype=np.float32).reshape(len(texts), len(FEATURES))


def _features(reading: Reading) -> list[float]:
    values = [hit.value for hit in reading.hits]
    count, length = reading.counts, max(1, len(reading.words))
    good, bad = sum(value for value in values if value > 0), -sum(value for value in values if value < 0)
    contrast = next((place for place, opens in reversed(reading.breaks) if opens), None)
    turns = [place for place, _ in reading.breaks if 0 < place < len(reading.words)]
    first = [hit.value for hit in reading.hits if not turns or hit.place < turns[0]]
    last = [hit.value for hit in reading.hits if not turns or hit.place >= turns[-1]]
    before = [hit.value for hit in reading.hits if contrast is not None and hit.place < contrast]
    after = [hit.value for hit in reading.hits if contrast is not None and hit.place >= contrast]
    return [
        np.log1p(good), np.log1p(bad), balance(values), np.tanh((good - bad) / 4), max([0.0, *values]) / 3, -min([0.0, *values]) / 3,
        3 * len(values) / length, balance(first), balance(last), balance(before), balance(after),
        min(3, count["contrasts"]) / 2, np.log1p(count["negators"]), np.log1p(count["free_negators"]), np.log1p(count["wishes"]),
        np.log1p(count["facts"]), min(3, count["?"]), min(3, count["!"]), 3 * count["digits"] / length, np.log1p(length) / 2,
        min(2, count["glad"]), min(2, count["sad"]), 3 * count["capitals"] / length, float(not values),
        np.log1p(sum(value > 2.5 for value in values)), np.log1p(sum(value < -2.5 for value in values)),
        min(good, bad) / (1 + max(good, bad)), float(not count["common"]),
    ]  # fmt: skip


def balance(values: Sequence[float]) -> float:
    """Good against bad, in -1..1; near 0 where there is little of either."""
    return sum(values) / (1 + sum(abs(value) for value in values))
