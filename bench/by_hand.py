"""The same work as a plain script: DuckDB and the standard library, no record, no rejections, no intervals."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import duckdb
import pyarrow as pa

QUESTIONS = {
    "summary": "SELECT count(*), count(DISTINCT customer_id), min(occurred_at), max(occurred_at) FROM timeline",
    "promises": """
        WITH made AS (SELECT promise_id, min_by(promised_for, occurred_at) AS due FROM timeline WHERE promise_state IN ('made', 'moved') GROUP BY 1),
             done AS (SELECT promise_id, min_by(promise_state, occurred_at) AS state, min(occurred_at) AS at_ FROM timeline
                      WHERE promise_state NOT IN ('made', 'moved') GROUP BY 1)
        SELECT CASE WHEN state = 'kept' AND at_ <= due THEN 'kept' WHEN state = 'kept' THEN 'late' ELSE coalesce(state, 'open') END, count(*)
        FROM made LEFT JOIN done USING (promise_id) GROUP BY 1""",
    "waits": "SELECT touchpoint, median(wait_seconds), quantile_cont(wait_seconds, 0.9) FROM timeline WHERE wait_seconds IS NOT NULL GROUP BY 1",
    "outcomes": """
        WITH bought AS (SELECT customer_id, occurred_at, lead(occurred_at) OVER w AS next, row_number() OVER w AS nth FROM timeline
                        WHERE kind = 'purchase' AND customer_id IS NOT NULL WINDOW w AS (PARTITION BY customer_id ORDER BY occurred_at))
        SELECT avg((next <= occurred_at + INTERVAL 90 DAY)::INT) FROM bought WHERE nth = 1""",
}


def import_csv(source: str, target: str) -> None:
    duckdb.execute(f"""
        COPY (SELECT "order" AS id, timezone('Europe/Berlin', strptime(placed, '%Y-%m-%d %H:%M:%S')) AS occurred_at, mail, kd_nr,
              CASE how WHEN 'tel' THEN 'phone' WHEN 'mail' THEN 'email' ELSE how END AS channel, total::DECIMAL(18, 4) AS amount,
              json_object('article', article, 'note', note, 'quantity', quantity, 'country', country) AS properties,
              md5(concat_ws('|', "order", placed, mail, kd_nr, how, total)) AS content_hash
              FROM read_csv('{source}', all_varchar = true)) TO '{target}' (COMPRESSION zstd)""")


def import_xes(source: str, target: str) -> None:
    rows = []
    for _, element in ElementTree.iterparse(source):
        if element.tag.endswith("}event"):
            rows.append({child.get("key"): child.get("value") for child in element})
            element.clear()
    duckdb.from_arrow(pa.Table.from_pylist(rows)).write_parquet(target)


def show(name: str, timeline: str) -> None:
    listed = [str(file) for file in Path(timeline).glob("*.parquet")]
    duckdb.execute(f"CREATE VIEW timeline AS SELECT * FROM read_parquet({listed})")
    print(duckdb.execute(QUESTIONS[name]).fetchall()[:3])


if __name__ == "__main__":
    what, *paths = sys.argv[1:]
    if what in QUESTIONS:
        show(what, paths[0])
    else:
        {"import_csv": import_csv, "import_xes": import_xes}[what](paths[0], paths[1])
