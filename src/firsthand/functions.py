"""Functions that Ibis lacks, for expressions. They are DuckDB's own; what Spark has in their place is in jobs/spark_sql.py."""

from __future__ import annotations

import ibis


@ibis.udf.scalar.builtin
def json_extract_string(document: str, path: str) -> str:  # type: ignore[empty-body]
    """What stands at a path (`$."name"`) of a JSON object, as text; null where nothing does."""


@ibis.udf.scalar.builtin(name="timezone")
def local_time(zone: str, moment: ibis.dtype("timestamp('UTC')")) -> ibis.dtype("timestamp"):  # type: ignore
    """The clock at a place. (ibis' cast to a zoned timestamp is silently nothing on DuckDB.)"""


@ibis.udf.scalar.builtin
def epoch_us(moment: ibis.dtype("timestamp('UTC')")) -> int:  # type: ignore
    """Microseconds since 1970. (ibis' `delta` counts boundaries, not time.)"""


@ibis.udf.scalar.builtin
def md5(text: str) -> str:  # type: ignore[empty-body]
    """The MD5 of a text, as 32 hexadecimal digits."""


@ibis.udf.scalar.builtin(name="hash")
def hashed(text: str) -> ibis.dtype("uint64"):  # type: ignore
    """A number that texts seldom share; each engine has its own."""
