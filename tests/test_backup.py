"""Backup and restore: nothing that cannot be made anew is lost, and nothing wrong is taken for a backup."""

from __future__ import annotations

import json
import os
import sqlite3
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from firsthand.errors import UserError
from firsthand.jobs.backup import backup, restore
from firsthand.jobs.home import Home, change_settings, create_home, open_home
from firsthand.jobs.import_files import import_files
from firsthand.lake.read import rows
from firsthand.sources import format_named
from firsthand.tables import CustomerIds, Interactions
from shop import MAP, MAPPING, run, shown


@pytest.fixture
def saved(shop: Home, tmp_path: Path) -> Path:
    backup(shop, tmp_path / "shop.tar.gz")
    return tmp_path / "shop.tar.gz"


def test_a_restored_home_tells_the_same_figures_of_the_same_customers(shop: Home, saved: Path, tmp_path: Path) -> None:
    restore(saved, tmp_path / "again")
    again = open_home(tmp_path / "again")
    for question in (("show", "promises", "--by", "owner"), ("show", "summary")):
        assert shown(again, *question) == shown(shop, *question)
    assert rows(again.lake, CustomerIds).sort_by("key") == rows(shop.lake, CustomerIds).sort_by("key")
    assert again.settings == shop.settings


def test_what_is_derived_is_not_in_it_and_the_file_is_the_owners_alone(saved: Path) -> None:
    with tarfile.open(saved) as archive:
        names = archive.getnames()
    assert {name.split("/")[1] for name in names if name.startswith("lake/")} >= {
        "interactions",
        "customer_ids",
        "who_is_who",
    }
    assert not [name for name in names if name.startswith(("lake/timeline", "lake/people/", "kept"))]
    assert saved.stat().st_mode & 0o077 == 0


