"""What a customer wants: asks, complains, praises, proposes, thanks."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from firsthand.voice.flags import flags
from firsthand.voice.judged import Judged
from firsthand.voice.phrases import LANGUAGES, hits

WANTS = ("question", "complaint", "praise", "suggestion", "thanks")
"""All wants. The flags (`flags.FLAGS`) come with them, as judgements about `flag`."""

CLEAR = 0.6
"""So probable must a sentence's mood be for it to be a complaint or praise."""

ASKS = re.compile(r"(?<!\d[.,]\d)(?<!\d[.,]\d\d)(?<!\d[.,]\d )(?<!\d[.,]\d\d )[?？؟](?![^\s?!.)\"'”»\]])")
"""A question mark at the end of a word. After an amount it is what became of a currency's sign."""

WORD = re.compile(r"[^\W\d_]{2,}")

Spans = Sequence[tuple[int, int]]


def wants(
    texts: Sequence[str], sentences: Sequence[Spans], languages: Sequence[str], sentiment: np.ndarray
) -> list[list[Judged]]:
    """What each text wants, sentence by sentence, and the flags that it raises.

    texts: masked.  sentences: of each text, the places of its sentences.  languages: the code of each.
    sentiment: float [sentences of all texts in order, 3]: the probability of negative, neutral and positive.

    A complaint is a negative sentence and praise a positive one: their probability is that of the sentiment. Questions,
    suggestions and thanks are found by rules, so their probability is unknown (None). A sentence may want several things;
    a question or a suggestion is not taken for a complaint or praise unless the text has no other sentence.
    """
    judged, row = [], 0
    for text, spans, language in zip(texts, sentences, languages, strict=True):
        moods = sentiment[row : row + len(spans)]
        row += len(spans)
        found = [
            judgement
            for span, mood in zip(spans, moods, strict=True)
            for judgement in _of_sentence(text, span, language, mood, only=len(spans) == 1)
        ]
        judged.append([*found, *flags(text, language)])
    return judged


def _of_sentence(text: str, span: tuple[int, int], language: str, mood: np.ndarray, *, only: bool) -> list[Judged]:
    if language not in LANGUAGES:
        return []
    begin, end = span
    sentence = text[begin:end]
    feeling = round(float(mood[2] - mood[0]), 4)
    asked = {hit.value for hit in hits(sentence, "wants", language)}
    if ASKS.search(sentence) and WORD.search(sentence):
        asked.add("question")
    found = [Judged("want", value, None, feeling, begin, end) for value in WANTS if value in asked]
    if only or not asked & {"question", "suggestion"}:
        for value, probability in (("complaint", float(mood[0])), ("praise", float(mood[2]))):
            if probability >= CLEAR:
                found.append(Judged("want", value, round(probability, 4), feeling, begin, end))
    return found
