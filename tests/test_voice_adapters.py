"""Encoders of one's own: a folder with a model, a library, an endpoint."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from firsthand.errors import EncoderError
from firsthand.voice.encoder import Vectors, unit
from firsthand.voice.encoders import open_encoder, openai

# A folder with an ONNX model

PIECES = {"[PAD]": 0, "[UNK]": 1, "late": 2, "parcel": 3, "good": 4}
WORDS = np.array([[9, 9, 9], [0, 0, 1], [1, 0, 0], [0, 2, 0], [4, 4, 0]], dtype=np.float32)


def near(one: Vectors, other: Vectors) -> bool:
    return bool(np.allclose(one, other, atol=2e-5))


def word_tokenizer() -> Any:
    tokenizers = pytest.importorskip("tokenizers", reason="the extra `voice` is not installed")
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(PIECES, unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    return made


@pytest.fixture
def onnx_folder(tmp_path: Path) -> Path:
    """A model that knows three words: each token's vector is its row of `WORDS`."""
    onnx = pytest.importorskip("onnx", reason="onnx, which makes the model of this test, is not installed")
    pytest.importorskip("onnxruntime", reason="the extra `voice` is not installed")
    make, kind = onnx.helper, onnx.TensorProto
    shape = ["batch", "tokens"]
    graph = make.make_graph(
        [make.make_node("Gather", ["words", "input_ids"], ["last_hidden_state"]), make.make_node("Identity", ["attention_mask"], ["unused"])],
        "words",
        [make.make_tensor_value_info(name, kind.INT64, shape) for name in ("input_ids", "attention_mask")],
        [make.make_tensor_value_info("last_hidden_state", kind.FLOAT, [*shape, 3])],
        [onnx.numpy_helper.from_array(WORDS, "words")],
    )  # fmt: skip
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9)
    place = tmp_path / "three-words"
    place.mkdir()
    onnx.save(model, place / "model.onnx")
    word_tokenizer().save(str(place / "tokenizer.json"))
    return place


def test_a_text_is_the_mean_of_its_tokens_and_what_fills_up_does_not_count(onnx_folder: Path) -> None:
    found = open_encoder(f"onnx:{onnx_folder}")
    rows = found.encode(["late parcel", "late", "late late late parcel good good", ""])
    assert near(rows[0], unit(np.array([[0.5, 1.0, 0.0]]))[0])
    assert near(rows[1], np.array([1, 0, 0], dtype=np.float32))
    assert near(rows[2], unit(np.array([[11.0, 10.0, 0.0]]))[0])
    assert np.linalg.norm(rows[3]) == pytest.approx(1)
    assert found.id == "onnx:three-words"


