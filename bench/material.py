"""What the benchmark works on: a table of orders, an event log, homes of any size."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import duckdb
import pyarrow as pa

from firsthand.jobs.home import create_home, open_home
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


KINDS = ("visit", "cart", "purchase", "delivery", "contact")


def long_home(folder: Path, count: int, customers: int) -> Path:
    """A home of so many interactions: page views of 24 sorts, and now and then a cart, a purchase, a delivery, a call.

    A sixth of the customers come with another identifier at first, and are found by the one that they share later.
    """
    home = folder / f"long-{count}"
    create_home(home, name="Long", as_of="2026-06-30T00:00:00+00:00")
    points = [("bought", "purchase"), ("cart", "cart"), ("delivered", "delivery"), ("called", "contact")]
    points += [(f"page {n}", "visit") for n in range(24)]
    lines = [
        f"  - {{name: {name}, stage: all, kind: {kind}, channel: web, rules: [{{event: {name}}}]}}"
        for name, kind in points
    ]
    (home / "map.yaml").write_text("\n".join(["stages: [all]", "touchpoints:", *lines]) + "\n", "utf-8")
    add_to(home, count, customers, "first")
    return home


def add_to(home: Path, count: int, customers: int, tag: str) -> None:
    """Appends so many more interactions, at random, in portions of a million."""
    lake = open_home(home).lake
    for begin in range(0, count, 1_000_000):
        with connect() as connection:
            rows = connection.execute(f"""
                WITH n AS (SELECT i, hash(i, '{tag}') AS h, hash(i, '{tag}', 'what') AS w FROM range({begin}, {min(begin + 1_000_000, count)}) t(i)),
                m AS (SELECT i, h, w, (h % {customers})::BIGINT AS who, TIMESTAMPTZ '2024-07-01 00:00:00+00' + to_seconds((h // 7 % 62000000)::BIGINT) AS happened FROM n)
                SELECT '{tag}' || i AS interaction_id, md5(i::VARCHAR) AS content_hash, happened AS version, happened AS occurred_at, happened AS received_at, i AS position,
                    'shop' AS source, CASE WHEN w % 40 > 4 THEN 'page ' || (w // 40 % 24) ELSE ['bought', 'cart', 'delivered', 'called', 'cart'][(w % 40 + 1)::INT] END AS event,
                    [{{'kind': CASE WHEN who % 6 = 0 AND h % 3 = 0 THEN 'email' ELSE 'customer_number' END, 'value': CASE WHEN who % 6 = 0 AND h % 3 = 0 THEN who || '@example.org' ELSE 'K' || who END}}]
                        || CASE WHEN who % 6 = 0 AND h % 5 = 0 THEN [{{'kind': 'email', 'value': who || '@example.org'}}] ELSE [] END AS identifiers,
                    json_object('page', h % 1000, 'referrer', 'search engine', 'device', h % 7) AS properties
                FROM m""").to_arrow_table()
        filled = pa.table({name: rows[name] if name in rows.column_names else pa.nulls(len(rows), column.type)
                           for name, column in Interactions.columns.items()}).cast(Interactions.schema())  # fmt: skip
        table = delta.open_table(lake, Interactions.table_name)
        assert table is not None
        assert delta.append(lake, Interactions, filled, seen=table.version())


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
