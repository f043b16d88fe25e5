"""Backup and restore: record, decisions, settings and the website's database as one file; what is derived is made anew."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit, urlunsplit

import firsthand
from firsthand.errors import FileGone, HomeError, LakeError, UserError
from firsthand.jobs.database import database_url, sqlite_file
from firsthand.jobs.home import SETTINGS_FILE, Home, change_settings, open_home
from firsthand.lake import delta, files, read
from firsthand.lake.read import files_of, open_table
from firsthand.tables import ALL

Row = dict[str, Any]
FORM = 1
MANIFEST = "manifest.json"
DATABASE = "firsthand.db"
DUMP = "database.dump"
OWN = ("*.toml", "*.yaml", "secret.key", "mappings/*", "signals/*.py")
"""What of a home's folder is kept, beside the lake: settings, map, topics, mappings, signals, and the key that knows the forgotten again."""
LOG_ENTRY = re.compile(r"(\d{20})\.")


def backup(home: Home, out: Path, *, without_lake: bool = False) -> Row:
    """Writes one version of every table of record and decisions, and what else cannot be made anew, into a .tar.gz.

    Others may import meanwhile. Returns `file`, `bytes`, `tables` (the version of each) and `database`.
    Raises UserError where the file is there, the lake lies in an object store, or the database cannot be had.
    """
    if out.exists():
        raise UserError(f"{out} is there already. Name another file.")
    if home.lake.remote and not without_lake:
        raise UserError(
            f"The lake {home.lake.url} is in an object store, which a backup does not copy: have the store keep versions or "
            "copies of it, and back up the rest with --without-lake."
        )
    part = out.with_name(f"{out.name}.part")

    def whole() -> Row:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            return _written(home, file, without_lake)

    try:
        done = read(home.lake, whole)
        part.replace(out)
    except OSError as stopped:
        raise UserError(f"{out} could not be written: {stopped.strerror or stopped}.") from stopped
    finally:
        part.unlink(missing_ok=True)
    return {"file": str(out), "bytes": out.stat().st_size, "tables": done["tables"], "database": done["database"]}


def _written(home: Home, file: BinaryIO, without_lake: bool) -> Row:
    manifest: Row = {
        "form": FORM, "firsthand": firsthand.__version__, "made_at": datetime.now(UTC).isoformat(), "tables": {}, "database": None,
        "files": {},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:

        def keep(name: str, path: Path) -> None:
            digest = _digest(path)
            archive.add(path, name, recursive=False)
            manifest["files"][name] = digest

        for pattern in OWN:
            for path in sorted(home.folder.glob(pattern)):
                if path.is_file() and path.name != MANIFEST:
                    keep(path.relative_to(home.folder).as_posix(), path)
        if not without_lake:
            # what was told first: decisions then know at least all that the record needs
            for table in sorted(ALL, key=lambda table: table.table_sort != "record"):
                if table.table_sort != "derived":
                    manifest["tables"] |= _table(home, table.table_name, keep)
        manifest["database"] = _database(home, Path(scratch), keep)
        told = Path(scratch) / MANIFEST
        told.write_text(json.dumps(manifest, indent=1), "utf-8")
        archive.add(told, MANIFEST)
    return manifest


def _table(home: Home, name: str, keep: Any) -> dict[str, int]:
    """Keeps one version of a table: its files, and its log until then."""
    table = open_table(home.lake, name)
    if table is None:
        return {}
    folder, version = Path(home.lake.table(name)), table.version()
    try:
        for path in [*map(Path, files_of(table)), *_log(folder, version)]:
            keep(f"lake/{name}/{path.relative_to(folder).as_posix()}", path)
    except FileNotFoundError as gone:
        raise FileGone(f"The lake lacks a file that it names: {gone.filename}") from gone
    return {name: version}


def _log(folder: Path, version: int) -> Iterator[Path]:
    for path in sorted((folder / "_delta_log").iterdir()):
        entry = LOG_ENTRY.match(path.name)
        if entry and int(entry[1]) <= version and path.is_file():
            yield path


def _database(home: Home, scratch: Path, keep: Any) -> str | None:
    """Keeps the website's database: SQLite as a file, PostgreSQL as pg_dump writes it; None where there is none yet."""
    file = sqlite_file(home)
    if file is None:
        _dump(database_url(home), scratch / DUMP)
        keep(DUMP, scratch / DUMP)
        return "postgresql"
    if not file.is_file():
        return None
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(scratch / DATABASE)) as copy:
            source.backup(copy)
    except sqlite3.Error as wrong:
        raise UserError(f"{file} could not be copied: {wrong}.") from wrong
    keep(DATABASE, scratch / DATABASE)
    return "sqlite"


