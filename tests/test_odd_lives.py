"""Odd lives: whatever stands in the record, every command answers with sense, or names the fault; nothing is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.jobs.home import Home, create_home
from importing import imported

MAP = """
stages: [all]
touchpoints:
  - {name: looked, stage: all, kind: visit, channel: web, rules: [{event: Looked}]}
  - {name: bought, stage: all, kind: purchase, channel: web, rules: [{event: Bought}], standard: {wait_seconds: 60}}
  - {name: called, stage: all, kind: contact, channel: phone, rules: [{event: Called}]}
"""
SHOWN = [
    "summary", "measures", "promises", "waits", "outcomes", "map", "signals", "journey", "paths", "variants", "retention",
    "around looked", "funnel --step looked --step bought",
]  # fmt: skip
START = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = "2026-06-30T00:00:00Z"


def tell(home: Home, *events: dict, map_: str = MAP) -> None:
    """Segment events, a minute from one to the next unless they say when."""
    lines = []
    for n, event in enumerate(events):
        at = (START + timedelta(minutes=n)).isoformat()
        lines.append(json.dumps({"messageId": f"m{n}", "type": "track", "event": "Looked", "timestamp": at} | event))
    file = home.folder.parent / "events.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    home.map_file.write_text(map_, "utf-8")
    tally = imported(home, file, "segment")
    assert tally.accepted == len(events)


def run(home: Home, words: str, *more: str) -> str:
    """What a command prints; it fails neither with a traceback nor otherwise."""
    result = CliRunner().invoke(command, [*words.split(), *more, "--home", str(home.folder)], catch_exceptions=False)
    assert result.exit_code == 0, f"{words}: {result.output}"
    return result.output


def shown(home: Home, what: str) -> dict:
    return json.loads(run(home, f"show {what} --as-of {AS_OF} --json"))


BACKWARDS = [("Bought", "2026-01-03"), ("Called", "2026-01-02"), ("Looked", "2026-01-01"), ("Looked", "2026-01-02")]
ROBOT = 100_000


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One record with all of them."""
    home = create_home(tmp_path_factory.mktemp("odd") / "home", timezone="Europe/Berlin")
    tell(
        home,
        {"userId": "one step"},
        {"anonymousId": ""}, {}, {"event": "Bought"}, {"userId": "   "},
        {"userId": "🦊"}, {"userId": "🦊 ", "event": "Bought"}, {"userId": "ß’\"';--"},
        *({"userId": "clock", "event": event, "timestamp": f"{day}T00:00:00Z"} for event, day in BACKWARDS),
        {"userId": "future"}, {"userId": "future", "event": "Bought", "timestamp": "2031-01-01T00:00:00Z"},
        *({"userId": "robot", "event": "Called" if n % 1000 == 999 else "Looked"} for n in range(ROBOT)),
    )  # fmt: skip
    return home


def life(home: Home, who: str) -> list[str]:
    return [row["touchpoint"] for row in json.loads(run(home, "show person", who, "--json"))["life"]]


def test_every_command_answers(odd, tmp_path):
    for what in SHOWN:
        run(odd, f"show {what} --as-of {AS_OF}")
    run(odd, f"report --as-of {AS_OF} --out {tmp_path / 'report.html'}")


def test_nothing_is_lost(odd):
    summary = shown(odd, "summary")
    assert summary["interactions"] == 1 + 4 + 3 + 4 + 1 + ROBOT  # all but what lies in the future
    assert (summary["customers"], summary["without_customer"]) == (6, 4)
    paths = shown(odd, "paths")
    assert paths["interactions"] == summary["interactions"] - 4
    assert sum(edge["interactions"] for edge in paths["edges"]) == paths["interactions"] - paths["customers"]


def test_identifiers_of_spaces_are_none_and_names_of_emoji_are_as_good_as_others(odd):
    assert life(odd, "user_id=🦊") == ["looked", "bought"]
    assert life(odd, "user_id=ß’\"';--") == ["looked"]


def test_a_clock_that_runs_backwards_is_put_in_the_order_in_which_things_happened(odd):
    assert life(odd, "user_id=clock") == ["looked", "called", "looked", "bought"]  # equal times as in the file


def test_what_lies_in_the_future_is_in_the_record_and_not_in_the_figures_until_then(odd):
    later = json.loads(run(odd, "show summary --as-of 2031-06-30 --json"))
    assert later["interactions"] == shown(odd, "summary")["interactions"] + 1


def test_a_customer_with_100000_interactions_has_one_life(odd):
    assert len(life(odd, "user_id=robot")) == ROBOT


def test_a_single_step_begins_and_ends(home):
    tell(home, {"userId": "ada"})
    paths = shown(home, "paths")
    assert (paths["customers"], paths["edges"]) == (1, [])
    assert paths["starts"] == paths["ends"] == [{"touchpoint": "looked", "customers": 1}]


def test_a_record_of_nobody_has_no_paths(home, tmp_path):
    tell(home, {"anonymousId": ""}, {}, {"event": "Bought"})
    assert shown(home, "paths")["customers"] == 0
    run(home, f"report --as-of {AS_OF} --out {tmp_path / 'report.html'}")
    result = CliRunner().invoke(command, ["show", "around", "looked", "--home", str(home.folder)])
    assert "Nobody was at" in str(result.exception)


def test_an_empty_home_and_an_empty_map(home, tmp_path):
    for what in ("summary", "map", "paths"):
        run(home, f"show {what}")
    tell(home, {"userId": "ada"}, {"userId": "ada", "event": "Bought"}, map_="stages: []\ntouchpoints: []\n")
    for what in ("map", "paths"):
        run(home, f"show {what} --as-of {AS_OF}")
    run(home, f"report --as-of {AS_OF} --out {tmp_path / 'report.html'}")
    assert shown(home, "summary")["not_recognised"] == 2


@pytest.mark.parametrize("text", ["stages: [a, a]\ntouchpoints: []", "touchpoints: []", "stages: [a]\ntouchpoints: [{name: x}]"])  # fmt: skip
def test_a_map_that_contradicts_itself_names_file_and_line(home, text):
    tell(home, {"userId": "ada"}, map_=text)
    result = CliRunner().invoke(command, ["show", "summary", "--home", str(home.folder)])
    assert result.exit_code != 0
    assert "map.yaml, line" in str(result.exception or result.output)
