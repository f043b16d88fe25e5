"""Words counted, for what vectors miss: names of products, numbers of forms, words of the trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class WordCounts:
    """Words and pairs of words, and parts of words of two to four letters, each weighed by how rare it is (TF-IDF).

    vocabulary: words first, then parts; parts begin with a tab.  rarity: the weight of each.
    """

    vocabulary: tuple[str, ...]
    rarity: Array

    @classmethod
    def of(cls, texts: Sequence[str]) -> WordCounts:
        """What stands in texts."""
        found, rarity = [], []
        for each, mark in zip(_counters(), ("", "\t"), strict=True):
            try:
                each.fit(texts)
            except ValueError:  # nothing but what is too short to be a word
                continue
            found += [mark + str(word) for word in each.get_feature_names_out()]
            rarity.append(each.idf_)
        return cls(tuple(found), np.concatenate(rarity) if rarity else np.zeros(0))

    def counted(self, texts: Sequence[str]) -> Any:
        """A row for each text, as a sparse matrix: words and parts, each of length 1."""
        from scipy.sparse import csr_array, hstack

        blocks = [each.transform(texts) for each in self._fitted]
        return csr_array(hstack(blocks)) if blocks else csr_array((len(texts), 0))

    @cached_property
    def _fitted(self) -> list[Any]:
        fitted = []
        parts = [at for at, word in enumerate(self.vocabulary) if word.startswith("\t")]
        first = parts[0] if parts else len(self.vocabulary)
        for (begin, end), cut in (((0, first), 0), ((first, len(self.vocabulary)), 1)):
            if end > begin:
                words = [word[cut:] for word in self.vocabulary[begin:end]]
                (each,) = _counters({word: at for at, word in enumerate(words)})[cut : cut + 1]
                each.idf_ = np.asarray(self.rarity[begin:end], np.float64)
                fitted.append(each)
        return fitted


def _counters(vocabulary: dict[str, int] | None = None) -> list[Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, vocabulary=vocabulary),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, vocabulary=vocabulary),
    ]
