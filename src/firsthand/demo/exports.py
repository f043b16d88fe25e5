"""The company's systems write their exports: each its half of the story, in its own format, with its own names."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from firsthand.demo.company import Company
from firsthand.demo.orders import PRODUCTS
from firsthand.demo.people import STREETS, misspelt
from firsthand.demo.planted import BEGIN, CARRIERS, REGIONS, planted
from firsthand.demo.surveys import QUESTIONS
from firsthand.demo.voices import said
from firsthand.lake import connect

Columns = dict[str, np.ndarray | list[str] | list[str | None]]
IMPORTS = [
    ("segment", "website_and_app.jsonl", None),
    ("csv", "shop_orders.csv", "shop_orders.yaml"),
    ("csv", "till.csv", "till.yaml"),
    ("csv", "loyalty_cards.csv", "loyalty_cards.yaml"),
    ("parquet", "invoices.parquet", "invoices.yaml"),
    ("csv", "calls.csv", "calls.yaml"),
    ("zendesk", "tickets.json", None),
    ("jsonl", "chats.jsonl", "chats.yaml"),
    ("csv", "surveys.csv", "surveys.yaml"),
]
"""Format, file and mapping of each export, as `firsthand import` is told them."""

LOCAL = "strftime(timezone('Europe/Berlin', {0}), '%Y-%m-%d %H:%M:%S')"
GERMAN = "strftime(timezone('Europe/Berlin', {0}), '%d.%m.%Y %H:%M')"
ISO = "strftime({0}, '%Y-%m-%dT%H:%M:%SZ')"


def write_exports(company: Company, folder: Path) -> None:
    """Writes the export files, their mappings and, beside them, the truth (truth.json, truth_people.csv …)."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([company.seed, 99])
    with connect() as connection:
        connection.execute("SET threads = 1")  # the order of rows must not depend on the machine
        _register(connection, company, rng)
        for name, query in _queries().items():
            delimiter = ";" if name == "shop_orders.csv" else ","
            options = {
                ".csv": f"HEADER, FORMAT csv, DELIMITER '{delimiter}'",
                ".jsonl": "FORMAT json",
                ".parquet": "FORMAT parquet, COMPRESSION zstd",
            }
            ending = Path(name).suffix
            if ending == ".json":
                _write_tickets(connection, query, folder / name)
            else:
                connection.execute(f"COPY ({query}) TO '{folder / name}' ({options[ending]})")
    _spoil(folder / "shop_orders.csv")
    _copy_files(folder)
    truth = planted() | {"j_comments": said(company.surveys.comments)}
    truth |= {"rejected_on_purpose": SPOILT, "seed": company.seed, "customers": len(company.people)}
    (folder / "truth.json").write_text(json.dumps(truth, indent=2) + "\n", "utf-8")


def _copy_files(folder: Path) -> None:
    (folder / "mappings").mkdir(exist_ok=True)
    ours = files("firsthand.demo").joinpath("files")
    for mapping in sorted(ours.joinpath("mappings").iterdir(), key=lambda file: file.name):
        (folder / "mappings" / mapping.name).write_text(mapping.read_text("utf-8"), "utf-8")
    for name in ("map.yaml", "topics.yaml"):
        (folder / name).write_text(ours.joinpath(name).read_text("utf-8"), "utf-8")


SPOILT = 12


