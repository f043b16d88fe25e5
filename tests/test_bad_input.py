"""Bad input: what is wrong is put aside with a reason that says where, and everything else is in."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from bad_files import GOOD, HEADER, MAPPING, TRACK, command_line, csv_file
from firsthand.cli import command
from firsthand.errors import UserError
from importing import taken


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(MAPPING)
    return path


def test_a_wrong_date_names_file_line_column_and_format(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + GOOD + "2,2026-02-31,bob,5\n3,01.02.2026,cleo,7\n")
    tally, [listed] = taken(home, path, "csv", mapping)
    assert (tally.accepted, dict(tally.rejected)) == (2, {"not_a_date": 1})
    assert listed["message"].startswith('orders.csv, line 3: "2026-02-31" is not a date (column "placed", expected')
    assert "%d.%m.%Y" in listed["message"]
    assert (listed["file"], listed["line"], listed["column"]) == ("orders.csv", 3, "placed")


def test_a_word_for_a_number_is_named(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + GOOD + "2,01.02.2026,bob,much\n")
    tally, [listed] = taken(home, path, "csv", mapping)
    assert (tally.accepted, dict(tally.rejected)) == (1, {"not_a_number": 1})
    assert 'line 3: "much" is not a number (column "total"' in listed["message"]


@pytest.mark.parametrize("amount", ["1e14", "1e15", "-1e18", "99999999999999.99999", "1e30"])
def test_an_amount_that_no_column_holds_is_named_and_the_rest_is_in(home, tmp_path, mapping, amount):
    path = csv_file(tmp_path, HEADER + GOOD + f"2,01.02.2026,bob,{amount}\n")
    tally, [listed] = taken(home, path, "csv", mapping)
    assert (tally.accepted, dict(tally.rejected)) == (1, {"not_a_number": 1})
    assert (
        f'"{amount}" is not a number (column "total", expected a number under 100,000,000,000,000)' in listed["message"]
    )


@pytest.mark.parametrize(("field", "value", "reason"), [
    ("scale_high", "1e19", "number_out_of_range"), ("score", "1e308", "number_out_of_range"), ("wait_seconds", "-1", "number_out_of_range"),
    ("version", "9999-01-01", "time_out_of_range"), ("question_kind", "NPS", "unknown_question_kind"),
])  # fmt: skip
def test_what_figures_could_not_be_made_of_is_rejected_with_its_column(home, tmp_path, mapping, field, value, reason):
    mapping.write_text(f"{MAPPING}    {field}: {{column: told}}\n")
    path = csv_file(tmp_path, f"order,placed,customer,total,told\n1,31.01.2026,ada,10,\n2,31.01.2026,ada,10,{value}\n")
    tally, [listed] = taken(home, path, "csv", mapping)
    assert (tally.accepted, dict(tally.rejected), listed["column"]) == (1, {reason: 1}, "told")


def test_a_parquet_file_of_too_many_columns_is_named_before_it_is_read(home, tmp_path, mapping):
    path = tmp_path / "wide.parquet"
    pq.write_table(pa.table({f"c{at}": ["x"] for at in range(5_000)}), path)
    tally, [listed] = taken(home, path, "parquet", mapping)
    assert dict(tally.rejected) == {"too_many_columns": 1}
    assert "5,000 columns; at most 4,096 are read" in listed["message"]


def test_a_row_or_an_event_longer_than_a_line_may_be_is_put_aside_alone(home, tmp_path, mapping):
    words = "x" * 9_000_000
    rows = {
        "order": ["1", "2", "3"],
        "placed": ["31.01.2026"] * 3,
        "customer": ["ada", words, "cy"],
        "total": ["1"] * 3,
    }
    pq.write_table(pa.table(rows), tmp_path / "long.parquet")
    tally, [listed] = taken(home, tmp_path / "long.parquet", "parquet", mapping)
    assert (tally.accepted, listed["reason"], listed["line"]) == (2, "line_too_long", 2)
    event = '<event><string key="concept:name" value="{}"/><date key="time:timestamp" value="2026-01-01T10:00:00Z"/></event>\n'
    log = tmp_path / "long.xes"
    log.write_text(f"<log><trace>\n{event.format('seen')}{event.format(words)}{event.format('seen')}</trace></log>")
    tally, listed = taken(home, log, "xes", None)
    assert (tally.accepted, dict(tally.rejected)) == (2, {"line_too_long": 1})
    assert ("long.xes", 3) in [(row["file"], row["line"]) for row in listed]


def test_a_parquet_file_without_anything_is_empty(home, tmp_path, mapping):
    (tmp_path / "blank.parquet").write_bytes(b"")
    pq.write_table(pa.table({}), tmp_path / "bare.parquet")
    for name in ("blank", "bare"):
        assert command_line(home, tmp_path / f"{name}.parquet", "parquet", mapping)[1]["rejected"] == {"empty_file": 1}


def test_xml_that_is_no_log_is_named(home, tmp_path):
    page = tmp_path / "page.xes"
    page.write_text("<html><body>Log in</body></html>")
    tally, [listed] = taken(home, page, "xes", None)
    assert dict(tally.rejected) == {"not_xes": 1}
    assert "the outermost element is <html>; expected <log>" in listed["message"]


def test_a_file_is_no_place_for_a_home(tmp_path):
    (tmp_path / "afile").write_text("x")
    for words in (["init"], ["demo"], ["show", "summary"]):
        done = CliRunner().invoke(command, [*words, "--home", str(tmp_path / "afile")])
        assert isinstance(done.exception, UserError)
        assert "ame another with --home." in str(done.exception)
        assert "firsthand init" not in str(done.exception)


def test_a_missing_column_rejects_the_file_and_proposes_the_one_meant(home, tmp_path, mapping):
    path = csv_file(tmp_path, "order,place,customer,total\n" + GOOD)
    tally, [listed] = taken(home, path, "csv", mapping)
    assert (tally.read, dict(tally.rejected)) == (1, {"missing_column": 1})
    assert 'orders.csv, line 1: the mapping names "placed" (is it "place"?)' in listed["message"]
    assert command_line(home, path, "csv", mapping)[0] == 2


def test_a_broken_line_is_named_and_the_rest_is_in(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + GOOD + '2,01.02.2026,"bob,5\n3,01.02.2026,cleo,7\n4,1\n')
    tally, listed = taken(home, path, "csv", mapping)
    assert tally.accepted == 2
    assert [(row["line"], row["reason"]) for row in listed] == [(3, "broken_line"), (5, "wrong_number_of_columns")]
    assert all(row["message"].startswith(f"orders.csv, line {row['line']}: ") for row in listed)
    assert command_line(home, path, "csv", mapping)[0] == 0


def test_of_a_truncated_gzip_all_whole_lines_are_in(home, tmp_path, mapping):
    path = tmp_path / "orders.csv.gz"
    text = HEADER + "".join(f"{number},31.01.2026,c{number * 7919 % 10007},{number}\n" for number in range(5000))
    whole = gzip.compress(text.encode())
    path.write_bytes(whole[: len(whole) // 2])
    tally, [listed] = taken(home, path, "csv", mapping)
    assert 1000 < tally.accepted < 5000
    assert (dict(tally.rejected), listed["line"]) == ({"truncated": 1}, tally.accepted + 2)
    assert "ends early" in listed["message"]
    assert command_line(home, path, "csv", mapping)[0] == 0


@pytest.mark.parametrize(
    "name", ["csv", "jsonl", "segment", "zendesk", "xes", "ocel2", "parquet", "qualtrics", "limesurvey"]
)
def test_an_empty_file_is_rejected_as_a_whole(home, tmp_path, mapping, name):
    path = csv_file(tmp_path, "")
    needs = mapping if name in ("csv", "jsonl", "parquet") else None
    tally, [listed] = taken(home, path, name, needs)
    assert (tally.read, tally.rejected.total()) == (1, 1)
    assert listed["reason"] in ("empty_file", "not_parquet")
    assert listed["message"].startswith("orders.csv: ")
    assert command_line(home, path, name, needs)[0] == 2


@pytest.mark.parametrize("name", ["csv", "segment"])
def test_a_line_of_100_mb_is_put_aside_and_the_rest_of_the_file_is_in(home, tmp_path, mapping, name):
    path = csv_file(tmp_path, "")
    with path.open("w") as file:
        file.write(HEADER + GOOD if name == "csv" else TRACK % 1)
        for _ in range(100):
            file.write("x" * 1_000_000)
        file.write("\n2,01.02.2026,bob,5\n" if name == "csv" else "\n" + TRACK % 2)
    tally, [listed] = taken(home, path, name, mapping if name == "csv" else None)
    assert (tally.accepted, dict(tally.rejected)) == (2, {"line_too_long": 1})
    assert listed["line"] == (3 if name == "csv" else 2)
    assert len(listed["raw"]) < 100_000


def test_a_header_too_long_to_be_one_rejects_the_file(home, tmp_path, mapping):
    path = csv_file(tmp_path, b"x" * 30_000_000 + b"\n" + (HEADER + GOOD).encode())
    tally, [listed] = taken(home, path, "csv", mapping)
    assert (tally.read, listed["line"], listed["reason"]) == (1, 1, "line_too_long")


def test_200000_columns_in_the_header_reject_the_file(home, tmp_path, mapping):
    path = csv_file(tmp_path, ",".join(f"c{number}" for number in range(200_000)) + "\n" + GOOD)
    tally, [listed] = taken(home, path, "csv", mapping)
    assert (tally.read, listed["line"], listed["reason"]) == (1, 1, "too_many_columns")
    assert "200,000 columns" in listed["message"]


def test_200000_cells_in_one_row_lose_that_row(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + GOOD + "," * 199_999 + "\n2,01.02.2026,bob,5\n")
    tally, [listed] = taken(home, path, "csv", mapping)
    assert (tally.accepted, listed["line"], listed["reason"]) == (2, 3, "wrong_number_of_columns")
    assert "200000 columns, expected 4" in listed["message"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "not JSON"),
        ('["a", 1]', "expected an object"),
        ("17", "expected an object"),
        ('{"messageId": "m9"', "not JSON"),
        ("[" * 100_000 + "]" * 100_000, "expected one object a line"),
    ],
)
def test_a_line_that_is_no_json_object_is_named_and_the_others_are_in(home, tmp_path, line, said):
    path = csv_file(tmp_path, TRACK % 1 + line + "\n\n" + TRACK % 2)
    tally, [listed] = taken(home, path, "segment")
    assert (tally.accepted, tally.records, listed["line"], listed["reason"]) == (2, 3, 2, "not_json")
    assert said in listed["message"]


def test_latin_1_in_json_lines_loses_its_line_alone(home, tmp_path):
    path = csv_file(tmp_path, (TRACK % 1 + TRACK.replace("ada", "andré") % 2 + TRACK % 3).encode("latin-1"))
    tally, [listed] = taken(home, path, "segment")
    assert (tally.accepted, listed["line"], listed["reason"]) == (2, 2, "not_utf8")
    assert "save the file as UTF-8" in listed["message"]


def test_utf_16_is_not_advised_to_be_said_in_the_mapping_which_would_refuse_it(home, tmp_path, mapping):
    tally, [listed] = taken(home, csv_file(tmp_path, (HEADER + GOOD).encode("utf-16")), "csv", mapping)
    assert dict(tally.rejected) == {"not_utf8": 1}
    assert "UTF-16" in listed["message"]
    assert "read:" not in listed["message"]


def test_a_byte_order_mark_before_json_lines_is_passed_over(home, tmp_path):
    tally, listed = taken(home, csv_file(tmp_path, "\ufeff" + TRACK % 1), "segment")
    assert (tally.accepted, listed) == (1, [])


def test_deeply_nested_json_is_taken_or_put_aside_but_never_fails(home, tmp_path):
    deep = '{"a":' * 5000 + "1" + "}" * 5000
    text = TRACK % 1 + (TRACK % 2).replace('"ada"', deep) + TRACK % 3
    tally, _ = taken(home, csv_file(tmp_path, text), "segment")
    assert tally.read == 3
    assert tally.accepted >= 2


def test_what_is_not_parquet_or_is_damaged_is_said(home, tmp_path, mapping):
    tally, [listed] = taken(home, csv_file(tmp_path, "PAR1 not really PAR1"), "parquet", mapping)
    assert (dict(tally.rejected), listed["message"][:12]) == ({"not_parquet": 1}, "orders.csv: ")
    path = tmp_path / "damaged.parquet"
    rows = {"order": [str(number) for number in range(5000)], "placed": ["31.01.2026"] * 5000}
    table = pa.table(rows | {"customer": rows["order"], "total": rows["order"]})
    pq.write_table(table, path, compression="zstd")
    content = bytearray(path.read_bytes())
    content[40:4000] = b"\xff" * 3960
    path.write_bytes(content)
    tally, _ = taken(home, path, "parquet", mapping)
    assert tally.rejected["not_parquet"] == 1


@pytest.mark.parametrize("text", ["not xml", "<log><trace></log>", '<?xml version="1.0" encoding="nonsense"?><log/>'])
def test_what_is_not_xml_is_said(home, tmp_path, text):
    path = csv_file(tmp_path, text)
    tally, [listed] = taken(home, path, "xes")
    assert dict(tally.rejected) == {"not_xml": 1}
    assert listed["message"].startswith("orders.csv, line 1: the log breaks off")
    assert command_line(home, path, "xes")[0] == 2


def test_latin_1_in_a_log_that_does_not_say_so_is_told_how_to_say_it(home, tmp_path):
    tally, [listed] = taken(home, csv_file(tmp_path, '<log><trace a="ü"/></log>'.encode("latin-1")), "xes")
    assert dict(tally.rejected) == {"not_xml": 1}
    assert 'encoding="ISO-8859-1"' in listed["message"]


def test_a_log_that_breaks_off_keeps_the_events_before(home, tmp_path):
    event = '<event><string key="concept:name" value="a"/><date key="time:timestamp" value="2026-01-01T00:00:00Z"/></event>\n'
    tally, [listed] = taken(home, csv_file(tmp_path, "<log><trace>\n" + event * 3 + "<event><str"), "xes")
    assert (tally.accepted, dict(tally.rejected), listed["line"]) == (3, {"truncated": 1}, 5)


@pytest.mark.parametrize(
    "text",
    ['{"tickets": null}', '{"tickets": [1, {"id": 1, "created_at": "2026-01-01T00:00:00Z"}]}', '[{"id": 1}]', "{\n1",
     '{"tickets": [{"id": [1], "created_at": 5, "metric_set": "x"}], "users": 3, "metric_sets": [2]}'],
)  # fmt: skip
def test_strange_tickets_are_put_aside_without_failing(home, tmp_path, text):
    tally, listed = taken(home, csv_file(tmp_path, text), "zendesk")
    assert tally.rejected.total() == len(listed) >= 1


def test_a_reply_time_that_is_no_number_is_rejected_and_the_ticket_is_in(home, tmp_path):
    ticket = {
        "id": 1,
        "created_at": "2026-01-01T00:00:00Z",
        "metric_set": {"reply_time_in_minutes": {"calendar": "soon"}},
    }
    tally, [listed] = taken(home, csv_file(tmp_path, json.dumps({"tickets": [ticket]})), "zendesk")
    assert (tally.accepted, dict(tally.rejected)) == (1, {"not_a_date": 1})
    assert '"soon minutes after 2026-01-01' in listed["message"]


@pytest.mark.parametrize(
    "text",
    ["[]", "{}", '{"events": 1, "objects": []}', '{"events": [1, {"attributes": [2]}], "objects": [3, {"id": "o"}]}',
     '{"objects": [], "events": [{"id": "e", "type": "a", "time": "2026-01-01", "relationships": [{"x": 1}]}]}'],
)  # fmt: skip
def test_strange_object_centric_logs_are_put_aside_without_failing(home, tmp_path, text):
    path = csv_file(tmp_path, text)
    tally, listed = taken(home, path, "ocel2")
    assert tally.rejected.total() == len(listed) >= 1
    assert command_line(home, path, "ocel2")[0] == 2
