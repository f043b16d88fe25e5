"""What somebody should see at once: a customer about to leave, people in danger, a legal matter."""

from __future__ import annotations

from firsthand.voice.judged import Judged
from firsthand.voice.language import UNDETERMINED
from firsthand.voice.phrases import LANGUAGES, Hit, hits

FLAGS = ("threat_to_leave", "danger", "legal")
"""All flags: the customer means to leave; somebody was or could be hurt; lawyers, authorities, fraud, rights."""


def flags(text: str, language: str) -> list[Judged]:
    """The flags that a text raises, each once, with the words that raise it.

    Phrases found, by rules: so without a probability. What is negated close by ("I would never leave you") raises none.
    A text too short to tell its language is held against all seven: "Fire!!" must not be missed. One in a language
    that is not understood raises no flag, which says nothing about what stands in it.
    """
    spoken = LANGUAGES if language == UNDETERMINED and len(text.split()) <= 8 else (language,)
    found: dict[str, Hit] = {}
    for each in spoken:
        for hit in hits(text, "flags", each):
            found.setdefault(hit.value, hit)
    return [Judged("flag", hit.value, None, None, hit.begin, hit.end) for hit in _in_order(found)]


def _in_order(found: dict[str, Hit]) -> list[Hit]:
    return sorted(found.values(), key=lambda hit: FLAGS.index(hit.value))
