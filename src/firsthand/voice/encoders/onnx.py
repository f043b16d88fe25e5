"""Transformers as ONNX files, with their tokenizers: worked out by onnxruntime, without torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np

from firsthand.errors import EncoderError
from firsthand.voice.encoder import Vectors, once, threads
from firsthand.voice.encoders.files import card, fingerprint, folder, needed

TOKENS = 512
"""Tokens in one batch, with what fills it up: enough to keep a core busy, little enough to stay in its cache."""


class Transformer:
    """A model and its tokenizer. A text's vector is the mean over its tokens, or the model's own if it gives one per text.

    Texts of like length go together, so that little is filled up; what is filled up does not count. A model whose
    activations are quantised anew at each run (`DynamicQuantizeLinear`) is asked one text at a time, since there the vector
    of one text would depend on its neighbours.
    """

    def __init__(self, model: Path, tokenizer: Path, *, spec: str, longest: int = 512, first: bool = False) -> None:
        """longest: tokens that are read of a text. first: take the first token's vector instead of the mean."""
        runtime, tokenizers = needed("onnxruntime", spec), needed("tokenizers", spec)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        try:
            self._session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
        except Exception as odd:
            raise EncoderError(f"The encoder {spec}: {model.parent} cannot be read ({odd}).") from odd
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)
        self._inputs = [each.name for each in self._session.get_inputs()]
        if not {"input_ids", "attention_mask"} <= set(self._inputs) <= {*INPUTS}:
            raise EncoderError(
                f"The encoder {spec}: {model} wants {', '.join(self._inputs)}. An encoder takes input_ids and attention_mask."
            )
        self._first = first
        with model.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
            self._alone = content.find(b"DynamicQuantizeLinear") >= 0
        self.dimension = self._run([[0]]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        return once(self._encode, texts, self.dimension)

    def _encode(self, texts: list[str]) -> Vectors:
        asked = [each.ids for each in self._tokenizer.encode_batch(texts)]
        batches = self._batches(asked)
        rows = np.empty((len(asked), self.dimension), dtype=np.float32)
        with ThreadPoolExecutor(threads()) as pool:
            found = pool.map(self._run, ([asked[at] for at in batch] for batch in batches))
            for batch, part in zip(batches, found, strict=True):
                rows[batch] = part
        return rows

    def _batches(self, asked: list[list[int]]) -> list[list[int]]:
        """Places of texts, the shortest first, in batches of at most so many tokens."""
        batches: list[list[int]] = []
        for at in sorted(range(len(asked)), key=lambda at: len(asked[at])):
            if not batches or self._alone or (len(batches[-1]) + 1) * len(asked[at]) > TOKENS:
                batches.append([])
            batches[-1].append(at)
        return batches

    def _run(self, asked: list[list[int]]) -> Vectors:
        ids = np.zeros((len(asked), max(1, *map(len, asked))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(asked):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        said: Vectors = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        if said.ndim == 2:
            return said
        if self._first:
            return said[:, 0]
        return np.einsum("bt,btd->bd", mask.astype(np.float32), said) / np.maximum(mask.sum(1, keepdims=True), 1)


INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class Folder(Transformer):
    """A folder with `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`, as sentence-transformers exports it.

    What it says of the longest text (`sentence_bert_config.json`, `tokenizer_config.json`, `config.json`) and of pooling
    (`1_Pooling/config.json`) is followed.
    """

    sends = False

    def __init__(self, path: str) -> None:
        spec = f"onnx:{path}"
        place = folder(path, spec, "model.onnx and tokenizer.json")
        model = next((file for file in (place / "model.onnx", place / "onnx" / "model.onnx") if file.is_file()), None)
        tokenizer = place / "tokenizer.json"
        if model is None or not tokenizer.is_file():
            raise EncoderError(f"The encoder {spec}: the folder must hold model.onnx and tokenizer.json.")
        pooling = _json(place / "1_Pooling" / "config.json")
        first = bool(pooling.get("pooling_mode_cls_token"))
        super().__init__(model, tokenizer, spec=spec, longest=_longest(place), first=first)
        self.id = f"onnx:{place.resolve().name}"
        self.version = fingerprint([model, tokenizer, place / "1_Pooling" / "config.json"])
        self.languages, self.licence = card(place)


def _longest(place: Path) -> int:
    """Tokens of a text that the model reads: the least that its files name, else 512."""
    said = (
        _json(place / "sentence_bert_config.json").get("max_seq_length"),
        _json(place / "tokenizer_config.json").get("model_max_length"),
        _json(place / "config.json").get("max_position_embeddings"),
    )
    return min((int(each) for each in said if isinstance(each, int | float) and each >= 2), default=512)


def _json(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    except ValueError as odd:
        raise EncoderError(f"{file} is not JSON ({odd}). Mend or remove it.") from odd
    return said if isinstance(said, dict) else {}
