"""What it cost customers to get where they wanted, as their words tell it."""

from __future__ import annotations

from firsthand.voice.judged import Judged
from firsthand.voice.phrases import hits

EFFORTS = ("tried_again", "waited", "sent_around")
"""All sorts of effort: doing a thing again, waiting, being sent from one to the next."""


def effort(text: str, language: str) -> list[Judged]:
    """The words of a text that tell of effort, in order. Found by rules: so without a probability.

    language: one of the seven; in any other nothing is found.  Negated words ("no waiting at all") do not count.
    """
    return [Judged("effort", hit.value, None, None, hit.begin, hit.end) for hit in hits(text, "effort", language)]
