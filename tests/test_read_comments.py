"""Reading the comments of a home: each text once, again without effect, on from where a run was stopped."""

from __future__ import annotations

import pytest

pytest.importorskip("sklearn", reason="the extra voice is not installed")

from firsthand.errors import UserError
from firsthand.jobs import read_comments as job
from firsthand.jobs.home import Home
from firsthand.jobs.labels import label, labels, texts_of
from firsthand.jobs.read_comments import read_comments
from firsthand.lake.read import rows
from firsthand.tables import Readings
from firsthand.voice.read import Reader
from importing import commented
from voice_stand_in import Moods, Words

WAY = """\
    channel: {constant: survey}
    direction: {column: way}
"""
HEADER = "id,at,mail,way,said\n"
SAID = HEADER + """1,2026-01-05T10:00,ada@example.com,inbound,The parcel came late. Call me at ada@example.com please.
2,2026-01-06T10:00,bob@example.com,,Great service and a great shop for everybody.
3,2026-01-07T10:00,eve@example.com,,Great service and a great shop for everybody.
4,2026-01-08T10:00,eve@example.com,outbound,Dear customer we are sorry that it is late.
5,2026-01-09T10:00,dan@example.com,,
6,2026-01-09T10:00,dan@example.com,,👍👍
"""  # fmt: skip


@pytest.fixture
def told(home: Home) -> Home:
    return commented(home, SAID, WAY)


def reader() -> Reader:
    words = Words()
    return Reader(words, Moods(), words)


def test_each_text_of_customers_is_read_once(told):
    found = read_comments(told, reader())
    assert (found["comments"], found["texts"], found["read"], found["not_understood"]) == (4, 3, 3, 1)
    readings = {row["masked_text"]: row for row in rows(told.lake, Readings).to_pylist()}
    assert "Dear customer" not in " ".join(readings)
    late = readings["The parcel came late. Call me at [email] please."]
    assert late["personal_data"] == [{"kind": "email", "begin": 33, "end": 48}]
    assert (late["language"], late["understood"], late["label"]) == ("en", True, "negative")
    assert [late["masked_text"][part["begin"] : part["end"]] for part in late["parts"]] == [
        "The parcel came late.", "Call me at [email] please.",
    ]  # fmt: skip
    assert len(late["vectors"]) == 2 * 64 * 2
    assert readings["👍👍"]["understood"] is False
    assert readings["👍👍"]["sentiment"] is None


def test_reading_again_asks_no_model_and_changes_nothing(told):
    read_comments(told, reader())
    before, again = rows(told.lake, Readings), reader()
    assert read_comments(told, again)["read"] == 0
    assert again.encoder.asked == 0
    assert rows(told.lake, Readings).equals(before)


def test_a_new_comment_is_read_alone(told):
    read_comments(told, reader())
    commented(told, HEADER + "9,2026-02-01T10:00,ada@example.com,,It came late once more\n", WAY)
    assert read_comments(told, reader())["read"] == 1


def test_a_comment_that_was_corrected_is_read_anew_and_the_old_words_are_dropped(told):
    read_comments(told, reader())
    commented(told, HEADER + "1,2026-01-05T10:00,ada@example.com,inbound,It was all my own mistake\n", WAY)
    read_comments(told, reader())
    said = rows(told.lake, Readings).column("masked_text").to_pylist()
    assert len(said) == 3
    assert "It was all my own mistake" in said


def test_another_reader_reads_everything_anew(told):
    read_comments(told, reader())
    other = reader()
    other.sentiment.version = "2"
    assert read_comments(told, other)["read"] == 3
    assert set(rows(told.lake, Readings).column("reader").to_pylist()) == {other.id}


def test_a_run_that_was_stopped_goes_on_where_it_was(told, monkeypatch):
    monkeypatch.setattr(job, "PORTION", 1)

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_comments(told, reader(), advance=stop)
    assert rows(told.lake, Readings).num_rows == 2
    assert read_comments(told, reader())["read"] == 1


def test_a_label_is_a_decision_and_the_newest_holds(told):
    read_comments(told, reader())
    label(told, "survey:1", about="sentiment", value="neutral", right=True, by="kim")
    label(told, "survey:1", about="sentiment", value="neutral", right=False, by="lee", why="she was cross")
    assert [(row["right"], row["by"]) for row in labels(told)] == [(False, "lee")]
    assert texts_of(told, ["survey:1"]) == {"survey:1": "The parcel came late. Call me at [email] please."}


@pytest.mark.parametrize(("interaction", "value", "said"), [
    ("survey:99", "neutral", "is no comment"), ("survey:1", "furious", "There are: negative, neutral, positive"),
])  # fmt: skip
def test_a_label_of_what_is_not_there_is_refused(told, interaction, value, said):
    with pytest.raises(UserError, match=said):
        label(told, interaction, about="sentiment", value=value, right=True, by="kim")


LETTER = (
    "We the undersigned ask you to give up all plastic in your parcels since it harms the sea and all who live in it"
)


def test_a_form_letter_counts_once_in_shares_and_its_copies_are_told(home):
    """Sixteen letters and eleven others: of twelve that count, one speaks of plastic."""
    from firsthand.jobs.voice_figures import voice_figures
    from firsthand.jobs.world import world

    letters = "".join(f"L{n},2026-01-{n:02}T10:00,l{n}@example.com,,{LETTER}. Is it so?\n" for n in range(1, 17))
    others = "".join(f"O{n},2026-02-{n:02}T10:00,o{n}@example.com,,The shop is open.\n" for n in range(1, 12))
    commented(home, HEADER + letters + others, WAY)
    read_comments(home, reader())
    with world(home, "2026-06-30") as seen:
        found = voice_figures(seen)
    assert (found["comments"]["comments"], found["comments"]["copies"]) == (27, 15)
    (asks,) = [row for row in found["wants"] if row["value"] == "question"]
    assert (asks["share"]["observations"], round(asks["share"]["value"] * 12)) == (12, 1)
