"""A person can have what is held of them, and be forgotten: nothing is left, nothing comes back, and nobody else is touched."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime

import duckdb
import numpy as np
import pytest

from firsthand.errors import HomeError, UserError
from firsthand.jobs.consents import consent
from firsthand.jobs.erase import unfinished
from firsthand.jobs.export_person import export_person
from firsthand.jobs.forget import forget_person
from firsthand.jobs.home import open_home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.maintain import vacuum
from firsthand.jobs.person import person
from firsthand.jobs.rejections import open_rejections, retry_rejections
from firsthand.jobs.retention import retain
from firsthand.jobs.who_is_who import apart, customer, join
from firsthand.lake import delta
from firsthand.lake.read import rows
from firsthand.sources import format_named
from firsthand.tables import (
    CustomerIds,
    Erasures,
    Forgotten,
    Interactions,
    Labels,
    Readings,
    Rejected,
    Themes,
    ThemesFound,
    Timeline,
    TopicsFound,
    VoiceModels,
    WhoIsWho,
)
from shop import MAPPING as OF_THE_SHOP
from shop import run, shown

MAPPING = """
source: desk
interactions:
  - id: {column: no}
    occurred_at: {column: at}
    version: {column: changed}
    event: {constant: Wrote}
    channel: {constant: email}
    identifiers: {email: {column: mail}, phone: {column: phone}, name: {column: name}}
    text: {column: words}
