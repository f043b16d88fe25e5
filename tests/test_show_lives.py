"""What commands show of lives: intended paths, groups of customers, the funnel of the report, one person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firsthand.jobs import one_life
from firsthand.jobs import person as jobs_person
from firsthand.jobs.funnel_figures import main_funnel
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.person import person
from firsthand.jobs.world import world
from firsthand.sources import format_named
from shop import MAP, MAPPING, ORDERS, run, shown


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


def test_designed_against_actual_tells_who_followed_and_where_the_others_left(shop: Home) -> None:
    (journey,) = shown(shop, "show", "designed", "get it")["journeys"]
    assert (journey["journey"], journey["path"], journey["within_days"]) == ("get it", [["ordered"], ["promised"], ["delivered"]], 7)  # fmt: skip
    (group,) = journey["groups"]
    assert (group["attempts"], group["customers"], group["too_recent"]) == (3, 2, 1)
    assert group["followed"]["value"] == pytest.approx(2 / 3)
    assert 0 < group["followed"]["low"] < 2 / 3 < group["followed"]["high"] < 1
    assert (group["customers_followed"]["value"], group["customers_followed"]["customers"]) == (1, 2)
    assert [row["attempts"] for row in group["steps"]] == [3, 3, 2]
    assert [row["of_attempts"]["value"] for row in group["steps"]] == pytest.approx([1, 1, 2 / 3])
    (left,) = group["left"]
    assert (left["after"], left["left_for"], left["attempts"], left["customers"]) == ("promised", None, 1, 1)
    assert left["share"]["value"] == pytest.approx(1 / 3)
    assert group["arrived_otherwise"]["value"] == 0
    assert group["seconds"]["followed"]["median"]["value"] == pytest.approx(((3 * 24 + 10) + (5 * 24 + 23)) / 2 * 3600)
    assert group["seconds"]["left"]["median"] is None
    told = run(shop, "show", "designed", "--as-of", "2026-03-31")
    assert told.exit_code == 0, told.output
    assert "Begun 3 times by 2 customers; followed in 66.7%" in told.output
    assert "at least once by 100.0%" in told.output
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
    assert {row["attempts"] for row in group["steps"]} == {None}
    assert group["seconds"]["followed"]["median"]["value"] is None
    assert all(row["value"] is None for row in group["differences"])


def test_what_those_who_left_said_is_not_told_where_few_did(shop: Home) -> None:
    (journey,) = shown(shop, "show", "designed")["journeys"]
    good = {row["measure"]: row for row in journey["groups"][0]["differences"]}["good_moments"]
    assert good["suppressed"]
    assert good["value"] is None


def test_a_journey_that_the_map_does_not_have_is_told_beside_those_it_has(own_shop: Home) -> None:
    assert 'no journey "lunch". There are: get it.' in str(run(own_shop, "show", "designed", "lunch").exception)
    own_shop.map_file.write_text(MAP[: MAP.index("journeys:")], "utf-8")
    assert "The map has no journeys" in str(run(own_shop, "show", "designed", "get it").exception)
    assert "The map has no journeys" in run(own_shop, "show", "designed").output


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


def test_the_main_funnel_is_the_first_intended_path_else_the_kinds_that_are_seen(own_shop: Home) -> None:
    with world(own_shop, "2026-03-31") as opened:
        found = main_funnel(opened)
    assert found
    assert (found["steps"], found["within_days"]) == (["ordered", "promised", "delivered"], 7)
    assert [row["customers"] for row in found["groups"][0]["steps"]] == [2, 2, 2]
    alone = MAP[: MAP.index("journeys:")]
    for content, steps in (
        (alone, None),
        (alone.replace("kind: promise", "kind: visit"), ["kind:visit", "kind:purchase"]),
    ):
        own_shop.map_file.write_text(content, "utf-8")
        with world(own_shop, "2026-03-31") as opened:
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


@pytest.mark.parametrize(
    "own",
    [
        "",
        "lives.now",
        "ibis.literal(lives.as_of.isoformat())",
        "ibis.literal(lives.timeline.count().to_pyarrow().as_py())",
    ],
)
def test_a_life_asked_for_in_a_running_process_is_what_it_is_when_it_is_worked_out_alone(
    own_shop: Home, monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    if own:
        (own_shop.folder / "signals").mkdir()
        (own_shop.folder / "signals" / "own.py").write_text(SIGNAL.replace("MOMENT", own))
    asked = [(f"email={who}@example.com", f"2026-0{month}-31") for month in (1, 3) for who in ("ada", "ben", "ada")]
    told = [person(own_shop, *each) for each in asked]
    monkeypatch.setattr(jobs_person, "one_life", lambda *_: None)
    assert told == [person(own_shop, *each) for each in asked]
    if own:
        assert told[-1]["life"][0]["signals"][-1]["signal"] == "own"


SIGNAL = """
import ibis
from ibis import _
from firsthand.journeys.signals import Signal

