"""Parts of sentences, for what is judged part by part: "quick delivery, but the app is slow" speaks of two things."""

from __future__ import annotations

import re
from collections.abc import Sequence

LEAST = 4
"""Words of a clause: what is shorter stays with its neighbour."""

TURNS = (
    "but|although|though|however|while|aber|allerdings|jedoch|obwohl|doch|mais|cependant|maar|echter|hoewel|pero|aunque|"
    "mas|embora|porém|ma|però|anche se|tuttavia"
)
"""Words of seven languages after which somebody often speaks of something else."""

BREAK = re.compile(rf"\s*[;–—]\s+|\s+-\s+|,\s+|\s+(?=(?:{TURNS})\s)", re.IGNORECASE)

Span = tuple[int, int]


def sentences_and_clauses(text: str, sentences: Sequence[Span]) -> list[Span]:
    """Each sentence, and after it its clauses, where it has more than one. Spans are places in `text`.

    A sentence is broken at commas, semicolons, dashes, and before words such as "but", where at least four words stand
    on either side.
    """
    found: list[Span] = []
    for begin, end in sentences:
        found.append((begin, end))
        parts: list[Span] = []
        start = begin
        for stop, after in [*(cut.span() for cut in BREAK.finditer(text, begin, end)), (end, end)]:
            if stop > start:
                if parts and min(_words(text, parts[-1]), _words(text, (start, stop))) < LEAST:
                    parts[-1] = (parts[-1][0], stop)
                else:
                    parts.append((start, stop))
            start = after
        if len(parts) > 1:
            found += parts
    return found


def _words(text: str, span: Span) -> int:
    return len(text[span[0] : span[1]].split())
