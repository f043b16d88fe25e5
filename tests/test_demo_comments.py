"""What the customers of the sample company write: much of it different, and all of it with its truth beside it."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from firsthand.demo import make_company, write_exports
from firsthand.demo.voices import wordings
from firsthand.sources.checked_yaml import Loader

CUSTOMERS = 3000


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    write_exports(make_company(CUSTOMERS, 4), folder)
    return folder


@pytest.fixture(scope="module")
def comments(exports: Path) -> list[dict[str, Any]]:
    """Each comment with its truth."""
    with (exports / "surveys.csv").open(encoding="utf-8", newline="") as file:
        said = {row["invitation"]: row for row in csv.DictReader(file) if row["comment"]}
    with (exports / "truth_comments.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["invitation"]: row for row in csv.DictReader(file)}
    assert said.keys() == truth.keys()
    return [said[name] | truth[name] for name in said]


def test_every_topic_is_spoken_of_in_many_ways(comments: list[dict[str, Any]]) -> None:
    ways = defaultdict(set)
    for row in comments:
        for topic in row["topics"].split(";"):
            ways[topic, row["language"]].add(row["comment"])
    topics = {topic for topic, _ in ways} - {""}
    assert topics == {"delivery", "instructions", "fee", "app", "payment", "staff", "price", "range"}
    often = {
        key: count for key, count in Counter((row["topics"], row["language"]) for row in comments).items() if count > 60
    }
    assert len(often) > 8
    for key, count in often.items():
        assert len(ways[key]) >= 40 or key[0] == "", f"{key}: {len(ways[key])} ways in {count} comments"


def test_there_are_forty_sentences_or_more_on_each_topic_in_each_language() -> None:

    def ways(wording: str) -> int:
        count = 1
        for choice in re.findall(r"\(([^()]*)\)", wording):
            count *= choice.count("|") + 1
        return count

    for topic, sides in wordings()["topics"].items():
        for language in ("en", "de"):
            told = [words for side in sides.values() for part in side[language].values() for words in part]
            assert sum(map(ways, told)) >= 40, f"{topic} in {language}"


def test_some_comments_speak_of_two_topics_and_some_of_none(comments: list[dict[str, Any]]) -> None:
    counts = Counter(len([topic for topic in row["topics"].split(";") if topic]) for row in comments)
    assert set(counts) == {0, 1, 2}
    assert counts[1] > counts[2] > 0.05 * len(comments)
    bare = {row["comment"] for row in comments if not row["topics"]}
    assert {"ok", "👍"} <= bare


def test_personal_data_stands_in_the_comment_as_the_truth_has_it(comments: list[dict[str, Any]]) -> None:
    planted = [(row["comment"], detail) for row in comments for detail in row["personal_data"].split(";") if detail]
    assert len(planted) > 30
    assert all(detail in comment for comment, detail in planted)
    ibans = [detail.replace(" ", "") for _, detail in planted if detail.startswith("DE")]
    assert ibans
    assert all(int(iban[4:] + "1314" + iban[2:4]) % 97 == 1 for iban in ibans)


def test_wants_and_the_form_letter_are_planted(exports: Path, comments: list[dict[str, Any]]) -> None:
    truth = json.loads((exports / "truth.json").read_text("utf-8"))["j_comments"]
    assert truth["comments"] == len(comments)
    wants = Counter(want for row in comments for want in row["wants"].split(";") if want)
    assert truth["wants"] == dict(wants)
    assert {"question", "complaint", "praise", "suggestion", "thanks", "threat_to_leave", "danger"} <= set(wants)
    letters = [row for row in comments if row["comment"].startswith(tuple(truth["form_letter"]["begins"]))]
    assert len(letters) == truth["form_letter"]["sent"] > 1


def test_the_puzzling_instructions_annoy_germans_alone(comments: list[dict[str, Any]]) -> None:
    about = [row for row in comments if "instructions" in row["topics"]]
    assert len(about) > 10
    assert {(row["language"], row["sentiment"]) for row in about} == {("de", "negative")}


def test_the_topics_have_touchpoints_and_owners_of_the_map(exports: Path, comments: list[dict[str, Any]]) -> None:
    topics = yaml.safe_load((exports / "topics.yaml").read_text("utf-8"))["topics"]
    world = yaml.load((exports / "map.yaml").read_text("utf-8"), Loader=Loader)
    assert {topic for row in comments for topic in row["topics"].split(";")} - {""} == {
        topic["name"] for topic in topics
    }
    assert {topic["touchpoint"] for topic in topics} <= {each["name"] for each in world["touchpoints"]}
    assert {topic["owner"] for topic in topics} <= set(world["teams"])
