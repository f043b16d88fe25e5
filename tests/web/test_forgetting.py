"""Whoever is forgotten on the website is nowhere left: not in uploads, the database and its pages, nor the kept answers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from test_data import answers, newest, sent, worked

from firsthand.jobs.home import Home
from firsthand.jobs.maintain import vacuum
from firsthand.jobs.who_is_who import customer
from test_forget import left_in

LETTERS = """number,at,mail,phone,code,words
N1,2026-02-01 10:00,kim.roe@example.com,+4915155512345,K77001,my xylophone came broken
N2,2026-02-02 10:00,dora@example.com,,K77002,all was well
N3,2026-02-30 10:00,kim.roe@example.com,,K77001,quinces
"""
WORDS = ("kim.roe", "15155512345", "k77001", "xylophone", "quinces")
"""What is told of Kim, and of nobody else."""


@pytest.fixture
def own_database(own_home: Home) -> Iterator[Home]:
    """A home with a database of its own, in which what is written is written."""
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("a server's database is no file of the home; PostgreSQL's autovacuum frees what was deleted")
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(own_home.folder / "firsthand.db")
    yield own_home
    connection.close()
    connection.settings_dict["NAME"] = before


@pytest.fixture
def administrator(own_database: Home) -> Any:
    from django.conf import settings
    from django.test import Client

    from firsthand.web.accounts.models import User

    client = Client(raise_request_exception=False)
    client.person = User.objects.create_user("dana@example.org", "a long password", role="administrator")
    client.force_login(client.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def imported(client: Any, data: str = LETTERS, *, lost: bool = False) -> Any:
    """An import of a file by the website; lost: its file is gone before the background work comes to it."""
    from firsthand.web.data.files import remove_upload

    there = sent(client, data, "letters.csv").headers["Location"]
    assert client.post(there, answers(client, newest().pk, source="letters", event="Wrote")).status_code == 302
    assert client.get(f"/data/imports/{newest().pk}/preview/").status_code == 200
    assert client.post(f"/data/imports/{newest().pk}/begin/").status_code == 302
    if lost:
        remove_upload(newest().folder)
    return worked(newest().pk)


def test_nothing_of_who_was_forgotten_on_the_website_is_left_in_the_home(
    own_database: Home, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection
    from django_tasks_db.models import DBTaskResult

    from firsthand.web.work.tasks import tidy_database
    from firsthand.web.work.worker import run

    monkeypatch.setattr("firsthand.web.work.ahead.PAGES", ())  # answers ahead: one is enough
    home = own_database
    assert imported(administrator).state == "done"
    assert imported(administrator, LETTERS.replace("N1", "N4"), lost=True).state == "failed"
    sent(administrator, LETTERS.replace("N1", "N5"), "letters.csv")
    kim = customer(home, "email=kim.roe@example.com")[0]
    pages = (f"/customers/{kim}/", f"/customers/{kim}/why/", "/customers/", "/data/", "/data/rejected/", "/signals/")
    assert [administrator.get(page).status_code for page in pages] == [200] * len(pages)
    assert administrator.get("/figures/customers.csv").status_code == 200
    run(once=True)
    assert DBTaskResult.objects.exists()
    assert (home.folder / "kept").is_dir()
    words = (*WORDS, kim)
    assert {word for name, word in left_in(home.folder, words) if name.startswith("firsthand.db")} >= {"kim.roe", kim}
    told = {"reason": "asked", "customer_id": kim}
    assert administrator.post(f"/customers/{kim}/forget/", told).status_code == 302
    run(once=True)
    tidy_database.call()
    vacuum(home, now=True)
    assert connection.connection is not None, "the database is open: its log of writes is still there"
    assert left_in(home.folder, words) == []
    assert [it.state for it in imports()] == ["done"]


def imports() -> list[Any]:
    from firsthand.web.data.models import Import

    return [*Import.objects.all()]


def test_uploads_of_before_somebody_was_forgotten_go_whoever_did_it(own_home: Home, client_as: Any) -> None:
    from firsthand.jobs.forget import forget_person
    from firsthand.web.work.tasks import tidy_database

    analyst = client_as("analyst")
    sent(analyst, LETTERS)
    tidy_database.call()
    assert len(imports()) == 1
    forget_person(own_home, "email=ada@example.com", by="Dana", reason="asked")
    tidy_database.call()
    assert (imports(), [*(own_home.folder / "uploads").iterdir()]) == ([], [])
    sent(analyst, LETTERS)
    tidy_database.call()
    assert len(imports()) == 1, "what comes later stays"


@pytest.mark.parametrize(("state", "heard_before", "gone"), [
    ("chosen", 0, True), ("failed", 0, True), ("running", 2, True), ("running", 0, False), ("waiting", 0, False),
])  # fmt: skip
def test_an_upload_that_nobody_imported_goes_after_a_week_with_all_that_was_guessed_of_it(
    state: str, heard_before: int, gone: bool, own_home: Home, client_as: Any
) -> None:
    from django.utils import timezone

    from firsthand.web.data.imports import forget_old_uploads
    from firsthand.web.data.models import Import

    sent(client_as("analyst"), LETTERS)
    now = timezone.now()
    Import.objects.update(state=state, at=now - timedelta(days=8), heard=now - timedelta(hours=heard_before))
    forget_old_uploads()
    assert (not imports(), not [*(own_home.folder / "uploads").iterdir()]) == (gone, gone)


def test_what_stopped_processes_left_among_the_uploads_goes_after_a_day(own_home: Home, client_as: Any) -> None:
    from firsthand.web.data.imports import forget_old_uploads

    sent(client_as("analyst"), LETTERS)
    uploads = own_home.folder / "uploads"
    (known,) = uploads.iterdir()
    left = [uploads / "mapping-abc.yaml", uploads / "0123456789abcdef"]
    left[0].write_text("source: a", "utf-8")
    left[1].mkdir()
    (left[1] / "visits.csv").write_text(LETTERS, "utf-8")
    forget_old_uploads()
    assert all(path.exists() for path in left), "they may be in use"
    _aged(known, *left)
    forget_old_uploads()
    assert [*uploads.iterdir()] == [known]


def _aged(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (time.time() - 2 * 24 * 3600,) * 2)
