"""People: identifiers become customers."""

from firsthand.people.identifiers import WEAK, first_key
from firsthand.people.resolve import resolve

__all__ = ["WEAK", "first_key", "resolve"]
