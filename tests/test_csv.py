"""CSV: rows as they were written, and of what is broken only what is broken is lost."""

from __future__ import annotations

import csv as python_csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.sources import csv, lines
from firsthand.sources.rows import Unreadable

CELLS = st.text(st.sampled_from("ab ,;\"'\r\n\t0éß漢\\"), max_size=6) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=4
)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6))
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
        "quoting": st.sampled_from([python_csv.QUOTE_MINIMAL, python_csv.QUOTE_ALL]),
    }
)


def written(table: list[list[str]], **dialect: object) -> bytes:
    text = io.StringIO(newline="")
    python_csv.writer(text, **dialect).writerows(table)  # type: ignore[arg-type]
    return text.getvalue().encode()


def read(tmp_path: Path, content: bytes, **options: str) -> tuple[list[dict[str, str]], list[Unreadable], list[int]]:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    parts = list(csv.read(path, advance=lambda _: None, **options))
    rows = [row for part in parts for row in part.table.to_pylist()]
    numbers = [number for part in parts for number in part.line.to_pylist()]
    return rows, [fault for part in parts for fault in part.unreadable], numbers


@settings(deadline=None)
@given(table=TABLES, dialect=DIALECTS)
def test_whatever_arrow_reads_python_reads_alike(table, dialect):
    width = len(table[0]) if table else 1
    layout = csv.Layout([f"c{number}" for number in range(width)], dialect["delimiter"], "utf-8")
    data = written(table, **dialect)
    fast = csv._fast(data, layout)
    if fast is not None:
        exact, carried = csv._exact(data, 1, layout, last=True)
        assert (exact.table.to_pylist(), exact.unreadable, carried) == (fast.to_pylist(), [], b"")
        assert exact.line.to_pylist() == list(range(1, fast.num_rows + 1))


@settings(deadline=None)
@given(table=TABLES.filter(lambda table: table and len(table[0]) > 1), dialect=DIALECTS)
def test_a_table_comes_back_as_it_was_written(table, dialect):
    layout = csv.Layout([f"c{number}" for number in range(len(table[0]))], dialect["delimiter"], "utf-8")
    rows, carried = csv._parse(written(table, **(dialect | {"quoting": python_csv.QUOTE_ALL})), 1, layout, last=True)
    assert [list(row.values()) for row in rows.table.to_pylist()] == table
    assert not carried
    assert not rows.unreadable


@settings(deadline=None)
@given(data=st.binary(max_size=60) | st.text(st.sampled_from('a,"\n\r\0 é'), max_size=40).map(str.encode))
def test_no_bytes_make_it_fail(data):
    layout = csv.Layout(["a", "b"], ",", "utf-8")
    rows, carried = csv._parse(data, 1, layout, last=True)
    assert not carried
    assert rows.table.num_rows == len(rows.line)


def test_a_line_break_within_quotes_belongs_to_the_cell(tmp_path):
    rows, faults, numbers = read(tmp_path, b'a,b\n1,"two\nlines"\n2,x\n')
    assert rows == [{"a": "1", "b": "two\nlines"}, {"a": "2", "b": "x"}]
    assert (faults, numbers) == ([], [2, 4])


def test_a_quote_never_closed_loses_only_its_own_line(tmp_path):
    rows, faults, numbers = read(tmp_path, b'a,b\n1,x\n2,"open\n3,y\n4,z\n')
    assert [row["a"] for row in rows] == ["1", "3", "4"]
    assert [(fault.line, fault.reason, fault.raw) for fault in faults] == [(3, "broken_line", '2,"open')]
    assert numbers == [2, 4, 5]


