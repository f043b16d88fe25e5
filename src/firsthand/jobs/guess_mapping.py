"""Guessing a mapping: what the columns of somebody's file mean, from their names and values, as a draft to be mended."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa

from firsthand.errors import SourceError
from firsthand.jobs.mapping_draft import COMMA, ColumnDraft, Draft
from firsthand.lake import connect
from firsthand.people.columns import Column, find_columns, plain
from firsthand.sources import Format
from firsthand.sources.lines import chunks
from firsthand.sources.rows import Rows, Unreadable
from firsthand.sources.sql import literal
from firsthand.sources.sql import name as quoted

Row = dict[str, Any]
CUT = 2 * 1024 * 1024
"""So many bytes of a file are looked at."""
MOST_ROWS = 5_000
EXAMPLES = 3
ISO = ""
FORMATS = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y %H:%M", "%d.%m.%y",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%d %b %Y %H:%M", "%d %b %Y", "%b %d, %Y", "%Y%m%d%H%M%S", "%Y%m%d",
)  # fmt: skip
"""Ways in which times are written beside ISO 8601; of two that fit as well, the earlier is taken."""
EPOCHS = {"epoch_seconds": "^1[0-9]{9}$", "epoch_milliseconds": "^1[0-9]{12}$"}
FITS = 0.6
"""Share of a column's values that must be of a form for the column to be of it: the others are faults, which an import names."""
FILLED = 0.9
"""Share of the rows in which a time must stand to be the one when it happened."""

TIME_WORDS = (
    r".*\b(occurred|happened|timestamp|event (time|date)|zeitpunkt|zeitstempel)\b.*",
    r".*\b(placed|ordered|started|begin|start|created|opened|answered|called|received|sent|issued|paid|bestellt|begonnen|erstellt|eroffnet|angelegt|recorded)\b.*",
    r".*\b(time|date|datum|zeit|uhrzeit|fecha|data|heure|day|tag|when|am|at|since|ts)\b.*",
)
"""Patterns of the names of columns that say when it happened, the telling ones first."""
PROMISED = r".*\b(promise[ds]?|due|deadline|zugesagt|liefertermin|fallig|eta|expected delivery|estimated delivery)\b.*"
UPDATED = r".*\b(updated|modified|changed|geandert|last change)\b.*"

