"""Reads the folder of CSV files of the Olist marketplace, those that are there.

The person is `customer_unique_id`; `customer_id` is made anew for each order and names no person.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from firsthand.errors import SourceError
from firsthand.lake import connect
from firsthand.sources import csv
from firsthand.sources.rows import Advance, Rows, Unreadable

ORDERS, REVIEWS = "olist_orders_dataset.csv", "olist_order_reviews_dataset.csv"
BESIDE = {
    "customers": "olist_customers_dataset.csv",
    "items": "olist_order_items_dataset.csv",
    "payments": "olist_order_payments_dataset.csv",
    "products": "olist_products_dataset.csv",
}

PERSON = "SELECT customer_id, any_value(customer_unique_id) AS customer_unique_id, any_value(customer_city) AS customer_city, any_value(customer_state) AS customer_state FROM customers GROUP BY 1"
ITEMS = "SELECT order_id, sum(try_cast(price AS DECIMAL(18,2)) + try_cast(freight_value AS DECIMAL(18,2)))::VARCHAR AS order_total, count(*)::VARCHAR AS items, any_value(product_category_name) AS product_category FROM items LEFT JOIN products USING (product_id) GROUP BY 1"
PAID = "SELECT order_id, sum(try_cast(payment_value AS DECIMAL(18,2)))::VARCHAR AS payment_total, string_agg(DISTINCT payment_type, ', ' ORDER BY payment_type) AS payment_types FROM payments GROUP BY 1"
COLUMNS = {
    "customers": ("customer_id", "customer_unique_id", "customer_city", "customer_state"),
    "items": ("order_id", "product_id", "price", "freight_value"),
    "payments": ("order_id", "payment_type", "payment_value"),
    "products": ("product_id", "product_category_name"),
    "orders": ("order_id", "customer_id"),
}


def files(folder: Path) -> list[Path]:
    """The files that hold records of their own. Raises SourceError where there is neither."""
    if not folder.is_dir():
        raise SourceError(f"{folder}: expected the folder that holds {ORDERS} and the other files of Olist.")
    found = [folder / name for name in (ORDERS, REVIEWS) if (folder / name).is_file()]
    if not found:
        raise SourceError(f"{folder}: neither {ORDERS} nor {REVIEWS} is there.")
    return found


def read(path: Path, *, advance: Advance) -> Iterator[Rows]:
    """The orders or the reviews, each with its person and, for orders, sums of its items and payments."""
    connection = connect()
    unreadable = list(_load(connection, path.parent, reviews=path.name == REVIEWS))
    joins = (
        "LEFT JOIN (SELECT order_id, any_value(customer_id) AS customer_id FROM orders GROUP BY 1) o USING (order_id) "
        f"LEFT JOIN ({PERSON}) p ON p.customer_id = o.customer_id"
        if path.name == REVIEWS
        else f"LEFT JOIN ({PERSON}) p USING (customer_id) LEFT JOIN ({ITEMS}) i USING (order_id) LEFT JOIN ({PAID}) y USING (order_id)"
    )
    added = ["customer_unique_id", "customer_city", "customer_state"]
    if path.name == ORDERS:
        added += ["order_total", "items", "product_category", "payment_total", "payment_types"]
    for rows in csv.read(path, advance=advance):
        if rows.table.num_rows == 0 or "order_id" not in rows.table.column_names:
            yield Rows(rows.table, rows.line, rows.unreadable + unreadable)
        else:
            connection.register("batch", rows.table.append_column("__at", pa.array(range(rows.table.num_rows))))
            texts = ", ".join(f"coalesce({name}, '') AS {name}" for name in added)
            table = connection.execute(f"SELECT batch.* EXCLUDE (__at), {texts} FROM batch {joins} ORDER BY __at")
            yield Rows(table.to_arrow_table(), rows.line, rows.unreadable + unreadable)
        unreadable = []


def _load(connection: duckdb.DuckDBPyConnection, folder: Path, *, reviews: bool) -> Iterator[Unreadable]:
    """Puts the files beside into tables; what of them cannot be read is told, under the name of its file."""
    names = {"customers": BESIDE["customers"], "orders": ORDERS} if reviews else BESIDE
    for table, file in names.items():
        columns = COLUMNS[table]
        connection.execute(f"CREATE TABLE {table} ({', '.join(f'{column} VARCHAR' for column in columns)})")
        if not (folder / file).is_file():
            continue
        for rows in csv.read(folder / file, advance=lambda _: None):
            if set(columns) <= set(rows.table.column_names):
                connection.register("part", rows.table.select(list(columns)))
                connection.execute(f"INSERT INTO {table} SELECT * FROM part")
            elif rows.table.num_rows:
                yield Unreadable(0, "missing_column", f"{file} must have the columns {', '.join(columns)}")
            if not reviews:
                for bad in rows.unreadable:
                    yield Unreadable(bad.line, bad.reason, f"in {file}: {bad.message}", bad.raw, bad.column)
