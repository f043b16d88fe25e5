"""The journey map: every number is in the picture or counted as left out, nothing overlaps, names are only text."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.charts import drawn_flows, journey_map, not_drawn
from firsthand.charts.journey_layout import Layout, layout
from firsthand.charts.lettering import lines_of, width_of
from firsthand.cli import command
from firsthand.jobs.home import Home
from firsthand.jobs.words import worst_way

SVG = "{http://www.w3.org/2000/svg}"
Row = dict[str, Any]
GOOD = {"value": 0.92, "low": 0.9, "high": 0.94, "customers": 80}
BAD = {"value": 0.4, "low": 0.3, "high": 0.5, "customers": 80}


def point(name: str, stage: str, customers: int = 100, how: Row | None = None) -> Row:
    return {
        "touchpoint": name, "stage": stage, "kind": "visit", "owner": "online", "customers": customers,
        "interactions": customers * 2, "how_it_was": how,
    }  # fmt: skip


def flow(source: str, target: str, customers: int, share: float = 0.25) -> Row:
    return {
        "from": source, "to": target, "customers": customers, "interactions": customers * 3, "share": share,
        "median_seconds": 7200.0,
    }  # fmt: skip


SHOP = [point("visit", "choose", 900), point("order", "buy", 400, GOOD), point("called", "help", 70, BAD)]
WAYS = [
    flow("visit", "order", 390), flow("visit", "visit", 300), flow("order", "called", 60), flow("called", "visit", 12),
]  # fmt: skip


def picture(stages: list[str], nodes: list[Row], flows: list[Row], width: int = 1080) -> ElementTree.Element:
    return ElementTree.fromstring(journey_map(stages, nodes, flows, width=width))


def titles(svg: ElementTree.Element, kind: str) -> list[str]:
    return [str(group.findtext(f"{SVG}title")) for group in svg.iter(f"{SVG}g") if group.get("class") == kind]


def words(svg: ElementTree.Element) -> str:
    return " ".join(span.text or "" for span in svg.iter(f"{SVG}tspan"))


@pytest.mark.parametrize("width", [1080, 330, 230])
def test_each_touchpoint_and_flow_tells_its_numbers(width: int) -> None:
    svg = picture(["choose", "buy", "help"], SHOP, WAYS, width)
    assert titles(svg, "touchpoint") == [
        "visit (choose): 900 customers, 1,800 interactions; unseen. Owner: online. "
        "Followed itself for 300 customers, 900 times, 25 % of the steps from there; half within 2.0 hours.",
        "order (buy): 400 customers, 800 interactions; 92 % good (90 % to 94 %). Owner: online.",
        "called (help): 70 customers, 140 interactions; 40 % good (30 % to 50 %). Owner: online.",
    ]
    assert titles(svg, "flow") == [
        "visit → order: 390 customers, 1,170 times, 25 % of the steps from there; half within 2.0 hours",
        "order → called: 60 customers, 180 times, 25 % of the steps from there; half within 2.0 hours",
        "called → visit: 12 customers, 36 times, 25 % of the steps from there; half within 2.0 hours",
    ]
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == "The journey map"
    assert "↻ 300" in words(svg)


def test_what_goes_back_to_an_earlier_stage_is_dashed() -> None:
    svg = picture(["choose", "buy", "help"], SHOP, WAYS)
    dashed = [
        group.find(f"{SVG}path").get("stroke-dasharray") is not None  # type: ignore[union-attr]
        for group in svg.iter(f"{SVG}g")
        if group.get("class") == "flow"
    ]
    assert dashed == [False, False, True]


def test_unseen_is_hatched_and_suppressed_is_marked() -> None:
    few = point("told us", "help", 40, {"value": None, "low": None, "high": None, "customers": None})
    svg = picture(["choose", "buy", "help"], [*SHOP, few], WAYS)
    grounds = [
        (group.find(f"{SVG}rect").attrib["fill"], "stroke-dasharray" in group.find(f"{SVG}rect").attrib)  # type: ignore[union-attr]
        for group in svg.iter(f"{SVG}g")
        if group.get("class") == "touchpoint"
    ]
    assert grounds == [
        ("url(#unseen-1080)", False), ("#2c6b69", False), ("#c4622d", False), ("url(#unseen-1080)", True),
    ]  # fmt: skip
    assert "too few to show" in words(svg)


def test_small_flows_are_counted_and_no_touchpoint_stands_alone() -> None:
    nodes = [point(f"t{at}", "one" if at < 6 else "two") for at in range(12)]
    flows = [flow(one["touchpoint"], two["touchpoint"], 5 + at) for at, (one, two) in enumerate(combinations(nodes, 2))]
    drawn, folded, least = drawn_flows(nodes, flows)
    assert Counter(map(id, [*drawn, *folded])) == Counter(map(id, flows))
    assert all(each in drawn for each in flows if each["customers"] >= least)
    assert {name for each in drawn for name in (each["from"], each["to"])} == {node["touchpoint"] for node in nodes}
    steps, every = (sum(each["interactions"] for each in rows) for rows in (folded, flows))
    said = not_drawn(nodes, flows)
    assert said.startswith(f"Not drawn: {len(folded)} of 66 flows, {steps:,} of {every:,} steps.")
    svg = picture(["one", "two"], nodes, flows)
    assert said in words(svg)
    assert len(titles(svg, "flow")) == len(drawn)


def test_a_flow_to_what_is_not_in_the_picture_is_counted() -> None:
    assert not_drawn(SHOP, [*WAYS, flow("visit", "nowhere", 5)]).startswith("Not drawn: 1 of 5 flows, 15 of")


def test_names_are_only_text() -> None:
    name = '<script>alert("1")</script> & 🎁'
    text = journey_map([name], [point(name, name), point("b", name)], [flow(name, "b", 3)], width=400)
    assert "<script" not in text
    svg = ElementTree.fromstring(text)
    assert titles(svg, "flow")[0].startswith(f"{name} → b")


def test_odd_maps_have_sensible_pictures() -> None:
    assert journey_map([], [], [], width=1080) == ""
    assert journey_map(["empty"], [], [], width=1080) == ""
    alone = picture(["empty", "choose", "empty too"], SHOP[:1], [])
    assert len(titles(alone, "touchpoint")) == 1
    assert "EMPTY TOO" in words(alone)
    nobody = picture(["choose"], [point("visit", "choose", 0)], [])
    assert "no record" in words(nobody)
    elsewhere = picture([], SHOP, WAYS)
    assert "CHOOSE BUY HELP" in words(elsewhere)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=40).filter(
    str.strip
)


@st.composite
def maps(draw: st.DrawFn) -> tuple[list[str], list[Row], list[Row]]:
    stages = [f"stage {at}" for at in range(draw(st.integers(1, 9)))]
    names = draw(st.lists(NAMES, min_size=1, max_size=25, unique=True))
    nodes = [point(name, draw(st.sampled_from(stages)), draw(st.integers(0, 9999))) for name in names]
    ends = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=50, unique=True))
    return stages, nodes, [flow(source, target, draw(st.integers(1, 9999))) for source, target in ends]


def placed(stages: list[str], nodes: list[Row], flows: list[Row], width: int) -> Layout:
    between = [each for each in flows if each["from"] != each["to"]]
    return layout(
        stages, nodes, between, width=width, thick=lambda each: 13 * each["customers"] / 9999,
        notes=lambda _node: ["too few to show", "met by 1,234"],
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(maps(), st.sampled_from([1080, 330]))
def test_nothing_overlaps_on_any_map(drawn: tuple[list[str], list[Row], list[Row]], width: int) -> None:
    stages, nodes, flows = drawn
    found = placed(stages, nodes, flows, width)
    assert set(found.boxes) == {node["touchpoint"] for node in nodes}
    for one, other in combinations(found.boxes.values(), 2):
        across = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert across or one.y + one.height <= other.y + 0.01 or other.y + other.height <= one.y + 0.01
    for box in found.boxes.values():
        assert box.x >= 0
        assert box.x + box.width <= width
        assert box.y + box.height <= found.height + 0.01
        assert 13 * (len(box.name) + len(box.notes)) < box.height
    svg = picture(stages, nodes, flows, width)
    kept, folded, _least = drawn_flows(nodes, flows)
    assert len(kept) + len(folded) == len(flows)
    itself = sum(each["from"] == each["to"] for each in kept)
    assert len(titles(svg, "flow")) == len(kept) - itself


def test_columns_are_ordered_so_that_flows_cross_little() -> None:
    nodes = [point(name, name[0]) for name in ("a1", "a2", "a3", "b1", "b2", "b3")]
    found = placed(["a", "b"], nodes, [flow("a1", "b3", 9), flow("a2", "b2", 9), flow("a3", "b1", 9)], 1080)
    height = {name: box.y for name, box in found.boxes.items()}
    assert (height["a1"] < height["a2"] < height["a3"]) == (height["b3"] < height["b2"] < height["b1"])


def test_lines_are_never_wider_than_asked_and_keep_every_letter() -> None:
    text = "Rechtsschutzversicherungsgesellschaften 👩‍👩‍👧 called about it"
    lines = lines_of(text, 70, 11)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 11) <= 70 for line in lines)
    assert any("👩‍👩‍👧" in line for line in lines)


def test_the_title_tells_the_largest_flow_into_the_worst_touchpoint() -> None:
    facts = {"map": {"touchpoints": SHOP}, "journey": {"flows": WAYS}}
    assert worst_way(facts) == (
        "The largest flow into “called”, which was good for 40 %, comes from “order”: 60 customers."
    )
    asked = point("asked", "tell us") | {"kind": "invitation"}
    mailed = {
        "map": {"touchpoints": [*SHOP, asked]},
        "journey": {"flows": [*WAYS, flow("asked", "called", 999), flow("called", "asked", 999)]},
    }
    assert worst_way(mailed) == worst_way(facts).replace("The largest", "Invitations aside, the largest")
    unseen = {"map": {"touchpoints": SHOP[:1]}, "journey": {"flows": WAYS}}
    assert worst_way(unseen) == "The largest flow goes from “visit” to “order”: 390 customers."
    assert worst_way(facts | {"journey": {"flows": []}}) == "No customer went from one touchpoint to another."


MAP = """
stages: [choose, buy]
touchpoints:
  - {name: visit, stage: choose, kind: visit, rules: [{event: page}]}
  - {name: order, stage: buy, kind: purchase, rules: [{event: order}]}