BY_NAME: tuple[tuple[str, str], ...] = (
    ("currency", r"currency|wahrung|devise|moneda|valuta|currency code"),
    ("language", r"language|lang|sprache|langue|idioma|lingua|locale"),
    ("direction", r"direction|richtung|inbound outbound"),
    ("channel", r".*\b(channel|kanal|canal|canale|kanaal)\b.*"),
    ("employee", r".*\b(agent|employee|mitarbeiter(in)?|sachbearbeiter|bearbeiter|clerk|advisor|operator|assignee)\b.*"),
    ("team", r"team|department|abteilung|group|queue name|gruppe"),
    ("anonymous_id", r".*\b(cookie|visitor|device|browser|anonymous|session)\b.*"),
    ("user_id", r".*\b(user|login|username|uid)\b.*"),
    ("loyalty_card", r".*\b(loyalty|card|kundenkarte|bonuskarte|karte|member)\b.*"),
    ("customer_number", r".*\b(customer|cust|client|kunden?|kundennummer|kundennr|account|cliente)\b.*|kunden?(nummer|nr|id)"),
    ("order", r".*\b(order|bestell(ung|nummer|nr)?|auftrag(s(nummer|nr))?|pedido|commande|ordine)\b.*"),
    ("case", r".*\b(case|ticket|incident|fall|anliegen|vorgangs(nummer|nr))\b.*"),
    ("invoice", r".*\b(invoice|rechnung(s(nummer|nr))?|factura|facture)\b.*"),
    ("contract", r".*\b(contract|vertrag(s(nummer|nr))?|policy|contrato|contrat)\b.*"),
    ("product", r".*\b(product|article|artikel(nummer|nr)?|produkt|sku|item|producto|produit)\b.*"),
    ("question", r"question( (text|name))?|frage|pregunta"),
    ("question_kind", r"(question )?kind|survey kind|metric"),
    ("event", r".*\b(event|action|activity|ereignis|aktivitat|vorgang|event (name|type))\b.*|type|typ|status"),
)  # fmt: skip
"""Meanings by the name of a column (as people.columns.plain has it), where the values do not speak against it."""
NUMBERS_BY_NAME: tuple[tuple[str, str], ...] = (
    ("wait_seconds", r".*\b(wait(ed|ing)?|hold|queued|warte(zeit|n)?|espera|attente)\b.*"),
    ("duration_seconds", r".*\b(duration|talk(ed|time)?|handle|handling|dauer|length|gesprachsdauer)\b.*|seconds|sekunden"),
    ("scale_low", r"(scale )?(low|min(imum)?)"), ("scale_high", r"(scale )?(high|max(imum)?)"),
    ("score", r".*\b(score|rating|nps|csat|ces|stars?|sterne|bewertung|note|grade|satisfaction|zufriedenheit)\b.*"),
    ("amount", r".*\b(amount|total|price|sum|summe|betrag|gesamt(betrag|summe)?|preis|umsatz|revenue|value|wert|importe|montant|prix|precio|paid|cost|fee)\b.*"),
)  # fmt: skip
TEXT = r".*\b(comments?|text|message|feedback|verbatim|kommentar|nachricht|bemerkung|remarks?|review|description|freitext|comentario|commentaire|commento|opinion)\b.*"  # fmt: skip
PEOPLE = {
    "email": "email", "phone": "phone", "first_name": "first_name", "surname": "last_name", "full_name": "name",
    "birth_date": "date_of_birth", "street": "street", "postcode": "postcode", "city": "city",
}  # fmt: skip
"""What people.columns calls a column, and what an identifier of that kind is called."""
CHANNELS = (
    ("phone", r".*\b(calls?|phone|telefon|anrufe?)\b.*"), ("chat", r".*\bchats?\b.*"), ("email", r".*\b(e ?mails?|newsletter)\b.*"),
    ("store", r".*\b(till|store|shop floor|kasse|filiale|pos)\b.*"), ("survey", r".*\b(surveys?|umfragen?|nps|csat)\b.*"),
    ("billing", r".*\b(invoices?|billing|rechnung(en)?)\b.*"), ("delivery", r".*\b(deliver(y|ies)|parcels?|shipments?|lieferung(en)?)\b.*"),
    ("web", r".*\b(web|website|shop|orders?|bestellungen?|online)\b.*"), ("app", r".*\bapp\b.*"),
)  # fmt: skip
"""Channels by the name of the file, where no column says one."""


def guess_mapping(path: Path, chosen: Format, *, source: str | None = None, timezone: str = "") -> Draft:
    """A draft of the mapping of a file: what each column means, by its name held against its values, and why.

    chosen: csv, jsonl or parquet.  source: else the name of the file.  timezone: where the clocks stood, if not the home's.
    Raises SourceError where nothing of the file can be read as that format.
    """
    reading, rows = first_rows(path, chosen)
    table = _texts(rows)
    if not table.num_rows:
        raise SourceError(f"{path.name}: there is a header and no row below it. Choose a file with rows.")
    name = source or plain(path.name.split(".")[0]).replace(" ", "_") or "import"
    with connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        places = [f"c{number}" for number in range(table.num_columns)]
        connection.register("arrived", table.rename_columns(places))
        listed = ", ".join(
            f"{place} AS {quoted(column)}" for place, column in zip(places, table.column_names, strict=True)
        )
        connection.execute(f"CREATE TABLE sample AS SELECT {listed} FROM arrived")
        kinds = {column.name: column for column in find_columns(connection, "sample", table.column_names)}
        looks = {column: _look(connection, column) for column in table.column_names}
    columns = _settle(
        [_judge(column, kinds[column], looks[column]) for column in table.column_names], looks, table.num_rows
    )
    return Draft(name, columns, _id_column(columns, looks, table.num_rows), _constants(path, columns, looks), timezone, reading)  # fmt: skip


def first_rows(path: Path, chosen: Format, reading: Mapping[str, str] | None = None) -> tuple[dict[str, str], Rows]:
    """The first rows of a file, at most MOST_ROWS, and how it must be read (empty where that can be seen from it).

    reading: what a mapping says of it, in place of a guess. Raises SourceError where there is no row to be had.
    """
    if not path.exists():
        raise SourceError(f"{path}: there is no such file.")
    if chosen.name == "parquet":
        return {}, _limited(next(chosen.read(path, advance=lambda _: None)), path)
    data = _begin(path)
    told = dict(reading) if reading is not None else _encoding(data, path)
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / path.name.removesuffix(".gz")
        part.write_bytes(data)
        options = {key: value for key, value in told.items() if value and chosen.name == "csv"}
        every = list(chosen.read(part, advance=lambda _: None, **options))
    tables = [rows.table for rows in every if rows.table.num_rows]
    unreadable = [fault for rows in every for fault in rows.unreadable]
    if not tables:
        return told, _limited(Rows(every[0].table, every[0].line, unreadable, every[0].nested), path)
    lines = pa.chunked_array([rows.line for rows in every if rows.table.num_rows]).combine_chunks()
    return told, _limited(Rows(pa.concat_tables(tables), lines, unreadable, every[0].nested), path)


