"""How a table is declared: a documented class whose attributes are its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

TIMESTAMP = pa.timestamp("us", "UTC")
KIND_VALUE = pa.list_(pa.struct([pa.field("kind", pa.string()), pa.field("value", pa.string())]))
TEXT_MAP = pa.map_(pa.string(), pa.string())
MONEY = pa.decimal128(18, 4)


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type, what it means, and its unit where it has one."""

    type: pa.DataType
    meaning: str
    unit: str = ""


class Table:
    """Base of the declared tables, as in `class Rejected(Table, name="rejected", sort="record")`.

    `table_sort` is record (told to us), decisions (of people and models) or derived (rebuilt at will).
    """

    table_name: ClassVar[str]
    table_sort: ClassVar[str]
    columns: ClassVar[dict[str, Column]] = {}

    def __init_subclass__(cls, *, name: str, sort: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.table_name, cls.table_sort = name, sort
        cls.columns = {key: value for key, value in vars(cls).items() if isinstance(value, Column)}

    @classmethod
    def schema(cls) -> pa.Schema:
        """The Arrow schema of the table."""
        return pa.schema([pa.field(name, column.type) for name, column in cls.columns.items()])

    @classmethod
    def times(cls) -> list[str]:
        """Names of the timestamp columns: the only ones whose statistics may enter the log."""
        return [name for name, column in cls.columns.items() if column.type == TIMESTAMP]
