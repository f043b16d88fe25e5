"""Who is who, by exact strong identifiers: all that were told of one interaction are one person's."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from firsthand.people.identifiers import keys_of


def resolve(connection: duckdb.DuckDBPyConnection, interactions: str) -> pa.Table:
    """The customer of every strong identifier that the record holds.

    interactions: SQL of a table with the column `identifiers`.
    Returns key (`kind=value`, see `key_of`), customer_id, which is made from the smallest key of the person, and
    life, the same as a number.
    Two identifiers belong together if a chain of interactions links them (connected components).
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE told AS
        SELECT {keys_of("identifiers")} AS keys
        FROM (SELECT DISTINCT identifiers FROM {interactions})
    """)
    nodes = connection.execute("SELECT DISTINCT unnest(keys) AS key FROM told ORDER BY key").to_arrow_table()
    connection.register("nodes", nodes.append_column("number", pa.array(np.arange(nodes.num_rows))))
    links = connection.execute("""
        SELECT a.number AS one, b.number AS other
        FROM (SELECT DISTINCT keys[1] AS first, unnest(keys[2:]) AS next FROM told)
        JOIN nodes a ON a.key = first JOIN nodes b ON b.key = next
    """).to_arrow_table()
    component = _components(nodes.num_rows, links)
    table = nodes.append_column("component", pa.array(component))
    connection.register("resolved", table)
    return connection.execute("""
        SELECT key, 'c' || digits AS customer_id, CAST('0x' || digits AS BIGINT) AS life
        FROM (SELECT key, left(md5(min(key) OVER (PARTITION BY component)), 15) AS digits FROM resolved)
    """).to_arrow_table()


def _components(size: int, links: pa.Table) -> np.ndarray:
    if not links.num_rows:
        return np.arange(size)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = (links.column("one").to_numpy(), links.column("other").to_numpy())
    graph = coo_array((np.ones(links.num_rows, dtype=np.int8), ends), shape=(size, size))
    return connected_components(graph, directed=False)[1]
