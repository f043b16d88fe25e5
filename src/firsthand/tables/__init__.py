"""The declared tables: the contract between rooms."""

from firsthand.tables.column import KIND_VALUE, MONEY, TEXT_MAP, TIMESTAMP, Column, Table
from firsthand.tables.interactions import Interactions, Rejected, Retried
from firsthand.tables.people import (
    ComparedPeople,
    Consents,
    CustomerIds,
    People,
    PeopleModels,
    ProbablePeople,
    ToReview,
    WhoIsWho,
)
from firsthand.tables.timeline import KINDS, Timeline

ALL: list[type[Table]] = [
    Interactions, Rejected, Retried, CustomerIds, WhoIsWho, PeopleModels, Consents, People, ToReview, ComparedPeople, ProbablePeople, Timeline,
]  # fmt: skip

__all__ = [
    "ALL", "KINDS", "KIND_VALUE", "MONEY", "TEXT_MAP", "TIMESTAMP",
    "Column", "ComparedPeople", "Consents", "CustomerIds", "Interactions", "People", "PeopleModels", "ProbablePeople", "Rejected", "Retried",
    "Table", "Timeline", "ToReview", "WhoIsWho",
]  # fmt: skip
