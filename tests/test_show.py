"""The commands that show something: stable keys, filters, and errors that say what to do next."""

from __future__ import annotations

import json
import re
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import UserError
from firsthand.jobs.figures import between_figures
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.world import World
from firsthand.sources import format_named
from shop import MAP, MAPPING, ORDERS, run, shown


def test_summary_counts_what_is_in_the_record(shop: Home) -> None:
    found = shown(shop, "show", "summary")
    assert found["interactions"] == 10
    assert found["customers"] == 3
    assert found["identifiers"]["customers"] == 3
    assert found["sources"] == {"shop": 10}
    assert (found["first"][:10], found["last"][:10]) == ("2026-01-05", "2026-03-30")
    assert found["rejected"] == {"total": 0, "reasons": {}}
    assert found["as_of"].startswith("2026-03-31T21:59:59")


def test_promises_add_up_and_carry_an_interval(shop: Home) -> None:
    found = shown(shop, "show", "promises")
    states = ("made", "not_due", "kept", "late", "broken", "overdue", "withdrawn")
    assert [found[state] for state in states] == [4, 1, 1, 1, 0, 1, 0]
    share = found["kept_share"]
    assert share["value"] == pytest.approx(1 / 3)
    assert 0 < share["low"] < 1 / 3 < share["high"] < 1
    assert (share["customers"], share["observations"]) == (2, 3)


def test_promises_by_a_property_and_by_owner(shop: Home) -> None:
    regions = {
        row["by"]["property:region"]: row
        for row in shown(shop, "show", "promises", "--by", "property:region")["groups"]
    }
    assert regions["north"]["overdue"] == 1
    assert regions["south"]["late"] == 1
    assert [row["by"] for row in shown(shop, "show", "promises", "--by", "owner")["groups"]] == [{"owner": "logistics"}]


def test_a_period_leaves_out_what_was_due_outside_it(shop: Home) -> None:
    assert shown(shop, "show", "promises", "--since", "2026-03-01", "--until", "2026-03-31")["made"] == 1


def test_before_they_were_made_there_were_no_promises(shop: Home) -> None:
    done = run(shop, "show", "promises", "--json", "--as-of", "2026-01-05T08:00")
    assert json.loads(done.stdout)["made"] == 0


def test_every_measure_has_its_unit_n_and_interval(shop: Home) -> None:
    rows = shown(shop, "show", "measures")["figures"]
    kept = next(row for row in rows if row["measure"] == "kept_share")
    assert set(kept) == {
        "measure", "title", "unit", "by", "value", "low", "high", "customers", "observations", "speaks_for", "suppressed", "published",
    }  # fmt: skip


def test_two_periods_are_compared_with_the_interval_of_the_difference(shop: Home) -> None:
    words = ("--since", "2026-02-01", "--until", "2026-03-31", "--against", "2026-01-01..2026-01-31")
    (kept,) = [row for row in shown(shop, "show", "measures", *words)["changes"] if row["measure"] == "kept_share"]
    assert kept["value"] == pytest.approx(-0.5)
    assert kept["low"] is None  # one promise fell due in March: nothing tells how far it is chance


def test_the_map_says_where_nothing_was_seen(shop: Home) -> None:
    points = {row["touchpoint"]: row for row in shown(shop, "show", "map")["touchpoints"]}
    assert points["ordered"]["how_it_was"] is None
    assert points["promised"]["how_it_was"]["value"] is None  # two customers: fewer than may be shown
    assert points["delivered"]["interactions"] == 2
    assert points["delivered"]["how_it_was"] is not None  # by the promise that was kept there, or late
    assert (points["delivered"]["bad_signals"], points["delivered"]["with_bad_signal"]) == (1, 1)


def test_only_what_needs_signals_looks_for_them(own_shop: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "signals", property(lambda _world: pytest.fail("looked for signals")))
    for name in ("promises", "waits", "outcomes", "summary"):
        shown(own_shop, "show", name)


@pytest.mark.parametrize("name", ["summary", "measures", "waits", "promises", "outcomes", "map"])
def test_each_also_speaks_to_people(shop: Home, name: str) -> None:
    done = run(shop, "show", name)
    assert done.exit_code == 0, done.output
    assert "As of" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "colour"), "nothing to group by"),
        (("--since", "yesterday"), "not a date"),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "is after"),
        (("--as-of", "soon"), "not a date"),
    ],
)
def test_a_wrong_option_is_named_with_what_was_expected(shop: Home, words: tuple[str, ...], said: str) -> None:
    done = run(shop, "show", "promises", *words)
    assert isinstance(done.exception, UserError)
    assert said in str(done.exception)


def test_without_a_home_the_next_step_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["show", "summary", "--home", str(tmp_path)])
    assert "firsthand init --home" in str(done.exception)


def test_a_second_home_in_the_same_folder_is_refused(home: Home) -> None:
    done = run(home, "init")
    assert "is a home already" in str(done.exception)


