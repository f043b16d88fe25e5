"""The declared tables: the contract between rooms."""

from firsthand.tables.column import KIND_VALUE, MONEY, TEXT_MAP, TIMESTAMP, Column, Table
from firsthand.tables.interactions import Interactions, Rejected, Retried
from firsthand.tables.maps import MapVersions
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
from firsthand.tables.rights import Erasures, Forgotten, PublishedFigures
from firsthand.tables.timeline import KINDS, Overlay, Timeline
from firsthand.tables.voice import Labels, Readings, SentimentModels, Themes, ThemesFound, TopicsFound, VoiceModels

ALL: list[type[Table]] = [
    Interactions, Rejected, Retried, CustomerIds, WhoIsWho, PeopleModels, Consents, IdentifierSets, People, ToReview, ComparedPeople,
    ProbablePeople, Timeline, Overlay, MapVersions, Readings, TopicsFound, ThemesFound, Themes, Labels, VoiceModels,
    SentimentModels, Forgotten, Erasures, PublishedFigures,
]  # fmt: skip

__all__ = [
    "ALL", "KINDS", "KIND_VALUE", "MONEY", "TEXT_MAP", "TIMESTAMP",
    "Column", "ComparedPeople", "Consents", "CustomerIds", "Erasures", "Forgotten", "IdentifierSets", "Interactions", "Labels", "MapVersions", "Overlay", "People", "PeopleModels",
    "ProbablePeople", "PublishedFigures", "Readings", "Rejected", "Retried", "SentimentModels", "Table", "Themes", "ThemesFound", "Timeline", "ToReview", "TopicsFound", "VoiceModels",
    "WhoIsWho",
]  # fmt: skip
