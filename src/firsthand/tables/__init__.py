"""The declared tables: the contract between rooms."""

from firsthand.tables.column import KIND_VALUE, MONEY, TEXT_MAP, TIMESTAMP, Column, Table
from firsthand.tables.interactions import Interactions, Rejected, Retried
from firsthand.tables.timeline import KINDS, Timeline

ALL: list[type[Table]] = [Interactions, Rejected, Retried, Timeline]

__all__ = [
    "ALL", "KINDS", "KIND_VALUE", "MONEY", "TEXT_MAP", "TIMESTAMP",
    "Column", "Interactions", "Rejected", "Retried", "Table", "Timeline",
]  # fmt: skip