def _limited(rows: Rows, path: Path, most: int = MOST_ROWS) -> Rows:
    """At most so many rows, and what was unreadable before the last of them: what follows may only be cut off."""
    if not rows.table.num_rows:
        if rows.unreadable:
            raise SourceError(f"{path.name}: {rows.unreadable[0].message}.")
        return rows
    end = rows.line[min(most, rows.table.num_rows) - 1].as_py()
    faults: list[Unreadable] = [fault for fault in rows.unreadable if fault.line <= end]
    return Rows(rows.table.slice(0, most), rows.line.slice(0, most), faults, rows.nested)


def _begin(path: Path) -> bytes:
    """The first whole lines of a file, unpacked where it is gzip."""
    data = b""
    try:
        for chunk in chunks(path, lambda _: None):
            data += chunk[: CUT - len(data)]
            if len(data) >= CUT:
                return data[: data.rfind(b"\n") + 1] or data
    except EOFError as damaged:
        if not data:
            raise SourceError(f"{path.name}: the file is damaged ({damaged}).") from damaged
    return data


def _encoding(data: bytes, path: Path) -> dict[str, str]:
    """The encoding, where it is not UTF-8. Raises SourceError where it is none that can be read."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceError(
            f"{path.name}: the file is UTF-16, which cannot be read. Save it as UTF-8 (in Excel: “CSV UTF-8”)."
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SourceError(f"{path.name}: this is a workbook or an archive, no text. Save the sheet as “CSV UTF-8”.")
    if b"\0" in data[:4096]:
        raise SourceError(f"{path.name}: this is no text. Choose a CSV file.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
        return {}
    except UnicodeDecodeError:
        return {"encoding": "cp1252" if _decodes(data, "cp1252") else "latin-1"}


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _texts(rows: Rows) -> pa.Table:
    """Rows as columns of text; of nested records, a column for each path that leads to a value."""
    if not rows.nested:
        return rows.table
    records = []
    for text in rows.table.column("raw").to_pylist():
        try:
            record = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        if isinstance(record, dict):
            records.append(dict(_paths(record)))
    names = list(dict.fromkeys(name for record in records for name in record))
    return pa.table({name: pa.array([record.get(name, "") for record in records], pa.string()) for name in names})


def _paths(record: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in record.items():
        if isinstance(value, dict):
            found += _paths(value, f"{before}{key}.")
        elif value is not None and not isinstance(value, list):
            found.append((f"{before}{key}", value if isinstance(value, str) else orjson.dumps(value).decode()))
    return found


def _look(connection: duckdb.DuckDBPyConnection, name: str) -> Row:
    """What the values of a column look like; shares are of those that are not blank."""
    shares = {f"f{number}": f"try_strptime(v, {literal(form)}) IS NOT NULL" for number, form in enumerate(FORMATS)}
    shares |= {f"e{number}": f"regexp_matches(v, {literal(form)})" for number, form in enumerate(EPOCHS.values())}
    shares |= {
        "iso": r"regexp_matches(v, '^\d{4}-\d\d-\d\d') AND try_cast(replace(v, 'Z', '+00') AS TIMESTAMPTZ) IS NOT NULL",
        "numbers": r"regexp_matches(v, '^[-+]?[0-9][0-9.,]*$')", "commas": r"regexp_matches(v, '^[-+]?[0-9.]*,[0-9]{1,2}$')",
        "points": r"regexp_matches(v, '^[-+]?[0-9]+[.][0-9]+$')", "codes": r"regexp_matches(v, '^[^\s@]*[0-9][^\s@]*$')",
        "spaces": "contains(v, ' ')", "letters3": "regexp_matches(v, '^[A-Z]{3}$')",
        "flow": "lower(v) IN ('inbound', 'outbound', 'internal')", "addresses": r"regexp_matches(v, '^[^@\s]+@[^@\s]+\.[^@\s]+$')",
    }  # fmt: skip
    averages = ", ".join(f"coalesce(avg(({test})::INT), 0) AS {key}" for key, test in shares.items())
    found = connection.execute(f"""
        WITH filled AS (SELECT trim({quoted(name)}) AS v FROM sample WHERE trim({quoted(name)}) <> '')
        SELECT count(*) AS filled, count(DISTINCT v) AS different, coalesce(avg(length(v)), 0) AS length,
            min(try_cast(v AS DOUBLE)) AS low, max(try_cast(v AS DOUBLE)) AS high, {averages} FROM filled
    """)
    look: Row = dict(zip((column[0] for column in found.description), found.fetchall()[0], strict=True))
    order = "SELECT v FROM (SELECT DISTINCT trim({0}) AS v FROM sample) WHERE v <> '' LIMIT {1}"
    look["examples"] = tuple(row[0][:60] for row in connection.execute(order.format(quoted(name), EXAMPLES)).fetchall())
    return look


def _format_of(look: Row) -> str | None:
    """How the times of a column are written; None where they are none."""
    if look["filled"] and look["iso"] >= FITS:
        return ISO
    best = max(range(len(FORMATS)), key=lambda number: (look[f"f{number}"], -number))
    if look["filled"] and look[f"f{best}"] >= FITS:
        return FORMATS[best]
    return next((name for number, name in enumerate(EPOCHS) if look["filled"] and look[f"e{number}"] >= FITS), None)


def _judge(name: str, kind: Column, look: Row) -> ColumnDraft:
    """A column by itself: a time stays without a meaning until all columns are known."""

    def drafted(meaning: str, why: str, written: str = "") -> ColumnDraft:
        return ColumnDraft(name, meaning, written, why, look["examples"])

    words = plain(name)
    if not look["filled"]:
        return drafted("", "it is empty")
    written = _format_of(look)
    digits_only = written in (*EPOCHS, "%Y%m%d", "%Y%m%d%H%M%S")
    timely = any(re.fullmatch(pattern, words) for pattern in (*TIME_WORDS, PROMISED, UPDATED))
    if kind.kind == "birth_date" and written is not None:
        return drafted("date_of_birth", kind.why)
    if written is not None and (not digits_only or timely):
        return drafted("a time", "its values are times", written)
    if kind.kind in ("email", "phone"):
        return drafted(kind.kind, kind.why)
    if look["numbers"] >= FITS:
        for meaning, pattern in NUMBERS_BY_NAME:
            if re.fullmatch(pattern, words):
                return drafted(meaning, "by its name, and its values are numbers", _written(meaning, words, look))
    for meaning, pattern in BY_NAME:
        if re.fullmatch(pattern, words) and _may_be(meaning, look):
            return drafted(meaning, "by its name")
    if kind.kind in PEOPLE:
        return drafted(PEOPLE[kind.kind], kind.why)
    if re.fullmatch(TEXT, words) or (look["length"] > 40 and look["spaces"] > 0.8):
        return drafted("text", "by its name" if re.fullmatch(TEXT, words) else "its values are long texts")
    if kind.kind == "identifier" and kind.why == "by its name":
        return drafted("other_identifier", kind.why)
    if look["commas"] > 0.5 or look["points"] > 0.9:
        return drafted("", "its values are numbers, and its name does not say of what", COMMA if look["commas"] > 0.5 else "")  # fmt: skip
    return drafted("", "neither name nor values say what it is")


def _may_be(meaning: str, look: Row) -> bool:
    """Whether the values of a column speak for what its name says, or at least not against it."""
    if meaning in (
        "customer_number",
        "loyalty_card",
        "anonymous_id",
        "user_id",
        "case",
        "order",
        "invoice",
        "contract",
    ):
        return bool(look["codes"] > 0.8 and look["addresses"] < 0.5)
    few = look["different"] <= max(30, look["filled"] / 20)
    tests = {"currency": look["letters3"] > FILLED, "direction": look["flow"] > FILLED, "event": few, "channel": few, "language": look["length"] <= 8}  # fmt: skip
    return bool(tests.get(meaning, True))


def _written(meaning: str, words: str, look: Row) -> str:
    said = [COMMA] if look["commas"] > 0 and look["points"] == 0 else []
    if meaning in ("wait_seconds", "duration_seconds"):
        for unit, pattern in (("milliseconds", r"ms|millis\w*"), ("minutes", r"min|minutes?|minuten"), ("hours", r"hours?|stunden|hrs")):  # fmt: skip
            if re.search(rf"\b({pattern})\b", words):
                said.append(unit)
    return ", ".join(said)


def _settle(columns: Sequence[ColumnDraft], looks: Mapping[str, Row], records: int) -> tuple[ColumnDraft, ...]:
    """What only all columns together tell: which time is when it happened, and which of several of a kind is the one."""
    times = [column for column in columns if column.meaning == "a time"]
    named = {column.name: plain(column.name) for column in times}
    free = [column for column in times if not re.fullmatch(PROMISED, named[column.name]) and not re.fullmatch(UPDATED, named[column.name])]  # fmt: skip

    def rank(column: ColumnDraft) -> tuple[bool, int, int]:
        told = next((number for number, pattern in enumerate(TIME_WORDS) if re.fullmatch(pattern, named[column.name])), len(TIME_WORDS))  # fmt: skip
        return looks[column.name]["filled"] < records * FILLED, told, list(columns).index(column)

    main = min(free or times, key=rank, default=None)
    numbered = any(column.meaning in ("order", "case") for column in columns)
    taken: set[str] = set()
    settled = []
    for column in columns:
        meaning, why = column.meaning, column.why
        if meaning == "a time":
            meaning, why = _which_time(column, main, named, numbered)
        if meaning in ("event", "text", "amount", "score", "channel", "employee", "team", "question", "wait_seconds", "duration_seconds", "promised_for", "version"):  # fmt: skip
            if meaning in taken:
                meaning, why = "", "another column is that already"
            taken.add(meaning)
        settled.append(ColumnDraft(column.name, meaning, column.written, why, column.examples))
    return tuple(settled)


def _which_time(
    column: ColumnDraft, main: ColumnDraft | None, named: Mapping[str, str], numbered: bool
) -> tuple[str, str]:
    if column is main:
        return "time", "its values are times"
    if re.fullmatch(PROMISED, named[column.name]) and numbered:
        return "promised_for", "by its name, and its values are times"
    if re.fullmatch(UPDATED, named[column.name]):
        return "version", "by its name, and its values are times"
    return "", "another time: choose “another moment” if it tells something that happened"


def _id_column(columns: Sequence[ColumnDraft], looks: Mapping[str, Row], records: int) -> str:
    """The column with the sender's number of each row: never blank, never twice, and named or meant as a number."""
    for column in columns:
        look = looks[column.name]
        numbers = look["filled"] == look["different"] == records > 1 and look["codes"] > FILLED
        called = re.fullmatch(r".*\b(id|no|nr|number|nummer|key|uuid)\b.*|.*(id|nummer|nr)", plain(column.name))
        first = column is columns[0] and column.meaning == ""
        if numbers and (column.meaning in ("order", "case", "invoice") or (column.meaning == "" and (called or first))):
            return column.name
    return ""


