"""What is wrong with a home or its installation, and how to mend it. Looking changes nothing."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from deltalake.exceptions import DeltaError
from ibis import _

from firsthand.errors import FirsthandError
from firsthand.jobs.database import sqlite_file
from firsthand.jobs.home import Home, open_home
from firsthand.jobs.ingredients import of_timeline
from firsthand.jobs.refresh import backend
from firsthand.jobs.timeline_files import layers, timeline_of
from firsthand.jobs.world import rows_of
from firsthand.lake import connect, delta, files, read
from firsthand.lake.read import open_table
from firsthand.tables import ALL, Interactions, Overlay

Row = dict[str, Any]
WELL, WARNING, BROKEN = "well", "warning", "broken"
TOLD = ("duckdb", "deltalake", "ibis-framework", "pyarrow", "django", "django-ninja", "granian")
LEAST_ROOM, ROOM = 500_000_000, 5_000_000_000
MANY_FILES = 200
QUIET = timedelta(days=2)
"""After so long without an interaction, answers as of the clock say that the record ends."""


def row(check: str, state: str, found: str, mend: str = "") -> Row:
    """What was found of one thing, and, where it is not well, how to mend it."""
    return {"check": check, "state": state, "found": found, "mend": mend}


def examined(folder: Path | None) -> list[Row]:
    """A row for each thing that was looked at: `check`, `state` (well, warning, broken), `found`, `mend`."""
    rows = list(_versions())
    try:
        home = open_home(folder)
    except (FirsthandError, OSError) as wrong:
        return [*rows, row("home", BROKEN, str(wrong), "Name the home's folder with --home, or mend what is named.")]
    rows += [row("home", WELL, f"{home.folder.absolute()} ({home.settings.name}).")]
    for check, look in LOOKS.items():
        try:
            rows += read(home.lake, lambda look=look: list(look(home)))  # type: ignore[misc]
        except (FirsthandError, DeltaError, OSError) as wrong:
            rows.append(row(check, BROKEN, str(wrong), "Mend what is named."))
    return rows


def _versions() -> Iterator[Row]:
    found = {}
    for name in TOLD:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    told = ", ".join(f"{name} {number}" for name, number in found.items())
    wanted = dict(
        each.split(";")[0].strip().split("==") for each in requires("firsthand") or [] if "==" in each.split(";")[0]
    )
    wanted = {name.split("[")[0]: number for name, number in wanted.items()}
    others = [name for name, number in found.items() if wanted.get(name, number) != number]
    if others:
        named = ", ".join(f"{name} {found[name]} (expected {wanted[name]})" for name in others)
        yield row("versions", WARNING, f"Other versions than were tested: {named}.", "pip install --upgrade firsthand")
    else:
        yield row("versions", WELL, f"Python {platform.python_version()}, firsthand {version('firsthand')}, {told}.")


def _permissions(home: Home) -> Iterator[Row]:
    if os.access(home.folder, os.W_OK):
        yield row("permissions", WELL, "The home can be written to.")
    else:
        yield row("permissions", BROKEN, f"{home.folder} cannot be written to.", f"chown -R $(id -un) {home.folder}")
    if _open_to_others(home.folder):
        yield row("home", WARNING, f"Others than its owner may look into {home.folder}.", f"chmod 700 {home.folder}")
    for file in (home.folder / "secret.key", sqlite_file(home)):
        if file is not None and file.exists() and _open_to_others(file):
            yield row("secret", BROKEN, f"Others than its owner may read {file}.", f"chmod 600 {file}")


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _disk(home: Home) -> Iterator[Row]:
    left = shutil.disk_usage(home.folder).free
    found = f"{left / 1e9:,.1f} GB are left."
    if left < LEAST_ROOM:
        yield row(
            "disk",
            BROKEN,
            found,
            "Make room: imports and refreshes need some. firsthand vacuum deletes what nobody needs.",
        )
    elif left < ROOM:
        yield row("disk", WARNING, found, "Make room before it is short; firsthand vacuum deletes what nobody needs.")
    else:
        yield row("disk", WELL, found)


def _lake(home: Home) -> Iterator[Row]:
    missing, lost, small = [], [], 0
    for table in ALL:
        opened = open_table(home.lake, table.table_name)
        if opened is None:
            missing += [table.table_name] if table.table_sort == "record" else []
            continue
        there = files(home.lake, table.table_name)
        small += len(there) if table.table_sort != "derived" else 0
        lost += [] if home.lake.remote else [file for file in there if not Path(file).is_file()]
    if missing or lost:
        found = (
            f"Tables that are not there: {', '.join(missing) or 'none'}; files that are named and gone: {len(lost)}."
        )
        yield row("lake", BROKEN, found, "Restore a backup: firsthand restore FILE --home DIR")
        return
    yield row("lake", WELL, "All tables can be read.")
    last = _last_compact(home)
    found = f"{small} files of record and decisions; merged last: {last or 'never'}."
    yield row("files", WARNING, found, "firsthand compact") if small > MANY_FILES else row("files", WELL, found)


def _last_compact(home: Home) -> str | None:
    table = open_table(home.lake, Interactions.table_name)
    commits = table.history(200) if table else []
    times = [each["timestamp"] for each in commits if each.get("operation") == "OPTIMIZE"]
    return datetime.fromtimestamp(max(times) / 1000, UTC).date().isoformat() if times else None


def _freshness(home: Home) -> Iterator[Row]:
    told = files(home.lake, Interactions.table_name)
    if not told:
        yield row("record", WARNING, "The record is empty.", "firsthand import PATH --as FORMAT")
        return
    now = home.as_of().replace(tzinfo=None)
    with connect(home.lake) as connection:
        query = f"SELECT max(occurred_at) FILTER (occurred_at <= $now), max(received_at) FROM read_parquet({told})"
        last, received = connection.execute(query, {"now": now}).fetchall()[0]
    found = f"Last interaction: {last:%Y-%m-%d %H:%M} UTC; last import: {received:%Y-%m-%d %H:%M} UTC." if last else "All interactions are later than the moment from which the world is seen."  # fmt: skip
    if home.settings.as_of:
        yield row(
            "record",
            WARNING,
            f"{found} The world is seen as of {home.settings.as_of}.",
            "For a real home, empty as_of in firsthand.toml.",
        )
    elif last is None or now - last.replace(tzinfo=None) > QUIET:
        yield row(
            "record",
            WARNING,
            f"{found} The record ends more than two days ago.",
            "Import what came since: firsthand import PATH --as FORMAT",
        )
    else:
        yield row("record", WELL, found)


def _is_up_to_date(home: Home) -> bool:
    before = delta.made_from(home.lake, Overlay)
    return all(before.get(key) == value for key, value in of_timeline(home).items())


def _timeline(home: Home) -> Iterator[Row]:
    if _is_up_to_date(home):
        yield row("timeline", WELL, "The timeline is made of the record and the map as they are.")
    else:
        yield row(
            "timeline",
            WARNING,
            "Record, map or decisions changed since the timeline was made.",
            "firsthand refresh (the next answer does it too)",
        )


def _map(home: Home) -> Iterator[Row]:
    from firsthand.jobs.map_check import map_check
    from firsthand.jobs.refresh import map_of
    from firsthand.jobs.signal_files import signals_of
    from firsthand.jobs.world import world

    points = map_of(home).touchpoints
    signals_of(home)
    if not points:
        yield row("map", WARNING, "The map has no touchpoint.", "firsthand map propose --out map.yaml")
        return
    if not _is_up_to_date(home):
        yield row("map", WELL, f"{len(points)} touchpoints; checked against the record once the timeline is made.")
        return
    with world(home) as opened:
        faults = {name: len(found) for name, found in map_check(opened).items() if isinstance(found, list) and found}
    told = ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in faults.items() if not name.startswith("blind")
    )
    found = f"{len(points)} touchpoints{f'; {told}' if told else ''}."
    yield row("map", WARNING, found, "firsthand map check") if told else row("map", WELL, found)


def _promises(home: Home) -> Iterator[Row]:
    """Promises that count as one and are told of several customers: two sources may number theirs alike."""
    if not _is_up_to_date(home):
        return
    connection = backend(home)
    told = timeline_of(connection, *layers(home)).filter(_.promise_id.notnull(), _.life > 0).group_by("promise_id")
    shared = rows_of(told.having(_.life.nunique() > 1).aggregate(customers=_.life.nunique()).order_by("promise_id"))
    connection.disconnect()
    if shared:
        named = ", ".join(each["promise_id"] for each in shared[:3])
        yield row("promises", WARNING, f"Told of more than one customer, and counted as one promise each: {len(shared):,}, such as {named}.", "If two sources number their promises alike, make promise_id differ in a mapping (columns, join) or in the export.")  # fmt: skip
    else:
        yield row("promises", WELL, "No promise is told of two customers.")


def _voice(home: Home) -> Iterator[Row]:
    from firsthand.jobs.voice_models import encoder_of_readings, read_with
    from firsthand.voice import installed

    read_by = read_with(home)
    if read_by is None:
        yield row("voice", WELL, f"No comment was read; the extra voice is {'' if installed() else 'not '}installed.")
        return
    try:
        encoder_of_readings(home)
    except FirsthandError as wrong:
        yield row(
            "voice", WARNING, str(wrong), "pip install 'firsthand[voice]', or set the encoder that it was read with."
        )
        return
    yield row("voice", WELL, f"Comments were read with {read_by}, which is installed.")


LOOKS: dict[str, Callable[[Home], Iterator[Row]]] = {
    "permissions": _permissions, "disk": _disk, "lake": _lake, "record": _freshness, "timeline": _timeline, "map": _map,
    "promises": _promises, "voice": _voice,
}  # fmt: skip
