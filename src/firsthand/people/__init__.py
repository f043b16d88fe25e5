"""People: identifiers become customers."""

from firsthand.people.again import Before
from firsthand.people.identifiers import ALIKE, WEAK, first_key, keys_of, written_alike
from firsthand.people.phones import teach_phones
from firsthand.people.resolve import IdentifierRules, resolve
from firsthand.people.told import part, told_together
from firsthand.people.verdicts import in_force

__all__ = [
    "ALIKE", "WEAK", "Before", "IdentifierRules", "first_key", "in_force", "keys_of", "part", "resolve", "teach_phones",
    "told_together", "written_alike",
]  # fmt: skip
