"""People: identifiers become customers."""

from firsthand.people.identifiers import WEAK, first_key, keys_of
from firsthand.people.resolve import IdentifierRules, resolve
from firsthand.people.told import told_together, unshared
from firsthand.people.verdicts import in_force

__all__ = ["WEAK", "IdentifierRules", "first_key", "in_force", "keys_of", "resolve", "told_together", "unshared"]
