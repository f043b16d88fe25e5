"""What tests share: the folder of real data, and homes to work in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ibis
import pytest

from firsthand.jobs.home import Home, create_home
from firsthand.jobs.import_files import import_files
from firsthand.sources import format_named
from shop import MAP, MAPPING, ORDERS
from spec import spec as hold

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


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


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home in Berlin's time zone."""
    return create_home(tmp_path / "home", timezone="Europe/Berlin")


@pytest.fixture
def spec() -> Callable[..., None]:
    """Tiny text tables in, tiny text tables out; see spec.py."""
    return hold


@pytest.fixture
def shop(home: Home, tmp_path: Path) -> Home:
    """Four orders of three people."""
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    (tmp_path / "orders.yaml").write_text(MAPPING, "utf-8")
    home.map_file.write_text(MAP, "utf-8")
    import_files(home, [tmp_path / "orders.csv"], format_named("csv"), mapping_file=tmp_path / "orders.yaml")
    return home