def _spoil(path: Path) -> None:
    """A few rows with a date that does not exist, as exports have them."""
    lines = path.read_text("utf-8").split("\n")
    step = max((len(lines) - 2) // SPOILT, 1)
    for at in range(1, min(1 + step * SPOILT, len(lines) - 1), step):
        cells = lines[at].split(";")
        cells[1] = "31.02.2025 09:00"
        lines[at] = ";".join(cells)
    path.write_text("\n".join(lines), "utf-8")


def _register(connection: duckdb.DuckDBPyConnection, company: Company, rng: np.random.Generator) -> None:
    people, orders, visits, contacts, surveys = (
        company.people, company.orders, company.visits, company.contacts, company.surveys,
    )  # fmt: skip
    typing = np.random.default_rng([company.seed, 98])
    tables: dict[str, Columns] = {
        "people": {
            "person": np.arange(len(people)), "first": people.first, "last": people.last, "number": people.number,
            "email": people.email, "phone": people.phone, "card": people.card, "browser": people.browser,
            "phone_app": people.phone_app, "region": np.array(REGIONS)[people.region], "city": people.city,
            "postcode": people.postcode, "street": people.street, "born": people.born.astype(str), "german": people.german,
            "typed_first": misspelt(rng, people.first, 0.06), "typed_last": misspelt(rng, people.last, 0.10),
            "typed_street": np.where(rng.random(len(people)) < 0.1, rng.choice(STREETS, len(people)), people.street),
            "subscribed_first": misspelt(typing, people.first, 0.05), "subscribed_last": misspelt(typing, people.last, 0.08),
            "gave_email": rng.random(len(people)) < 0.75, "knows_number": rng.random(len(people)) < 0.7,
        },
        "orders": {
            "id": np.arange(len(orders)), "person": orders.person, "nth": orders.nth, "placed": _time(orders.placed),
            "channel": orders.channel, "product": PRODUCTS[orders.product], "total": orders.total,
            "carrier": np.array(CARRIERS)[orders.carrier], "promised": _time(orders.promised), "moved_at": _time(orders.moved_at),
            "moved_to": _time(orders.moved_to), "handed": _time(orders.handed), "delivered": _time(orders.delivered),
            "state": orders.state, "cancelled": _time(orders.cancelled), "circumstance": orders.circumstance,
            "returned": _time(orders.returned), "fee": orders.fee,
        },
        "visits": {
            "id": np.arange(len(visits.person)), "person": visits.person, "moment": _time(visits.time), "event": visits.event,
            "app": visits.app, "known": visits.known, "product": np.where(visits.product >= 0, PRODUCTS[visits.product], ""),
            "ordered": visits.order, "session": visits.session,
        },
        "contacts": {
            "id": np.arange(len(contacts)), "person": contacts.person, "moment": _time(contacts.time), "ordered": contacts.order,
            "why": contacts.why, "way": contacts.way, "agent": np.array([f"agent-{n + 1:02d}" for n in contacts.agent]),
            "solved": contacts.solved, "wait": contacts.wait, "talk": contacts.talk,
        },
        "surveys": {
            "id": np.arange(len(surveys)), "survey": surveys.survey, "person": surveys.person, "invited": _time(surveys.invited),
            "answered": _time(surveys.answered), "score": surveys.score, "ordered": surveys.order,
            "agent": np.array([f"agent-{n + 1:02d}" if n >= 0 else "" for n in surveys.agent]),
            "text": [said.text if said else "" for said in surveys.comments],
            "topics": [";".join(said.topics) if said else "" for said in surveys.comments],
            "sentiment": [said.sentiment if said else "" for said in surveys.comments],
            "wants": [";".join(said.wants) if said else "" for said in surveys.comments],
            "personal_data": [";".join(said.personal_data) if said else "" for said in surveys.comments],
        },
    }  # fmt: skip
    for name, columns in tables.items():
        arrays = {
            key: value if isinstance(value, pa.Array) else pa.array(np.asarray(value)) for key, value in columns.items()
        }  # NumPy would forget the time zone
        connection.register(f"{name}_array", pa.table(arrays))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_array")
    asked = {"survey": list(QUESTIONS), "question": [q[0] for q in QUESTIONS.values()], "sort": [q[1] for q in QUESTIONS.values()],
             "low": [q[2] for q in QUESTIONS.values()], "high": [q[3] for q in QUESTIONS.values()]}  # fmt: skip
    connection.register("questions", pa.table(asked))


def _time(seconds: np.ndarray) -> pa.Array:
    moments = BEGIN.astype("datetime64[us]") + seconds.astype("timedelta64[s]")
    return pa.array(moments, pa.timestamp("us"), mask=seconds < 0).cast(pa.timestamp("us", "UTC"))


def _queries() -> dict[str, str]:
    """The content of each export as a query over the company's tables."""
    local, iso = LOCAL.format, ISO.format
    return {
        "website_and_app.jsonl": f"""
            SELECT CASE WHEN event = 'page' THEN CASE WHEN app THEN 'screen' ELSE 'page' END ELSE 'track' END AS type,
                   CASE WHEN event <> 'page' THEN replace(event, ' In Vain', '') END AS event,
                   CASE WHEN event = 'page' THEN CASE WHEN row_number() OVER (PARTITION BY session ORDER BY v.id) = 1 THEN 'Home' ELSE 'Page' END END AS name,
                   'm-' || v.id AS "messageId",
                   CASE WHEN app AND phone_app <> '' THEN phone_app ELSE browser END AS "anonymousId",
                   CASE WHEN known THEN number END AS "userId",
                   {iso("moment")} AS timestamp,
                   {{device: {{type: CASE WHEN app THEN 'ios' END}}, library: {{name: CASE WHEN app THEN 'analytics-ios' ELSE 'analytics.js' END}},
                     locale: CASE WHEN german THEN 'de-DE' ELSE 'en-GB' END, traits: {{email: CASE WHEN event = 'Checkout Started' THEN email END}}}} AS context,
                   {{product_id: nullif(v.product, ''), cart_id: CASE WHEN event IN ('Product Added', 'Checkout Started', 'Payment Failed', 'Payment Info Entered') THEN session END,
                     order_id: CASE WHEN ordered >= 0 AND event <> 'Product Added' THEN 'O' || ordered END,
                     query: CASE WHEN event LIKE 'Help%' THEN 'instructions ' || v.product WHEN event = 'Products Searched' THEN 'home' END,
                     results: CASE WHEN event = 'Help Searched In Vain' THEN 0 WHEN event LIKE '%Searched' THEN 8 END}} AS properties
            FROM visits v JOIN people p USING (person) ORDER BY v.id""",
        "shop_orders.csv": _orders_query(),
        "till.csv": f"""
            SELECT 'T' || id AS receipt, {local("placed")} AS time, CASE WHEN person % 5 < 4 THEN card ELSE '' END AS card, city AS shop,
                   product AS article, total AS amount
            FROM orders JOIN people USING (person) WHERE channel = 'store' ORDER BY id""",
        "loyalty_cards.csv": f"""
            SELECT card, typed_first AS first_name, typed_last AS last_name, typed_street AS street, postcode, city, born AS date_of_birth,
                   CASE WHEN gave_email THEN CASE WHEN person % 9 = 0 THEN upper(email) ELSE email END ELSE '' END AS email,
                   CASE WHEN gave_email THEN '' ELSE phone END AS phone, min({local("placed")}) AS since
            FROM orders JOIN people USING (person) WHERE card <> '' GROUP BY ALL ORDER BY since, card""",
        "invoices.parquet": """
            SELECT 'I' || id AS invoice, 'O' || id AS "order", number AS customer, placed + INTERVAL 2 HOUR AS issued, total, fee,
                   CASE WHEN state NOT LIKE 'cancelled%' AND (id * 7919) % 100 < 97 THEN placed + INTERVAL (24 + id % 240) HOUR END AS paid
            FROM orders JOIN people USING (person) WHERE channel <> 'store' ORDER BY id""",
        "calls.csv": f"""
            SELECT 'C' || c.id AS call, {local("moment")} AS started, replace(phone, ' ', '') AS caller,
                   CASE WHEN knows_number THEN number ELSE '' END AS customer, wait AS seconds_on_hold, talk AS seconds_talked, agent,
                   why AS reason, 'O' || ordered AS "order"
            FROM contacts c JOIN people USING (person) WHERE way = 'phone' ORDER BY c.id""",
        "tickets.json": f"""
            SELECT 500000 + c.id AS id, {iso("moment")} AS created_at, {iso("moment + to_seconds(wait + 7200)")} AS updated_at, 'solved' AS status,
                   why AS subject, 9000000 + c.person AS requester_id, agent AS assignee_id, 'care' AS group_id, 'O' || ordered AS order_id,
                   typed_first || ' ' || typed_last AS name, email, {iso("moment + to_seconds(wait + 3600)")} AS solved_at,
                   wait // 60 AS reply, wait // 60 + 60 AS resolution, (NOT solved)::INT AS reopens
            FROM contacts c JOIN people USING (person) WHERE way = 'ticket' ORDER BY c.id""",
        "chats.jsonl": f"""
            SELECT 'H' || c.id AS chat, {iso("moment")} AS started_at, {{cookie: browser, email: CASE WHEN knows_number THEN email END}} AS visitor, agent,
                   wait AS wait_seconds, talk AS seconds, why AS topic, 'O' || ordered AS "order"
            FROM contacts c JOIN people USING (person) WHERE way = 'chat' ORDER BY c.id""",
        "surveys.csv": f"""
            SELECT 'S' || s.id AS invitation, survey, {iso("invited")} AS invited_at, coalesce({iso("answered")}, '') AS answered_at, email,
                   subscribed_first AS first_name, subscribed_last AS last_name, born AS date_of_birth, city,
                   question, sort AS kind, CASE WHEN answered IS NULL THEN '' ELSE score::VARCHAR END AS score, low, high, s.text AS comment,
                   CASE WHEN german THEN 'de' ELSE 'en' END AS language, CASE WHEN ordered >= 0 THEN 'O' || ordered ELSE '' END AS "order", agent
            FROM surveys s JOIN people USING (person) JOIN questions USING (survey) ORDER BY s.id""",
        "truth_people.csv": """
            SELECT person, number AS customer_number, email, replace(phone, ' ', '') AS phone, card, browser, phone_app FROM people ORDER BY person""",
        "truth_comments.csv": """
            SELECT 'S' || id AS invitation, topics, sentiment, wants, personal_data FROM surveys WHERE text <> '' ORDER BY id""",
    }  # fmt: skip


def _orders_query() -> str:
    def told(column: str) -> str:
        return f"coalesce({GERMAN.format(column)}, '')"

    return f"""
        SELECT 'O' || id AS order_no, {told("placed")} AS placed, number AS customer_no, email, phone, typed_first AS first_name, typed_last AS last_name,
               street, postcode, city, region, channel, product, replace(total::DECIMAL(10, 2)::VARCHAR, '.', ',') AS total,
               CASE WHEN circumstance = 'everyday' THEN '' ELSE circumstance END AS occasion, carrier,
               strftime(promised, '%d.%m.%Y') AS promised_day, {told("moved_at")} AS new_day_told, coalesce(strftime(moved_to, '%d.%m.%Y'), '') AS new_day,
               {told("handed")} AS handed_over, {told("delivered")} AS delivered, {told("cancelled")} AS cancelled,
               CASE state WHEN 'cancelled_by_us' THEN 'us' WHEN 'cancelled_by_customer' THEN 'customer' ELSE '' END AS cancelled_by, {told("returned")} AS returned
        FROM orders JOIN people USING (person) WHERE channel <> 'store' ORDER BY id"""


def _write_tickets(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Tickets as Zendesk's incremental export writes a page: tickets, their metric sets, and the people who asked."""
    rows = connection.execute(query).to_arrow_table().to_pylist()
    minutes = (
        "reply_time_in_minutes",
        "full_resolution_time_in_minutes",
        "requester_wait_time_in_minutes",
        "on_hold_time_in_minutes",
    )
    page = {
        "tickets": [
            {
                key: row[key]
                for key in (
                    "id",
                    "created_at",
                    "updated_at",
                    "status",
                    "subject",
                    "requester_id",
                    "assignee_id",
                    "group_id",
                    "order_id",
                )
            }
            | {"via": {"channel": "email"}}
            for row in rows
        ],
        "metric_sets": [
            {
                "ticket_id": row["id"],
                "reopens": row["reopens"],
                "assignee_stations": 1 + row["reopens"],
                "solved_at": row["solved_at"],
            }
            | {
                name: {"calendar": value, "business": value // 3}
                for name, value in zip(minutes, (row["reply"], row["resolution"], row["resolution"], 0), strict=True)
            }
            for row in rows
        ],
        "users": [
            {"id": row["requester_id"], "name": row["name"], "email": row["email"]}
            for row in {r["requester_id"]: r for r in rows}.values()
        ],
        "count": len(rows),
        "end_of_stream": True,
    }
    path.write_text(json.dumps(page, ensure_ascii=False), "utf-8")
