"""The declared tables: the contract between rooms."""

from firsthand.tables.column import KIND_VALUE, MONEY, TEXT_MAP, TIMESTAMP, Column, Table
from firsthand.tables.interactions import Interactions, Rejected, Retried
from firsthand.tables.people import (
    ComparedPeople,
    Consents,
    CustomerIds,
    IdentifierSets,
    People,
    PeopleModels,
    ProbablePeople,
    ToReview,
    WhoIsWho,
)
from firsthand.tables.timeline import KINDS, Overlay, Timeline

ALL: list[type[Table]] = [
    Interactions, Rejected, Retried, CustomerIds, WhoIsWho, PeopleModels, Consents, IdentifierSets, People, ToReview, ComparedPeople,
    ProbablePeople, Timeline, Overlay,
]  # fmt: skip

__all__ = [
    "ALL", "KINDS", "KIND_VALUE", "MONEY", "TEXT_MAP", "TIMESTAMP",
    "Column", "ComparedPeople", "Consents", "CustomerIds", "IdentifierSets", "Interactions", "Overlay", "People", "PeopleModels",
    "ProbablePeople", "Rejected", "Retried", "Table", "Timeline", "ToReview", "WhoIsWho",
]  # fmt: skip
