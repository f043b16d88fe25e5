"""What Ibis compiles for Spark, mended where it lacks something or means another thing than on DuckDB."""

from __future__ import annotations

import re
from typing import Any

import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

from firsthand.errors import EngineError

_STEP = re.compile(r'\.(?:"([^"]*)"|([^."\[]+))')


class SparkCompiler(PySparkCompiler):
    """Ibis' compiler for Spark, with the functions of `firsthand.functions`."""

    __slots__ = ()

    def visit_ScalarUDF(self, op: Any, **given: Any) -> Any:  # noqa: N802
        """The functions that expressions use, by the names that DuckDB has for them."""
        match self.__sql_name__(op), list(given.values()):
            case "json_extract_string", [document, path]:
                return self.f.anon.get_json_object(document, sge.convert(json_path(path.this)))
            case "timezone", [zone, moment]:
                return self.f.anon.convert_timezone(sge.convert("UTC"), zone, _plain(moment))
            case "epoch_us", [moment]:
                return self.f.anon.unix_micros(moment)
            case "hash", [text]:
                return self.f.anon.xxhash64(text)
        return super().visit_ScalarUDF(op, **given)

    def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
        """With their fractions, as DuckDB counts them."""
        return self.f.anon.unix_micros(arg) / sge.convert(1e6)

    def visit_ArrayCollect(self, op: Any, *, arg: Any, order_by: Any, **more: Any) -> Any:  # noqa: N802
        """Spark aggregates in no order: pairs of key and value are collected, sorted, and their values taken."""
        if not order_by:
            return super().visit_ArrayCollect(op, arg=arg, order_by=order_by, **more)
        keys = [self.f.anon.named_struct(*_named(f"k{at}", key.this)) for at, key in enumerate(order_by)]
        if any(key.args.get("desc") for key in order_by):
            raise EngineError("Spark cannot collect in descending order.")
        kept = self.f.anon.named_struct(*_named("keys", self.f.anon.struct(*keys)), *_named("value", arg))
        one = sg.to_identifier("one")
        value = sge.Lambda(this=sge.Dot(this=one, expression=sg.to_identifier("value")), expressions=[one])
        return self.f.anon.transform(self.f.anon.array_sort(self.f.anon.collect_list(kept)), value)

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
