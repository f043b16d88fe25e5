"""What was rejected is listed once, says what can be done about it, and leaves the list when it is mended."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from bad_files import GOOD, HEADER, MAPPING, command_line, csv_file
from firsthand.capture import candidates
from firsthand.cli import command
from firsthand.errors import UserError
from firsthand.jobs.import_files import import_files
from firsthand.jobs.rejections import open_rejections, retry_rejections
from firsthand.sources import format_named
from firsthand.sources.mapping_sql import Fault
from importing import taken


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(MAPPING)
    return path


def test_the_list_says_what_can_be_retried_and_what_is_to_be_imported_again(home, tmp_path, mapping):
    csv_file(tmp_path, "order,place,customer,total\n" + GOOD)
    command_line(home, tmp_path / "orders.csv", "csv", mapping)
    said = CliRunner().invoke(command, ["rejected", "--home", str(home.folder)]).output
    assert "import it again with --mended" in said
    assert "firsthand retry" not in said


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
