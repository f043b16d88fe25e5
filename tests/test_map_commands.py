"""map check and map propose: what the map does not know, and a first draft of one."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import MapError
from firsthand.jobs.blind_moments import MOMENTS
from firsthand.jobs.import_files import import_files
from firsthand.jobs.map_check import map_check
from firsthand.jobs.map_propose import map_propose
from firsthand.jobs.refresh import refresh
from firsthand.jobs.world import world
from firsthand.journeys import load_map
from firsthand.sources import format_named
from firsthand.tables import KINDS
from homes import copied

MAPPING = """
source: shop
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    event: {column: what}
    channel: {column: how}
    identifiers: {email: {column: mail}}
"""
ROWS = """id,at,what,how,mail
1,2026-03-01T10:00:00Z,Order Completed,web,a@x.org
2,2026-03-02T10:00:00Z,Call Ended,phone,a@x.org
3,2026-03-02T10:00:00Z,Call Ended,phone,b@x.org
"""
MAP = """
stages: [buy, use]
teams: {shop: {address: shop@x.org}, sellers: {}}
blind_spots: [standing in line]
touchpoints:
  - {name: ordered, stage: buy, kind: purchase, owner: shop, rules: [{event: Order Completed}], standard: {wait_seconds: 60}}
  - {name: renewed, stage: use, kind: renewal, rules: [{event: Contract Renewed}]}
  - {name: opened the parcel, stage: use, kind: first_use, owner: sellers}
"""


@pytest.fixture(scope="module")
def made(empty_home, tmp_path_factory):
    """A home with three interactions and a map that knows one of them."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "shop.yaml").write_text(MAPPING)
    (folder / "shop.csv").write_text(ROWS)
    home = copied(empty_home, folder / "home")
    import_files(home, [folder / "shop.csv"], format_named("csv"), mapping_file=folder / "shop.yaml")
    home.map_file.write_text(MAP)
    refresh(home)
    return home


@pytest.fixture
def shop(made, tmp_path):
    return copied(made, tmp_path / "home")


def test_map_check_finds_all_that_the_map_lacks(shop):
    with world(shop) as opened:
        found = map_check(opened)
    assert found["unowned"] == ["renewed"]
    assert [row["touchpoint"] for row in found["silent_rules"]] == ["renewed"]
    assert found["without_rules"] == ["opened the parcel"]
    (unknown,) = found["unknown_interactions"]
    assert (unknown["interactions"], unknown["customers"]) == (2, 2)
    assert unknown["rule"] == {"source": "shop", "event": "Call Ended", "channel": "phone"}
    assert unknown["text"] == "{source: shop, event: Call Ended, channel: phone}"
    assert found["standards_without_data"] == [{"touchpoint": "ordered", "standard": "wait_seconds"}]
    assert "opening the parcel, first use" in [row["moment"] for row in found["blind_kinds"]]
    assert found["blind_spots"] == ["standing in line"]
    assert found["teams_without_address"] == ["sellers"]


RULES = """
stages: [help]
touchpoints:
  - {name: rang, stage: help, kind: contact, rules: [{event: Call Ended}, {event: Call Lost}]}
  - name: was helped
    stage: help
    kind: contact
    channel: phone
    rules: [{event: Letter, properties: {plan: gold}}, {event: [Call Ended, Fax], channel: phone}, {source: shop, event: Order Completed}]
"""


def test_each_rule_is_tested_by_itself(shop):
    shop.map_file.write_text(RULES)
    with world(shop) as opened:
        found = map_check(opened)["silent_rules"]
    keys = ("touchpoint", "number", "text", "interactions", "taken_by")
    assert [tuple(row[key] for key in keys) for row in found] == [
        ("rang", 2, "{event: Call Lost}", 0, []),
        ("was helped", 1, "{event: Letter, properties: {plan: gold}}", 0, []),
        ("was helped", 2, "{event: [Call Ended, Fax], channel: phone}", 2, ["rang"]),
    ]


def test_a_rule_that_is_silent_is_told_with_its_place_and_text(shop):
    shop.map_file.write_text(RULES)
    said = CliRunner().invoke(command, ["map", "check", "--home", str(shop.folder)]).output
    assert "Rule 2 of 'rang' matches nothing: {event: Call Lost}" in said
    assert "Rule 2 of 'was helped' is never first: all 2 that it matches went to rang: {event: [Call" in said


def test_before_anything_happened_every_rule_is_silent(shop):
    with world(shop, "2026-02-28") as opened:
        assert [row["interactions"] for row in map_check(opened)["silent_rules"]] == [0, 0]


def test_the_rules_that_are_suggested_can_be_pasted_into_the_map(shop, tmp_path):
    odd = '4,2026-03-03T10:00:00Z,"No: {2, #1}",on,c@x.org\n5,2026-03-03T11:00:00Z,2024,,c@x.org'
    (tmp_path / "shop.yaml").write_text(MAPPING)
    (tmp_path / "odd.csv").write_text(ROWS.splitlines()[0] + "\n" + odd)
    import_files(shop, [tmp_path / "odd.csv"], format_named("csv"), mapping_file=tmp_path / "shop.yaml")
    said = CliRunner().invoke(command, ["map", "check", "--home", str(shop.folder)]).output
    rules = [line for line in said.splitlines() if line.startswith("- ")]
    assert len(rules) == 3
    pasted = "\n".join(f"      {rule}" for rule in rules)
    shop.map_file.write_text(f"{MAP}  - name: pasted\n    stage: use\n    kind: other\n    rules:\n{pasted}\n")
    with world(shop) as opened:
        found = map_check(opened)
    assert found["unknown_interactions"] == []
    assert [row["touchpoint"] for row in found["silent_rules"]] == ["renewed"]


