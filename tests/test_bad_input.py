"""Bad input: what is wrong is put aside with a reason that says where, and everything else is in."""

from __future__ import annotations

import gzip
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from firsthand.capture import candidates
from firsthand.cli import command
from firsthand.errors import UserError
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.rejections import open_rejections, retry_rejections
from firsthand.sources import format_named
from firsthand.sources.mapping_sql import Fault
from importing import taken

MAPPING = """\
source: shop
interactions:
  - id: {column: order}
    occurred_at: {column: placed, format: "%d.%m.%Y"}
    event: {constant: Order Completed}
    identifiers: {customer_number: {column: customer}}
    amount: {column: total}
"""
HEADER = "order,placed,customer,total\n"
GOOD = "1,31.01.2026,ada,10\n"
TRACK = '{"messageId": "m%d", "type": "track", "event": "Seen", "timestamp": "2026-01-01T10:00:00Z", "userId": "ada"}\n'


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(MAPPING)
    return path


def csv_file(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def command_line(home: Home, path: Path, name: str, mapping: Path | None = None) -> tuple[int, dict[str, Any]]:
    """Exit status and document of `firsthand import`; anything but a clean exit fails."""
    arguments = ["import", str(path), "--as", name, "--home", str(home.folder), "--json"]
    result = CliRunner().invoke(command, [*arguments, "--map", str(mapping)] if mapping else arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout)


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


def test_the_list_says_what_can_be_retried_and_what_is_to_be_imported_again(home, tmp_path, mapping):
    csv_file(tmp_path, "order,place,customer,total\n" + GOOD)
    command_line(home, tmp_path / "orders.csv", "csv", mapping)
    said = CliRunner().invoke(command, ["rejected", "--home", str(home.folder)]).output
    assert "import it again with --mended" in said
    assert "firsthand retry" not in said


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
        ('["a", 1]', "expected one object a line"),
        ("17", "expected one object a line"),
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


def test_the_second_import_of_what_was_rejected_lists_it_once(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + GOOD + "2,x,bob,5\n")
    taken(home, path, "csv", mapping)
    tally, listed = taken(home, path, "csv", mapping)
    assert (tally.duplicate, tally.rejected.total(), len(listed)) == (1, 1, 1)


def test_of_a_mended_file_only_what_is_still_wrong_stays_listed(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + GOOD + "2,soon,bob,5\n3\n4,never,cleo,5\n")
    taken(home, path, "csv", mapping)
    csv_file(tmp_path, HEADER + GOOD + "2,01.02.2026,bob,5\n3,02.02.2026,dora,1\n4,never,cleo,5\n")
    chosen = format_named("csv")
    other_day = import_files(home, [path], chosen, mapping_file=mapping)
    assert (other_day.accepted, other_day.not_met, open_rejections(home)[0]) == (2, 2, 3), "it may be another file"
    again = import_files(home, [path], chosen, mapping_file=mapping, mended=True)
    assert (again.duplicate, again.not_met) == (3, 2)
    assert [row["line"] for row in open_rejections(home)[1]] == [5]
    assert import_files(home, [path], chosen, mapping_file=mapping).not_met == 0


def test_a_mended_file_says_nothing_of_other_files_and_sources(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + "2,soon,bob,5\n")
    chosen = format_named("csv")
    import_files(home, [path], chosen, mapping_file=mapping, source="north")
    csv_file(tmp_path, HEADER + GOOD)
    assert import_files(home, [path], chosen, mapping_file=mapping, mended=True).not_met == 0
    assert import_files(home, [path.rename(tmp_path / "b.csv")], chosen, mapping_file=mapping, source="north", mended=True).not_met == 0  # fmt: skip
    assert open_rejections(home)[0] == 1


def test_an_import_says_that_a_mended_file_can_be_said_to_be_one(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + GOOD + "2,soon,bob,5\n")
    arguments = ["import", str(path), "--as", "csv", "--map", str(mapping), "--home", str(home.folder)]
    assert "--mended" not in CliRunner().invoke(command, arguments).output
    csv_file(tmp_path, HEADER + GOOD + "2,01.02.2026,bob,5\n")
    assert "imported before, and not met this time: 1. If this mends it" in CliRunner().invoke(command, arguments).output  # fmt: skip
    assert "They left the list" in CliRunner().invoke(command, [*arguments, "--mended"]).output
    assert CliRunner().invoke(command, ["rejected", *arguments[-2:]]).output == "0 rejected.\n"


@pytest.mark.parametrize("with_id", [True, False])
def test_a_mended_mapping_takes_the_rejected_in_and_they_leave_the_list(home, tmp_path, mapping, with_id):
    if not with_id:
        mapping.write_text(MAPPING.replace("- id: {column: order}\n    occ", "- occ"))
    path = csv_file(tmp_path, HEADER + GOOD + "2,2026-02-01,bob,5\n2,2026-02-01,bob,5\n3,never,bob,5\n4\n")
    tally, listed = taken(home, path, "csv", mapping)
    assert (tally.accepted, len(listed)) == (1, 4)
    mapping.write_text(mapping.read_text().replace('"%d.%m.%Y"', '["%d.%m.%Y", "%Y-%m-%d"]'))
    again = retry_rejections(home, mapping_file=mapping)
    assert (again.accepted, again.duplicate, dict(again.rejected)) == (2 - with_id, int(with_id), {"not_a_date": 1})
    assert [row["line"] for row in open_rejections(home)[1]] == [5, 6]
    assert import_files(home, [path], format_named("csv"), mapping_file=mapping).accepted == 0


def test_retry_keeps_the_source_under_which_a_file_was_imported(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + GOOD + "2,2026-02-01,bob,5\n")
    chosen = format_named("csv")
    import_files(home, [path], chosen, mapping_file=mapping, source="other")
    mapping.write_text(MAPPING.replace('"%d.%m.%Y"', '["%d.%m.%Y", "%Y-%m-%d"]'))
    assert retry_rejections(home, mapping_file=mapping, source="other").accepted == 1
    assert import_files(home, [path], chosen, mapping_file=mapping, source="other").accepted == 0


XES = """<log><trace><string key="who" value="ada"/><event><string key="concept:name" value="called"/>
<date key="time:timestamp" value="2026-01-01T10:00:00Z"/></event></trace></log>"""
OCEL = """{"objects": [{"id": "ada", "type": "person"}, {"id": "o1", "type": "order"}], "events": [{"id": "e1", "type": "buy",
"time": "2026-01-01T10:00:00Z", "relationships": [{"objectId": "ada"}, {"objectId": "o1"}]}]}"""


@pytest.mark.parametrize(
    ("name", "text", "customer"), [("xes", XES, "case:who"), ("ocel2", OCEL, "person"), ("ocel2", OCEL, None)]
)
def test_retry_names_the_customer_by_what_the_import_named_it(home, tmp_path, monkeypatch, name, text, customer):
    path = csv_file(tmp_path, text)
    everything = Fault("true", "not_an_event", "event", "", "event", "nothing")
    with monkeypatch.context() as patch:
        patch.setattr(candidates, "STEPS", [everything])
        assert import_files(home, [path], format_named(name), customer=customer).rejected.total() == 1
    assert retry_rejections(home).accepted == 1
    again = import_files(home, [path], format_named(name), customer=customer)
    assert (again.duplicate, again.read) == (1, 1), "what retry took in is what the file says"


def test_a_line_that_only_one_rule_rejects_is_not_doubled_by_retry(home, tmp_path):
    path, mapping = csv_file(tmp_path, "a,b\n2026-01-01,x\n"), tmp_path / "two.yaml"
    rule = "  - occurred_at: {column: %s}\n    event: {constant: %s}\n"
    mapping.write_text("source: s\ninteractions:\n" + rule % ("a", "one") + rule % ("b", "two"))
    tally, _ = taken(home, path, "csv", mapping)
    assert (tally.accepted, tally.rejected.total()) == (1, 1)
    mapping.write_text("source: s\ninteractions:\n" + rule % ("a", "one") + rule % ("a", "two"))
    again = retry_rejections(home, mapping_file=mapping)
    assert (again.accepted, again.corrected) == (1, 1), "the first has its other column among its properties now"
    assert open_rejections(home)[0] == 0


def test_a_file_of_broken_lines_alone_is_settled_in_parts(home, tmp_path, monkeypatch):
    monkeypatch.setattr("firsthand.jobs.import_files.BATCH", 10)
    monkeypatch.setattr("firsthand.sources.lines.PIECE", 100)
    monkeypatch.setattr("firsthand.sources.lines.BLOCK", 100)
    tally, listed = taken(home, csv_file(tmp_path, "".join(f"broken {number}\n" for number in range(50))), "segment")
    assert (tally.records, dict(tally.rejected)) == (50, {"not_json": 50})
    assert [row["line"] for row in listed] == list(range(1, 51))


def test_the_commands_that_are_named_next_name_the_home(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + "2,soon,ada,10\n")
    here = f"--home {shlex.quote(str(home.folder))}"

    def said(*arguments: str) -> str:
        return CliRunner().invoke(command, [*arguments, "--home", str(home.folder)]).output

    assert f"See them with: firsthand rejected {here}\n" in said(
        "import", str(path), "--as", "csv", "--map", str(mapping)
    )
    assert f"After mending the mapping: firsthand retry --as csv --map FILE {here}\n" in said("rejected")
    with pytest.raises(UserError, match=re.escape(f"firsthand retry --as csv --map FILE {here}")):
        retry_rejections(home)


def test_the_command_line_retries_and_lists_without_a_traceback(home, tmp_path, mapping):
    path = csv_file(tmp_path, HEADER + "2,2026-02-01,bob,5\n")
    assert command_line(home, path, "csv", mapping)[0] == 2
    mapping.write_text(MAPPING.replace('"%d.%m.%Y"', '"%Y-%m-%d"'))
    at = ["--home", str(home.folder), "--json"]
    retried = CliRunner().invoke(command, ["retry", "--as", "csv", "--map", str(mapping), *at])
    assert (retried.exit_code, json.loads(retried.stdout)["accepted"]) == (0, 1)
    assert json.loads(CliRunner().invoke(command, ["rejected", *at]).stdout) == {"total": 0, "rejected": []}