def find(lives):
    "Whoever was there."
    first = lives.timeline.filter(_.step == 1).cache()
    return first.select("life", "step", evidence=ibis.literal("seen by ") + ibis.literal(0).cast("string") + (MOMENT).cast("string"))

SIGNAL = Signal("own", "Own", find)
"""


def test_what_was_told_since_is_in_the_life_that_is_asked_for_again(own_shop: Home, tmp_path: Path) -> None:
    before = person(own_shop, "email=ada@example.com", "2026-03-31")
    header, *_rows = ORDERS.splitlines()
    (tmp_path / "more.csv").write_text(
        f"{header}\n9,2026-03-02T10:00,ada@example.com,5.00,2026-03-04,,north\n", "utf-8"
    )
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    import_files(own_shop, [tmp_path / "more.csv"], format_named("csv"), mapping_file=tmp_path / "mapping.yaml")
    after = person(own_shop, "email=ada@example.com", "2026-03-31")
    assert (before["interactions"], after["interactions"]) == (5, 7)
    assert [row["state"] for row in after["promises"]] == ["kept", "overdue", "overdue"]


def test_what_was_told_since_is_not_compiled_for_again(
    own_shop: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(own_shop, "email=ada@example.com", "2026-03-31")
    monkeypatch.setattr(one_life._Opened, "_plan", None)
    (tmp_path / "more.csv").write_text(
        f"{ORDERS.splitlines()[0]}\n9,2026-03-02T10:00,ada@example.com,5.00,2026-03-04,,north\n", "utf-8"
    )
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    import_files(own_shop, [tmp_path / "more.csv"], format_named("csv"), mapping_file=tmp_path / "mapping.yaml")
    found = one_life.one_life(own_shop, int(person(own_shop, "email=ada@example.com")["customer_id"][1:], 16), own_shop.as_of("2026-03-31"), ("touchpoint",))  # fmt: skip
    assert found is not None
    assert len(found[0]) == 7


def test_a_signal_stands_under_the_interaction_at_which_it_shows(shop: Home) -> None:
    lines = run(shop, "show", "person", "email=ben@example.com", "--as-of", "2026-03-31").output.splitlines()
    at = next(number for number, line in enumerate(lines) if "delivered" in line)
    assert lines[at + 1].strip() == "bad: was promised something that did not come true (late by 2 days)"


def test_a_promise_that_somebody_else_fulfilled_shows_in_no_other_life(own_shop: Home, tmp_path: Path) -> None:
    orders = ORDERS.splitlines()[0] + "\n9,2026-02-01T10:00,dora@example.com,5.00,2026-02-03,,north\n"
    carrier = MAPPING[: MAPPING.index("  - id")] + MAPPING[MAPPING.rindex("  - id") :].replace("    identifiers: {email: {column: mail}}\n", "")  # fmt: skip
    for name, text, mapping in (
        ("more.csv", orders, MAPPING),
        ("carrier.csv", orders.replace("2026-02-03,,", "2026-02-03,2026-02-09T10:00,"), carrier.replace("source: shop", "source: carrier")),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, "utf-8")
        (tmp_path / "mapping.yaml").write_text(mapping, "utf-8")
        import_files(own_shop, [tmp_path / name], format_named("csv"), mapping_file=tmp_path / "mapping.yaml")
    found = shown(own_shop, "show", "person", "email=dora@example.com")
    assert [row["state"] for row in found["promises"]] == ["late"]
    assert not any("signals" in row for row in found["life"])  # it is late, not overdue, and shows at the carrier's


def test_signals_of_two_groups_are_counted_in_each_and_compared(shop: Home) -> None:
    found = shown(shop, "show", "signals", "--group", "first:property:region=north", "--against", "others")
    assert {row["signal"]: row["count"] for row in found["signals"]}["broken_promise"] == 1
    assert all(row["share"]["customers"] == 1 for row in found["signals"])
    assert found["changes"]["customers"] == {"before": 2, "after": 1, "both": 0}
    assert found["changes"]["tested"] == 0
    assert found["changes"]["too_few"] >= 1
    months = shown(shop, "show", "signals", "--since", "2026-03-01", "--against", "2026-01-01..2026-01-31")["changes"]
    assert months["customers"] == {"before": 2, "after": 2, "both": 1}
    told = run(shop, "show", "signals", "--group", "source=shop", "--against", "2026-01-01..2026-01-31").output
    assert "Customers: before 2, after 3, in both 2." in told


def test_a_kind_can_be_left_out_of_paths_and_variants(shop: Home) -> None:
    found = shown(shop, "show", "paths", "--without", "promise")
    assert found["without"] == ["promise"]
    assert {(row["from"], row["to"]) for row in found["edges"]} == {("ordered", "delivered"), ("delivered", "ordered")}
    paths = [row["path"] for row in shown(shop, "show", "variants", "--without", "promise", "--without", "delivery")["variants"]]  # fmt: skip
    assert paths == [["ordered"]]
    said = "is no kind of touchpoint. There are: heard_of_us, visit"
    assert said in str(run(shop, "show", "variants", "--without", "post").exception)
