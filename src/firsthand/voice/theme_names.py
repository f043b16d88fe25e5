"""What themes are called: their own words, and the comments that speak for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

WORDS = 4
LONGEST_QUOTE = 400
WORD = re.compile(r"[^\W\d_]{3,}")
"""A word of a name: three letters or more, no digits, and none of the marks that stand for masked personal data."""


def names(
    texts: Sequence[str], of: np.ndarray[Any, Any], languages: Sequence[str] = (), *, words: int = WORDS
) -> list[str]:
    """A name for each theme: the words that tell it from the other comments, the most telling first.

    Class-based TF-IDF: how often a word stands in a theme's comments (once for each comment), times the logarithm of how rare it is in all
    (Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", 2022).

    texts: masked comments.  of: the theme of each, -1 for none.  languages: of each comment, as ISO codes; decides which
    words say nothing (stop words; of a language that is not known here, those of all seven are left out).
    """
    from sklearn.feature_extraction.text import CountVectorizer

    count = int(of.max(initial=-1)) + 1
    if not count:
        return []
    without = _stop_words()
    every = frozenset().union(*without.values())
    told = languages or [""] * len(texts)
    kept = [
        [word for word in WORD.findall(_unmasked(text).lower()) if word not in without.get(language, every)]
        for text, language in zip(texts, told, strict=True)
    ]
    least = 2 if len(texts) >= 50 else 1
    vectoriser = CountVectorizer(analyzer=lambda each: each, binary=True, min_df=least)
    try:
        counts = vectoriser.fit_transform(kept)
    except ValueError:
        return [""] * count
    vocabulary = vectoriser.get_feature_names_out()
    there = np.flatnonzero(of >= 0)
    member = csr_matrix((np.ones(len(there)), (of[there], there)), shape=(count, len(texts)))
    by_theme = (member @ counts).toarray()
    everywhere = np.asarray(counts.sum(axis=0)).ravel()
    share = by_theme / np.maximum(np.asarray(member.sum(axis=1)), 1)
    weight = share * np.log1p(len(texts) / everywhere)
    found = []
    for row in weight:
        best = [at for at in np.argsort(-row, kind="stable")[: 3 * words] if row[at] > 0]
        found.append(", ".join(_apart([str(vocabulary[at]) for at in best])[:words]))
    return found


def quotes(
    texts: Sequence[str],
    of: np.ndarray[Any, Any],
    nearness: np.ndarray[Any, Any],
    customers: Sequence[str | None],
    *,
    most: int = 3,
) -> list[list[int]]:
    """For each theme, the rows of the comments nearest to its centre, from different customers and in different words.

    texts: masked.  of, nearness: as in `Themes`.  customers: who said it; of nobody known, each counts as another.
    A comment longer than 400 characters is taken only where there is no shorter one.
    """
    count = int(of.max(initial=-1)) + 1
    found: list[list[int]] = [[] for _ in range(count)]
    said: list[set[str]] = [set() for _ in range(count)]
    long = np.array([len(text) > LONGEST_QUOTE for text in texts], bool)
    for row in np.lexsort((-nearness, long)):
        theme = int(of[row])
        if theme < 0 or len(found[theme]) == most:
            continue
        who, words = f"by {customers[row]}" if customers[row] else "", "said " + " ".join(texts[row].lower().split())
        if who not in said[theme] and words not in said[theme]:
            found[theme].append(int(row))
            said[theme] |= {words, who} - {""}
    return found


def _unmasked(text: str) -> str:
    return re.sub(r"\[\w+\]", " ", text)


def _apart(words: Sequence[str]) -> list[str]:
    """Words less those that are a longer or shorter form of an earlier one: parcel, parcels."""
    kept: list[str] = []
    for word in words:
        if not any(word.startswith(other[:-1]) or other.startswith(word[:-1]) for other in kept):
            kept.append(word)
    return kept


def _stop_words() -> dict[str, frozenset[str]]:
    from stop_words import get_stop_words

    return {language: frozenset(get_stop_words(language)) for language in ("en", "de", "fr", "nl", "es", "pt", "it")}
