"""The doctor finds what is wrong, says how to mend it, and changes nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.jobs.doctor import _permissions, examined
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.refresh import refresh
from firsthand.sources import format_named
from shop import MAPPING, ORDERS, run


def found(home: Home) -> dict[str, Any]:
    return {row["check"]: row for row in examined(home.folder)}


def test_a_sound_home_is_well_and_stays_as_it_is(own_shop: Home) -> None:
    before = sorted((path.name, path.stat().st_mtime_ns) for path in own_shop.folder.rglob("*") if path.is_file())
    told = run(own_shop, "doctor", "--json")
    document = json.loads(told.stdout)
    assert told.exit_code == 0, told.output
    assert document["well"] is True
    states = {row["check"]: row["state"] for row in document["checks"]}
    assert states["lake"] == states["timeline"] == states["permissions"] == "well"
    after = sorted((path.name, path.stat().st_mtime_ns) for path in own_shop.folder.rglob("*") if path.is_file())
    assert after == before


def test_what_is_not_well_tells_how_to_mend_it(own_shop: Home) -> None:
    rows = examined(own_shop.folder)
    assert [row["check"] for row in rows if (row["state"] == "well") == bool(row["mend"])] == []
    assert found(own_shop)["record"]["state"] == "warning", "the orders of the shop are from March"


@pytest.mark.parametrize("name", ["secret.key", "firsthand.db"])
def test_a_secret_that_others_can_read_is_broken(own_shop: Home, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    file = own_shop.folder / name
    file.write_text("secret")
    file.chmod(0o644)
    (told,) = (row for row in _permissions(own_shop) if row["check"] == "secret")
    assert (told["state"], told["mend"]) == ("broken", f"chmod 600 {file}")


def test_a_home_that_others_can_look_into_is_warned_of(own_shop: Home) -> None:
    assert [row["check"] for row in _permissions(own_shop)] == ["permissions"], "a home is made for its owner alone"
    own_shop.folder.chmod(0o755)
    assert [row["state"] for row in _permissions(own_shop) if row["check"] == "home"] == ["warning"]


def test_a_file_of_the_lake_that_is_gone_is_broken(own_shop: Home) -> None:
    next((own_shop.folder / "lake" / "interactions").glob("*.parquet")).unlink()
    assert found(own_shop)["lake"]["state"] == "broken"


def test_a_changed_map_makes_the_timeline_old_and_a_wrong_one_is_broken(own_shop: Home) -> None:
    own_shop.map_file.write_text(own_shop.map_file.read_text() + "# changed\n")
    assert found(own_shop)["timeline"]["state"] == "warning"
    own_shop.map_file.write_text("stages: 7\n")
    told = found(own_shop)
    assert told["map"]["state"] == "broken"
    assert "map.yaml" in told["map"]["found"]


def test_a_promise_that_is_told_of_two_customers_is_warned_of(own_shop: Home, tmp_path: Path) -> None:
    assert found(own_shop)["promises"]["state"] == "well"
    header, first = ORDERS.splitlines()[:2]
    (tmp_path / "more.csv").write_text(f"{header}\n{first}\n".replace(first.split(",")[2], "zoe@example.com"), "utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("source: shop", "source: till"), "utf-8")
    import_files(own_shop, [tmp_path / "more.csv"], format_named("csv"), mapping_file=tmp_path / "mapping.yaml")
    refresh(own_shop)
    told = found(own_shop)["promises"]
    assert (told["state"], first.split(",")[0] in told["found"]) == ("warning", True)


@pytest.mark.parametrize("toml", ["name = 7\n", "what is this"])
def test_settings_that_cannot_be_read_are_broken(own_shop: Home, toml: str) -> None:
    (own_shop.folder / "firsthand.toml").write_text(toml)
    assert found(own_shop)["home"]["state"] == "broken"


def test_a_folder_that_is_no_home_is_said_so(tmp_path: Path) -> None:
    told = CliRunner().invoke(command, ["doctor", "--home", str(tmp_path)])
    assert told.exit_code == 2
    assert "is no home" in told.output


def test_little_room_is_told(own_shop: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(own_shop.folder)
    for free, state in ((10_000_000, "broken"), (2_000_000_000, "warning"), (90_000_000_000, "well")):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: usage._replace(free=free))
        assert found(own_shop)["disk"]["state"] == state