def test_a_wrong_setting_is_named(home: Home) -> None:
    settings = home.folder / "firsthand.toml"
    settings.write_text(settings.read_text("utf-8").replace("Europe/Berlin", "Europe/Atlantis"), "utf-8")
    assert "Europe/Atlantis" in str(run(home, "show", "summary").exception)


def test_a_lake_without_a_name_is_refused(home: Home) -> None:
    settings = home.folder / "firsthand.toml"
    settings.write_text(settings.read_text("utf-8").replace('lake = "lake"', 'lake = ""'), "utf-8")
    assert 'lake = "" names no folder' in str(run(home, "show", "summary").exception)


def test_an_empty_home_says_that_there_is_nothing_yet(home: Home) -> None:
    assert "There is nothing that these measures speak of" in run(home, "show", "measures").output
    assert "There is nothing to check yet" in run(home, "map", "check").output


def test_retry_settles_only_what_got_in(home: Home, tmp_path: Path) -> None:
    mapping = tmp_path / "orders.yaml"
    mapping.write_text(MAPPING, "utf-8")
    bad = ORDERS.split("\n")[0] + "\n{order},31.02.2026,ada@example.com,1,2026-01-08,,north\n"
    for at, name in enumerate(("jan/e.csv", "jan/o.csv", "feb/e.csv")):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(bad.format(order=at), "utf-8")
        import_files(home, [file], format_named("csv"), mapping_file=mapping)
    before = json.loads(run(home, "rejected", "--json").stdout)["total"]
    done = run(home, "retry", "--map", str(mapping), "--json")
    assert done.exit_code == 2, "as an import of which all is rejected"
    tried = json.loads(done.stdout)
    after = json.loads(run(home, "rejected", "--json").stdout)["total"]
    assert (before, tried["accepted"], after) == (3, 0, 3)


def test_where_a_period_has_one_customer_nothing_is_called_beyond_chance(shop: Home) -> None:
    words = ("--since", "2026-03-01", "--until", "2026-03-31", "--against", "2026-01-01..2026-01-31")
    (kept,) = [row for row in shown(shop, "show", "measures", *words)["changes"] if row["measure"] == "kept_share"]
    assert kept["beyond_chance"] is None


def test_every_measure_of_both_periods_has_its_difference(shop: Home) -> None:
    words = ("--since", "2026-02-01", "--until", "2026-03-31", "--against", "2026-01-01..2026-01-31")
    found = shown(shop, "show", "measures", *words)
    before = shown(shop, "show", "measures", "--since", "2026-01-01", "--until", "2026-01-31")["figures"]
    both = [
        row
        for row in found["figures"]
        if any((row["measure"], row["by"]) == (old["measure"], old["by"]) for old in before)
    ]
    assert [(row["measure"], row["by"]) for row in found["changes"]] == [(row["measure"], row["by"]) for row in both]
    assert {"wait_median", "spend_per_customer"} & {row["measure"] for row in both}


def test_the_difference_of_two_figures_is_made_of_their_intervals() -> None:
    def figure(value: float, low: float | None, high: float | None, customers: int) -> dict[str, Any]:
        told = {"measure": "wait_median", "title": "Waited", "unit": "seconds", "by": {}, "suppressed": False}
        return told | {"value": value, "low": low, "high": high, "customers": customers, "observations": 100}

    (found,) = between_figures([figure(60, 50, 72, 40)], [figure(100, 95, 109, 30)])
    assert (found["value"], found["customers"], found["observations"]) == (40, 30, 200)
    assert (found["low"], found["high"]) == (pytest.approx(40 - 13), pytest.approx(40 + sqrt(9**2 + 10**2)))
    assert found["beyond_chance"]
    (found,) = between_figures([figure(60, None, None, 1)], [figure(100, 95, 109, 30)])
    assert (found["value"], found["low"], found["beyond_chance"]) == (40, None, None)
    (found,) = between_figures([figure(60, 50, 72, 40) | {"suppressed": True}], [figure(100, 95, 109, 30)])
    assert (found["value"], found["suppressed"]) == (None, True)


def test_a_property_that_nothing_has_is_told(shop: Home) -> None:
    said = run(shop, "show", "measures", "--by", "property:nothing").output
    assert "None of these has anything under property:nothing." in said
    assert "By property:nothing there is no: Contacts per purchase." in said


def test_contacts_per_purchase_are_not_told_by_channel(own_shop: Home) -> None:
    own_shop.map_file.write_text(MAP.replace("kind: delivery", "kind: contact"), "utf-8")
    words = ("--since", "2026-02-01", "--until", "2026-03-31", "--against", "2026-01-01..2026-01-31", "--by", "channel")
    found = shown(own_shop, "show", "measures", *words)
    for rows in (found["figures"], found["changes"]):
        assert rows
        assert "contact_rate" not in {row["measure"] for row in rows}


