"""A website over the small shop: one home and one database for all tests of a worker; what a test writes is undone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from firsthand.jobs.home import Home, open_home
from homes import copied, sharing_answers

pytest.importorskip("django", reason="the extra web is not installed")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture(scope="session")
def website(shop: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Django, set up for a copy of the shop: a process serves one home. DATABASE_URL names a server for its database.

    What one worker's pages have worked out, the others' are told: their homes are alike.
    """
    folder = tmp_path_factory.getbasetemp()
    kept = (folder if WORKER == "alone" else folder.parent) / "kept"
    made = sharing_answers(shop, shop.folder.parent / "website", kept)
    if url := os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _new_database(url)
    os.environ["FIRSTHAND_PATIENCE"] = "1000"
    from firsthand.web.config.start import migrate, set_up

    migrate(set_up(made.folder))
    from django.test.utils import setup_test_environment

    setup_test_environment()
    return made


def _new_database(url: str) -> str:
    """The address of a new, empty database beside the one named."""
    import psycopg

    name = f"firsthand_{WORKER}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


@pytest.fixture
def database(website: Home) -> Iterator[None]:
    """The website's database; what is written is undone."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def home(website: Home) -> Home:
    """The website's home, to look at only: its answers are kept from one test to the next."""
    return website


@pytest.fixture
def own_home(website: Home, tmp_path: Path) -> Iterator[Home]:
    """A home of one's own for the website, to change; no answer is kept in it."""
    from django.test import override_settings

    copied(website, tmp_path / "home")
    with override_settings(HOME=tmp_path / "home"):
        yield open_home(tmp_path / "home")


@pytest.fixture
def somebody(database: None) -> Callable[..., Any]:
    """Makes a user: `somebody("owner", teams=["logistics"])`."""
    from firsthand.web.accounts.models import User

    def make(role: str, **told: Any) -> Any:
        count = User.objects.count()
        return User.objects.create_user(f"{role}{count}@example.org", "a long password", role=role, **told)

    return make


@pytest.fixture
def client_as(somebody: Callable[..., Any]) -> Callable[..., Any]:
    """A test client logged in as somebody new with a role; its user is `client.person`."""
    from django.conf import settings
    from django.test import Client

    def make(role: str, **told: Any) -> Any:
        client = Client(raise_request_exception=False)
        client.person = somebody(role, **told)  # type: ignore[attr-defined]
        client.force_login(client.person, backend=settings.AUTHENTICATION_BACKENDS[0])  # type: ignore[attr-defined]
        return client

    return make
