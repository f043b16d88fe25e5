"""Verdicts on who is who: which hold, and what they link."""

from __future__ import annotations

from collections.abc import Container, Sequence
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


def without_keys(verdicts: Sequence[Row], gone: Container[str]) -> tuple[list[str], list[Row]]:
    """What becomes of decisions when some identifiers are forgotten.

    Returns the ids of those that say nothing any more, with what undoes them, and the others that named such an identifier,
    each with the identifiers that are left. Of a model's, the first of a side is the one that it links by.
    """
    void, changed = [], []
    for verdict in verdicts:
        sides = {side: [key for key in verdict[side] or [] if key not in gone] for side in ("keys", "others")}
        if all(len(left) == len(verdict[side] or []) for side, left in sides.items()):
            continue
        by_a_model = verdict["probability"] is not None
        if all(sides.values()) and not (by_a_model and any(verdict[side][0] in gone for side in sides)):
            changed.append({"decision_id": verdict["decision_id"], **sides})
        else:
            void.append(verdict["decision_id"])
    undoing: dict[str, list[str]] = {}
    for verdict in verdicts:
        undoing.setdefault(verdict["undoes"], []).append(verdict["decision_id"])
    for decision in void:
        void += undoing.pop(decision, [])
    return void, changed
