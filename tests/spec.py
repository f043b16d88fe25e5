"""A specification is a tiny table: rows in, what is done with them, rows out, all as text.

Columns stand as in tables.Timeline; what is not given is null. For short: `customer` is customer_id, `subject`
is subjects (`order 7, case 3`), `id` is interaction_id; circumstances are `need=gift, mood=cross`. A blank cell or `-` is null; times are UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from firsthand.journeys import ExperienceMap, promises
from firsthand.journeys.map import Touchpoint
from firsthand.journeys.signals import ALL, Lives, found, judged
from firsthand.measures import Measure, Seen, grouped
from firsthand.tables import KIND_VALUE, TEXT_MAP, TIMESTAMP, Timeline

SHORT = {"customer": "customer_id", "subject": "subjects", "id": "interaction_id"}
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)


def spec(given: str, when: Callable[[ir.Table], ir.Table], then: str) -> None:
    """Holds an analysis against the rows expected of it; their order does not matter, the columns named do."""
    header, expected = cells(then)
    found = when(lives(given)).to_pyarrow().to_pylist()
    said = [[shown(row[SHORT.get(name, name)]) for name in header] for row in found]
    assert sorted(said) == sorted([["" if cell == "-" else cell for cell in row] for row in expected])


def cells(text: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a text table."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return lines[0], lines[1:]


def lives(text: str, table: Any = Timeline) -> ir.Table:
    """A table of the declared form: positions and ids count the rows, days are those of UTC, kinds of scale are told."""
    header, rows = cells(text)
    schema = table.schema()
    records = []
    for number, row in enumerate(rows):
        said = {SHORT.get(name, name): cell for name, cell in zip(header, row, strict=True)}
        record = {name: _value(cell, schema.field(name).type) for name, cell in said.items()}
        record = {"interaction_id": f"i{number:03}", "position": number} | record
        if "day" in schema.names and record.get("occurred_at"):
            record.setdefault("day", record["occurred_at"].date())
        records.append(record)
    if table is Timeline:
        placed(records)
    return ibis.memtable(pa.Table.from_pylist(records, schema=schema))


def placed(records: list[dict[str, Any]]) -> None:
    """Gives each record its life, by customer, and its step in it; one of nobody has a negative life of its own."""
    steps: dict[str, int] = {}
    customers = sorted({record.get("customer_id") or "" for record in records} - {""})
    for record in sorted(records, key=lambda record: (record.get("occurred_at") or AS_OF, record["position"])):
        who = record.get("customer_id")
        record.setdefault("life", customers.index(who) + 1 if who else -1 - record["position"])
        if who:
            steps[who] = steps.get(who, 0) + 1
            record.setdefault("step", steps[who])


def seen(given: str, *points: Touchpoint, as_of: datetime = AS_OF) -> Seen:
    """The world that measures look at, from a text table and the touchpoints of a map."""
    stages = tuple(dict.fromkeys(point.stage for point in points))
    life = lives(given).filter(ibis._.occurred_at <= ibis.literal(as_of, "timestamp('UTC')"))
    here, made = ibis.memtable(ExperienceMap(stages, points, {}).table()), lambda: promises(life, as_of)
    lives_now = Lives(life, made, here, as_of)
    return Seen(life, made, lambda: judged(lives_now, ALL, found(lives_now, ALL)), here, as_of)


def figure(measure: Measure, world: Seen, *by: str) -> Any:
    """A measure's figures as dicts: one where `by` is not given (None where nothing can be said), else a list."""
    groups = [*measure.also, *by]
    table = measure.estimate(grouped(measure.observe(world), list(by)), groups)
    found = rows(table.order_by(groups) if groups else table)
    return found if groups else (found[0] if found else None)


def rows(table: ir.Table) -> list[dict[str, Any]]:
    """The rows of an expression."""
    found: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return found


def shown(value: Any) -> str:
    """A cell as text: midnights as days, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if not value.time().replace(tzinfo=None) > datetime.min.time()
            else f"{value:%Y-%m-%dT%H:%M:%S}"
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | int | Decimal):
        return f"{value:.6g}" if abs(value) < 1e5 else f"{value:.0f}"
    return str(value)


def _value(cell: str, kind: pa.DataType) -> Any:
    if cell in ("", "-"):
        return None
    if kind == TIMESTAMP:
        return datetime.fromisoformat(cell).replace(tzinfo=UTC)
    if kind == TEXT_MAP:
        return [tuple(entry.strip().split("=", 1)) for entry in cell.split(",")]
    if kind == KIND_VALUE:
        return [dict(zip(("kind", "value"), entry.strip().split(" ", 1), strict=True)) for entry in cell.split(",")]
    if pa.types.is_date(kind):
        return date.fromisoformat(cell)
    if pa.types.is_floating(kind):
        return float(cell)
    if pa.types.is_integer(kind):
        return int(cell)
    if pa.types.is_decimal(kind):
        return Decimal(cell)
    if pa.types.is_boolean(kind):
        return cell == "yes"
    return cell