def test_a_channel_that_only_the_map_says_is_not_asked_for(home, tmp_path):
    mapping = MAPPING.replace("channel: {column: how}", "touchpoint: {column: how}")
    (tmp_path / "shop.yaml").write_text(mapping)
    (tmp_path / "shop.csv").write_text(ROWS)
    import_files(home, [tmp_path / "shop.csv"], format_named("csv"), mapping_file=tmp_path / "shop.yaml")
    home.map_file.write_text(
        "{stages: [help], touchpoints: [{name: phone, stage: help, kind: contact, channel: phone}]}"
    )
    with world(home) as opened:
        rules = [row["text"] for row in map_check(opened)["unknown_interactions"]]
    assert rules == ["{source: shop, event: Call Ended}", "{source: shop, event: Order Completed}"]


LIVES = """
id,at,what,how,mail,wait
1,2026-03-01T10:00:00Z,purchase,store,a@x.org,{line}
2,2026-03-02T10:00:00Z,contact,phone,a@x.org,{hold}
3,2026-03-03T10:00:00Z,{more},web,a@x.org,
"""
SEEN = ("purchase", "contact", "first_use", "help_search", "visit")


@pytest.mark.parametrize(
    ("more", "line", "hold", "blind", "seen"),
    [
        ("visit", "", "", {"standing in line in a store", "waiting on hold", "everyday use"}, {"looking around"}),
        ("visit", "60", "", {"waiting on hold"}, {"standing in line in a store"}),
        ("visit", "", "60", {"standing in line in a store"}, {"waiting on hold"}),
        ("visit", "", "", {"opening the parcel, first use", "looking for help before asking for it"}, {"buying"}),
        ("first_use", "", "", {"looking around"}, {"opening the parcel, first use"}),
        ("help_search", "", "", {"staying on"}, {"looking for help before asking for it", "being charged a fee"}),
    ],
    ids=[
        "no wait",
        "a wait in line",
        "a wait on hold",
        "no first use",
        "a first use",
        "only the map tells of renewals",
    ],
)
def test_a_moment_that_happens_and_that_no_interaction_shows_is_blind(home, tmp_path, more, line, hold, blind, seen):
    (tmp_path / "lives.yaml").write_text(MAPPING + "    wait_seconds: {column: wait}\n")
    (tmp_path / "lives.csv").write_text(LIVES.format(more=more, line=line, hold=hold).lstrip())
    import_files(home, [tmp_path / "lives.csv"], format_named("csv"), mapping_file=tmp_path / "lives.yaml")
    points = [f"  - {{name: {kind}, stage: all, kind: {kind}, rules: [{{event: {kind}}}]}}" for kind in SEEN]
    points.append("  - {name: stayed, stage: all, kind: renewal}")
    home.map_file.write_text("stages: [all]\ntouchpoints:\n" + "\n".join(points))
    with world(home) as opened:
        found = {row["moment"] for row in map_check(opened)["blind_kinds"]}
    assert blind <= found
    assert not seen & found


def test_every_kind_can_be_blind():
    assert {moment.kind for moment in MOMENTS} == set(KINDS) - {"other"}


def test_a_proposed_map_is_one_and_knows_every_interaction(shop):
    with world(shop) as opened:
        draft = map_propose(opened)
    shop.map_file.write_text(draft)
    assert {point.name for point in load_map(shop.map_file).touchpoints} >= {"ordered", "renewed", "call ended"}
    with world(shop) as opened:
        assert map_check(opened)["unknown_interactions"] == []


def test_a_proposed_map_keeps_all_that_the_map_says(shop):
    journeys = """
journey_pauses: {use: 90}
journey_subjects: [contract]
journeys:
  - {name: stay, path: [[ordered, opened the parcel], renewed], within_days: 400}
"""
    shop.map_file.write_text(MAP.replace("owner: sellers", "contradicts: [ordered]") + journeys)
    before = load_map(shop.map_file)
    with world(shop) as opened:
        shop.map_file.write_text(map_propose(opened))
    after = load_map(shop.map_file)
    told = ("journeys", "journey_pauses", "journey_subjects", "journey_pause_days", "blind_spots", "teams")
    assert {name: getattr(after, name) for name in told} == {name: getattr(before, name) for name in told}
    assert set(map(repr, after.touchpoints)) > set(map(repr, before.touchpoints))


@pytest.mark.parametrize(
    ("wrong", "right", "line", "key"),
    [
        ("stage: sell", "stage: buy", 6, "touchpoints.0.stage"),
        ("kind: renewing", "kind: renewal", 7, "touchpoints.1.kind"),
        ("owner: nobody", "owner: sellers", 8, "touchpoints.2.owner"),
        ("name: ordered", "name: renewed", 7, "touchpoints.1.name"),
        ("contradicts: [renewed, orderd]", "owner: sellers", 8, "touchpoints.2.contradicts.1"),
        ('{properties: {"a\'b": x}}', "{event: Contract Renewed}", 7, "touchpoints.1.rules.0.properties"),
    ],
)
def test_an_error_in_the_map_names_line_and_key(tmp_path, wrong, right, line, key):
    path = tmp_path / "map.yaml"
    path.write_text(MAP.replace(right, wrong))
    with pytest.raises(MapError, match=f"line {line}: {key}"):
        load_map(path)