def test_what_the_folder_says_of_length_and_pooling_is_followed(onnx_folder: Path) -> None:
    (onnx_folder / "tokenizer_config.json").write_text('{"model_max_length": 2}')
    short = open_encoder(f"onnx:{onnx_folder}")
    assert near(short.encode(["late parcel good good"]), short.encode(["late parcel"]))
    (onnx_folder / "1_Pooling").mkdir()
    (onnx_folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    first = open_encoder(f"onnx:{onnx_folder}")
    assert near(first.encode(["late parcel"]), first.encode(["late"]))
    assert first.version != short.version


def test_the_card_of_a_folder_says_languages_and_licence(onnx_folder: Path) -> None:
    nothing = open_encoder(f"onnx:{onnx_folder}")
    assert (nothing.languages, nothing.licence) == (frozenset(), "")
    (onnx_folder / "README.md").write_text("---\nlanguage: [en, de]\nlicense: mit\n---\n# Three words\n")
    told = open_encoder(f"onnx:{onnx_folder}")
    assert (told.languages, told.licence) == (frozenset({"en", "de"}), "mit")


def test_another_model_in_the_same_folder_is_another_version(onnx_folder: Path) -> None:
    before = open_encoder(f"onnx:{onnx_folder}").version
    changed = (onnx_folder / "tokenizer.json").read_text().replace("parcel", "packet")
    (onnx_folder / "tokenizer.json").write_text(changed)
    assert open_encoder(f"onnx:{onnx_folder}").version != before


def test_a_file_that_is_no_model_is_told(onnx_folder: Path) -> None:
    (onnx_folder / "model.onnx").write_bytes(b"no model")
    with pytest.raises(EncoderError, match="three-words cannot be read"):
        open_encoder(f"onnx:{onnx_folder}")


# model2vec and sentence-transformers


def test_a_static_model_of_model2vec(tmp_path: Path) -> None:
    package = pytest.importorskip("model2vec", reason="model2vec is not installed")
    package.StaticModel(WORDS, word_tokenizer()).save_pretrained(str(tmp_path / "static"))
    found = open_encoder(f"model2vec:{tmp_path / 'static'}")
    rows = found.encode(["late parcel", "late", "", "late parcel" * 100_000])
    assert near(rows[0], unit(np.array([[0.5, 1.0, 0.0]]))[0])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert found.encode([]).shape == (0, 3)
    assert found.id == "model2vec:static"


def test_sentence_transformers_is_asked_for_the_named_model(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        def __init__(self, name: str) -> None:
            if name != "known/model":
                raise OSError(f"{name} is not there")

        def get_sentence_embedding_dimension(self) -> int:
            return 2

        def encode(self, texts: list[str], **_: Any) -> Vectors:
            return np.array([[len(text), 0] for text in texts], dtype=np.float32)

    stand_in = ModuleType("sentence_transformers")
    stand_in.SentenceTransformer = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", stand_in)
    found = open_encoder("sentence-transformers:known/model")
    assert near(found.encode(["late", "parcel"]), np.array([[1, 0], [1, 0]], dtype=np.float32))
    assert found.id == "sentence-transformers:known/model"
    with pytest.raises(EncoderError, match=r"cannot be loaded.*is not there"):
        open_encoder("sentence-transformers:other/model")


# An endpoint

Reply = tuple[int, dict[str, str], bytes]


class Stand:
    """A server on this machine that answers as it is told, else with the lengths of texts, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.answers: list[Reply | Callable[[dict[str, Any]], Reply]] = []

    def answer(self, document: dict[str, Any]) -> Reply:
        if self.answers:
            told = self.answers.pop(0)
            return told(document) if callable(told) else told
        return vectors(document)


def vectors(document: dict[str, Any], *, model: str = "small-1", numbers: int = 2) -> Reply:
    data = [
        {"index": at, "embedding": [len(text), 1.0, 0.0][:numbers] + [0.0] * (numbers - 3)}
        for at, text in enumerate(document["input"])
    ]
    return 200, {}, json.dumps({"model": model, "data": data[::-1]}).encode()


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stand, str]]:
    monkeypatch.setattr(openai, "WAITS", (0.0, 0.0, 0.0))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    kept = Stand()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.asked.append(document)
            kept.keys.append(self.headers.get("Authorization"))
            kept.paths.append(self.path)
            code, headers, body = kept.answer(document)
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_endpoint_is_asked_in_batches_and_its_rows_are_put_in_order(stand: tuple[Stand, str]) -> None:
    kept, url = stand
    found = open_encoder(f"openai:{url}#small")
    assert (found.dimension, found.sends, found.version) == (2, True, "small-1")
    texts = ["x" * (at + 1) for at in range(openai.TEXTS + 5)]
    rows = found.encode(texts)
    assert near(rows, unit(np.array([[at + 1, 1] for at in range(len(texts))])))
    assert [len(each["input"]) for each in kept.asked[1:]] == [openai.TEXTS, 5]
    assert {each["model"] for each in kept.asked} == {"small"}
    assert set(kept.paths) == {"/v1/embeddings"}
    assert set(kept.keys) == {None}


def test_blank_texts_are_not_sent_and_others_once(stand: tuple[Stand, str]) -> None:
    kept, url = stand
    rows = open_encoder(f"openai:{url}/v1#small").encode(["", "late", " \n", "late"])
    assert kept.asked[1:] == [{"model": "small", "input": ["late"], "encoding_format": "float"}]
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)


def test_the_key_comes_from_the_environment(stand: tuple[Stand, str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept, url = stand
    monkeypatch.setenv("OPENAI_API_KEY", "abc")
    open_encoder(f"openai:{url}#small")
    assert kept.keys == ["Bearer abc"]


def test_a_passing_fault_is_tried_again(stand: tuple[Stand, str]) -> None:
    kept, url = stand
    found = open_encoder(f"openai:{url}#small")
    kept.answers = [(429, {"Retry-After": "0"}, b"slow down"), (503, {}, b"")]
    assert near(found.encode(["late"]), unit(np.array([[4, 1]])))
    assert len(kept.asked) == 4


@pytest.mark.parametrize(
    ("answer", "said", "tries"),
    [
        ((500, {}, b"broken"), "answered 500 .*broken", 4),
        ((401, {}, b"no key"), "answered 401 .*set the environment variable OPENAI_API_KEY", 1),
        ((404, {}, b""), "answered 404 .*is the address right", 1),
        ((302, {"Location": "http://127.0.0.1:9/elsewhere"}, b""), "answered 302", 1),
        ((200, {}, b"<html>"), "not with JSON", 1),
        ((200, {}, b'{"error": "x"}'), "not with embeddings", 1),
        ((200, {}, b'{"data": []}'), "asked for 1 vectors and answered with 0", 1),
        (lambda document: vectors(document, numbers=3), "changed its model", 1),
        (lambda document: vectors(document, model="small-2"), "changed its model", 1),
    ],
)
def test_what_an_endpoint_refuses_is_told(
    stand: tuple[Stand, str], answer: Reply | Callable[[dict[str, Any]], Reply], said: str, tries: int
) -> None:
    kept, url = stand
    found = open_encoder(f"openai:{url}#small")
    kept.answers = [answer] * tries
    with pytest.raises(EncoderError, match=said):
        found.encode(["late"])
    assert len(kept.asked) == 1 + tries


def test_nobody_at_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "WAITS", (0.0,))
    with pytest.raises(EncoderError, match="does not answer"):
        open_encoder("openai:http://127.0.0.1:9#small")


@pytest.mark.parametrize(
    "spec",
    [
        "openai:",
        "openai:https://host.example",
        "openai:file:///etc/passwd#m",
        "openai:https://me:secret@host.example#m",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_a_password(spec: str) -> None:
    with pytest.raises(EncoderError, match="openai:https://HOST#MODEL") as refused:
        open_encoder(spec)
    assert "secret" not in str(refused.value)
