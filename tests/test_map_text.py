"""One touchpoint of a map is changed, and nothing else of the file."""

from __future__ import annotations

import pytest
import yaml

from firsthand.errors import MapError
from firsthand.journeys.map_text import as_yaml, with_touchpoint, written

MAP = """\
# Our map – übrigens 🙂
stages: [a,
   b]   # two
touchpoints:
- name: one   # the first
  stage: a
  # why it is this kind
  kind: visit
  rules:
  - {source: till}   # shops
  - source: web

# the second
- {name: two, stage: b, kind: other}
- name: three
  stage: b
  kind: other
  expectation: >
    Long, folded
    text.
  contradicts: [one]
journeys:
    - name: way
      path: [one, [two, three]]   # short
"""


def lines_of(text: str) -> set[str]:
    return set(text.splitlines())


def changed(name, told, text=MAP):
    after = with_touchpoint(text, name, told)
    return [line for line in text.splitlines() if line not in lines_of(after)], [
        line for line in after.splitlines() if line not in lines_of(text)
    ]


def test_only_the_lines_of_what_changed_are_other():
    assert changed("one", {"kind": "contact"}) == (["  kind: visit"], ["  kind: contact"])


def test_what_was_not_said_is_added_in_its_place_and_order():
    after = with_touchpoint(MAP, "one", {"expectation": as_yaml("Quick: #1"), "owner": "shops"})
    assert "  kind: visit\n  owner: shops\n  expectation: 'Quick: #1'\n  rules:\n" in after


def test_what_is_emptied_is_taken_out():
    assert changed("three", {"expectation": ""}) == (["  expectation: >", "    Long, folded", "    text."], [])


def test_rules_are_kept_as_they_were_typed():
    after = with_touchpoint(MAP, "one", {"rules": "- {source: till}\n# for now\n- source: app"})
    assert "  rules:\n    - {source: till}\n    # for now\n    - source: app\n\n# the second\n" in after
    assert written(after, "one", "rules") == "- {source: till}\n# for now\n- source: app"


def test_what_is_written_is_told_as_it_is_written():
    assert written(MAP, "one", "rules") == "- {source: till}   # shops\n- source: web"
    assert written(MAP, "one", "standard") == ""


def test_a_touchpoint_between_braces_stays_on_its_line():
    assert changed("two", {"owner": "shops"}) == (
        ["- {name: two, stage: b, kind: other}"],
        ["- {name: two, stage: b, kind: other, owner: shops}"],
    )


def test_a_new_name_is_used_wherever_the_map_speaks_of_it():
    after = with_touchpoint(MAP, "one", {"name": "eins"})
    assert "- name: eins   # the first" in after
    assert "path: [eins, [two, three]]   # short" in after
    assert "contradicts: [eins]" in after


@pytest.mark.parametrize(
    "text", [MAP, "stages: [a]\ntouchpoints: []\n", "touchpoints: [{name: x, stage: a, kind: other}]\nstages: [a]\n"]
)
def test_a_new_touchpoint_stands_last(text):
    after = with_touchpoint(
        text, None, {"name": "new", "stage": "a", "kind": "other", "owner": "", "rules": "- source: x\n- source: y"}
    )
    content = yaml.safe_load(after)
    assert content["touchpoints"][-1] == {
        "name": "new",
        "stage": "a",
        "kind": "other",
        "rules": [{"source": "x"}, {"source": "y"}],
    }
    assert content["touchpoints"][:-1] == yaml.safe_load(text)["touchpoints"]


def test_what_cannot_be_changed_alone_is_refused():
    anchored = "stages: [a]\ntouchpoints:\n- {name: x, stage: a, kind: other, rules: &r [{source: x}]}\n- name: y\n  stage: a\n  kind: other\n  rules: *r\n"
    with pytest.raises(MapError, match="Edit the whole map"):
        with_touchpoint(anchored, "x", {"rules": "[{source: z}]"})
    with pytest.raises(MapError, match="no touchpoint of this map any more"):
        with_touchpoint(MAP, "gone", {"kind": "visit"})


def test_what_is_typed_cannot_reach_beyond_its_place():
    with pytest.raises((MapError, yaml.YAMLError)):
        with_touchpoint(MAP, "one", {"kind": "visit\nowner: mine"})
