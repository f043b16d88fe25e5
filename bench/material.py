"""What the benchmark works on: a table of orders, an event log, and a home five times the sample company."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import duckdb

from firsthand.jobs.home import open_home
from firsthand.lake import connect, delta, files
from firsthand.tables import Interactions

MAPPING = """\
source: shop
interactions:
  - id: {column: order}
    occurred_at: {column: placed, format: "%Y-%m-%d %H:%M:%S", timezone: Europe/Berlin}
    identifiers: {email: {column: mail}, customer_number: {column: kd_nr}}
    event: {constant: Order Completed}
    channel: {column: how, values: {tel: phone, mail: email}}
    subjects: {order: {column: order}}
    amount: {column: total}
"""


def orders_csv(folder: Path, count: int) -> tuple[Path, Path]:
    """A CSV of orders with ten columns, and the mapping for it."""
    table, mapping = folder / "orders.csv", folder / "orders.yaml"
    mapping.write_text(MAPPING, "utf-8")
    duckdb.execute(f"""
        COPY (SELECT 'A' || i AS "order", strftime(TIMESTAMP '2024-01-01' + to_seconds(i * 31), '%Y-%m-%d %H:%M:%S') AS placed,
              'person' || (i % 200000) || '@example.com' AS mail, 'K' || (i % 200000) AS kd_nr, ['tel', 'mail', 'web'][1 + i % 3] AS how,
              round((i * 7919 % 30000) / 100, 2) AS total, 'article ' || (i % 900) AS article, 'note, with a comma' AS note,
              i % 7 AS quantity, 'DE' AS country FROM range({count}) t(i)) TO '{table}' (HEADER)""")
    return table, mapping


def event_log(folder: Path, events: int) -> Path:
    """An XES log with six attributes an event, eight events a case."""
    path = folder / "log.xes"
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xmlns="http://www.xes-standard.org/">\n')
        for case in range(events // 8):
            file.write(f'<trace><string key="concept:name" value="case {case}"/>\n')
            for step in range(8):
                attributes = {
                    "concept:name": f"step {step}", "org:resource": f"person {case % 40}", "org:group": f"team {case % 5}",
                    "lifecycle:transition": "complete", "product": f"article {case % 90}",
                }  # fmt: skip
                said = "".join(
                    f"<string key={quoteattr(key)} value={quoteattr(value)}/>" for key, value in attributes.items()
                )
                time = f"2025-{1 + case % 12:02d}-{1 + case % 28:02d}T{8 + step:02d}:00:00+01:00"
                file.write(f'<event>{said}<date key="time:timestamp" value="{time}"/></event>\n')
            file.write("</trace>\n")
        file.write("</log>\n")
    return path


def large_home(folder: Path, sample: Path, copies: int) -> tuple[Path, int]:
    """A home with the sample company several times over, each copy with people of its own."""
    home = folder / "large"
    (home / "lake").mkdir(parents=True)
    for name in ("firsthand.toml", "map.yaml"):
        (home / name).write_bytes((sample / name).read_bytes())
    opened = open_home(home)
    delta.create(opened.lake)
    count = 0
    with connect() as connection:
        parts = files(open_home(sample).lake, Interactions.table_name)
        for copy in range(copies):
            for part in parts:
                rows = connection.execute(f"""
                    SELECT * REPLACE (interaction_id || '/{copy}' AS interaction_id, promise_id || '/{copy}' AS promise_id,
                        list_transform(identifiers, lambda e: {{'kind': e.kind, 'value': e.value || '/{copy}'}}) AS identifiers)
                    FROM read_parquet('{part}')""").to_arrow_table()
                table = delta.open_table(opened.lake, Interactions.table_name)
                assert table is not None
                assert delta.append(opened.lake, Interactions, rows, seen=table.version())
                count += rows.num_rows
    return home, count
