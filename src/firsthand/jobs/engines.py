"""Engines: DuckDB in this process, or Apache Spark; expressions are the same on both, and so are the files."""

from __future__ import annotations

from typing import Any

from firsthand.errors import EngineError
from firsthand.jobs.home import Home
from firsthand.jobs.refresh import backend

DUCKDB, SPARK = "duckdb", "spark"


def connect(home: Home, engine: str = DUCKDB) -> Any:
    """An Ibis backend that can read the home's lake: `duckdb`, `spark` (on this machine), or `spark=URL`.

    URL: of a cluster (`spark://host:7077`, `yarn`, `k8s://…`), of Spark Connect (`sc://host:15002`), or `local[4]`.
    Raises EngineError where there is no such engine, or it cannot be had here.
    """
    name, _, url = engine.partition("=")
    if engine == DUCKDB:
        return backend(home)
    if name != SPARK or (not url and "=" in engine):
        raise EngineError(
            f'"{engine}" is no engine. There are: duckdb, spark, spark=URL (of a cluster or Spark Connect).'
        )
    try:
        from firsthand.jobs.spark import connect as to_spark
    except ImportError as lacking:
        raise EngineError(
            f"--engine {engine} needs the extra `spark` ({lacking}). Install it with: pip install 'firsthand[spark]'"
        ) from lacking
    return to_spark(url)
