"""The declared tables: the contract between rooms."""

from firsthand.tables.column import KIND_VALUE, MONEY, TEXT_MAP, TIMESTAMP, Column, Table
from firsthand.tables.interactions import Interactions, Rejected, Retried
from firsthand.tables.people import CustomerIds, People, ToReview, WhoIsWho
from firsthand.tables.timeline import KINDS, Timeline

ALL: list[type[Table]] = [Interactions, Rejected, Retried, CustomerIds, WhoIsWho, People, ToReview, Timeline]

__all__ = [
    "ALL", "KINDS", "KIND_VALUE", "MONEY", "TEXT_MAP", "TIMESTAMP",
    "Column", "CustomerIds", "Interactions", "People", "Rejected", "Retried", "Table", "Timeline", "ToReview", "WhoIsWho",
]  # fmt: skip
