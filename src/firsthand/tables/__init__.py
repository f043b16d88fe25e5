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
from firsthand.tables.voice import Labels, Readings, Themes, ThemesFound, TopicsFound, VoiceModels

ALL: list[type[Table]] = [
    Interactions, Rejected, Retried, CustomerIds, WhoIsWho, PeopleModels, Consents, IdentifierSets, People, ToReview, ComparedPeople,
    ProbablePeople, Timeline, Overlay, Readings, TopicsFound, ThemesFound, Themes, Labels, VoiceModels,
]  # fmt: skip

__all__ = [
    "ALL", "KINDS", "KIND_VALUE", "MONEY", "TEXT_MAP", "TIMESTAMP",
    "Column", "ComparedPeople", "Consents", "CustomerIds", "IdentifierSets", "Interactions", "Labels", "Overlay", "People", "PeopleModels",
    "ProbablePeople", "Readings", "Rejected", "Retried", "Table", "Themes", "ThemesFound", "Timeline", "ToReview", "TopicsFound", "VoiceModels",
    "WhoIsWho",
]  # fmt: skip
