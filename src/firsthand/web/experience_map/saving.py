"""Who may change what on the map, and changing it: a version in the lake and an entry in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firsthand.jobs.home import Home
from firsthand.jobs.map_rules import taken
from firsthand.jobs.map_versions import changed_lines, map_text, save_map, undo_map
from firsthand.journeys import ExperienceMap, Touchpoint, load_map
from firsthand.journeys.map_text import with_touchpoint
from firsthand.web.accounts.models import User
from firsthand.web.audit.record import note

Row = dict[str, Any]


def may_edit(user: Any, point: Touchpoint) -> bool:
    """Whether somebody may change a touchpoint: who may change the whole map any, an owner those of the own teams."""
    if not user.may("edit_map"):
        return False
    return bool(user.may("edit_whole_map") or (point.owner and point.owner in user.teams))


def takes_from_others(user: Any, home: Home, after: ExperienceMap, name: str) -> list[Row]:
    """Moments of other teams' touchpoints that a changed touchpoint would take, where the user may not decide that (see `taken`)."""
    if user.may("edit_whole_map"):
        return []
    return [row for row in taken(home, load_map(home.map_file), after, name) if row["owner"] not in user.teams]


def text_with(home: Home, name: str | None, told: Mapping[str, str]) -> str:
    """The map's text with a touchpoint changed. Raises MapError where it cannot be changed alone."""
    return with_touchpoint(map_text(home), name, told)


def lines_of(before: str, after: str) -> list[tuple[str, str]]:
    """Lines that are other in a text, each with what became of it: added, removed, place (where it stands), or empty."""
    sorts = {"+": "added", "-": "removed", "@": "place"}
    return [(sorts.get(line[:1], ""), line) for line in changed_lines(before, after)]


def save(*, home: Home, text: str, by: User, reason: str, expected: str, about: str = "the whole map") -> Row:
    """Saves the map. Raises MapError and MapChanged as `save_map` does."""
    saved = save_map(home, text, by=by.email, reason=reason, expected=expected)
    note(by=by, did="changed the map", about=f"version {saved['version']}, {about}")
    return saved


def bring_back(*, home: Home, version: int, by: User, reason: str, expected: str) -> Row:
    """Brings a version back. Raises MapError and MapChanged as `save_map` does."""
    saved = undo_map(home, version, by=by.email, reason=reason, expected=expected)
    note(by=by, did="changed the map", about=f"version {saved['version']}, as version {version} was")
    return saved