def _constants(path: Path, columns: Sequence[ColumnDraft], looks: Mapping[str, Row]) -> dict[str, str]:
    """What the name of the file, and that of a score, say for all rows."""
    there = {column.meaning for column in columns}
    words = plain(path.name.split(".")[0])
    found: dict[str, str] = {}
    if "event" not in there:
        found["event"] = words.capitalize() or "Imported"
    if "channel" not in there:
        channel = next((channel for channel, pattern in CHANNELS if re.fullmatch(pattern, words)), "")
        found |= {"channel": channel} if channel else {}
    score = next((column for column in columns if column.meaning == "score"), None)
    if score and not {"scale_low", "scale_high"} & there:
        found |= _scale(plain(score.name), looks[score.name], "question_kind" in there)
    return found


def _scale(words: str, look: Row, kind_told: bool) -> dict[str, str]:
    """The kind and the scale of a score, where its name and values leave no doubt."""
    low, high = look["low"], look["high"]
    if low is None or high is None:
        return {}
    kind, ends = "", ("", "")
    if re.search(r"\bnps\b", words) and low >= 0 and high <= 10:
        kind, ends = "nps", ("0", "10")
    elif re.search(r"\b(csat|satisfaction|zufriedenheit|stars?|sterne)\b", words) and low >= 1 and 3 < high <= 5:
        kind, ends = "csat", ("1", "5")
    if not kind:
        return {}
    return ({} if kind_told else {"question_kind": kind}) | {"scale_low": ends[0], "scale_high": ends[1]}
