"""The language that a chart speaks: its words, and how numbers are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Language:
    """say: a word or sentence of a chart in this language; the names of its gaps stand in braces, and stay.

    thousands, decimal: what stands between groups of three digits, and before the decimals.
    """

    say: Callable[[str], str] = str
    thousands: str = ","
    decimal: str = "."

    def tell(self, sentence: str, **values: Any) -> str:
        """A sentence with its gaps filled; whole numbers are written in groups of three digits."""
        return self.say(sentence).format(
            **{name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        )

    def number(self, value: float, form: str = ",") -> str:
        """A number by a format of Python's."""
        return format(value, form).translate({ord(","): self.thousands, ord("."): self.decimal})

    def chart(self, part: Any) -> Any:
        """A chart's document with every word of ours said in this language; names of fields stay."""
        if isinstance(part, dict):
            return {key: value if key == "field" else self.chart(value) for key, value in part.items()}
        if isinstance(part, list):
            return [self.chart(each) for each in part]
        return self.say(part) if isinstance(part, str) else part

    @property
    def numbers(self) -> dict[str, Any]:
        """How d3 writes numbers."""
        return {"decimal": self.decimal, "thousands": self.thousands, "grouping": [3], "currency": ["", ""]}


ENGLISH = Language()