def test_a_backup_while_others_import_is_one_state(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home", timezone="Europe/Berlin")
    home.map_file.write_text(MAP, "utf-8")
    (tmp_path / "orders.yaml").write_text(MAPPING, "utf-8")
    parts = []
    for number in range(6):
        part = tmp_path / f"orders{number}.csv"
        part.write_text(
            "order,placed,mail,total,promised,delivered\n"
            f"{number},2026-01-05T10:00,kim{number % 3}@example.com,10,2026-01-08,2026-01-07T20:00\n"
        )
        parts.append(part)
    begun, done = threading.Event(), threading.Event()

    def importing() -> None:
        for part in parts:
            import_files(home, [part], format_named("csv"), mapping_file=tmp_path / "orders.yaml")
            begun.set()
        done.set()

    thread = threading.Thread(target=importing)
    thread.start()
    begun.wait(60)
    during = not done.is_set()
    backup(home, tmp_path / "home.tar.gz")
    thread.join()
    restore(tmp_path / "home.tar.gz", tmp_path / "again")
    again = open_home(tmp_path / "again")
    had = rows(again.lake, Interactions).num_rows
    assert during
    assert 0 < had <= 18
    assert had % 3 == 0, "a file of an import is in it whole or not at all"
    import_files(again, parts, format_named("csv"), mapping_file=tmp_path / "orders.yaml")
    asked = ("show", "promises", "--by", "owner")
    told, expected = shown(again, *asked), shown(home, *asked)
    assert told["groups"] == expected["groups"], "what came later is imported once more, and all is as it was"


def test_the_websites_database_is_in_it(own_shop: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with closing(sqlite3.connect(own_shop.folder / "firsthand.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE users (email)")
        database.execute("INSERT INTO users VALUES ('ada@example.org')")
        database.commit()
        assert backup(own_shop, tmp_path / "a.tar.gz")["database"] == "sqlite"
    restore(tmp_path / "a.tar.gz", tmp_path / "again")
    with closing(sqlite3.connect(tmp_path / "again" / "firsthand.db")) as database:
        assert database.execute("SELECT * FROM users").fetchall() == [("ada@example.org",)]


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="DATABASE_URL names no server")
def test_a_database_on_a_server_is_dumped(own_shop: Home, tmp_path: Path) -> None:
    assert backup(own_shop, tmp_path / "a.tar.gz")["database"] == "postgresql"
    restore(tmp_path / "a.tar.gz", tmp_path / "again")
    assert (tmp_path / "again" / "database.dump").read_bytes().startswith(b"PGDMP")


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="DATABASE_URL names a server")
def test_a_server_that_does_not_answer_is_told(own_shop: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ada:secret@127.0.0.1:1/none")
    with pytest.raises(UserError, match=r"PostgreSQL|pg_dump") as told:
        backup(own_shop, tmp_path / "a.tar.gz")
    assert "secret" not in str(told.value)
    assert not list(tmp_path.glob("a.tar.gz*"))


def test_settings_signals_and_the_key_come_back(own_shop: Home, tmp_path: Path) -> None:
    (own_shop.folder / "secret.key").write_text("secret")
    (own_shop.folder / "signals").mkdir()
    (own_shop.folder / "signals" / "own.py").write_text("# one's own\n")
    backup(own_shop, tmp_path / "a.tar.gz")
    restore(tmp_path / "a.tar.gz", tmp_path / "again")
    again = tmp_path / "again"
    assert again.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (again / "secret.key", again / "map.yaml")} == {0o600}
    assert (tmp_path / "again" / "signals" / "own.py").read_text() == "# one's own\n"
    assert (tmp_path / "again" / "map.yaml").read_text() == MAP


def test_a_lake_elsewhere_comes_back_into_the_home(own_shop: Home, tmp_path: Path) -> None:
    (own_shop.folder / "lake").rename(tmp_path / "elsewhere")
    moved = change_settings(own_shop, lake=str(tmp_path / "elsewhere"))
    backup(moved, tmp_path / "a.tar.gz")
    restore(tmp_path / "a.tar.gz", tmp_path / "again")
    assert open_home(tmp_path / "again").settings.lake == "lake"
    assert (tmp_path / "again" / "lake" / "interactions").is_dir()


def test_a_home_is_never_written_over(own_shop: Home, saved: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a home already"):
        restore(saved, own_shop.folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="is not empty"):
        restore(saved, tmp_path / "full")
    with pytest.raises(UserError, match="is there already"):
        backup(own_shop, saved)


def test_what_is_damaged_is_not_restored(saved: Path, tmp_path: Path) -> None:
    with tarfile.open(saved) as archive:
        archive.extractall(tmp_path / "inside")
    (tmp_path / "inside" / "map.yaml").write_text("stages: []\ntouchpoints: []\n")
    with tarfile.open(tmp_path / "changed.tar.gz", "w:gz") as archive:
        for path in sorted((tmp_path / "inside").rglob("*")):
            if path.is_file():
                archive.add(path, path.relative_to(tmp_path / "inside").as_posix())
    (tmp_path / "half.tar.gz").write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    (tmp_path / "none.tar.gz").write_text("no archive")
    with tarfile.open(tmp_path / "outside.tar.gz", "w:gz") as archive:
        archive.add(saved, "../outside.txt")
    for name, said in (
        ("changed", "map.yaml is not what was backed up"),
        ("half", "not whole"),
        ("none", "is no backup"),
        ("outside", "which no backup does"),
    ):
        with pytest.raises(UserError, match=said):
            restore(tmp_path / f"{name}.tar.gz", tmp_path / "again")
        assert not (tmp_path / "again").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".again")], "no draft is left"


def test_a_lake_in_an_object_store_is_said_to_be_left_out(own_shop: Home, tmp_path: Path) -> None:
    remote = change_settings(own_shop, lake="s3://bucket/lake")
    with pytest.raises(UserError, match="--without-lake"):
        backup(remote, tmp_path / "a.tar.gz")
    assert backup(remote, tmp_path / "a.tar.gz", without_lake=True)["tables"] == {}
    restore(tmp_path / "a.tar.gz", tmp_path / "again")
    assert open_home(tmp_path / "again").settings.lake == "s3://bucket/lake"


def test_the_commands_say_what_they_did(own_shop: Home, tmp_path: Path) -> None:
    done = run(own_shop, "backup", "--out", str(tmp_path / "a.tar.gz"), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["tables"]["interactions"] >= 1
