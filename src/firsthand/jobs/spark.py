"""Apache Spark behind Ibis: a session on this machine, of a cluster, or by Spark Connect."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyspark
from ibis.backends.pyspark import Backend as IbisSpark
from ibis.backends.pyspark.datatypes import PySparkType
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import TimestampType

from firsthand.errors import EngineError, FileGone
from firsthand.jobs.spark_sql import SparkCompiler

WORKERS = min(8, max(2, os.cpu_count() or 2))
HERE = f"local-cluster[{WORKERS},1,1024]"
"""Spark on this machine: processes of their own, each with one core and 1 GB."""
ALWAYS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a wrong figure
}
ON_THIS_MACHINE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": str(WORKERS),
    "spark.sql.warehouse.dir": tempfile.gettempdir(),
}
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
QUICK = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.executor.extraJavaOptions": _JAVA,
}
"""Of `HERE`, where data are few: without what takes long to begin and is faster only with many."""
MASTERS = r"local(-cluster)?(\[.*\])?|yarn|(spark|sc|k8s)://.+"
PORTS = {"sc": 15002, "spark": 7077}
LOGGING = """\
rootLogger.level = off
rootLogger.appenderRef.console.ref = console
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = off
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
"""
"""Of log4j: nothing; what goes wrong comes as an exception."""

ibis.options.pyspark = IbisSpark.Options()  # Ibis does so where a backend is had by its name


class Spark(IbisSpark):
    """Ibis' backend for Spark, with temporary tables, exact results by Arrow, and errors that say what to do."""

    compiler = SparkCompiler()

    def read_files(self, name: str, addresses: Sequence[str], schema: pa.Schema) -> None:
        """Makes a view over Parquet files, whose columns are known."""
        reader = self._session.read.schema(from_arrow_schema(schema))
        with _told():
            reader.parquet(*[_address(each) for each in addresses]).createOrReplaceTempView(name)

    def get_schema(self, table_name: str, **_database: Any) -> ibis.Schema:
        """Columns and types; unlike Ibis', moments are told from clock times."""
        fields = self._session.table(table_name).schema.fields
        utc = ibis.dtype("timestamp('UTC')")
        return ibis.schema(
            {
                field.name: utc if isinstance(field.dataType, TimestampType) else PySparkType.to_ibis(field.dataType)
                for field in fields
            }
        )

    def create_table(self, name: str, obj: Any = None, *, temp: bool | None = None, **more: Any) -> ir.Table:
        """A temporary table is a view of that name, worked out once when it is first looked at, and kept."""
        if not temp:
            return super().create_table(name, obj, temp=temp, **more)
        table = obj if isinstance(obj, ir.Table) else ibis.memtable(obj)
        with _told():
            self._run_pre_execute_hooks(table)
            frame = self._session.sql(self.compile(table)).cache()
            frame.createOrReplaceTempView(name)
        self._cached_dataframes[name] = frame
        return self.table(name)

    def compile(self, expr: ir.Expr, /, **more: Any) -> str:
        """SQL in few layers: Spark plans for longer, the deeper queries are nested."""
        before, ibis.options.sql.fuse_selects = ibis.options.sql.fuse_selects, True
        try:
            return super().compile(expr, **more)
        finally:
            ibis.options.sql.fuse_selects = before

    def to_pyarrow(self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, **_more: Any) -> Any:
        """The result by Arrow: whole numbers stay whole where some are null."""
        table = expr.as_table()
        with _told():
            self._run_pre_execute_hooks(table)
            found = self._session.sql(self.compile(table, params=params, limit=limit)).toArrow()
        return expr.__pyarrow_result__(found.cast(table.schema().to_pyarrow()))

    def execute(self, expr: ir.Expr, /, **more: Any) -> Any:
        with _told():
            return super().execute(expr, **more)

    def disconnect(self) -> None:
        """Lets go of what was kept; Spark itself stays until the program ends."""
        with suppress(PySparkException):
            while self._cached_dataframes:
                self._cached_dataframes.popitem()[1].unpersist()
        if _remote(self._session):
            self._session.stop()

    def _create_cached_table(self, name: str, expr: ir.Expr) -> ir.Table:
        return self.create_table(name, expr, temp=True)

    def _drop_cached_table(self, name: str) -> None:
        """Nothing yet: Spark would plan anew all that was made of it. `disconnect` lets go of the latest first."""

    def _register_udfs(self, expr: ir.Expr) -> None:
        """Nothing: the functions of `firsthand.functions` are compiled, and Spark has no unsigned numbers to declare."""

    def _register_in_memory_table(self, op: Any) -> None:
        rows = op.data.to_pyarrow(op.schema)
        self._session.createDataFrame(rows, schema=from_arrow_schema(rows.schema)).createOrReplaceTempView(op.name)


