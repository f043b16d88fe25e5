"""Erasing: what is to go is planned in a folder of the home, then carried out; stopped at any point, it is taken up again."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from firsthand.jobs.home import Home
from firsthand.jobs.publish import publish
from firsthand.jobs.refresh import refresh
from firsthand.lake import connect, delta
from firsthand.lake.read import files_of, rows
from firsthand.tables import ALL, Erasures, Forgotten

Row = dict[str, Any]
FOLDER = "erasing"
NAMED_BY = {
    "interactions": ["interaction_id", "content_hash"], "who_is_who": ["decision_id"], "themes": ["theme_id", "found_at"],
    "voice_models": ["model_id"],
}  # fmt: skip
"""The columns that tell a row that is to be changed."""


@dataclass(frozen=True)
class Plan:
    """What an erasure is to do.

    erasure: a row of tables.Erasures.  who: the customer's id and identifiers, by which a stopped erasure is known again.
    gone: by table, what names the rows to delete.  changed: by table, the rows to change with what they shall say.
    hashes: rows of tables.Forgotten.
    """

    erasure: Row
    who: list[str]
    gone: Mapping[str, pa.Table]
    changed: Mapping[str, pa.Table]
    hashes: pa.Table


def erase(home: Home, plan: Plan) -> Row:
    """Carries a plan out, within `erasing`; returns the erasure's row. The old files stay in the lake until `vacuum`."""
    folder = _write(home, plan)
    return _carry_out(home, folder)


@contextmanager
def erasing(home: Home) -> Iterator[list[tuple[Row, list[str]]]]:
    """One erasure at a time. Those that were stopped are finished first; gives each one's row, and whom it was about."""
    (home.folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
    with (home.folder / FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go of with the process, however that ends
        found = []
        for folder in sorted(each for each in (home.folder / FOLDER).iterdir() if each.is_dir()):
            if folder.name.startswith("."):  # not whole yet, or done
                shutil.rmtree(folder)
            else:
                who = json.loads((folder / "erasure.json").read_text("utf-8"))["who"]
                found.append((_carry_out(home, folder), who))
        yield found


def unfinished(home: Home) -> bool:
    """Whether an erasure was stopped."""
    return any(True for _ in (home.folder / FOLDER).glob("[!.]*"))


def _write(home: Home, plan: Plan) -> Path:
    """The plan as a folder, which is there whole or not at all."""
    name = plan.erasure["erasure_id"]
    folder, draft = home.folder / FOLDER / name, home.folder / FOLDER / f".{name}"
    draft.mkdir(parents=True, mode=0o700)
    for kind, tables in (("gone", plan.gone), ("changed", plan.changed), ("hashes", {"forgotten": plan.hashes})):
        for table, told in tables.items():
            pq.write_table(told, draft / f"{kind}-{table}.parquet")
    told = {"erasure": plan.erasure, "who": plan.who}
    (draft / "erasure.json").write_text(json.dumps(told, default=str), "utf-8")
    draft.replace(folder)
    return folder


def _carry_out(home: Home, folder: Path) -> Row:
    """Every step can be done again. Figures of the past are published first, and hashes written before anything is deleted."""
    delta.create(home.lake)  # a home of an older version lacks tables
    publish(home)
    told = json.loads((folder / "erasure.json").read_text("utf-8"))["erasure"]
    told["erased_at"] = datetime.fromisoformat(told["erased_at"])
    hashes = pq.read_table(folder / "hashes-forgotten.parquet")
    delta.append_new(home.lake, Forgotten, lambda stands: _unwritten(home, hashes, stands))
    for table in ALL:
        name = table.table_name
        gone, changed = (folder / f"{kind}-{name}.parquet" for kind in ("gone", "changed"))
        if gone.is_file():
            delta.delete(home.lake, table, pq.read_table(gone))
        if changed.is_file():
            delta.change(home.lake, table, pq.read_table(changed), NAMED_BY[name])
    refresh(home)
    erasures = rows(home.lake, Erasures).column("erasure_id")
    if told["erasure_id"] not in erasures.to_pylist():
        delta.add(home.lake, Erasures, [told | {"rows": list(told["rows"].items())}])
    shutil.rmtree(home.folder / "kept", ignore_errors=True)  # whoever was working out an answer, see kept.keep
    done = folder.with_name(f".{folder.name}")
    folder.replace(done)
    shutil.rmtree(done)
    return told


def _unwritten(home: Home, hashes: pa.Table, stands: DeltaTable) -> pa.Table:
    known = files_of(stands)
    if not known:
        return hashes
    with connect(home.lake) as connection:
        connection.register("hashes", hashes)
        new = f"SELECT * FROM hashes ANTI JOIN read_parquet({known}) AS known USING (what, hash)"
        return connection.execute(new).to_arrow_table()


def hashes_of(told: Mapping[str, list[str]]) -> pa.Table:
    """Rows of tables.Forgotten. told: hashes by what they are of."""
    now = datetime.now(UTC)
    return pa.Table.from_pylist(
        [{"what": what, "hash": each, "forgotten_at": now} for what, hashes in told.items() for each in sorted({*hashes})],
        Forgotten.schema(),
    )  # fmt: skip
