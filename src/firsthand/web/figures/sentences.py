"""English sentences with gaps, which the core tells: known again, to be told in the user's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Known = list[tuple[str, re.Pattern[str]]]


def known(sentences: Iterable[str], sorts: Mapping[str, str] | None = None) -> Known:
    """Sentences with the patterns by which they are known.

    sentences: with gaps as `{name}`, as str.format has them.  sorts: by the name of a gap, less `other_`, what fits into it; anything else fits into others.
    """
    return [(sentence, _pattern(sentence, sorts or {})) for sentence in sentences]


def _pattern(sentence: str, sorts: Mapping[str, str]) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    gaps = [
        re.escape(part.replace("{{", "{").replace("}}", "}"))
        if at % 2 == 0
        else f"(?P<{part}>{sorts.get(sort_of(part), '.+?')})"
        for at, part in enumerate(parts)
    ]
    return re.compile("".join(gaps), re.DOTALL)


def sort_of(gap: str) -> str:
    """What sort of thing a gap holds."""
    return gap.removeprefix("other_")


def met(text: str, sentences: Known) -> tuple[str, dict[str, str]] | None:
    """The first sentence that a text is, and what stands in its gaps; None where it is none."""
    found = ((sentence, pattern.fullmatch(text)) for sentence, pattern in sentences)
    return next(((sentence, fits.groupdict()) for sentence, fits in found if fits), None)
