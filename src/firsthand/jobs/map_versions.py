"""Versions of the experience map: each save is a decision that can be looked at and undone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import unified_diff
from typing import Any

from filelock import FileLock

from firsthand.errors import MapChanged, MapError, UserError
from firsthand.jobs.home import Home
from firsthand.journeys.map import read_map
from firsthand.lake import delta
from firsthand.lake.read import rows
from firsthand.sources import checked_yaml
from firsthand.tables import MapVersions

Row = dict[str, Any]
BY_HAND = "edited by hand"


def map_text(home: Home) -> str:
    """The text of map.yaml as it stands, whether or not it is a map; empty where there is none."""
    return _stands(home).decode("utf-8", "replace")


def map_sha256(home: Home) -> str:
    """SHA-256 of map.yaml as it stands."""
    return _sha256(_stands(home))


def map_versions(home: Home) -> list[Row]:
    """All versions that were saved, the newest first, as in tables.MapVersions."""
    return sorted(rows(home.lake, MapVersions).to_pylist(), key=lambda row: row["version"], reverse=True)


def map_version(home: Home, number: int) -> Row:
    """One version. Raises UserError where there is none of that number."""
    found = next((row for row in map_versions(home) if row["version"] == number), None)
    if found is None:
        raise UserError(f"The map has no version {number}. See them with: firsthand map history")
    return found


def save_map(home: Home, text: str, *, by: str, reason: str, expected: str | None = None) -> Row:
    """Makes a text the home's map, and keeps it as a version; what was edited by hand before becomes one, too.

    expected: SHA-256 of the file that was changed, as `map_sha256` told it.  Returns the version; the newest one where nothing
    is other than before. Raises MapError where the text is no map, and MapChanged where the file is not the expected
    one any more; nothing is written then.
    """
    if not by.strip() or not reason.strip():
        raise UserError("Say who changes the map, and why.")
    text = _tidy(text)
    found, faults = read_map(text)
    if found is None:
        raise MapError(checked_yaml.told(home.map_file, faults))
    with FileLock(home.folder / ".saving-map"):
        stands = _stands(home)
        if expected is not None and _sha256(stands) != expected:
            raise MapChanged("The map was changed meanwhile. Nothing was saved: look at what changed, then save again.")
        versions = map_versions(home)
        new = _by_hand(home, stands, versions)
        newest = next(iter(new or versions), None)
        if newest is None or newest["text"] != text:
            number = newest["version"] + 1 if newest else 1
            new.append(_version(number, text.encode(), by=by, why=reason, at=datetime.now(UTC)))
        if new:
            delta.add(home.lake, MapVersions, new)
        _write(home, text)
        return (new or versions)[-1 if new else 0]


def undo_map(home: Home, number: int, *, by: str, reason: str, expected: str | None = None) -> Row:
    """Brings a version back, as a new one. Raises UserError where there is no such version, and as save_map does."""
    return save_map(home, map_version(home, number)["text"], by=by, reason=reason, expected=expected)


def history(home: Home) -> Row:
    """The document of `map history`: versions, the newest first, with how many lines each added and took away."""
    versions = map_versions(home)
    shown = []
    for number, row in enumerate(versions):
        before = versions[number + 1]["text"] if number + 1 < len(versions) else ""
        lines = changed_lines(before, row["text"])
        told = {key: row[key] for key in ("version", "saved_at", "by", "why", "sha256")}
        shown.append(
            told | {"added": sum(line[0] == "+" for line in lines), "removed": sum(line[0] == "-" for line in lines)}
        )
    now = map_sha256(home)
    return {"versions": shown, "sha256": now, "edited_by_hand": bool(versions) and versions[0]["sha256"] != now}


def version_changes(home: Home, number: int) -> Row:
    """The document of `map history VERSION`: the version, and what is other than in the one before."""
    row = map_version(home, number)
    before = next((other["text"] for other in map_versions(home) if other["version"] == number - 1), "")
    return told_shortly(row) | {"changes": changed_lines(before, row["text"])}


def changed_lines(before: str, after: str) -> list[str]:
    """What is other in a text, with three lines around it: each line begins with `+`, `-`, a blank, or `@@`."""
    return [line.rstrip("\n") for line in unified_diff(before.splitlines(), after.splitlines(), lineterm="")][2:]


def _by_hand(home: Home, stands: bytes, versions: list[Row]) -> list[Row]:
    """The file as a version of its own, where nobody saved it as it stands."""
    if not stands or (versions and versions[0]["sha256"] == _sha256(stands)):
        return []
    at = datetime.fromtimestamp(home.map_file.stat().st_mtime, UTC)
    return [_version(versions[0]["version"] + 1 if versions else 1, stands, by=None, why=BY_HAND, at=at)]


def _version(number: int, content: bytes, *, by: str | None, why: str, at: datetime) -> Row:
    text = content.decode("utf-8", "replace")
    return {"version": number, "saved_at": at, "by": by, "why": why, "sha256": _sha256(content), "text": text}


def _stands(home: Home) -> bytes:
    return home.map_file.read_bytes() if home.map_file.is_file() else b""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _tidy(text: str) -> str:
    """Lines end as they do in a file, however they were sent."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


def _write(home: Home, text: str) -> None:
    """Replaces the file in one piece."""
    file = home.map_file.resolve()
    written = file.with_suffix(f".{os.getpid()}")
    written.write_bytes(text.encode())
    written.replace(file)


def told_shortly(row: Mapping[str, Any]) -> Row:
    """A version without its text, as `--json` prints it."""
    return {key: value for key, value in row.items() if key != "text"}
