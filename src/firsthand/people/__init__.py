"""People: identifiers become customers."""

from firsthand.people.identifiers import WEAK, key_of
from firsthand.people.resolve import resolve

__all__ = ["WEAK", "key_of", "resolve"]