"""
ROWS = """no,at,changed,mail,phone,name,words,note
1,2026-01-05T10:00:00Z,2026-01-05T10:00:00Z,Kim.Roe@example.org,030 1234567,Kim Zebulon,my xylophone came broken,blue
2,2026-01-06T10:00:00Z,2026-01-06T10:00:00Z,lee@example.org,,Lee Park,same words,green
3,2026-02-07T10:00:00Z,2026-02-07T10:00:00Z,kim.roe@example.org,,Kim Zebulon,same words,red
4,2026-02-30T10:00:00Z,2026-02-07T10:00:00Z,kim.roe@example.org,,Kim Zebulon,quinces,red
5,2026-02-30T10:00:00Z,2026-02-07T10:00:00Z,,+49 (30) 12345-67,,from the same phone,
6,2026-02-30T10:00:00Z,2026-02-07T10:00:00Z,kimroe@example.org,,Lee Park,others,
7,2026-02-08T10:00:00Z,2026-02-08T10:00:00Z,kim.roe@example.org,,Kim Zebulon,told as hers,
7,2026-02-08T10:00:00Z,2026-02-09T10:00:00Z,lee@example.org,,Lee Park,corrected,
"""
WORDS = ("kim.roe", "1234567", "12345-67", "zebulon", "xylophone", "quinces", "told as hers")
"""What is told of Kim, and of nobody else."""


@pytest.fixture
def desk(written, monkeypatch):
    """The same, without publishing figures, which takes seconds and has tests of its own."""
    monkeypatch.setattr("firsthand.jobs.erase.publish", lambda home: 0)
    return written


@pytest.fixture
def written(home, tmp_path):
    """A home with the letters of Kim and Lee, of which three were rejected."""
    text = (home.folder / "firsthand.toml").read_text("utf-8").replace('country = ""', 'country = "DE"')
    (home.folder / "firsthand.toml").write_text(text.replace('as_of = ""', 'as_of = "2026-03-31"'), "utf-8")
    (tmp_path / "desk.csv").write_text(ROWS, "utf-8")
    (tmp_path / "desk.yaml").write_text(MAPPING, "utf-8")
    desk = open_home(home.folder)
    take(desk, tmp_path)
    return desk


def take(home, folder):
    tally = import_files(home, [folder / "desk.csv"], format_named("csv"), mapping_file=folder / "desk.yaml")
    assert tally.read == (
        tally.accepted + tally.duplicate + tally.corrected + tally.not_mapped + tally.rejected.total()
    )
    return tally


def forget(home, who="email=kim.roe@example.org", **told):
    return forget_person(home, who, **{"by": "Dana", "reason": "asked in writing"} | told)


def left_in(folder, words=WORDS):
    """Files of a folder that hold one of some words: names, bytes, and the values of Parquet."""
    found = []
    for file in (each for each in folder.rglob("*") if each.is_file()):
        told = file.read_bytes()
        if file.suffix == ".parquet":
            with duckdb.connect() as connection:
                told += repr(connection.execute(f"FROM read_parquet('{file}')").fetchall()).encode()
        found += [(file.name, word) for word in words if word.encode() in told.lower() or word in str(file).lower()]
    return found


def understood(home):
    """What voice commands write of the letters, without the models that they need."""
    texts = {row["text"]: row for row in rows(home.lake, Interactions).to_pylist()}
    with duckdb.connect() as connection:
        hashes = {text: connection.execute("SELECT md5(?)", [text]).fetchone()[0] for text in texts}
    one = np.ones(4, np.float16).tobytes()
    empty = dict.fromkeys(Readings.columns)
    delta.add(home.lake, Readings, [
        empty | {"text_hash": hashes[text], "reader": "r", "understood": True, "masked_text": text, "vectors": one} for text in texts
    ])  # fmt: skip
    delta.add(home.lake, TopicsFound, [{"text_hash": hashes[text], "model": "t1", "topics": []} for text in texts])
    delta.add(home.lake, ThemesFound, [{"text_hash": hashes[text], "theme_id": "t1", "similarity": 1.0, "letter": 1} for text in texts])  # fmt: skip
    now = datetime.now(UTC)
    delta.add(home.lake, Themes, [{"theme_id": "t1", "words": ["xylophone", "words"], "encoder": "e", "centre": one, "texts": 4, "found_at": now}])  # fmt: skip
    model = dict.fromkeys(VoiceModels.columns) | {"model_id": "m1", "taken": True, "why": "first", "model": b"xylophone vectors", "trained_at": now}  # fmt: skip
    delta.add(home.lake, VoiceModels, [model])
    label = {"about": "sentiment", "value": "negative", "right": True, "by": "Zoe", "labelled_at": now}
    delta.add(home.lake, Labels, [label | {"interaction_id": texts[text]["interaction_id"], "why": "xylophone"} for text in ("my xylophone came broken",)])  # fmt: skip


def test_nothing_of_a_forgotten_person_is_left_in_the_home(written):
    understood(written)
    consent(written, "email=kim.roe@example.org", purpose="newsletter", given=True, by="Zebulon's form")
    apart(written, "email=kim.roe@example.org", "email=lee@example.org", by="Zoe", reason="Kim Zebulon is not Lee")
    run(written, "show", "person", "email=kim.roe@example.org")
    assert {word for _, word in left_in(written.folder)} == {*WORDS}
    done = run(written, "person", "forget", "Kim.Roe@example.org", "--by", "Dana", "--why", "asked", "--yes", "--json")
    told = json.loads(done.stdout)
    assert told["rows"] == {
        "consents": 1, "customer_ids": 2, "interactions": 3, "labels": 1, "readings": 2, "rejected": 2, "themes": 1, "themes_found": 2,
        "topics_found": 2, "voice_models": 1, "who_is_who": 1,
    }  # fmt: skip
    assert left_in(written.folder), "older files stay for readers until vacuum"
    vacuum(written, now=True)
    assert left_in(written.folder) == []
    with pytest.raises(UserError, match="no customer id"):
        person(written, told["customer_id"])


def test_the_log_never_names_whom_it_was_about(desk):
    forget(desk)
    logs = [each for each in (desk.folder / "lake").rglob("*") if each.is_file() and "_delta_log" in str(each)]
    assert len(logs) > 10
    assert left_in(desk.folder / "lake" / "interactions" / "_delta_log", (*WORDS, "desk:1", "desk")) == []
    assert [log for log in logs for word in WORDS if word.encode() in log.read_bytes().lower()] == []


def test_other_people_stay_as_they_were(desk):
    understood(desk)
    before = person(desk, "email=lee@example.org")
    forget(desk)
    assert person(desk, "email=lee@example.org") == before
    assert [row["masked_text"] for row in rows(desk.lake, Readings).to_pylist()] == ["same words", "corrected"]
    assert [row["raw"] for row in open_rejections(desk)[1] if "kimroe" not in row["raw"]] == []
    (theme,) = rows(desk.lake, Themes).to_pylist()
    assert theme["words"] == ["words"], "a word that nobody else used is gone"
    (model,) = rows(desk.lake, VoiceModels).to_pylist()
    assert (model["taken"], model["model"], model["why"][:14]) == (False, None, "first (dropped")


def test_the_same_file_does_not_bring_a_person_back(desk, tmp_path):
    forget(desk)
    left = rows(desk.lake, Interactions).num_rows, rows(desk.lake, Rejected).num_rows
    tally = take(desk, tmp_path)
    assert (tally.accepted, tally.corrected, tally.duplicate) == (0, 0, 2)
    assert tally.rejected == {"forgotten": 5, "not_a_date": 1}
    assert (rows(desk.lake, Interactions).num_rows, rows(desk.lake, Rejected).num_rows) == left
    assert retry_rejections(desk, mapping_file=tmp_path / "desk.yaml").accepted == 0
    vacuum(desk, now=True)
    assert left_in(desk.folder) == []


def test_who_comes_again_is_somebody_new(desk, tmp_path):
    was, _ = customer(desk, "email=kim.roe@example.org")
    forget(desk)
    (tmp_path / "desk.csv").write_text(ROWS.splitlines()[0] + "\n9,2026-03-05T10:00:00Z,2026-03-05T10:00:00Z,kim.roe@example.org,,K,hello,\n")  # fmt: skip
    assert take(desk, tmp_path).accepted == 1
    now, keys = customer(desk, "email=kim.roe@example.org")
    assert keys == ["email=kim.roe@example.org"]
    assert now != was
    assert was not in rows(desk.lake, CustomerIds).column("customer_id").to_pylist()


@pytest.mark.parametrize("after", [0.1, 0.6, 1.2])
def test_forgetting_that_is_killed_is_completed_when_it_is_done_again(desk, after):
    understood(desk)
    words = ["person", "forget", "email=kim.roe@example.org", "--by", "Dana", "--why", "asked", "--yes", "--home", str(desk.folder)]  # fmt: skip
    program = f"""
