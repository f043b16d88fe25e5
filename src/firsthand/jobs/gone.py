"""What goes with interactions and identifiers that are to be forgotten: every row of the home that holds something of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
from ibis.backends.duckdb import Backend

from firsthand.jobs.erase import Plan, hashes_of
from firsthand.jobs.home import Home
from firsthand.jobs.identify import numbered, record, told_again
from firsthand.jobs.people_told import tell_standing
from firsthand.jobs.refresh import backend
from firsthand.jobs.secret import keyed
from firsthand.jobs.timeline_files import layers, timeline_of
from firsthand.lake import files
from firsthand.lake.read import as_declared
from firsthand.people.verdicts import without_keys
from firsthand.sources.rows import RAW_LIMIT
from firsthand.tables import ALL, ComparedPeople, Interactions, WhoIsWho

Row = dict[str, Any]
WHERE = {
    "interactions": ("interaction_id, content_hash", "(interaction_id, content_hash) IN (SELECT (interaction_id, content_hash) FROM gone_rows)"),
    "rejected": ("rejection_id", "rejection_id IN (FROM gone_rejections)"),
    "retried": ("rejection_id", "rejection_id IN (FROM gone_rejections)"),
    "customer_ids": ("key, customer_id", "key IN (FROM gone_keys) OR customer_id IN (FROM gone_customers)"),
    "compared_people": ("customer_id", "customer_id IN (FROM gone_customers) OR customer_id IN (SELECT customer_id FROM lives SEMI JOIN gone_rows USING (interaction_id))"),
    "probable_people": ("key, other", "key IN (FROM gone_keys) OR other IN (FROM gone_keys)"),
    "labels": ("interaction_id", "interaction_id IN (FROM gone_ids)"),
    "readings": ("text_hash", "text_hash IN (FROM gone_texts)"),
    "topics_found": ("text_hash", "text_hash IN (FROM gone_texts)"),
    "themes_found": ("text_hash", "text_hash IN (FROM gone_texts)"),
}  # fmt: skip
"""By table, what names a row, and which go. (Timeline, people and sets of identifiers are made anew of what is left.)"""
OF_A_PERSON = {"consents": ("key", "key IN (FROM gone_keys)")}
MODEL_GONE = " (dropped: it held sentences of comments that are gone; `voice read` makes another)"


def home_opened(home: Home) -> Backend:
    """A connection with every table of the lake as a view, `record` with the `key` of whose each interaction is, and the timeline, `lives`."""
    connection = backend(home)
    told_again(home, connection.con)
    record(connection.con, numbered(connection.con, files(home.lake, Interactions.table_name)), home.settings.country)
    for table in ALL:
        connection.con.register(f"no_{table.table_name}", table.schema().empty_table())
        parts = files(home.lake, table.table_name)
        whole = f"read_parquet({parts})" if parts else f"no_{table.table_name}"
        connection.con.execute(f"CREATE VIEW {table.table_name} AS FROM {whole}")
    connection.create_view("lives", timeline_of(connection, *layers(home)))
    return connection


def plan(home: Home, con: duckdb.DuckDBPyConnection, *, who: list[str], **told: Any) -> Plan:
    """All that goes with the tables gone_rows (interaction_id, content_hash, text), gone_ids (interactions of which nothing
    stays), gone_keys, gone_rejections, and wordless (interaction_id, content_hash, text: they lose their words alone).

    who, told: as in erase.Plan and tables.Erasures (`kind`, `by`, `why`, `customer_hash`).
    """
    con.execute("""
        CREATE TEMP TABLE gone_customers AS
        SELECT DISTINCT customer_id FROM (FROM customer_ids UNION ALL BY NAME FROM people) SEMI JOIN gone_keys USING (key)
        EXCEPT SELECT customer_id FROM people ANTI JOIN gone_keys USING (key)
    """)
    con.execute("""
        CREATE TEMP TABLE gone_texts AS
        SELECT md5(text) AS text_hash FROM (FROM gone_rows UNION ALL FROM wordless) WHERE text IS NOT NULL
        EXCEPT SELECT md5(text) FROM record ANTI JOIN (FROM gone_rows UNION ALL FROM wordless) USING (interaction_id, content_hash)
    """)
    where = WHERE | _outdated(home, con) | (OF_A_PERSON if told["kind"] == "person" else {})
    gone = {table: con.execute(f"SELECT {names} FROM {table} WHERE {which}").to_arrow_table() for table, (names, which) in where.items()}  # fmt: skip
    void, fewer = without_keys(con.execute("FROM who_is_who").to_arrow_table().to_pylist(), _column(con, "gone_keys"))
    gone["who_is_who"] = pa.table({"decision_id": pa.array(void, pa.string())})
    changed = {
        "interactions": con.execute("SELECT interaction_id, content_hash, NULL::VARCHAR AS text FROM wordless").to_arrow_table(),
        "who_is_who": pa.Table.from_pylist(fewer, pa.schema([WhoIsWho.schema().field(name) for name in ("decision_id", "keys", "others")])),
        "themes": _themes(con),
        "voice_models": _models(con) if gone["readings"].num_rows else pa.table({}),
    }  # fmt: skip
    counts = {
        name: rows
        for name in sorted({*gone, *changed})
        if (rows := sum(part[name].num_rows for part in (gone, changed) if name in part))
    }
    erasure = {
        "erasure_id": f"e{uuid.uuid4().hex[:12]}", "erased_at": datetime.now(UTC), "customer_hash": None, **told, "rows": counts,
    }  # fmt: skip
    return Plan(erasure, who, _filled(gone), _filled(changed), _hashes(home, con))


def _outdated(home: Home, con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Of `compared_people` also those who are not known by what they were then: what was told of somebody else may stand with them."""
    if not as_declared(home.lake, ComparedPeople):
        return {}
    con.execute("CREATE TEMP TABLE customers_now AS SELECT key, customer_id AS person, life FROM people")
    tell_standing(home, con, "customers_now", numbered(con, files(home.lake, Interactions.table_name)))
    names, which = WHERE["compared_people"]
    return {
        "compared_people": (
            names,
            f"{which} OR (customer_id, told_hash) NOT IN (SELECT (person, told_hash) FROM standing)",
        )
    }


