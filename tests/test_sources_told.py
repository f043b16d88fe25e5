"""Sources: how much each told, whom it leads to, and whether it has gone silent."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.rejections import count_rejections, open_rejections
from firsthand.jobs.source_figures import source_figures
from firsthand.jobs.world import world
from firsthand.sources import format_named

MAPPING = "source: diary\ninteractions:\n- {occurred_at: {column: at}, event: {constant: Visited}, channel: {constant: web}, identifiers: {email: {column: mail}}}\n"


@pytest.fixture
def diary(home: Home, tmp_path: Path) -> Home:
    """An interaction each day of January 2026, every fifth of nobody known; and two that have no time."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]
    rows = [f"{day}T10:00,{f'a{n % 2}@example.org' if n % 5 else ''}\n" for n, day in enumerate(days)]
    (tmp_path / "d.csv").write_text("at,mail\n" + "".join(rows) + ",b@example.org\n,c@example.org\n", "utf-8")
    (tmp_path / "d.yaml").write_text(MAPPING, "utf-8")
    import_files(home, [tmp_path / "d.csv"], format_named("csv"), mapping_file=tmp_path / "d.yaml")
    return home


def test_a_source_is_counted(diary: Home) -> None:
    with world(diary, "2026-02-01") as seen:
        (row,) = source_figures(seen)["sources"]
    told = {
        key: row[key]
        for key in ("source", "interactions", "customers", "without_customer", "not_recognised", "channels")
    }
    assert told == {
        "source": "diary", "interactions": 31, "customers": 2, "without_customer": 7, "not_recognised": 31, "channels": ["web"],
    }  # fmt: skip
    assert (row["first"][:10], row["last"][:10]) == ("2026-01-01", "2026-01-31")


@pytest.mark.parametrize(
    ("as_of", "silent", "stale"), [("2026-02-01", 1, False), ("2026-02-03", 3, False), ("2026-02-04", 4, True)]
)
def test_a_source_is_stale_when_it_is_silent_for_longer_than_its_pauses_explain(
    as_of: str, silent: int, stale: bool, diary: Home
) -> None:
    with world(diary, as_of) as seen:
        (row,) = source_figures(seen)["sources"]
    assert (row["silent_days"], row["usual_pause_days"], row["stale"]) == (silent, 1.0, stale)


def test_what_was_put_aside_is_counted_and_paged(diary: Home) -> None:
    assert count_rejections(diary) == [
        {"source": "diary", "format": "csv", "reason": "missing_time", "records": 2, "retriable": 2}
    ]
    pages = [open_rejections(diary, limit=1, offset=offset) for offset in (0, 1, 2)]
    assert [total for total, _ in pages] == [2, 2, 2]
    assert [[row["line"] for row in rows] for _, rows in pages] == [[33], [34], []]