import threading, os, signal, time
import firsthand.jobs.erase as erase
from firsthand.cli import main
erase.publish = lambda home: 0
def written(home, plan, write=erase._write):
    threading.Thread(target=lambda: (time.sleep({after}), os.kill(os.getpid(), signal.SIGKILL)), daemon=True).start()
    return write(home, plan)
erase._write = written
main()
"""
    killed = subprocess.run([sys.executable, "-c", program, *words], capture_output=True)
    if killed.returncode == -signal.SIGKILL:
        assert unfinished(desk)
        assert person(desk, "email=lee@example.org")["interactions"] == 2, "readers are not disturbed"
        assert forget(desk)["rows"]["readings"] == 2
    assert not unfinished(desk)
    assert rows(desk.lake, Erasures).num_rows == 1
    vacuum(desk, now=True)
    assert left_in(desk.folder) == []


def test_a_reader_that_runs_meanwhile_is_not_broken(desk):
    program = "from firsthand.cli import main\nmain()"
    words = ["person", "forget", "email=kim.roe@example.org", "--by", "D", "--why", "asked", "--yes", "--home", str(desk.folder)]  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", program, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    seen = set()
    while process.poll() is None:
        seen.add(person(desk, "email=lee@example.org")["interactions"])
        time.sleep(0.05)
    assert process.returncode == 0, process.communicate()[1]
    assert seen == {2}


def test_an_erasure_is_written_down_without_the_person(desk):
    told = forget(desk)
    (row,) = rows(desk.lake, Erasures).to_pylist()
    assert (row["by"], row["why"], row["kind"]) == ("Dana", "asked in writing", "person")
    assert dict(row["rows"]) == told["rows"]
    assert told["customer_id"] not in repr(row)
    assert row["customer_hash"] in rows(desk.lake, Forgotten).column("hash").to_pylist()
    assert stat.S_IMODE(os.stat(desk.folder / "secret.key").st_mode) == 0o600


def test_who_is_forgotten_must_not_stand_in_the_reason(desk):
    with pytest.raises(UserError, match="The reason names the person"):
        forget(desk, reason="KIM.ROE@example.org wrote to us")
    with pytest.raises(UserError, match="--by NAME --why TEXT"):
        forget(desk, reason=" ")
    with pytest.raises(UserError, match="Nothing in this home"):
        forget(desk, "email=nobody@example.org")
    assert rows(desk.lake, Erasures).num_rows == 0


def test_somebody_of_whom_only_a_rejected_record_tells_can_be_forgotten(desk):
    assert forget(desk, "email=kimroe@example.org")["rows"] == {"rejected": 1}
    assert customer(desk, "email=kim.roe@example.org")


def test_without_its_secret_a_home_that_has_forgotten_takes_nothing_in(desk, tmp_path):
    forget(desk)
    (desk.folder / "secret.key").unlink()
    with pytest.raises(HomeError, match="Bring it back from a backup"):
        take(desk, tmp_path)


def test_forgetting_asks_unless_told_not_to(desk):
    done = run(desk, "person", "forget", "email=kim.roe@example.org", "--by", "Dana", "--why", "asked")
    assert done.exit_code == 1
    assert "say --yes" in str(done.exception)
    assert customer(desk, "email=kim.roe@example.org")


def test_a_person_gets_all_that_is_held_of_them(desk, tmp_path):
    understood(desk)
    consent(desk, "email=kim.roe@example.org", purpose="newsletter", given=True, by="a form")
    apart(desk, "email=kim.roe@example.org", "email=lee@example.org", by="Zoe", reason="two people")
    out = tmp_path / "kim.json"
    done = run(desk, "person", "export", "email=kim.roe@example.org", "--out", str(out))
    assert done.exit_code == 0, done.output
    found = json.loads(out.read_text("utf-8"))
    assert found["identifiers"] == ["email=kim.roe@example.org", "phone=+49301234567"]
    assert [row["text"] for row in found["interactions"]] == ["my xylophone came broken", "same words", "told as hers"]
    assert found["interactions"][0]["properties"] == {"note": "blue"}
    assert [json.loads(row["raw"])["no"] for row in found["rejected"]] == ["4", "5"]
    assert [row["masked_text"] for row in found["readings"]]
    assert {key: len(found[key]) for key in ("consents", "labels", "who_is_who", "customer_ids", "readings")} == {
        "consents": 1, "labels": 1, "who_is_who": 1, "customer_ids": 2, "readings": 3,
    }  # fmt: skip
    assert "lee@example.org" not in out.read_text("utf-8"), "others' identifiers are theirs"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    again = run(desk, "person", "export", "email=kim.roe@example.org", "--out", str(out))
    assert "is there already" in str(again.exception)
    assert export_person(desk, found["customer_id"])["interactions"]


def test_the_figures_of_closed_months_stay_when_a_person_goes(own_shop):
    shop = own_shop
    settings = (shop.folder / "firsthand.toml").read_text("utf-8").replace('as_of = ""', 'as_of = "2026-03-31"')
    (shop.folder / "firsthand.toml").write_text(settings, "utf-8")
    shop = open_home(shop.folder)

    def months(*what):
        return shown(shop, "show", *what, "--by", "month")[KEY[what[0]]]

    measures, promises = months("measures"), months("promises")
    assert not any(row["published"] for row in [*measures, *promises])
    forget_person(shop, "email=ben@example.com", by="Dana", reason="asked")
    after, then = months("measures"), months("promises")
    closed = [row | {"published": True} for row in measures if row["by"]["month"] < "2026-03"]
    assert closed
    assert [row for row in after if row["by"]["month"] < "2026-03"] == closed
    assert [row for row in then if row["by"]["month"] < "2026-03"] == [
        row | {"published": True} for row in promises if row["by"]["month"] < "2026-03"
    ]
    live = shown(shop, "show", "promises")
    assert live["made"] == 3, "what is not by period is of those who are left"
    forget_person(shop, "email=ada@example.com", by="Dana", reason="asked")
    assert months("promises")[0]["made"] == 2


KEY = {"measures": "figures", "promises": "groups"}


def test_a_published_figure_gives_way_where_more_is_known_by_now(own_shop, tmp_path):
    shop = own_shop
    forget_person(shop, "email=ben@example.com", by="Dana", reason="asked")
    late = "order,placed,mail,total,promised,delivered,region\n" + "".join(
        f"{n},2026-01-06T10:00,new{n}@example.com,20.00,2026-01-09,2026-01-09T09:00,south\n" for n in range(7, 9)
    )
    (tmp_path / "late.csv").write_text(late, "utf-8")
    (tmp_path / "orders.yaml").write_text(OF_THE_SHOP, "utf-8")
    import_files(shop, [tmp_path / "late.csv"], format_named("csv"), mapping_file=tmp_path / "orders.yaml")
    (january,) = [
        row for row in shown(shop, "show", "promises", "--by", "month")["groups"] if row["by"]["month"] == "2026-01"
    ]
    assert (january["published"], january["made"], january["kept"]) == (False, 3, 3)


def test_what_is_older_than_it_may_be_is_let_go(desk, tmp_path):
    file = desk.folder / "firsthand.toml"
    file.write_text(file.read_text("utf-8").replace("keep_text_days = 0", "keep_text_days = 52"), "utf-8")
    understood(desk)
    told = retain(open_home(desk.folder))
    assert told["rows"]["interactions"] == 3
    words = [row["text"] for row in rows(desk.lake, Interactions).to_pylist()]
    assert sorted(filter(None, words)) == ["corrected", "told as hers"]
    assert retain(open_home(desk.folder))["rows"] == {}, "once is enough"
    assert take(open_home(desk.folder), tmp_path).duplicate == 5, "the words do not come back"
    file.write_text(
        file.read_text("utf-8").replace("keep_interactions_days = 0", "keep_interactions_days = 60"), "utf-8"
    )
    home = open_home(desk.folder)
    assert retain(home)["rows"]["interactions"] == 2
    assert customer(home, "email=kim.roe@example.org")
    assert rows(home.lake, Timeline).num_rows == 2
    assert take(home, tmp_path).rejected["forgotten"] == 2
    file.write_text(file.read_text("utf-8").replace("keep_rejected_days = 0", "keep_rejected_days = 1"), "utf-8")
    assert retain(open_home(desk.folder), as_of="2099-01-01")["rows"]["rejected"] == 3


def test_customers_of_whom_nothing_is_left_are_forgotten_by_retention(desk):
    file = desk.folder / "firsthand.toml"
    file.write_text(
        file.read_text("utf-8").replace("keep_interactions_days = 0", "keep_interactions_days = 1"), "utf-8"
    )
    told = retain(open_home(desk.folder))
    assert told["rows"] == {"customer_ids": 3, "interactions": 5}
    assert rows(desk.lake, CustomerIds).num_rows == 0


def test_a_joined_customer_goes_as_a_whole(desk):
    join(desk, "email=kim.roe@example.org", "email=lee@example.org", by="Zoe", reason="one person")
    assert forget(desk)["rows"]["interactions"] == 5
    assert rows(desk.lake, WhoIsWho).num_rows == 0
    assert rows(desk.lake, Interactions).num_rows == 0
