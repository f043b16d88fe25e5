"""The commands that show something: stable keys, filters, and errors that say what to do next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from firsthand.cli import command
from firsthand.errors import UserError
from firsthand.jobs.funnel_figures import main_funnel
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.world import world
from firsthand.sources import format_named

MAPPING = """
source: shop
interactions:
  - id: {column: order}
    occurred_at: {column: placed}
    event: {constant: Ordered}
    channel: {constant: web}
    identifiers: {email: {column: mail}}
    subjects: {order: {column: order}}
    amount: {column: total}
    circumstances: {spent: {column: total}}
  - id: {column: order}
    occurred_at: {column: placed}
    event: {constant: Promised}
    identifiers: {email: {column: mail}}
    promise_id: {column: order}
    promised_for: {column: promised}
    promise_state: {constant: made}
  - id: {column: order}
    occurred_at: {column: delivered}
    event: {constant: Delivered}
    identifiers: {email: {column: mail}}
    promise_id: {column: order}
    promise_state: {constant: kept}
    when: {column: delivered, is_not: ""}
"""
ORDERS = """order,placed,mail,total,promised,delivered,region
1,2026-01-05T10:00,ada@example.com,10.50,2026-01-08,2026-01-08T20:00,north
2,2026-01-06T10:00,ben@example.com,20.00,2026-01-09,2026-01-12T09:00,south
3,2026-03-01T10:00,ada@example.com,30.00,2026-03-05,,north
4,2026-03-30T10:00,cleo@example.com,40.00,2026-04-05,,south
"""
MAP = """
stages: [buy, receive]
teams: {logistics: {address: l@example.com}}
touchpoints:
  - {name: ordered, stage: buy, kind: purchase, rules: [{event: Ordered}]}
  - {name: promised, stage: receive, kind: promise, owner: logistics, rules: [{event: Promised}], standard: {promise: kept}}
  - {name: delivered, stage: receive, kind: delivery, owner: logistics, rules: [{event: Delivered}]}
journeys:
  - {name: get it, path: [ordered, promised, delivered], within_days: 7}
