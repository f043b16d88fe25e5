"""Verdicts on who is who: which hold, and what they link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def linked_keys(verdict: Row) -> list[str]:
    """The identifiers that a verdict of `same` makes one person's.

    A person speaks of all that are named. A model compared what was told with them: it links the first of each side, so
    that what holds the others together stays what was told.
    """
    if verdict["probability"] is None:
        return [*verdict["keys"], *verdict["others"]]
    return [*verdict["keys"][:1], *verdict["others"][:1]]


def in_force(verdicts: Sequence[Row]) -> list[Row]:
    """Decisions that were not undone, in the order in which they were made; undoing an undoing makes the first hold again."""
    undone: dict[str, bool] = {}
    for verdict in sorted(verdicts, key=lambda row: row["decided_at"], reverse=True):
        if verdict["verdict"] == "undone" and not undone.get(verdict["decision_id"]):
            undone[verdict["undoes"]] = True
    return [
        verdict
        for verdict in sorted(verdicts, key=lambda row: row["decided_at"])
        if verdict["verdict"] != "undone" and not undone.get(verdict["decision_id"])
    ]


def taken_back(verdicts: Sequence[Row]) -> list[Row]:
    """Links made by models that a person undid: no model makes them again."""
    holding = {verdict["decision_id"] for verdict in in_force(verdicts)}
    return [
        verdict
        for verdict in verdicts
        if verdict["verdict"] == "same" and verdict["probability"] is not None and verdict["decision_id"] not in holding
    ]
