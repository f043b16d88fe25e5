"""Documents: their lists come element by element, and what is no document is told by line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from firsthand.sources import documents, lines, ocel2
from firsthand.sources.documents import Document, NotADocument

NUMBERS = [1, 1.5, -0.0, 1e300, 12345678901234567890123, 0.1]


def document(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "document.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda content: b"\xef\xbb\xbf" + content])
def test_the_elements_of_a_list_come_as_they_were_written(tmp_path, indent, pack):
    listed = [{"a": NUMBERS, "b": "é\U0001f600\\"}, None, "x", [], {}]
    content = json.dumps({"before": [1], "wanted": listed, "after": {"wanted": [2]}}, indent=indent)
    path = document(tmp_path, pack(content.encode()))
    found = Document(path)
    assert [element for _, element in found.elements("wanted")] == listed
    assert found.lists == {"before", "wanted"}
    assert list(found.elements("after")) == []


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        ("", "empty_file", 0), (" \n", "empty_file", 0), ('{"wanted": [1,\n2,\nx]}', "not_json", 3), ('{"wanted": [1]}\n}', "not_json", 2),
        ('{"wanted": [1,\n', "not_json", 2), (b'{"wanted":\n["\xff"]}', "not_utf8", 2), ('{"wanted": [NaN]}', "not_json", 1), ("[]", "not_json", 1),
        ('{"wanted":\n[' + "[" * 100_000, "not_json", 2), ('{"a": 1 "wanted": []}', "not_json", 1), (gzip.compress(b'{"wanted": [1]}', mtime=0)[:-9], "truncated", 0),
    ],
)  # fmt: skip
def test_what_is_no_document_is_told_by_line(tmp_path, content, reason, line):
    with pytest.raises(NotADocument) as found:
        list(Document(document(tmp_path, content)).elements("wanted"))
    assert (found.value.fault.reason, found.value.fault.line) == (reason, line)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_it_does_not_matter_where_the_pieces_of_a_file_end(tmp_path, monkeypatch, size):
    listed = [*NUMBERS, {"é": "\U0001f600"}, True]
    monkeypatch.setattr(lines, "PIECE", size)
    path = document(tmp_path, json.dumps({"a": 12, "wanted": listed, "b": {}}, ensure_ascii=False))
    assert [element for _, element in Document(path).elements("wanted")] == listed


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_each_element_has_the_line_it_begins_on(tmp_path, monkeypatch, size):
    monkeypatch.setattr(lines, "PIECE", size)
    path = document(tmp_path, '{"a":\n[1], "wanted": [2,\n\n  {"b":\n 3}, 4,\n5\n]}')
    assert list(Document(path).elements("wanted")) == [(2, 2), (4, {"b": 3}), (5, 4), (6, 5)]


def test_a_value_longer_than_is_read_is_called_that(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "PIECE", 10)
    monkeypatch.setattr(documents, "LONGEST", 100)
    with pytest.raises(NotADocument) as found:
        list(Document(document(tmp_path, json.dumps({"wanted": ["x" * 200]}))).elements("wanted"))
    assert (found.value.fault.reason, found.value.fault.line) == ("line_too_long", 1)


@pytest.mark.parametrize("events_first", [True, False])
def test_objects_are_known_wherever_they_stand_in_a_log(tmp_path, events_first):
    event = {"id": "e", "type": "buy", "time": "2026-01-01", "relationships": [{"objectId": "ada"}]}
    log = {"objects": [{"id": "ada", "type": "person"}], "events": [event]}
    path = document(tmp_path, json.dumps(dict(sorted(log.items(), reverse=not events_first))))
    [rows] = ocel2.read(path, advance=lambda _: None, customer="person")
    assert json.loads(rows.table.column("raw")[0].as_py())["customer"] == "ada"
