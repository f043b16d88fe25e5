"""The declared tables: the contract between rooms."""

from firsthand.tables.column import KIND_VALUE, MONEY, TEXT_MAP, TIMESTAMP, Column, Table
from firsthand.tables.interactions import Interactions, Rejected, Retried
from firsthand.tables.people import CustomerIds, IdentifierSets, People, ToReview, WhoIsWho
from firsthand.tables.timeline import KINDS, Overlay, Timeline

ALL: list[type[Table]] = [
    Interactions, Rejected, Retried, CustomerIds, WhoIsWho, IdentifierSets, People, ToReview, Timeline, Overlay,
]  # fmt: skip

__all__ = [
    "ALL", "KINDS", "KIND_VALUE", "MONEY", "TEXT_MAP", "TIMESTAMP",
    "Column", "CustomerIds", "IdentifierSets", "Interactions", "Overlay", "People", "Rejected", "Retried", "Table", "Timeline", "ToReview", "WhoIsWho",
]  # fmt: skip
