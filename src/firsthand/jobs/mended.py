"""A mended file, imported again: what was put aside of it before, and is not met in it any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from firsthand.jobs.home import Home
from firsthand.lake import connect, delta, files
from firsthand.lake.read import read
from firsthand.sources.sql import literal
from firsthand.tables import Rejected, Retried


def listed_of(home: Home, file: str, source: str) -> set[str]:
    """Ids of the rejections of a file, by its name and its source, that are on the list."""

    def question() -> set[str]:
        rejected = files(home.lake, Rejected.table_name)
        if not rejected:
            return set()
        settled = files(home.lake, Retried.table_name)
        done = f"AND rejection_id NOT IN (SELECT rejection_id FROM read_parquet({settled}))" if settled else ""
        with connect(home.lake) as connection:
            of_file = f"file = {literal(file)} AND source = {literal(source)} {done}"
            found = connection.execute(f"SELECT rejection_id FROM read_parquet({rejected}) WHERE {of_file}")
            return {rejection_id for (rejection_id,) in found.fetchall()}

    return read(home.lake, question)


def settle(home: Home, rejection_ids: Iterable[str]) -> None:
    """Takes rejections off the list. They stay in the record."""
    ids = sorted(set(rejection_ids))
    if ids:
        now = datetime.now(UTC)
        delta.add(home.lake, Retried, [{"rejection_id": each, "retried_at": now} for each in ids])
