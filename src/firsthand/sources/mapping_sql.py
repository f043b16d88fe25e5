"""A mapping compiled to SQL: a batch of rows in, interactions and rejections out, column by column."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from firsthand.sources.mapping import LISTS, NUMBERS, TEXTS, TIMES, InteractionMapping, columns_of, consumed
from firsthand.sources.sql import json_path, literal, sql_type, without
from firsthand.tables import MONEY, Interactions

AMOUNT = sql_type(MONEY)
FINE = r"regexp_matches(raw_amount, '[.,]\d{5}|[eE]')"  # has more digits than an amount keeps, perhaps
SECONDS = {"milliseconds": 0.001, "seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


class Batch(NamedTuple):
    """What the SQL must know of the rows it will see: their columns, and whether they are nested JSON."""

    columns: tuple[str, ...]
    nested: bool
    paths: bool = True  # within JSON, a dot leads into nested objects

    def places(self) -> list[str]:
        """What flat columns are called in SQL: by their place, since names may differ in nothing but case."""
        return [f"in{number}" for number in range(len(self.columns))]


class Fault(NamedTuple):
    """A condition that rejects an interaction, and what is said of it."""

    condition: str
    reason: str
    field: str
    column: str
    value: str
    expected: str

    def sql(self) -> str:
        said = {
            "reason": literal(self.reason), "field": literal(self.field), "column": literal(self.column),
            "value": self.value, "expected": literal(self.expected),
        }  # fmt: skip
        struct = ", ".join(f"'{key}': {value}::VARCHAR" for key, value in said.items())
        return f"WHEN {self.condition} THEN {{{struct}}}"


def compile_mapping(
    mapping: InteractionMapping,
    batch: Batch,
    timezone: str,
    checks: Sequence[Fault] = (),
    digest: str = "NULL",
) -> tuple[str, str]:
    """SQL of what the rows say, to be made the table `said`, and SQL over that of the interactions in it.

    The first reads the tables `batch` (the rows, `__row` and `__line`) and `seen` (raw_hash, n). It must be made a
    table: within one statement DuckDB would take JSON apart once more for every condition.

    checks: further faults, in terms of the record's columns.  digest: the SQL of `content_hash`, likewise.
    The second yields a row per interaction: the columns of the record, `__row`,
    `__line`, `raw_hash`, `rejection` (the first fault, or null) and, where there is one, the `raw` record. A row
    of the file that no rule wants yields one row whose `event` and `rejection` are null.
    """
    names = {column: f"c{number}" for number, column in enumerate(mapping.columns())}
    rules = [
        _rule(mapping, number, names, batch, timezone, checks, digest) for number in range(len(mapping.interactions))
    ]
    wanted = " OR ".join(f"({_conditions(rule.get('when'), names)})" for rule in mapping.interactions)
    unwanted = f"SELECT __row, __line, NULL AS rejection, NULL AS event FROM said WHERE NOT ({wanted})"
    return _said(mapping, batch, names), "\nUNION ALL BY NAME\n".join([*rules, unwanted])


def _said(mapping: InteractionMapping, batch: Batch, names: Mapping[str, str]) -> str:
    """The columns that rules name as text (empty is null), the rest as properties, and the raw record."""
    if batch.nested:
        paths = [literal(json_path(column, nested=batch.paths)) for column in names]
        values = [f"nullif(trim(x[{at}]), '') AS {short}" for at, short in enumerate(names.values(), 1)]
        values.append("raw")
        source = f"(SELECT *, json_extract_string(raw, [{', '.join(paths)}]) AS x FROM batch)"
        text = "raw"
    else:
        places = dict(zip(batch.columns, batch.places(), strict=True))
        values = [
            f"nullif(trim({places[column]}), '') AS {short}" if column in places else f"NULL::VARCHAR AS {short}"
            for column, short in names.items()
        ]
        values += places.values()
        source = "batch"
        text = f"concat_ws(chr(31), {', '.join(places.values())})"
    digest = f"md5({text})" if any("id" not in rule for rule in mapping.interactions) else "NULL::VARCHAR"
    ordinal = (
        "row_number() OVER (PARTITION BY raw_hash ORDER BY __row) + coalesce((SELECT n FROM seen s WHERE s.raw_hash = d.raw_hash), 0)"
        if digest.startswith("md5") else "NULL::BIGINT"
    )  # fmt: skip
    inner = f"SELECT __row, __line, {', '.join([*values, f'{digest} AS raw_hash'])} FROM {source}"
    return f"SELECT *, {ordinal} AS ordinal FROM ({inner}) d"


def _flat_patch(names: Iterable[str]) -> str:
    import json

    return json.dumps(dict.fromkeys(names), ensure_ascii=False)


def _object(batch: Batch, taken: Collection[str] = ()) -> str:
    pairs = zip(batch.columns, batch.places(), strict=True)
    parts = ", ".join(f"{literal(column)}, nullif({place}, '')" for column, place in pairs if column not in taken)
    return f"json_object({parts})::VARCHAR"


def _properties(mapping: InteractionMapping, rule: Mapping[str, Any], batch: Batch) -> str:
    """What this interaction does not say in a column of its own, or not exactly, nor another rule that always holds."""
    rounded = list(columns_of(rule["amount"])) if "amount" in rule else []
    properties = _beside(mapping, rule, batch)
    if not mapping.properties or not rounded:
        return properties
    exact = _number("raw_amount", rule["amount"], "DECIMAL(38, 18)")
    differs = f"CASE WHEN {FINE} THEN {exact} <> try_cast({exact} AS {AMOUNT}) END"  # long decimals are slow: only where needed
    return f"CASE WHEN {differs} THEN {_beside(mapping, rule, batch, rounded)} ELSE {properties} END"


def _beside(mapping: InteractionMapping, rule: Mapping[str, Any], batch: Batch, kept: Collection[str] = ()) -> str:
    """What stands beside the columns that are taken over. kept: stays all the same."""
    if not mapping.properties:
        return "NULL::VARCHAR"
    always = [other for other in mapping.interactions if "when" not in other]
    taken = {column for other in [rule, *always] for column in consumed(other)}.difference(kept)
    if batch.nested:
        patch = without(sorted(taken)) if batch.paths else _flat_patch(sorted(taken))
        return f"json_merge_patch(raw, {literal(patch)})::VARCHAR"
    return _object(batch, taken)


def _rule(
    mapping: InteractionMapping,
    number: int,
    names: Mapping[str, str],
    batch: Batch,
    timezone: str,
    checks: Sequence[Fault],
    digest: str,
) -> str:
    """The interactions of one rule: values as told, then judged, then those that are rejected with their raw record."""
    rule = mapping.interactions[number]
    loose = ("text", "answer")
    texts = {field: _value(rule[field], names, whole=field not in loose) for field in TEXTS if field in rule}
    raw = {field: _value(rule[field], names) for field in (*TIMES, *NUMBERS, "amount") if field in rule}
    parsed = {field: _time(f"raw_{field}", rule[field], field, timezone) for field in TIMES if field in rule}
    parsed |= {field: _number(f"raw_{field}", rule[field], "DOUBLE") for field in NUMBERS if field in rule}
    if "amount" in rule:
        parsed["amount"] = _number("raw_amount", rule["amount"], AMOUNT)
    lists = {field: _named(rule[field], names, field) for field in LISTS if rule.get(field)}
    told = {
        "interaction_id": _id(mapping, rule, number, names),
        "position": f"__row * {len(mapping.interactions)} + {number}",
        "source": literal(mapping.source),
        "properties": _properties(mapping, rule, batch),
    }
    if "promised_for" in rule and "promise_state" not in rule:
        texts["promise_state"] = "CASE WHEN raw_promised_for IS NOT NULL THEN 'made' END"
    said = told | texts | lists | parsed
    absent = {field: f"NULL::{sql_type(column.type)}" for field, column in Interactions.columns.items()}
    columns = [f"{value} AS {field}" for field, value in (absent | said).items()]
    told_values = ", ".join(f"{value} AS raw_{field}" for field, value in raw.items())
    faults = [*_missing(rule), *(_unparsed(field, rule[field]) for field in raw), *(_placed(check, rule, raw) for check in checks)]  # fmt: skip
    rejection = f"CASE {' '.join(fault.sql() for fault in faults)} END AS rejection"
    kept = ", ".join(field for field in absent if field != "content_hash")
    whole = "raw" if batch.nested else _object(batch)
    return (
        f"SELECT {kept}, {digest} AS content_hash, __row, __line, raw_hash, rejection, "
        f"CASE WHEN rejection IS NOT NULL THEN {whole} END AS raw FROM (SELECT *, {rejection} FROM "
        f"(SELECT * EXCLUDE (ordinal), {', '.join(columns)} FROM "
        f"(SELECT *, {told_values} FROM said WHERE {_conditions(rule.get('when'), names)})))"
    )


def _placed(check: Fault, rule: Mapping[str, Any], raw: Collection[str]) -> Fault:
    """A check with the columns of the file that tell its field, and the value as it stands there."""
    columns = _columns(rule[check.field]) if check.field in rule else ""
    value = f"raw_{check.field}" if check.value == check.field and check.field in raw else check.value
    return check._replace(column=columns, value=value)


def _missing(rule: Mapping[str, Any]) -> list[Fault]:
    happened = "the name of what happened"
    faults = [
        Fault("event IS NULL", "missing_event", "event", _columns(rule["event"]), "NULL", happened),
        Fault(
            "raw_occurred_at IS NULL", "missing_time", "occurred_at", _columns(rule["occurred_at"]), "NULL", "a time"
        ),
    ]
    if "id" in rule:
        expected = "a value: it is the record's id"
        faults.insert(1, Fault("interaction_id IS NULL", "missing_id", "id", _columns(rule["id"]), "NULL", expected))
    return faults


def _unparsed(field: str, spec: Mapping[str, Any]) -> Fault:
    time = field in TIMES
    formats = spec.get("format")
    listed = " or ".join([formats] if isinstance(formats, str) else formats) if formats else "ISO 8601"
    number = "a number" + (" with a decimal comma" if spec.get("decimal_comma") else "")
    most = " under 100,000,000,000,000" if field == "amount" else ""
    expected = f"format {listed}" if time else number + most
    return Fault(
        f"raw_{field} IS NOT NULL AND {field} IS NULL",
        "not_a_date" if time else "not_a_number", field, _columns(spec), f"raw_{field}", expected,
    )  # fmt: skip


def _columns(spec: Any) -> str:
    return ", ".join(dict.fromkeys(columns_of(spec)))


def _id(mapping: InteractionMapping, rule: Mapping[str, Any], number: int, names: Mapping[str, str]) -> str:
    prefix = literal(mapping.source + ":")
    if "id" not in rule:
        return f"{prefix} || md5(concat_ws(chr(31), raw_hash, ordinal, {number}))"
    alike = [at for at, other in enumerate(mapping.interactions) if other.get("id") == rule["id"]]
    own = len(alike) == 1 or (alike[0] == number and "constant" in rule["event"])
    event = "" if own else f" || ':' || {_value(rule['event'], names)}"
    return f"{prefix} || {_value(rule['id'], names)}{event}"


def _conditions(when: Any, names: Mapping[str, str]) -> str:
    conditions = [when] if isinstance(when, Mapping) else when or []
    return " AND ".join(_condition(condition, names) for condition in conditions) or "true"


def _condition(condition: Mapping[str, Any], names: Mapping[str, str]) -> str:
    text = f"coalesce({names[condition['column']]}, '')"
    tests = [
        f"{text} {operator} ({', '.join(literal('' if value is None else value) for value in _list(condition[key]))})"
        for key, operator in (("is", "IN"), ("is_not", "NOT IN"))
        if key in condition
    ]
    return " AND ".join(tests) or f"{text} <> ''"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _value(spec: Mapping[str, Any], names: Mapping[str, str], *, whole: bool = True) -> str:
    """A text value, null where empty. whole: of joined columns, all must be there; else those that are."""
    if "constant" in spec:
        return literal(spec["constant"]) + "::VARCHAR"
    if "first" in spec:
        return f"coalesce({', '.join(_value(part, names) for part in spec['first'])})"
    if "columns" in spec:
        between = f" || {literal(spec.get('join', ':'))} || "
        if not whole:
            joined = f"concat_ws({literal(spec.get('join', ':'))}, {', '.join(names[c] for c in spec['columns'])})"
            return f"nullif({joined}, '')"
        return "(" + between.join(names[column] for column in spec["columns"]) + ")"
    column = names[spec["column"]]
    if "values" not in spec:
        return column
    cases = " ".join(f"WHEN {literal(key)} THEN {literal(value)}" for key, value in spec["values"].items())
    return f"(CASE {column} {cases} ELSE {literal(spec['else']) if 'else' in spec else column} END)::VARCHAR"


def _named(spec: Mapping[str, Any], names: Mapping[str, str], field: str) -> str:
    if field == "circumstances":
        return _circumstances(spec, names)
    pairs = [(kind, part) for kind, parts in spec.items() for part in _list(parts)]
    entries = ", ".join(
        f"{{'kind': {literal(kind)}, 'value': {_value(part, names)}}}" for kind, part in pairs if "each" not in part
    )
    lists = [f"list_filter([{entries}], lambda entry: entry.value IS NOT NULL)"] if entries or not pairs else []
    lists += [
        f"list_transform({_elements(names[part['each']])}, lambda v: {{'kind': {literal(kind)}, 'value': v}})"
        for kind, part in pairs
        if "each" in part
    ]
    return f"list_concat({', '.join(lists)})" if len(lists) > 1 else lists[0]


def _circumstances(spec: Mapping[str, Any], names: Mapping[str, str]) -> str:
    joined = {kind: ", ".join(_value(part, names) for part in _list(parts)) for kind, parts in spec.items() if parts}
    entries = ", ".join(
        f"{{'kind': {literal(kind)}, 'value': nullif(concat_ws(', ', {values}), '')}}"
        for kind, values in joined.items()
    )
    return f"map_from_entries(list_filter([{entries}], lambda entry: entry.value IS NOT NULL))"


def _elements(text: str) -> str:
    """What a JSON array holds; null where the text is none."""
    array = f"CASE WHEN json_valid({text}) THEN from_json({text}, '[\"VARCHAR\"]') END"
    return f"list_filter({array}, lambda v: v IS NOT NULL)"


def _time(text: str, spec: Mapping[str, Any], field: str, home_timezone: str) -> str:
    zone = literal(spec.get("timezone", home_timezone))
    formats = _list(spec["format"]) if "format" in spec else [None]
    moments = [_moment(text, pattern, zone) for pattern in formats]
    moment = f"coalesce({', '.join(moments)})" if len(moments) > 1 else moments[0]
    if field != "promised_for":
        return moment
    end = f"timezone({zone}, date_trunc('day', timezone({zone}, {moment})) + INTERVAL 1 DAY) - INTERVAL 1 MICROSECOND"
    if spec.get("date_only") or all(pattern and not _tells_hours(pattern) for pattern in formats):
        return end
    return f"CASE WHEN length({text}) = 10 THEN {end} ELSE {moment} END" if formats == [None] else moment


def _tells_hours(pattern: str) -> bool:
    return pattern.startswith("epoch_") or any(code in pattern for code in ("%H", "%I", "%-H", "%-I", "%c", "%X", "%T"))


def _moment(text: str, pattern: str | None, zone: str) -> str:
    if pattern in ("epoch_seconds", "epoch_milliseconds"):
        factor = 1_000_000 if pattern == "epoch_seconds" else 1_000
        return f"make_timestamptz(try_cast(try_cast({text} AS DECIMAL(24, 6)) * {factor} AS BIGINT))"
    if pattern is not None:
        read = f"try_strptime({text}, {literal(pattern)})"
        return read if "%z" in pattern or "%Z" in pattern else _at(zone, read)
    clock = f"substr({text}, 11)"  # what stands behind the date
    zoned = f"suffix({text}, 'Z') OR contains({clock}, '+') OR contains({clock}, '-')"
    whole = rf"regexp_replace({text}, '([T ]\d{{2}}:\d{{2}})(Z|[+-].*)?$', '\1:00\2')"  # a time without seconds
    local = f"coalesce(try_cast({text} AS TIMESTAMP), try_cast({whole} AS TIMESTAMP))"
    return (
        f"CASE WHEN substr({text}, 5, 1) <> '-' THEN NULL "
        f"WHEN {zoned} THEN coalesce(try_cast({text} AS TIMESTAMPTZ), try_cast({whole} AS TIMESTAMPTZ)) "
        f"ELSE {_at(zone, local)} END"
    )


def _at(zone: str, clock: str) -> str:
    """A moment from what a clock showed at a place (the session's clock shows UTC)."""
    return f"({clock})::TIMESTAMPTZ" if zone == "'UTC'" else f"timezone({zone}, {clock})"


def _number(text: str, spec: Mapping[str, Any], sort: str) -> str:
    german = rf"CASE WHEN regexp_matches({text}, '^[+-]?(\d{{1,3}}(\.\d{{3}})+|\d+)(,\d+)?$') THEN {text} END"
    plain = f"replace(replace({german}, '.', ''), ',', '.')" if spec.get("decimal_comma") else text
    number = f"try_cast({plain} AS {sort})"
    factor = SECONDS[spec.get("unit", "seconds")]
    if factor != 1:
        number = f"({number} * {factor})"
    return number if sort.startswith("DECIMAL") else f"CASE WHEN isfinite({number}) THEN {number} END"
