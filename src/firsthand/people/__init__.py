"""People: identifiers become customers."""

from firsthand.people.identifiers import WEAK, first_key, keys_of
from firsthand.people.resolve import House, in_force, resolve
from firsthand.people.told import unshared

__all__ = ["WEAK", "House", "first_key", "in_force", "keys_of", "resolve", "unshared"]