def connect(url: str = "") -> Spark:
    """A session of its own on the Spark at a URL; on this machine where none is given.

    Raises EngineError where there is no Java or no Spark.
    """
    _reached(url)
    with _told():
        session = _connected(url) if url.startswith("sc://") else _started(url or HERE).newSession()
        for key, value in ALWAYS.items():
            session.conf.set(key, value)
        made = Spark()
        made.do_connect(session)
    return made


def _connected(url: str) -> SparkSession:
    return SparkSession.builder.remote(url).create()


@cache
def _started(master: str) -> SparkSession:
    """The Spark of this program; started once, stopped when the program ends."""
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise EngineError("Spark needs Java 17 or later, and there is no `java` here. Install it, or set JAVA_HOME.")
    settings = ALWAYS
    if master.startswith("local"):
        settings = ALWAYS | ON_THIS_MACHINE | (QUICK if master == HERE else {})
        os.environ["SPARK_HOME"] = str(_own_folder())
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("firsthand").master(master)
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    atexit.register(session.stop)
    return session


def _own_folder() -> Path:
    """A folder that looks like Spark's own, in which its workers may write and nothing is logged."""
    own = Path(tempfile.mkdtemp(prefix="firsthand-spark-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    for part in Path(os.environ.get("SPARK_HOME") or Path(pyspark.__file__).parent).iterdir():
        if part.name not in ("conf", "work"):
            (own / part.name).symlink_to(part)
    (own / "conf").mkdir()
    (own / "conf" / "log4j2.properties").write_text(LOGGING, "utf-8")
    return own


def _remote(session: Any) -> bool:
    return "connect" in type(session).__module__


def _address(uri: str) -> str:
    """A file as Spark names it: no pattern, and on this machine unless it says otherwise."""
    if "://" in uri:
        return re.sub("^s3://", "s3a://", uri)
    return "file://" + re.sub(r"([\\*?{}\[\]])", r"\\\1", uri)


def _reached(url: str) -> None:
    """Raises EngineError where an address is none of Spark's, or nobody listens there; Spark itself would try for minutes.

    url: blank for Spark on this machine.
    """
    if url and not re.fullmatch(MASTERS, url):
        raise EngineError(f'"{url}" is no address of Spark (expected local[2], spark://HOST:7077, sc://HOST:15002, yarn or k8s://…). Name one with --engine spark=URL.')  # fmt: skip
    parts = urlsplit(url)
    if parts.scheme in PORTS:
        try:
            socket.create_connection((parts.hostname or "", parts.port or PORTS[parts.scheme]), timeout=10).close()
        except OSError as silent:
            raise EngineError(f"Nobody answers at {url} ({silent}). Name another with --engine spark=URL.") from silent


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong at Spark, as an error that says what to do next."""
    try:
        yield
    except (PySparkException, Py4JError) as wrong:
        said = " ".join(str(wrong).split("\n\tat ")[0].split())
        if "FILE_NOT_EXIST" in said or "PATH_NOT_FOUND" in said:
            raise FileGone(f"Spark did not find a file of the lake: {said}") from wrong
        if "JAVA_GATEWAY_EXITED" in said:
            raise EngineError("Java could not start Spark: it needs Java 17 or later (see: java -version).") from wrong
        raise EngineError(f"Spark could not work it out: {said[:500]} Try --engine duckdb.") from wrong