def _dump(url: str, out: Path) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise UserError("The website's database is neither SQLite nor PostgreSQL: it cannot be backed up from here.")
    program = shutil.which("pg_dump")
    if program is None:
        raise UserError(
            "The website's database is on PostgreSQL: install pg_dump (Debian: postgresql-client), and do it again."
        )
    user, _at, host = parts.netloc.rpartition("@")
    name, _colon, password = user.partition(
        ":"
    )  # the password goes by the environment: a command line can be seen by others
    address = urlunsplit(("postgresql", f"{name}@{host}" if name else host, parts.path, parts.query, ""))
    environment = os.environ | ({"PGPASSWORD": unquote(password)} if password else {})
    done = subprocess.run(  # noqa: S603
        [program, "--format=custom", "--no-owner", f"--file={out}", f"--dbname={address}"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise UserError(f"pg_dump could not copy the website's database: {done.stderr.strip()}")


def restore(file: Path, folder: Path) -> Row:
    """Makes a home of a backup, which only its owner may look into. Returns `home`, `made_at`, `tables` and `database`.

    Raises UserError, and leaves nothing behind, where the folder is not empty, or the file is no backup or not whole.
    """
    if (folder / SETTINGS_FILE).exists():
        raise HomeError(f"{folder} is a home already. Nothing was changed. Name a new folder with --home.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HomeError(f"{folder} is not empty. Nothing was changed. Name a new folder with --home.")
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    try:
        manifest = _unpacked(file, draft)
        home = open_home(draft)
        if manifest["tables"]:
            if home.settings.lake != "lake":
                home = change_settings(home, lake="lake")
            delta.create(home.lake)
            for name, version in manifest["tables"].items():
                files(home.lake, name, version)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {"home": str(folder)} | {key: manifest[key] for key in ("made_at", "tables", "database")}


def _unpacked(file: Path, draft: Path) -> Row:
    """Unpacks a backup and holds every file against the manifest, which is returned."""
    found: dict[str, Row] = {}
    try:
        with tarfile.open(file, "r:gz") as archive:
            for member in archive:
                name = PurePosixPath(member.name)
                inside = archive.extractfile(member) if member.isfile() else None
                if inside is None or name.is_absolute() or ".." in name.parts:
                    raise LakeError(f"{file} holds {member.name}, which no backup does. Nothing was restored.")
                path = draft / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as out:
                    shutil.copyfileobj(inside, out)
                path.chmod(0o600)
                found[member.name] = _digest(path)
        manifest: Row = json.loads((draft / MANIFEST).read_text("utf-8"))
        found.pop(MANIFEST)
        expected = manifest["files"]
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as wrong:
        if isinstance(wrong, FileNotFoundError) and wrong.filename == str(file):
            raise
        raise UserError(f"{file} is no backup, or not whole ({wrong}). Nothing was restored.") from wrong
    if manifest.get("form") != FORM:
        raise UserError(
            f"{file} was made by another version of Firsthand ({manifest.get('firsthand')}); restore it with that."
        )
    if wrong_files := sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)):
        raise UserError(
            f"{file} is damaged: {', '.join(wrong_files[:5])} is not what was backed up. Nothing was restored."
        )
    (draft / MANIFEST).unlink()
    return manifest


def _digest(path: Path) -> Row:
    with path.open("rb") as opened:
        return {"sha256": hashlib.file_digest(opened, "sha256").hexdigest(), "bytes": path.stat().st_size}
