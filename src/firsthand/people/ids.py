"""Customer ids: given once, kept by whoever holds them, never used again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container

import duckdb
import numpy as np
import pyarrow as pa


def nobodys(_: str) -> bool:
    """That no id was taken away."""
    return False


def named(
    connection: duckdb.DuckDBPyConnection,
    nodes: pa.Table,
    component: np.ndarray,
    given: pa.Table,
    retired: Callable[[str], bool] = nobodys,
) -> pa.Table:
    """The customer id of every identifier.

    nodes: number, key, both ascending.  component: the person of each node.  given: tables.CustomerIds.
    retired: whether an id was somebody's who is forgotten; nobody gets it again.
    A person has the oldest of the ids that the person's identifiers were given. Where an id was given to identifiers of
    several people, those who hold most of them keep it. Who has none gets one, made from the smallest identifier.
    Returns key, customer_id, life.
    """
    connection.register("numbered", nodes.append_column("component", pa.array(component)))
    connection.register("given", given)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE member AS FROM numbered"
    )  # joined as a table, it is known how large it is
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE newest AS
        SELECT key, arg_max(customer_id, given_at) AS customer_id FROM given SEMI JOIN member USING (key) GROUP BY key
    """)
    kept = connection.execute("""
        WITH age AS (SELECT customer_id, min(given_at) AS since FROM given SEMI JOIN newest USING (customer_id) GROUP BY customer_id),
        claim AS (
            SELECT component, customer_id, count(*) AS keys, min(number) AS smallest FROM member JOIN newest USING (key) GROUP BY ALL
        ), holder AS (
            SELECT customer_id, arg_min(component, (-keys, smallest)) AS component FROM claim GROUP BY customer_id
        )
        SELECT component, arg_min(customer_id, (since, customer_id)) AS customer_id FROM holder JOIN age USING (customer_id) GROUP BY component
    """).to_arrow_table()
    connection.register("kept", kept)
    fresh = connection.execute("""
        SELECT component, smallest, 'c' || left(md5(smallest), 15) AS customer_id
        FROM (SELECT component, min(key) AS smallest FROM member WHERE component NOT IN (SELECT component FROM kept) GROUP BY component)
        ORDER BY smallest
    """).to_arrow_table()
    connection.register("fresh", fresh)
    (clash,) = connection.execute("""
        SELECT count(*) > count(DISTINCT customer_id) OR count(*) FILTER (customer_id IN (SELECT customer_id FROM given)) > 0 FROM fresh
    """).fetchall()[0]
    if clash or (retired is not nobodys and any(map(retired, fresh.column("customer_id").to_pylist()))):
        taken = set(given.column("customer_id").to_pylist())
        ids = []
        for smallest in fresh.column("smallest").to_pylist():
            ids.append(free_id(smallest, taken, retired))
            taken.add(ids[-1])
        connection.register("fresh", fresh.set_column(2, "customer_id", pa.array(ids, pa.string())))
    return connection.execute("""
        SELECT key, customer_id, CAST('0x' || customer_id[2:] AS BIGINT) AS life
        FROM member JOIN (FROM kept UNION ALL BY NAME FROM fresh) USING (component) ORDER BY key
    """).to_arrow_table()


def free_id(smallest: str, taken: Container[str], retired: Callable[[str], bool] = nobodys) -> str:
    """An id made from an identifier that nobody has had yet."""
    wanted = "c" + hashlib.md5(smallest.encode(), usedforsecurity=False).hexdigest()[:15]
    attempt = 0
    while wanted in taken or retired(wanted):
        attempt += 1
        wanted = "c" + hashlib.md5(f"{smallest}#{attempt}".encode(), usedforsecurity=False).hexdigest()[:15]
    return wanted
