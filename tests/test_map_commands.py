"""map check and map propose: what the map does not know, and a first draft of one."""

from __future__ import annotations

import pytest

from firsthand.errors import MapError
from firsthand.jobs.import_files import import_files
from firsthand.jobs.map_check import map_check
from firsthand.jobs.map_propose import map_propose
from firsthand.jobs.world import world
from firsthand.journeys import load_map
from firsthand.sources import format_named

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


@pytest.fixture
def shop(home, tmp_path):
    """A home with three interactions and a map that knows one of them."""
    (tmp_path / "shop.yaml").write_text(MAPPING)
    (tmp_path / "shop.csv").write_text(ROWS)
    import_files(home, [tmp_path / "shop.csv"], format_named("csv"), mapping_file=tmp_path / "shop.yaml")
    home.map_file.write_text(MAP)
    return home


def test_map_check_finds_all_that_the_map_lacks(shop):
    with world(shop) as opened:
        found = map_check(opened)
    assert found["unowned"] == ["renewed"]
    assert found["silent_rules"] == ["renewed"]
    assert found["without_rules"] == ["opened the parcel"]
    (unknown,) = found["unknown_interactions"]
    assert (unknown["interactions"], unknown["customers"]) == (2, 2)
    assert unknown["rule"] == {"source": "shop", "event": "Call Ended"}
    assert found["standards_without_data"] == [{"touchpoint": "ordered", "standard": "wait_seconds"}]
    assert "first_use" in [row["kind"] for row in found["blind_kinds"]]
    assert found["blind_spots"] == ["standing in line"]
    assert found["teams_without_address"] == ["sellers"]


def test_a_proposed_map_is_one_and_knows_every_interaction(shop):
    with world(shop) as opened:
        draft = map_propose(opened)
    shop.map_file.write_text(draft)
    assert {point.name for point in load_map(shop.map_file).touchpoints} >= {"ordered", "renewed", "call ended"}
    with world(shop) as opened:
        assert map_check(opened)["unknown_interactions"] == []


@pytest.mark.parametrize(
    ("wrong", "right", "line", "key"),
    [
        ("stage: sell", "stage: buy", 6, "touchpoints.0.stage"),
        ("kind: renewing", "kind: renewal", 7, "touchpoints.1.kind"),
        ("owner: nobody", "owner: sellers", 8, "touchpoints.2.owner"),
        ("name: ordered", "name: renewed", 7, "touchpoints.1.name"),
    ],
)
def test_an_error_in_the_map_names_line_and_key(tmp_path, wrong, right, line, key):
    path = tmp_path / "map.yaml"
    path.write_text(MAP.replace(right, wrong))
    with pytest.raises(MapError, match=f"line {line}: {key}"):
        load_map(path)
