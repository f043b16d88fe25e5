"""What tests share: the folder of real data, and homes to work in."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import ibis
import pytest
from filelock import FileLock

from firsthand.jobs.home import Home, create_home, open_home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.refresh import refresh
from firsthand.sources import format_named
from homes import copied
from shop import MAP, MAPPING, ORDERS
from spec import spec as hold

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LONG = [
    "test_engines.py",
    "test_demo.py",
    "test_demo_ways.py",
    "test_pages.py",
    "test_voice_commands.py",
    "test_weak_matching.py",
    "test_grow.py",
    "test_report.py",
]
"""Files that take long, longest first: whoever is done early has then something left to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.fixture(autouse=True, scope="session")
def seldom_collected() -> None:
    """What is there stays, and expressions are no garbage for long: the command line has it so too."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True, scope="session")
def utc() -> None:
    """Expressions on tables in memory run in UTC, as those on a lake do."""
    ibis.get_backend().con.execute("SET TimeZone = 'UTC'")


@pytest.fixture
def real_data() -> Path:
    """The folder of public data sets; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared/data with public data sets is not here")
    return SHARED


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An empty home in Berlin's time zone, to copy."""
    return create_home(tmp_path_factory.mktemp("empty") / "home", timezone="Europe/Berlin")


@pytest.fixture
def home(empty_home: Home, tmp_path: Path) -> Home:
    """An empty home in Berlin's time zone."""
    return copied(empty_home, tmp_path / "home")


@pytest.fixture
def spec() -> Callable[..., None]:
    """Tiny text tables in, tiny text tables out; see spec.py."""
    return hold


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Four orders of three people, to look at only: one home for all tests, whose answers are kept from one to the next."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "orders.csv").write_text(ORDERS, "utf-8")
    (folder / "orders.yaml").write_text(MAPPING, "utf-8")
    home = create_home(folder / "home", timezone="Europe/Berlin")
    home.map_file.write_text(MAP, "utf-8")
    import_files(home, [folder / "orders.csv"], format_named("csv"), mapping_file=folder / "orders.yaml")
    refresh(home)
    return home


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sample company with 6,000 customers, to look at only: made once, whichever worker needs it first."""
    from firsthand.demo import build

    here = tmp_path_factory.getbasetemp()
    together = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
    with FileLock(together / "company.lock"):
        if not (together / "company").exists():
            build(together / "unfinished", customers=6000, seed=5, say=lambda _: None)
            (together / "unfinished").rename(together / "company")
    return open_home(together / "company")


@pytest.fixture
def own_shop(shop: Home, tmp_path: Path) -> Home:
    """The same in a home of one's own, to change; no answer is kept in it."""
    return copied(shop, tmp_path / "home")