"""
MAPPING = """
source: log
interactions:
  - {event: {column: what}, occurred_at: {column: at}, channel: {constant: web}, identifiers: {customer_number: {column: who}}}
"""
LOG = """at,who,what
2026-03-01T10:00:00Z,ada,page
2026-03-01T11:00:00Z,ada,order
2026-03-02T10:00:00Z,ada,sneeze
2026-03-03T10:00:00Z,ada,page
2026-03-01T10:00:00Z,bob,page
2026-03-01T10:30:00Z,bob,page
2026-03-01T13:30:00Z,bob,order
2026-03-01T10:00:00Z,,page
"""


@pytest.fixture
def shop(home: Home, tmp_path: Path) -> Path:
    (home.folder / "map.yaml").write_text(MAP, "utf-8")
    (tmp_path / "log.csv").write_text(LOG, "utf-8")
    (tmp_path / "log.yaml").write_text(MAPPING, "utf-8")
    run(
        "import",
        str(tmp_path / "log.csv"),
        "--as",
        "csv",
        "--map",
        str(tmp_path / "log.yaml"),
        "--home",
        str(home.folder),
    )
    return home.folder


def run(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(command, list(words))
    assert (done.exit_code or 0) == status, done.output
    return done.output


def shown(home: Path, *words: str) -> Row:
    found: Row = json.loads(run("show", "journey", "--home", str(home), "--json", *words))
    return found


def test_show_journey_counts_every_step(shop: Path, tmp_path: Path) -> None:
    found = shown(shop, "--as-of", "2026-03-31")
    assert [(row["from"], row["to"], row["customers"], row["interactions"]) for row in found["flows"]] == [
        ("visit", "order", 2, 2), ("visit", "visit", 1, 1),
    ]  # fmt: skip
    assert found["flows"][0]["median_seconds"] == 7200
    assert found["flows"][0]["share"] == pytest.approx(2 / 3)
    assert (found["steps"], found["not_on_map"]) == (5, 2)
    out = tmp_path / "new" / "journey.svg"
    assert f"Wrote {out}." in run("show", "journey", "--home", str(shop), "--as-of", "2026-03-31", "--out", str(out))
    assert len(titles(ElementTree.parse(out).getroot(), "flow")) == 1
    printed = run("show", "journey", "--home", str(shop), "--as-of", "2026-03-31")
    assert "2.0 hours" in printed
    assert "2 of 5 steps begin or end off the map." in printed


def test_a_step_that_ends_after_the_moment_is_not_seen_yet(shop: Path) -> None:
    found = shown(shop, "--as-of", "2026-03-01T12:00")  # 11:00 UTC
    assert [(row["from"], row["to"], row["interactions"]) for row in found["flows"]] == [
        ("visit", "order", 1), ("visit", "visit", 1),
    ]  # fmt: skip
    assert shown(shop, "--as-of", "2026-03-31", "--since", "2026-03-02")["flows"] == []


def test_no_map_is_a_sentence(home: Home, tmp_path: Path) -> None:
    said = CliRunner().invoke(
        command, ["show", "journey", "--home", str(home.folder), "--out", str(tmp_path / "x.svg")]
    )
    assert "The map has no touchpoint to draw." in str(said.exception)
    assert not (tmp_path / "x.svg").exists()