def test_a_record_that_ended_long_ago_says_so(shop: Home) -> None:
    done = run(shop, "show", "promises", "--json")
    assert json.loads(done.stdout)["record_ends"] == "2026-03-30"
    assert "--as-of 2026-03-30" in run(shop, "show", "outcomes").output


def test_a_customer_is_nothing_to_group_by(shop: Home) -> None:
    assert "nothing to group by" in str(run(shop, "show", "waits", "--by", "customer_id").exception)


def test_signals_are_counted_of_those_who_were_there(shop: Home) -> None:
    found = shown(shop, "show", "signals")
    rows = {row["signal"]: row for row in found["signals"]}
    broken = rows["broken_promise"]
    assert (broken["count"], broken["with_signal"], broken["share"]["customers"]) == (2, 2, 3)
    assert broken["share"]["value"] == pytest.approx(2 / 3)
    assert 0 < broken["share"]["low"] < 2 / 3 < broken["share"]["high"] < 1
    march = shown(shop, "show", "signals", "--since", "2026-03-05", "--until", "2026-03-05", "--by", "owner")["signals"]
    (overdue,) = march  # nothing is recorded on the day when it was due
    assert (overdue["by"], overdue["count"], overdue["share"]["value"]) == ({"owner": "logistics"}, 1, 1.0)
    done = run(shop, "show", "signals")
    assert "Was promised something that did not come true" in done.stdout


def test_signals_by_employee_are_suppressed_in_small_groups(shop: Home) -> None:
    rows = shown(shop, "show", "signals", "--by", "employee")["signals"]
    assert rows
    assert all(row["suppressed"] and row["count"] is None and row["share"]["value"] is None for row in rows)


def test_the_catalogue_has_the_homes_own_signals_and_a_new_file_is_seen_at_once(own_shop: Home) -> None:
    before = shown(own_shop, "show", "signals", "--list")["catalogue"]
    (own_shop.folder / "signals").mkdir()
    content = (
        "from firsthand.journeys.signals import Signal\n"
        "def find(lives, *, least=3, names=('a', 'b')):\n    'Mine.'\n    return lives.timeline.select('life', 'step', evidence='source')\n"
        "SIGNAL = Signal('mine', 'Mine', find)\n"
    )
    (own_shop.folder / "signals" / "mine.py").write_text(content, "utf-8")
    after = shown(own_shop, "show", "signals", "--list")["catalogue"]
    assert [row["signal"] for row in after] == [*(row["signal"] for row in before), "mine"]
    assert (after[-1]["definition"], after[-1]["parameters"]) == ("Mine.", {"least": 3, "names": ["a", "b"]})
    counted = {row["signal"]: row["count"] for row in shown(own_shop, "show", "signals")["signals"]}
    assert counted["mine"] == 10
    told = run(own_shop, "show", "signals", "--list").stdout
    assert "mine (bad): Mine" in told
    assert "Mine. least = 3. names = a, b." in told


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["paths", "--against", "2026-01-01..2026-01-31"], ["customers", "interactions", "without_customer", "edges", "starts", "ends", "loops", "changes", "without"]),
        (["variants", "--most", "1"], ["per", "cases", "variants", "others", "without"]),
        (["around", "promised"], ["touchpoint", "interactions", "customers", "around"]),
        (["funnel", "--step", "kind:purchase", "--step", "delivered", "--by", "month"], ["steps", "mode", "within_days", "groups"]),
        (["retention"], ["first", "back", "cohorts"]),
    ],
)  # fmt: skip
def test_paths_have_stable_keys_and_a_table(shop: Home, words: list[str], keys: list[str]) -> None:
    assert list(shown(shop, "show", *words)) == [*keys, "as_of"]
    done = run(shop, "show", *words, "--as-of", "2026-03-31")
    assert done.exit_code == 0, done.output


def test_paths_of_a_period_know_nothing_before_or_after_it(shop: Home) -> None:
    found = shown(shop, "show", "paths", "--until", "2026-01-31")
    ways = {(row["from"], row["to"]): row["interactions"] for row in found["edges"]}
    assert ways == {("ordered", "promised"): 2, ("promised", "delivered"): 2}
    assert found["ends"] == [{"touchpoint": "delivered", "customers": 2}]


def test_a_touchpoint_that_nobody_was_at_is_named_beside_those_there_are(shop: Home) -> None:
    done = run(shop, "show", "around", "lunch", "--as-of", "2026-03-31")
    assert isinstance(done.exception, UserError)
    assert "lunch" in str(done.exception)
    assert "delivered, ordered, promised" in str(done.exception)


def test_promises_that_are_due_today_and_those_overdue_are_listed(shop: Home) -> None:
    found = json.loads(run(shop, "show", "promises", "--json", "--as-of", "2026-03-05T12:00").stdout)
    assert [row["promise_id"] for row in found["first_due_today"]] == ["3"]
    later = run(shop, "show", "promises", "--as-of", "2026-03-31", "--listed", "1")
    assert re.findall(r"(Due today|Overdue): (\d)", later.output) == [("Overdue", "3")]