"""


@pytest.fixture
def shop(home: Home, tmp_path: Path) -> Home:
    """Four orders of three people."""
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    (tmp_path / "orders.yaml").write_text(MAPPING, "utf-8")
    home.map_file.write_text(MAP, "utf-8")
    import_files(home, [tmp_path / "orders.csv"], format_named("csv"), mapping_file=tmp_path / "orders.yaml")
    return home


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(command, [*words, "--home", str(home.folder)])


def shown(home: Home, *words: str) -> Any:
    done = run(home, *words, "--json", "--as-of", "2026-03-31")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_summary_counts_what_is_in_the_record(shop: Home) -> None:
    found = shown(shop, "show", "summary")
    assert found["interactions"] == 10
    assert found["customers"] == 3
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
        "measure", "title", "unit", "by", "value", "low", "high", "customers", "observations", "speaks_for", "suppressed",
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
    tried = json.loads(run(home, "retry", "--map", str(mapping), "--json").stdout)
    after = json.loads(run(home, "rejected", "--json").stdout)["total"]
    assert (before, tried["accepted"], after) == (3, 0, 3)


def test_where_a_period_has_one_customer_nothing_is_called_beyond_chance(shop: Home) -> None:
    words = ("--since", "2026-03-01", "--until", "2026-03-31", "--against", "2026-01-01..2026-01-31")
    (kept,) = [row for row in shown(shop, "show", "measures", *words)["changes"] if row["measure"] == "kept_share"]
    assert kept["beyond_chance"] is None


def test_contacts_per_purchase_are_not_told_by_channel(shop: Home) -> None:
    shop.map_file.write_text(MAP.replace("kind: delivery", "kind: contact"), "utf-8")
    words = ("--since", "2026-02-01", "--until", "2026-03-31", "--against", "2026-01-01..2026-01-31", "--by", "channel")
    found = shown(shop, "show", "measures", *words)
    for rows in (found["figures"], found["changes"]):
        assert rows
        assert "contact_rate" not in {row["measure"] for row in rows}


def test_a_record_that_ended_long_ago_says_so(shop: Home) -> None:
    done = run(shop, "show", "promises", "--json")
    assert json.loads(done.stdout)["record_ends"] == "2026-03-30"
    assert "--as-of 2026-03-30" in run(shop, "show", "outcomes").output


def test_a_customer_is_nothing_to_group_by(shop: Home) -> None:
    assert "nothing to group by" in str(run(shop, "show", "waits", "--by", "customer_id").exception)


def test_one_life_is_told_in_order_with_what_became_of_its_promises(shop: Home) -> None:
    found = shown(shop, "show", "person", "email=ada@example.com")
    assert [row["touchpoint"] for row in found["life"]] == ["ordered", "promised", "delivered", "ordered", "promised"]
    assert [row["step"] for row in found["life"]] == [1, 2, 3, 4, 5]
    assert [row["journey"] for row in found["life"]] == [1, 1, 1, 2, 2]
    assert [row["state"] for row in found["promises"]] == ["kept", "overdue"]
    assert found["identifiers"] == ["email=ada@example.com"]
    assert all(None not in row.values() for row in found["life"])


def test_a_life_as_of_a_day_ends_there(shop: Home) -> None:
    done = run(shop, "show", "person", "email=ada@example.com", "--json", "--as-of", "2026-01-07")
    found = json.loads(done.stdout)
    assert found["interactions"] == 2
    assert [row["state"] for row in found["promises"]] == ["not_due"]


def test_a_life_reads_well_as_text(shop: Home) -> None:
    told = run(shop, "show", "person", "email=ada@example.com").output
    assert "2026-01-05" in told
    assert "ordered (order 1; 10.50" in told
    assert "Promise 1, for 2026-01-08: kept." in told


def test_nobody_by_that_name_is_told(shop: Home) -> None:
    assert "is no customer id and no identifier" in str(run(shop, "show", "person", "email=nobody").exception)


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


def test_the_catalogue_has_the_homes_own_signals_and_a_new_file_is_seen_at_once(shop: Home) -> None:
    before = shown(shop, "show", "signals", "--list")["catalogue"]
    (shop.folder / "signals").mkdir()
    content = (
        "from firsthand.journeys.signals import Signal\n"
        "def find(lives, *, least=3):\n    'Mine.'\n    return lives.timeline.select('life', 'step', evidence='source')\n"
        "SIGNAL = Signal('mine', 'Mine', find)\n"
    )
    (shop.folder / "signals" / "mine.py").write_text(content, "utf-8")
    after = shown(shop, "show", "signals", "--list")["catalogue"]
    assert [row["signal"] for row in after] == [*(row["signal"] for row in before), "mine"]
    assert (after[-1]["definition"], after[-1]["parameters"]) == ("Mine.", {"least": 3})
    counted = {row["signal"]: row["count"] for row in shown(shop, "show", "signals")["signals"]}
    assert counted["mine"] == 10
    assert "mine (bad): Mine" in run(shop, "show", "signals", "--list").stdout


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["paths", "--against", "2026-01-01..2026-01-31"], ["customers", "interactions", "edges", "starts", "ends", "loops", "changes"]),
        (["variants", "--most", "1"], ["per", "cases", "variants", "others"]),
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


def test_designed_against_actual_tells_who_followed_and_where_the_others_left(shop: Home) -> None:
    (journey,) = shown(shop, "show", "designed", "get it")["journeys"]
    assert (journey["journey"], journey["path"], journey["within_days"]) == ("get it", [["ordered"], ["promised"], ["delivered"]], 7)  # fmt: skip
    (group,) = journey["groups"]
    assert (group["attempts"], group["customers"], group["too_recent"]) == (3, 2, 1)
    assert group["followed"]["value"] == pytest.approx(2 / 3)
    assert 0 < group["followed"]["low"] < 2 / 3 < group["followed"]["high"] < 1
    assert [row["of_attempts"]["value"] for row in group["steps"]] == pytest.approx([1, 1, 2 / 3])
    (left,) = group["left"]
    assert (left["after"], left["left_for"], left["attempts"], left["customers"]) == ("promised", None, 1, 1)
    assert left["share"]["value"] == pytest.approx(1 / 3)
    assert group["arrived_otherwise"]["value"] == 0
    assert group["seconds"]["followed"]["median"]["value"] == pytest.approx(((3 * 24 + 10) + (5 * 24 + 23)) / 2 * 3600)
    assert group["seconds"]["left"]["median"] is None
    told = run(shop, "show", "designed", "--as-of", "2026-03-31")
    assert told.exit_code == 0, told.output
    assert "Begun 3 times by 2 customers" in told.output
    assert "nothing 33.3%" in told.output


def test_designed_by_group_and_period_begins_there(shop: Home) -> None:
    (journey,) = shown(shop, "show", "designed", "--by", "property:region", "--until", "2026-02-28")["journeys"]
    assert [(row["by"], row["attempts"]) for row in journey["groups"]] == [
        ({"property:region": "north"}, 1), ({"property:region": "south"}, 1),
    ]  # fmt: skip


def test_designed_by_employee_shows_nothing_of_small_groups(shop: Home) -> None:
    ((group,),) = (row["groups"] for row in shown(shop, "show", "designed", "--by", "employee")["journeys"])
    assert group["suppressed"]
    assert (group["attempts"], group["followed"]["value"], group["left"]) == (None, None, [])
    assert group["seconds"]["followed"]["median"]["value"] is None
    assert all(row["value"] is None for row in group["differences"])


def test_what_those_who_left_said_is_not_told_where_few_did(shop: Home) -> None:
    (journey,) = shown(shop, "show", "designed")["journeys"]
    good = {row["measure"]: row for row in journey["groups"][0]["differences"]}["good_moments"]
    assert good["suppressed"]
    assert good["value"] is None


def test_a_journey_that_the_map_does_not_have_is_told_beside_those_it_has(shop: Home) -> None:
    assert 'no journey "lunch". There are: get it.' in str(run(shop, "show", "designed", "lunch").exception)
    shop.map_file.write_text(MAP[: MAP.index("journeys:")], "utf-8")
    assert "The map has no journeys" in str(run(shop, "show", "designed", "get it").exception)
    assert "The map has no journeys" in run(shop, "show", "designed").output


def test_paths_of_a_group_are_those_of_its_customers_alone(shop: Home) -> None:
    north = shown(shop, "show", "paths", "--group", "property:region=north")
    assert (north["customers"], north["interactions"]) == (1, 5)
    assert "changes" not in north
    assert shown(shop, "show", "paths", "--group", "first:month=2026-01")["customers"] == 2
    assert shown(shop, "show", "paths", "--group", "month=2026-03")["customers"] == 2
    assert shown(shop, "show", "paths", "--group", "circumstance:spent=10.50")["customers"] == 1


def test_two_groups_are_compared_and_who_is_in_both_is_counted(shop: Home) -> None:
    found = shown(shop, "show", "paths", "--group", "month=2026-03", "--against", "month=2026-01")["changes"]
    assert found["customers"] == {"before": 2, "after": 2, "both": 1}
    others = shown(shop, "show", "paths", "--group", "month=2026-03", "--against", "others")["changes"]
    assert others["customers"] == {"before": 1, "after": 2, "both": 0}
    told = run(shop, "show", "paths", "--group", "month=2026-03", "--against", "others", "--as-of", "2026-03-31").output
    assert "Customers: others 1, month=2026-03 2, in both 0." in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--group", "north"], "is no group of customers (expected KEY=VALUE"),
        (["--group", "colour=red"], '"colour" is nothing to group by'),
        (["--group", "first:property:region=west"], "Values of property:region are: south, north."),
        (["--against", "source=shop"], "name it with --group"),
        (["--group", "source=shop", "--against", "source:shop"], "is no period"),
    ],
)
def test_a_group_that_is_none_is_named_with_what_was_expected(shop: Home, words: list[str], said: str) -> None:
    assert said in str(run(shop, "show", "paths", *words).exception)


def test_the_main_funnel_is_the_first_intended_path_else_the_kinds_that_are_seen(shop: Home) -> None:
    with world(shop, "2026-03-31") as opened:
        found = main_funnel(opened)
    assert found
    assert (found["steps"], found["within_days"]) == (["ordered", "promised", "delivered"], 7)
    assert [row["customers"] for row in found["groups"][0]["steps"]] == [2, 2, 2]
    alone = MAP[: MAP.index("journeys:")]
    for content, steps in (
        (alone, None),
        (alone.replace("kind: promise", "kind: visit"), ["kind:visit", "kind:purchase"]),
    ):
        shop.map_file.write_text(content, "utf-8")
        with world(shop, "2026-03-31") as opened:
            found = main_funnel(opened)
        assert (found and found["steps"]) == steps


def test_a_life_has_the_signals_that_show_in_it_where_they_show(shop: Home) -> None:
    with world(shop, "2026-03-31") as opened:
        rows = opened.signals.select("customer_id", "step", "signal", "evidence").to_pyarrow().to_pylist()
    expected = sorted((row["customer_id"], row["step"], row["signal"], row["evidence"]) for row in rows)
    told = []
    for who in ("ada", "ben", "cleo"):
        found = shown(shop, "show", "person", f"email={who}@example.com")
        told += [
            (found["customer_id"], row["step"], signal["signal"], signal["evidence"])
            for row in found["life"]
            for signal in row.get("signals", [])
        ]
    assert sorted(told) == expected
    assert {signal for _who, _step, signal, _evidence in told} >= {"broken_promise", "came_back"}


def test_a_signal_stands_under_the_interaction_at_which_it_shows(shop: Home) -> None:
    lines = run(shop, "show", "person", "email=ben@example.com", "--as-of", "2026-03-31").output.splitlines()
    at = next(number for number, line in enumerate(lines) if "delivered" in line)
    assert lines[at + 1].strip() == "bad: was promised something that did not come true (late by 2 days)"


def test_a_promise_that_somebody_else_fulfilled_shows_in_no_other_life(shop: Home, tmp_path: Path) -> None:
    orders = ORDERS.splitlines()[0] + "\n9,2026-02-01T10:00,dora@example.com,5.00,2026-02-03,,north\n"
    carrier = MAPPING[: MAPPING.index("  - id")] + MAPPING[MAPPING.rindex("  - id") :].replace("    identifiers: {email: {column: mail}}\n", "")  # fmt: skip
    for name, text, mapping in (
        ("more.csv", orders, MAPPING),
        ("carrier.csv", orders.replace("2026-02-03,,", "2026-02-03,2026-02-09T10:00,"), carrier.replace("source: shop", "source: carrier")),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, "utf-8")
        (tmp_path / "mapping.yaml").write_text(mapping, "utf-8")
        import_files(shop, [tmp_path / name], format_named("csv"), mapping_file=tmp_path / "mapping.yaml")
    found = shown(shop, "show", "person", "email=dora@example.com")
    assert [row["state"] for row in found["promises"]] == ["late"]
    assert not any("signals" in row for row in found["life"])  # it is late, not overdue, and shows at the carrier's
