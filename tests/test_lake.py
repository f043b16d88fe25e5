"""The lake: nothing is lost and nothing doubled, whoever else writes and whatever breaks."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from firsthand.errors import LakeError
from firsthand.jobs.figures import summary
from firsthand.jobs.home import create_home, open_home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.maintain import compact, vacuum
from firsthand.jobs.world import world
from firsthand.lake import Location, connect, delta, files, read, version
from firsthand.lake.read import extension_file
from firsthand.sources import format_named

MAPPING = """
source: shop
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    event: {constant: Ordered}
    channel: {constant: web}
    identifiers: {email: {column: mail}}
    text: {column: words}
"""


def export(folder, name, first, last, words="secret words"):
    """A CSV of the orders first to last (without), with the mapping beside it."""
    (folder / "shop.yaml").write_text(MAPPING)
    path = folder / name
    lines = (f"{n},2026-03-{1 + n % 28:02}T10:00:00Z,c{n % 997}@x.org,{words} {n}" for n in range(first, last))
    path.write_text("id,at,mail,words\n" + "\n".join(lines) + "\n")
    return path


def take(home, path):
    return import_files(home, [path], format_named("csv"), mapping_file=path.parent / "shop.yaml")


def command(home, *words):
    """The command line as another process would run it."""
    return [
        sys.executable,
        "-c",
        "from firsthand.cli import main; main()",
        *map(str, words),
        "--home",
        str(home.folder),
    ]


def importing(home, path, **options):
    words = ("import", path, "--as", "csv", "--map", path.parent / "shop.yaml", "--json")
    return subprocess.Popen(command(home, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def stored(home):
    """How many interactions the record holds, and how many different ones."""
    with connect(home.lake) as connection:
        listed = files(home.lake, "interactions")
        if not listed:
            return 0, 0
        sql = f"SELECT count(*), count(DISTINCT interaction_id) FROM read_parquet({listed})"
        return connection.execute(sql).fetchone()


def test_no_words_of_a_customer_enter_the_log(home, tmp_path):
    take(home, export(tmp_path, "a.csv", 0, 50))
    with world(home):
        pass
    compact(home)
    logs = list((home.folder / "lake").glob("*/_delta_log/*.json"))
    told = "".join(log.read_text() for log in logs)
    assert "secret" not in told
    assert "x.org" not in told
    entries = [json.loads(line) for log in logs for line in log.read_text().splitlines()]
    added = [json.loads(entry["add"]["stats"]) for entry in entries if entry.get("add")]
    assert added
    kept = {name for stats in added for name in [*stats.get("minValues", {}), *stats.get("maxValues", {})]}
    assert kept <= {"version", "occurred_at", "received_at", "promised_for", "given_at", "decided_at"}
    assert "occurred_at" in kept


def test_two_imports_of_the_same_file_at_once_take_everything_in_once(home, tmp_path):
    path = export(tmp_path, "a.csv", 0, 140_000)
    both = [json.loads(process.communicate()[0]) for process in [importing(home, path) for _ in range(2)]]
    assert stored(home) == (140_000, 140_000)
    assert sum(tally["accepted"] for tally in both) == 140_000
    assert sum(tally["duplicate"] for tally in both) == 140_000


def test_imports_of_overlapping_files_at_once_lose_nothing_and_double_nothing(home, tmp_path):
    parts = [export(tmp_path, f"{n}.csv", n * 20_000, n * 20_000 + 40_000) for n in range(3)]
    tallies = [json.loads(process.communicate()[0]) for process in [importing(home, path) for path in parts]]
    assert stored(home) == (80_000, 80_000)
    assert sum(tally["accepted"] for tally in tallies) == 80_000


def test_an_import_killed_at_any_point_leaves_the_lake_readable_and_completes_when_done_again(tmp_path):
    path = export(tmp_path, "a.csv", 0, 400_000)
    chance = random.Random()
    for number in range(4):
        home = create_home(tmp_path / f"home{number}")
        process, last = importing(home, path, start_new_session=True), chance.uniform(0.4, 4.5)
        time.sleep(last)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        rows, different = stored(home)
        assert rows == different, f"killed after {last:.2f} s"
        again = take(home, path)
        assert (again.accepted, again.duplicate) == (400_000 - rows, rows), f"killed after {last:.2f} s"
        assert stored(home) == (400_000, 400_000)


def test_a_torn_file_in_the_folder_harms_nobody(home, tmp_path):
    path = export(tmp_path, "a.csv", 0, 30)
    take(home, path)
    (whole,) = (home.folder / "lake" / "interactions").glob("*.parquet")
    whole.with_name("part-00000-torn.parquet").write_bytes(whole.read_bytes()[:500])
    assert stored(home) == (30, 30)
    assert take(home, path).duplicate == 30
    with world(home) as opened:
        assert summary(opened)["interactions"] == 30


def test_a_reader_whose_files_were_vacuumed_meanwhile_looks_again_once(home, tmp_path):
    for n in range(3):
        take(home, export(tmp_path, f"{n}.csv", n * 10, n * 10 + 10))
    lists = [files(home.lake, "interactions")]
    compact(home)
    vacuum(home, grace_hours=0)
    lists.append(files(home.lake, "interactions"))
    asked = iter(lists)

    def count():
        with connect(home.lake) as connection:
            return connection.execute(f"SELECT count(*) FROM read_parquet({next(asked)})").fetchone()

    assert read(home.lake, count) == (30,)
    assert next(asked, None) is None


def test_a_reader_sees_one_version_while_others_write(home, tmp_path):
    take(home, export(tmp_path, "a.csv", 0, 10))
    before = files(home.lake, "interactions")
    take(home, export(tmp_path, "b.csv", 10, 20))
    with connect(home.lake) as connection:
        assert connection.execute(f"SELECT count(*) FROM read_parquet({before})").fetchone() == (10,)
    assert stored(home) == (20, 20)


def test_what_an_open_table_said_holds_until_another_commit_is_the_last_one(home, tmp_path):
    imported(home, tmp_path, "one")
    one = version(home.lake, "interactions"), files(home.lake, "interactions")
    assert (version(home.lake, "interactions"), files(home.lake, "interactions")) == one
    imported(home, tmp_path, "two")
    assert version(home.lake, "interactions") == one[0] + 1
    assert set(one[1]) < set(files(home.lake, "interactions"))
    assert files(home.lake, "interactions", one[0]) == one[1], "a version that is named stays what it was"


def test_a_lake_that_was_put_in_the_place_of_another_is_looked_at_anew(tmp_path):
    for name in ("ada", "bob"):
        folder = tmp_path / "home"
        shutil.rmtree(folder, ignore_errors=True)
        home = create_home(folder, name="Home")
        imported(home, tmp_path, name)
        with connect(home.lake) as connection:
            told = connection.execute(
                f"SELECT interaction_id FROM read_parquet({files(home.lake, 'interactions')})"
            ).fetchall()
        assert [id_ for (id_,) in told] == [f"shop:{name}"]


def imported(home, tmp_path, name):
    """One interaction of that name."""
    listed = tmp_path / f"{name}.csv"
    mapping = tmp_path / "map.yaml"
    listed.write_text(f"id,at\n{name},2026-01-01\n", "utf-8")
    mapping.write_text(
        "source: shop\ninteractions:\n  - {id: {column: id}, occurred_at: {column: at}, event: {constant: told}}\n",
        "utf-8",
    )
    import_files(home, [listed], format_named("csv"), mapping_file=mapping)


def test_compaction_and_vacuum_keep_every_figure(home, tmp_path):
    for n in range(4):
        take(home, export(tmp_path, f"{n}.csv", n * 25, n * 25 + 30))
    with world(home, "2026-06-01") as opened:
        before = summary(opened)
    assert compact(home)["interactions"] == 3
    assert vacuum(home, grace_hours=0) >= 4
    with world(home, "2026-06-01") as opened:
        assert summary(opened) == before
    assert take(home, tmp_path / "3.csv").duplicate == 30


def test_vacuum_spares_what_readers_may_still_need(home, tmp_path):
    for n in range(2):
        take(home, export(tmp_path, f"{n}.csv", n * 10, n * 10 + 10))
    before = files(home.lake, "interactions")
    compact(home)
    assert vacuum(home) == 0
    assert all(Path(file).exists() for file in before)


def test_both_versions_of_a_correction_can_be_seen(home, tmp_path):
    take(home, export(tmp_path, "a.csv", 0, 3, words="as it was"))
    corrected = take(home, export(tmp_path, "a.csv", 0, 1, words="as it is"))
    assert (corrected.accepted, corrected.corrected) == (0, 1)
    with connect(home.lake) as connection:
        sql = (
            f"SELECT text FROM read_parquet({files(home.lake, 'interactions')}) WHERE text LIKE '% 0' ORDER BY version"
        )
        assert connection.execute(sql).fetchall() == [("as it was 0",), ("as it is 0",)]
    with world(home) as opened:
        told = opened.seen.timeline.filter(opened.seen.timeline.text.endswith(" 0")).text.to_pyarrow().to_pylist()
    assert told == ["as it is 0"]


def test_an_append_from_an_old_version_writes_nothing(home, tmp_path):
    old = version(home.lake, "interactions")
    take(home, export(tmp_path, "a.csv", 0, 10))
    from firsthand.tables import Interactions

    assert not delta.append(home.lake, Interactions, Interactions.schema().empty_table(), seen=old)
    assert stored(home) == (10, 10)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("only root can mount a small disk to fill")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_named_and_leaves_the_lake_readable(small_disk, tmp_path):
    home = create_home(small_disk / "home")
    take(home, export(tmp_path, "a.csv", 0, 100))
    process = importing(home, export(tmp_path, "b.csv", 0, 300_000))
    said = process.communicate()[1].decode()
    assert process.returncode == 2
    assert "No space left" in said
    assert "Traceback" not in said
    assert stored(home) == (100, 100)
    with world(home) as opened:
        assert summary(opened)["interactions"] == 100


@pytest.fixture
def bucket(monkeypatch):
    """The URL of an empty bucket in a local stand-in for S3."""
    pytest.importorskip("moto.server", reason="moto's server is not here")
    boto3 = pytest.importorskip("boto3", reason="boto3 is not here")
    if extension_file() is None:
        pytest.skip("duckdb-extension-httpfs (the extra `s3`) is not here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # a process of its own: delta-rs holds Python's lock while it waits for an answer
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(150):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    settings = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
    settings |= {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ALLOW_HTTP": "true"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3", region_name="us-east-1", endpoint_url=settings["AWS_ENDPOINT_URL"]).create_bucket(Bucket="acme")
    yield "s3://acme/lake"
    server.terminate()
    server.wait()


def test_a_lake_in_an_object_store_does_what_one_in_a_folder_does(bucket, tmp_path):
    home = create_home(tmp_path / "home", lake=bucket)
    path = export(tmp_path, "a.csv", 0, 200)
    assert take(home, path).accepted == 200
    assert take(home, path).duplicate == 200
    shown = subprocess.run(command(home, "show", "summary", "--json"), capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["interactions"] == 200
    assert not (home.folder / "lake").exists()


def test_an_object_store_that_cannot_be_reached_says_what_it_takes(bucket, tmp_path):
    home = SimpleNamespace(folder=tmp_path / "home")
    words = ("init", "--lake", bucket.replace("acme", "not-made"))
    made = subprocess.run(command(home, *words), capture_output=True, text=True)
    assert made.returncode == 2
    assert made.stderr.startswith("The lake s3://not-made/lake could not be reached: ")
    assert "AWS_ACCESS_KEY_ID" in made.stderr
    assert len(made.stderr.splitlines()) == 1


def test_a_lake_in_an_object_store_without_what_reads_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(sys.modules["firsthand.lake.read"], "extension_file", lambda: None)
    with pytest.raises(Exception, match=r"firsthand\[s3\]"):
        connect(Location.at("s3://acme/lake", {}))


def test_a_home_is_told_from_a_folder_that_is_none(tmp_path):
    with pytest.raises(Exception, match="firsthand init"):
        open_home(tmp_path)


def test_a_lost_file_that_stays_lost_is_an_error_and_not_an_endless_search(tmp_path):
    tries = []

    def question():
        tries.append(1)
        return duckdb.sql(f"SELECT * FROM read_parquet('{tmp_path}/gone.parquet')").fetchall()

    with pytest.raises(LakeError, match="lacks a file that it names"):
        read(Location.at(tmp_path), question)
    assert len(tries) == 2
