"""Lists of people in files: read as texts into one table, columns met by name."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from firsthand.errors import SourceError
from firsthand.sources.sql import literal
from firsthand.sources.sql import name as quoted

BLOCK = 1 << 20
DELIMITERS = (",", ";", "\t", "|")
GZIP, ZIP, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""What files that are packed or are workbooks begin with."""


def read_lists(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], *, into: str = "records") -> list[str]:
    """Makes a table of the files' rows: `record`, numbered from 0, `file`, and every column as text.

    Returns the names of the columns.
    """
    names: dict[str, str] = {}
    for at, file in enumerate(files):
        relation = _relation(file)
        try:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE list_{at} AS SELECT * FROM {relation}")
        except duckdb.Error as fault:
            raise SourceError(_told(file, fault)) from fault
        described = connection.execute(f"DESCRIBE list_{at}").fetchall()
        own = {row[0].strip(): row[0] for row in described}
        if not connection.execute(f"SELECT count(*) FROM list_{at}").fetchall()[0][0]:
            raise SourceError(f"{file} has a header and no rows. Name a file with a row for each record.")
        for name in own:
            names.setdefault(name.lower(), name)
        values = ", ".join(
            f"trim(CAST({quoted(raw)} AS VARCHAR)) AS {quoted(names[name.lower()])}" for name, raw in own.items()
        )
        connection.execute(f"CREATE OR REPLACE TEMP VIEW texts_{at} AS SELECT {at} AS file, {values} FROM list_{at}")
    told = " UNION ALL BY NAME ".join(f"SELECT * FROM texts_{at}" for at in range(len(files)))
    columns = ", ".join(quoted(name) for name in names.values())
    # Our own two columns begin with a sign that no header has, so that a list may have a column `file` or `record`.
    connection.execute(
        f'CREATE OR REPLACE TABLE {into} AS SELECT row_number() OVER () - 1 AS "record#", file AS "file#", {columns} FROM ({told})'
    )
    for at in range(len(files)):
        connection.execute(f"DROP VIEW texts_{at}")
        connection.execute(f"DROP TABLE list_{at}")
    return list(names.values())


def _relation(file: Path) -> str:
    """SQL that reads a file; raises where it is not there or empty."""
    if not file.exists():
        raise SourceError(f"There is no file {file}. Name a CSV or Parquet file with a row for each record.")
    if file.is_dir():
        raise SourceError(f"{file} is a folder. Name the files in it.")
    if not file.stat().st_size:
        raise SourceError(f"{file} is empty. Name a CSV or Parquet file with a header and a row for each record.")
    path = str(file).replace("'", "''")
    if file.suffix.lower() in (".parquet", ".pq"):
        return f"read_parquet('{path}')"
    with file.open("rb") as stream:
        begin = stream.read(4)
    if begin.startswith((ZIP, OLD_EXCEL)):
        raise SourceError(
            f"{file} is a workbook (Excel, LibreOffice) or an archive, no CSV. Save the sheet as CSV (UTF-8) and name that file."
        )
    packed = begin.startswith(GZIP)
    try:
        encoding = _encoding(file, packed)
        delimiter, names = _header(file, encoding, packed)
    except (EOFError, OSError, zlib.error) as fault:
        raise SourceError(f"{file} cannot be read: {fault}. Have it exported again.") from fault
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    # Everything is said, nothing guessed: DuckDB's own guess leaves out rows that do not fit it, without a word.
    return (
        f"read_csv('{path}', auto_detect = false, header = true, skip = 0, encoding = '{encoding}', delim = {literal(delimiter)}, "
        f"quote = '\"', escape = '\"', compression = '{'gzip' if packed else 'none'}', columns = {{{columns}}})"
    )


def _opened(file: Path, packed: bool) -> io.BufferedReader:
    return io.BufferedReader(gzip.open(file, "rb")) if packed else file.open("rb")


def _header(file: Path, encoding: str, packed: bool) -> tuple[str, list[str]]:
    """The delimiter, which is the one that stands most often in the first line, and the names of the columns."""
    told = "utf-8-sig" if encoding == "utf-8" else encoding
    with _opened(file, packed) as raw, io.TextIOWrapper(raw, encoding=told, newline="") as stream:
        line = stream.readline()
        delimiter = max(DELIMITERS, key=line.count)
        stream.seek(0)
        first = next(csv.reader(stream, delimiter=delimiter), [])
    names = [name.strip() or f"column {at}" for at, name in enumerate(first, 1)]
    twice = [name for name in names if [each.lower() for each in names].count(name.lower()) > 1]
    if twice:
        raise SourceError(f"{file} has two columns named {twice[0]!r}. Give each column a name of its own.")
    return delimiter, names


def _encoding(file: Path, packed: bool) -> str:
    """utf-8 where every byte fits, utf-16 where the file begins so, else latin-1."""
    with _opened(file, packed) as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _told(file: Path, fault: duckdb.Error) -> str:
    """What DuckDB says of a file it cannot read, in two lines and without its advice on options."""
    said = str(fault)
    line = re.search(r"CSV Error on Line: (\d+)", said)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", said)
    if line and counts:
        return f"{file}, line {line[1]}: expected {counts[1]} values, as the header has, and found {counts[2]}. Mend the line, or have the file exported again."
    lines = [each.strip() for each in said.splitlines() if each.strip()]
    kept = [each for each in lines if each.startswith(("CSV Error on Line", "Original Line", "Error when"))]
    said = " ".join(kept[:3] or lines[:1])
    kind = (
        "Parquet"
        if file.suffix.lower() in (".parquet", ".pq")
        else "CSV with a header and the same number of values in each row"
    )
    return f"{file} cannot be read as {kind}: {said[:300]}. Mend the file, or have it exported again."
