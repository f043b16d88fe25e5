"""The same letter, sent many times: form letters and bots, to be counted once."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

LEAST_WORDS = 20
"""A shorter text is nobody's letter: many people say "good service, thank you"."""

ALIKE = 0.7
"""So much of two texts' runs of three words must be the same (Jaccard) for them to be one letter."""

RUN = 3
HASHES, BANDS = 64, 16
SEED = 20_260_630
AT_ONCE = 20_000
WORDS = re.compile(r"[^\W\d_]+|\d")


def duplicates(texts: Sequence[str]) -> np.ndarray:
    """Which texts are the same letter: int64 [texts], for each the number of the first one that is alike.

    A text that is like no other has its own number. Case, punctuation, and which digits they are do not matter.
    Texts are compared by MinHash (Broder, "On the resemblance and containment of documents", 1997) of their runs of three
    words, and only those that share a band of it: the work grows with the number of texts, not with its square.
    """
    number = np.arange(len(texts), dtype=np.int64)
    said = [" ".join("0" if word.isdigit() else word for word in WORDS.findall(text.casefold())) for text in texts]
    long = [at for at, text in enumerate(said) if text.count(" ") + 1 >= LEAST_WORDS]
    first: dict[str, int] = {}
    for at in long:
        number[at] = first.setdefault(said[at], at)
    different = np.array(sorted(first.values()), dtype=np.int64)
    if len(different) > 1:
        groups = _near([said[at] for at in different])
        number[long] = different[groups[np.searchsorted(different, number[long])]]
    return number


def _near(texts: list[str]) -> np.ndarray:
    """For each text the first one that is like it, directly or by way of others."""
    signs = _signatures(texts)
    pairs = [pair for band in range(BANDS) for pair in _candidates(signs, band)]
    left, right = np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
    alike = np.fromiter(
        (
            matches
            for begin in range(0, len(left), AT_ONCE)
            for matches in (
                signs[left[begin : begin + AT_ONCE]] == signs[right[begin : begin + AT_ONCE]]
            ).mean(axis=1) >= ALIKE
        ),
        bool,
        len(left),
    )  # fmt: skip
    links = coo_matrix((np.ones(int(alike.sum())), (left[alike], right[alike])), (len(texts), len(texts)))
    _, component = connected_components(links, directed=False)
    _, firsts = np.unique(component, return_index=True)
    return firsts[component]


def _candidates(signs: np.ndarray, band: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Texts that agree in a band of their signatures: each with the first of its bucket, and with the one before it."""
    width = HASHES // BANDS
    key = np.zeros(len(signs), np.uint64)
    for column in signs[:, band * width : (band + 1) * width].T:
        key = _mixed(key ^ column.astype(np.uint64))
    order = np.argsort(key, kind="stable")
    starts = np.r_[True, key[order][1:] != key[order][:-1]]
    first = order[np.flatnonzero(starts)[np.cumsum(starts) - 1]]
    later = np.flatnonzero(~starts)
    return [(first[later], order[later]), (order[later - 1], order[later])]


def _signatures(texts: list[str]) -> np.ndarray:
    """uint32 [texts, HASHES]: of the hashes of a text's runs of words, the smallest, under each of many shuffles."""
    shuffles = np.random.default_rng(SEED).integers(0, 2**63, HASHES, dtype=np.uint64)
    signs = np.empty((len(texts), HASHES), np.uint32)
    seen: dict[str, int] = {}
    for begin in range(0, len(texts), AT_ONCE):
        some = [text.split(" ") for text in texts[begin : begin + AT_ONCE]]
        for word in {word for words in some for word in words}.difference(seen):
            seen[word] = zlib.crc32(word.encode("utf-8", "replace"))
        words = np.array([seen[word] for each in some for word in each], np.uint64)
        sizes = np.array([len(each) for each in some])
        runs = _mixed(words[:-2] ^ _mixed(words[1:-1] ^ _mixed(words[2:])))
        starts = np.r_[0, np.cumsum(sizes)[:-1]]
        inside = np.ones(len(words), bool)
        for back in range(1, RUN):
            inside[starts + sizes - back] = False
        runs = runs[inside[: len(runs)]]
        where = np.r_[0, np.cumsum(sizes - RUN + 1)[:-1]]
        for at, shuffle in enumerate(shuffles):
            signs[begin : begin + len(some), at] = np.minimum.reduceat(_mixed(runs ^ shuffle), where) >> np.uint64(32)
    return signs


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Numbers scattered evenly over 64 bits (the finaliser of SplitMix64: Steele, Lea & Flood, OOPSLA 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: np.ndarray = numbers ^ (numbers >> np.uint64(31))
    return result
