"""What a model has learned, in one file: arrays and a JSON document, with a checksum; no code in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from firsthand.errors import ModelFileError

Array = np.ndarray[Any, Any]


def save(path: Path, kind: str, facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Writes a model. kind: what sort of model it is.  facts: what JSON can say of it.  arrays: what it learned."""
    told = dict(facts) | {"kind": kind, "sha256": _sum(arrays)}
    document = np.frombuffer(json.dumps(told, sort_keys=True, ensure_ascii=False).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **{"_facts": document, **arrays})


def load(path: Path, kind: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """The facts and arrays of a model. Raises ModelFileError where there is none, of another kind, or a damaged one."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        facts = json.loads(arrays.pop("_facts").tobytes())
    except OSError as missing:
        raise ModelFileError(f"{path}: cannot be read ({missing.strerror or missing}).") from missing
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile) as bad:
        raise ModelFileError(f"{path}: no model of Firsthand. Train one with: firsthand voice topics.") from bad
    if not isinstance(facts, dict) or facts.get("kind") != kind:
        raise ModelFileError(f"{path}: not a model of this kind ({kind}). Train one with: firsthand voice topics.")
    if facts.pop("sha256", "") != _sum(arrays):
        raise ModelFileError(f"{path}: damaged: its checksum is not that of its content. Train it anew.")
    del facts["kind"]
    return facts, arrays


def same_encoder(path: Path, facts: Mapping[str, Any], encoder_id: str, encoder_version: str) -> None:
    """Raises ModelFileError where a model was trained on vectors of another encoder than the one at hand."""
    trained = facts.get("encoder"), facts.get("encoder_version")
    if trained != (encoder_id, encoder_version):
        raise ModelFileError(
            f"{path}: trained on vectors of {trained[0]} {trained[1]}, not of {encoder_id} {encoder_version}; they cannot "
            "be compared. Use that encoder, or train the model anew."
        )


def _sum(arrays: Mapping[str, Array]) -> str:
    told = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        told.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        told.update(array.tobytes())
    return told.hexdigest()