@pytest.mark.parametrize(("line", "found"), [(b"1", "1 columns"), (b"1,2,3", "3 columns")])
def test_a_row_too_narrow_or_too_wide_is_named_and_the_others_are_in(tmp_path, line, found):
    rows, [fault], _ = read(tmp_path, b"a,b\n1,x\n" + line + b"\n2,y\n")
    assert [row["a"] for row in rows] == ["1", "2"]
    assert (fault.line, fault.reason) == (3, "wrong_number_of_columns")
    assert found in fault.message
    assert "expected 2" in fault.message


def test_latin_1_in_utf_8_loses_its_line_and_says_what_to_do(tmp_path):
    rows, [fault], _ = read(tmp_path, b"a,b\n1,caf\xe9\n2,caf\xc3\xa9\n")
    assert rows == [{"a": "2", "b": "café"}]
    assert (fault.line, fault.reason) == (2, "not_utf8")
    assert "byte 0xe9 at position 6" in fault.message
    assert "latin-1" in fault.message


def test_a_file_said_to_be_latin_1_is_whole(tmp_path):
    rows, faults, _ = read(tmp_path, b"a,caf\xe9\n1,caf\xe9\n", encoding="latin-1")
    assert (rows, faults) == ([{"a": "1", "café": "café"}], [])


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path):
    rows, faults, numbers = read(tmp_path, b"\n\na,b\n\n1,x\n\n\n2,y\n")
    assert ([row["a"] for row in rows], faults, numbers) == (["1", "2"], [], [5, 8])


def test_crlf_and_a_byte_order_mark_leave_no_trace(tmp_path):
    rows, faults, _ = read(tmp_path, b"\xef\xbb\xbfa,b\r\n1,x\r\n\r\n2,y\r\n")
    assert (rows, faults) == ([{"a": "1", "b": "x"}, {"a": "2", "b": "y"}], [])


def test_columns_of_one_name_are_told_apart(tmp_path):
    rows, _, _ = read(tmp_path, b"a,a,a.2,,a\n1,2,3,4,5\n")
    assert len(rows[0]) == 5
    assert sorted(rows[0].values()) == ["1", "2", "3", "4", "5"]
    assert {"a": "1", "a.2": "2", "column 4": "4"}.items() <= rows[0].items()


def test_a_header_may_hold_a_line_break_within_quotes(tmp_path):
    rows, faults, numbers = read(tmp_path, b'"a\nb",c\n1,x\n')
    assert (rows, faults, numbers) == ([{"a\nb": "1", "c": "x"}], [], [3])


@pytest.mark.parametrize("content", [b"a,b\r1,2\r3,4\r", b'"a,b\n1,2\n', b"\xff\xfea\x00,\x00b\x00\n\x00"])
def test_a_header_that_is_none_is_told_without_failing(tmp_path, content):
    _, faults, _ = read(tmp_path, content)
    assert faults


@pytest.mark.parametrize("block", [1, 2, 3, 5, 7, 16, 33])
def test_records_that_straddle_blocks_are_whole(tmp_path, monkeypatch, block):
    monkeypatch.setattr(lines, "PIECE", block)
    monkeypatch.setattr(lines, "BLOCK", block)
    table = [["a", "b"], ["1", 'two\n"lines"\n\nand more'], ["2", "é漢"], ["3", "x\r\ny"], ["4", ""]]
    rows, faults, numbers = read(tmp_path, written(table, lineterminator="\n"))
    assert ([list(row.values()) for row in rows], faults) == (table[1:], [])
    assert numbers == [2, 6, 7, 9]


@pytest.mark.parametrize("block", [1, 4, 11])
def test_a_quote_never_closed_loses_only_its_own_line_over_many_blocks(tmp_path, monkeypatch, block):
    monkeypatch.setattr(lines, "PIECE", block)
    monkeypatch.setattr(lines, "BLOCK", block)
    rows, faults, _ = read(tmp_path, b'a,b\n1,x\n2,"open\n3,y\n4,z\n5,w\n')
    assert [row["a"] for row in rows] == ["1", "3", "4", "5"]
    assert [fault.line for fault in faults] == [3]
