"""Versions of the map: saved whole, refused where somebody was faster, brought back; edits by hand are kept, too."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import MapChanged, MapError, UserError
from firsthand.jobs.map_versions import map_sha256, map_text, map_versions, save_map, undo_map

FIRST = "# ours\nstages: [buy]\ntouchpoints: []\n"
SECOND = "# ours\nstages: [buy, use]\ntouchpoints: []\n"


@pytest.fixture
def mapped(home):
    home.map_file.write_text(FIRST, "utf-8")
    return home


def told(home):
    return [(row["version"], row["by"], row["why"], row["text"]) for row in map_versions(home)]


def test_a_save_keeps_what_was_there_before_and_what_is_now(mapped):
    saved = save_map(mapped, SECOND.replace("\n", "\r\n"), by="ada", reason="customers stay")
    assert mapped.map_file.read_bytes() == SECOND.encode()
    assert told(mapped) == [(2, "ada", "customers stay", SECOND), (1, None, "edited by hand", FIRST)]
    assert (saved["version"], saved["sha256"]) == (2, hashlib.sha256(SECOND.encode()).hexdigest())


def test_what_was_edited_by_hand_between_two_saves_is_a_version_of_its_own(mapped):
    save_map(mapped, SECOND, by="ada", reason="customers stay")
    mapped.map_file.write_text("stages: not a map", "utf-8")
    save_map(mapped, FIRST, by="ben", reason="mended")
    assert told(mapped)[:2] == [(4, "ben", "mended", FIRST), (3, None, "edited by hand", "stages: not a map")]


def test_saving_what_is_there_adds_no_version(mapped):
    save_map(mapped, SECOND, by="ada", reason="customers stay")
    assert save_map(mapped, SECOND, by="ben", reason="again")["version"] == 2
    assert len(map_versions(mapped)) == 2


def test_what_is_no_map_is_refused_with_line_and_key_and_nothing_is_written(mapped):
    with pytest.raises(MapError, match=r'line 2: touchpoints.0.stage: "late" is no stage of this map'):
        save_map(mapped, "stages: [buy]\ntouchpoints: [{name: a, stage: late, kind: other}]", by="ada", reason="x")
    assert map_text(mapped) == FIRST
    assert map_versions(mapped) == []


def test_a_map_that_was_changed_meanwhile_is_not_overwritten(mapped):
    seen = map_sha256(mapped)
    save_map(mapped, SECOND, by="ada", reason="first", expected=seen)
    with pytest.raises(MapChanged):
        save_map(mapped, FIRST + "# mine\n", by="ben", reason="second", expected=seen)
    assert map_text(mapped) == SECOND
    assert len(map_versions(mapped)) == 2


@pytest.mark.parametrize(("by", "reason"), [(" ", "why"), ("ada", "")])
def test_nobody_changes_the_map_without_name_and_reason(mapped, by, reason):
    with pytest.raises(UserError, match="who changes the map, and why"):
        save_map(mapped, SECOND, by=by, reason=reason)


def test_a_version_comes_back_as_a_new_one(mapped):
    save_map(mapped, SECOND, by="ada", reason="customers stay")
    undo_map(mapped, 1, by="ben", reason="they do not")
    assert map_text(mapped) == FIRST
    assert told(mapped)[0] == (3, "ben", "they do not", FIRST)
    with pytest.raises(UserError, match="no version 9"):
        undo_map(mapped, 9, by="ben", reason="x")


def run(home, *words):
    done = CliRunner().invoke(command, ["map", *words, "--home", str(home.folder)])
    assert done.exit_code == 0, done.output
    return done.output


def test_history_and_undo_on_the_command_line(mapped):
    assert "not saved by Firsthand yet" in run(mapped, "history")
    save_map(mapped, SECOND, by="ada", reason="customers stay")
    assert "ada: customers stay   (+1, -1 lines)" in run(mapped, "history")
    assert run(mapped, "history", "2").splitlines()[-3:] == [
        "-stages: [buy]",
        "+stages: [buy, use]",
        " touchpoints: []",
    ]
    assert json.loads(run(mapped, "undo", "1", "--by", "ben", "--why", "no", "--json"))["version"] == 3
    mapped.map_file.write_text(SECOND, "utf-8")
    assert "edited by hand since" in run(mapped, "history")
    found = json.loads(run(mapped, "history", "--json"))
    assert found["edited_by_hand"] is True
    assert [(row["version"], row["added"], row["removed"]) for row in found["versions"]] == [
        (3, 1, 1),
        (2, 1, 1),
        (1, 3, 0),
    ]