def _filled(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    return {name: table for name, table in tables.items() if table.num_rows}


def _column(con: duckdb.DuckDBPyConnection, question: str) -> set[str]:
    return {value for (value,) in con.execute(f"FROM {question}").fetchall()}


def _themes(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Themes without those of their words that nobody else used."""
    return con.execute("""
        WITH each AS (SELECT DISTINCT unnest(words) AS word FROM themes),
        used AS (SELECT word FROM each WHERE EXISTS (
            FROM readings SEMI JOIN gone_texts USING (text_hash) WHERE contains(lower(masked_text), lower(word)))),
        lost AS (SELECT word FROM used WHERE NOT EXISTS (
            FROM readings ANTI JOIN gone_texts USING (text_hash) WHERE contains(lower(masked_text), lower(word))))
        SELECT theme_id, found_at, list_filter(themes.words, lambda w: NOT list_contains(gone.words, w)) AS words
        FROM themes, (SELECT list(word) AS words FROM lost) AS gone WHERE list_has_any(themes.words, gone.words)
    """).to_arrow_table()  # fmt: skip


def _models(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Models of topics, which hold vectors of sentences, without these: not in use any more."""
    return con.execute(
        "SELECT model_id, false AS taken, why || $note AS why, NULL::BLOB AS model FROM voice_models WHERE model IS NOT NULL",
        {"note": MODEL_GONE},
    ).to_arrow_table()


def _hashes(home: Home, con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Of what must not come in again: whole interactions, older versions of such as stay, rejected records, customer ids."""
    hashed = keyed(home)
    versions = "SELECT interaction_id, content_hash FROM gone_rows WHERE interaction_id NOT IN (FROM gone_ids)"
    raws = "SELECT raw FROM rejected WHERE raw IS NOT NULL AND rejection_id IN (FROM gone_rejections)"
    return hashes_of({
        "interaction": [hashed("interaction", name) for name in _column(con, "gone_ids")],
        "version": [hashed("version", name, content) for name, content in con.execute(versions).fetchall()],
        "record": [hashed("record", raw[:RAW_LIMIT]) for (raw,) in con.execute(raws).fetchall()],
        "customer": [hashed("customer", name) for name in _column(con, "gone_customers")],
    })  # fmt: skip
