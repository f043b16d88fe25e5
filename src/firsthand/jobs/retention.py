"""Retention: what was kept as long as the settings say is let go, in the way in which a person is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import duckdb

from firsthand.jobs.erase import Plan, erase, erasing
from firsthand.jobs.gone import home_opened, plan
from firsthand.jobs.home import Home
from firsthand.jobs.refresh import refresh

Row = dict[str, Any]
REASON = "kept as long as firsthand.toml says"


def retain(home: Home, *, by: str = "firsthand retain", as_of: str | None = None) -> Row:
    """Lets go of interactions, words and rejected records that are older than the settings `keep_…_days` allow; 0 keeps for ever.

    Interactions are as old as their newest version happened; customers of whom nothing is left are forgotten. Erasures that were
    stopped are finished first. Returns erasure_id (None where nothing had to go), rows (how many of which table) and finished
    (how many stopped erasures were).
    """
    moment = home.as_of(as_of)
    with erasing(home) as finished:
        done: Row = {"erasure_id": None, "rows": {}}
        settings = home.settings
        if settings.keep_interactions_days or settings.keep_text_days or settings.keep_rejected_days:
            refresh(home)
            made = _plan(home, moment, by)
            if made.erasure["rows"]:
                told = erase(home, made)
                done = {"erasure_id": told["erasure_id"], "rows": told["rows"]}
        return done | {"finished": len(finished), "as_of": moment.isoformat()}


def _plan(home: Home, moment: datetime, by: str) -> Plan:
    connection = home_opened(home)
    try:
        _tell_old(home, connection.con, moment)
        return plan(home, connection.con, who=[], kind="retention", by=by, why=REASON)
    finally:
        connection.disconnect()


def _tell_old(home: Home, con: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    """Makes the tables of `gone.plan` of what is too old."""
    settings = home.settings

    def before(column: str, days: int) -> str:
        edge = (moment - timedelta(days=days)).isoformat()
        return f"{column} < TIMESTAMPTZ '{edge}'" if days else "false"

    happened = "SELECT interaction_id FROM record GROUP BY 1 HAVING "
    con.execute(
        f"CREATE TEMP TABLE gone_ids AS {happened} {before('max(occurred_at)', settings.keep_interactions_days)}"
    )
    con.execute("CREATE TEMP TABLE gone_rows AS SELECT interaction_id, content_hash, text FROM record SEMI JOIN gone_ids USING (interaction_id)")  # fmt: skip
    con.execute(f"""
        CREATE TEMP TABLE wordless AS SELECT interaction_id, content_hash, text FROM record
        SEMI JOIN ({happened} {before("max(occurred_at)", settings.keep_text_days)}) AS old USING (interaction_id)
        ANTI JOIN gone_ids ON gone_ids.interaction_id = record.interaction_id WHERE text IS NOT NULL
    """)
    con.execute("""
        CREATE TEMP TABLE gone_keys AS SELECT key FROM people WHERE life IN (
            SELECT life FROM lives SEMI JOIN gone_ids USING (interaction_id)
            EXCEPT SELECT life FROM lives ANTI JOIN gone_ids USING (interaction_id))
    """)
    con.execute(f"CREATE TEMP TABLE gone_rejections AS SELECT rejection_id FROM rejected WHERE {before('rejected_at', settings.keep_rejected_days)}")  # fmt: skip
