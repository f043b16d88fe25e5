"""What Ibis compiles for Spark, mended where it lacks something or means another thing than on DuckDB."""

from __future__ import annotations

import re
from typing import Any

import ibis.expr.datatypes as dt
import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import NULL, SQLGlotCompiler
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

from firsthand.errors import EngineError

OTHERWISE = "A property is a number so large or so small that Spark writes it otherwise than DuckDB does."
_STEP = re.compile(r'\.(?:"([^"]*)"|([^."\[]+))')


class SparkCompiler(PySparkCompiler):
    """Ibis' compiler for Spark, with the functions of `firsthand.functions`."""

    __slots__ = ()

    def visit_ScalarUDF(self, op: Any, **given: Any) -> Any:  # noqa: N802
        """The functions that expressions use, by the names that DuckDB has for them."""
        match self.__sql_name__(op), list(given.values()):
            case "json_extract_string", [document, path]:
                return self._property(self.f.anon.get_json_object(document, sge.convert(json_path(path.this))))
            case "timezone", [zone, moment]:
                return self.f.anon.convert_timezone(sge.convert("UTC"), zone, _plain(moment))
            case "epoch_us", [moment]:
                return self.f.anon.unix_micros(moment)
            case "hash", [text]:
                return self.f.anon.xxhash64(text)
        return super().visit_ScalarUDF(op, **given)

    def _property(self, text: Any) -> Any:
        """A property as text; an error where Spark writes a number as 1.0E10, which DuckDB has as 10000000000.0."""
        refused = self.cast(self.f.anon.raise_error(sge.convert(OTHERWISE)), dt.string)
        return self.if_(self.f.anon.rlike(text, sge.convert("^-?[0-9][.][0-9]+E-?[0-9]+$")), refused, text)

    def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
        """With their fractions, as DuckDB counts them."""
        return self.f.anon.unix_micros(arg) / sge.convert(1e6)

    def visit_ArrayCollect(self, op: Any, *, arg: Any, where: Any, order_by: Any, **more: Any) -> Any:  # noqa: N802
        """Spark aggregates in no order: pairs of key and value are collected, sorted, and their values taken."""
        if not order_by:
            return super().visit_ArrayCollect(op, arg=arg, where=where, order_by=order_by, **more)
        if any(more.values()) or any(key.args.get("desc") for key in order_by):
            raise EngineError("Spark collects in ascending order only, and all but what is null. Use --engine duckdb.")
        keys = [item for at, key in enumerate(order_by) for item in _named(f"key_{at}", key.this)]
        pair = self.f.anon.named_struct(*keys, *_named("value", arg))
        there = arg.is_(sg.not_(NULL))
        pairs = self.f.anon.collect_list(self.if_(there if where is None else there & where, pair, NULL))
        one = sg.to_identifier("one")
        value = sge.Lambda(this=sge.Dot(this=one, expression=sg.to_identifier("value")), expressions=[one])
        return self.if_(self.f.anon.size(pairs) > 0, self.f.anon.transform(self.f.anon.array_sort(pairs), value), NULL)

    def visit_ArrayIndex(self, op: Any, *, arg: Any, index: Any) -> Any:  # noqa: N802
        """From 0; null beyond the end."""
        return self.f.anon.get(arg, sge.cast(index, "int"))

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:  # noqa: N802
        """Floating point numbers as such: Spark reads 0.1 as a decimal, and reckons with fewer digits."""
        if dtype.is_floating():
            return self.cast(sge.convert(repr(float(value))), dtype)
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    visit_Field = SQLGlotCompiler.visit_Field  # noqa: N815
    visit_IsNull = SQLGlotCompiler.visit_IsNull  # noqa: N815 - what is not a number is something, as on DuckDB
    visit_NotNull = SQLGlotCompiler.visit_NotNull  # noqa: N815


def json_path(path: str) -> str:
    """A path of DuckDB (`$."a b"."c"`) as Spark writes it (`$['a b']['c']`).

    Raises EngineError where Spark has no way to write it.
    """
    names = [quoted or plain for quoted, plain in _STEP.findall(path)]
    for name in names:
        if "'" in name or name in ("", "*") or name != name.strip():
            raise EngineError(f'Spark cannot look up a property that is called "{name}". Use --engine duckdb.')
    return "$" + "".join(f"['{name}']" for name in names)


def _plain(moment: Any) -> Any:
    """A moment as the clock in UTC shows it, without a zone."""
    return sge.Cast(this=moment, to=sge.DataType(this=sge.DataType.Type.USERDEFINED, kind="TIMESTAMP_NTZ"))


def _named(name: str, value: Any) -> tuple[Any, Any]:
    return sge.convert(name), value
