"""One judgement of a text, with the words that it rests on."""

from __future__ import annotations

from typing import NamedTuple


class Judged(NamedTuple):
    """What was found in a text, and where.

    about: what sort of thing was found: want, flag, effort or topic.  value: which one of them.
    probability: that it is so, where a model says it; None where a rule found it, which knows no probability.
    sentiment: -1 to 1, of the words themselves; None where nobody asked.
    begin, end: the words, as places in the masked text (characters; end is the first after them).
    """

    about: str
    value: str
    probability: float | None
    sentiment: float | None
    begin: int
    end: int
