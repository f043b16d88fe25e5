"""An OpenAI-compatible endpoint for embeddings. It is never used unless somebody names it, and it sends texts away."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

import numpy as np

from firsthand.errors import EncoderError
from firsthand.voice.encoder import Vectors, once

TEXTS, CHARACTERS = 64, 100_000
"""How much goes in one request at most. One text alone may be longer."""

PASSING = (408, 409, 429, 500, 502, 503, 504)
WAITS = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try; a server that asks for another wait gets it, up to `LONGEST_WAIT`."""
LONGEST_WAIT = 60.0


class _Stay(HTTPRedirectHandler):
    """Follows nobody: a key and the words of customers go to the named address or nowhere."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class OpenAI:
    """Asks `URL/v1/embeddings` for vectors.

    It takes masked text only: masking is done before any encoder sees a text, and `sends` says that here it matters.
    The key is read from the environment variable `OPENAI_API_KEY`; without one none is sent.
    """

    languages: frozenset[str] = frozenset()
    licence = ""
    sends = True

    def __init__(self, url: str, model: str, *, timeout: float = 60.0) -> None:
        self.id = f"openai:{url}#{model}"
        self.model = model
        self.address = _address(url, self.id)
        self.timeout = timeout
        self.dimension = 0
        self.version = ""
        self._ask(["A probe."])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Raises EncoderError where the endpoint refuses, does not answer after several tries, or answers something else."""
        return once(self._encode, texts, self.dimension)

    def _encode(self, texts: list[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for part in _parts([(at, text) for at, text in enumerate(texts) if text.strip()]):
            rows[[at for at, _ in part]] = self._ask([text for _, text in part])
        return rows

    def _ask(self, texts: list[str]) -> Vectors:
        reply = self._post({"model": self.model, "input": texts, "encoding_format": "float"})
        try:
            listed = sorted(reply["data"], key=lambda each: int(each["index"]))
            rows = np.array([each["embedding"] for each in listed], dtype=np.float32)
            version = str(reply.get("model") or self.model)
        except (KeyError, TypeError, ValueError, AttributeError) as odd:
            raise EncoderError(
                f"{self.address} answered, but not with embeddings as OpenAI has them ({odd!r})."
            ) from odd
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise EncoderError(
                f"{self.address} was asked for {len(texts)} vectors and answered with {len(rows)}, or with odd ones."
            )
        self.dimension, self.version = self.dimension or rows.shape[1], self.version or version
        if (rows.shape[1], version) != (self.dimension, self.version):
            raise EncoderError(
                f"{self.address} changed its model while it was asked: {self.version} with {self.dimension} numbers, then "
                f"{version} with {rows.shape[1]}. Vectors of two models cannot be compared: run again."
            )
        return rows

    def _post(self, document: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get("OPENAI_API_KEY"):
            headers["Authorization"] = f"Bearer {key}"
        request = Request(self.address, json.dumps(document).encode(), headers)  # noqa: S310 (http or https: see _address)
        opener = build_opener(_Stay)
        for wait in (*WAITS, None):
            reply, fault, asked_wait = _once(opener, request, self.timeout)
            if fault is None:
                return reply
            if wait is None or asked_wait < 0:
                break
            time.sleep(min(max(wait, asked_wait), LONGEST_WAIT))
        raise EncoderError(f"{self.address} {fault}")


def _once(opener: OpenerDirector, request: Request, timeout: float) -> tuple[Any, str | None, float]:
    """One try: the reply; else what went wrong, and how long the server wants us to wait (negative: do not try again)."""
    try:
        with opener.open(request, timeout=timeout) as response:
            return json.load(response), None, 0
    except HTTPError as refused:
        with refused:
            said = refused.read(500).decode("utf-8", "replace").strip()
            asked = refused.headers.get("Retry-After", "")
        fault = f"answered {refused.code} {refused.reason}: {said}" + _advice(refused.code)
        return None, fault, (float(asked) if asked.isdigit() else 0) if refused.code in PASSING else -1
    except ValueError as odd:
        return None, f"answered, but not with JSON ({odd}). Is the address right?", -1
    except (URLError, HTTPException, OSError) as lost:
        reason = getattr(lost, "reason", None) or lost
        return None, f"does not answer ({reason}). Is the address right, and does the server run?", 0


def _advice(code: int) -> str:
    if code in (401, 403):
        return " – set the environment variable OPENAI_API_KEY to a key that may use this model."
    return " – is the address right, and the name of the model?" if code in (400, 404, 405) or code < 400 else ""


def _address(url: str, spec: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise EncoderError(
            f'The encoder {spec.split(":")[0]}: "{parts.scheme}://{parts.hostname or ""}…" is no address. Write '
            "openai:https://HOST#MODEL, without name, password or query; a key goes into the environment variable OPENAI_API_KEY."
        )
    path = parts.path.rstrip("/")
    if not path.endswith("/embeddings"):
        path += "/embeddings" if path.endswith("/v1") else "/v1/embeddings"
    return f"{parts.scheme}://{parts.netloc}{path}"


def _parts(texts: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    part: list[tuple[int, str]] = []
    size = 0
    for at, text in texts:
        if part and (len(part) == TEXTS or size + len(text) > CHARACTERS):
            yield part
            part, size = [], 0
        part.append((at, text))
        size += len(text)
    if part:
        yield part
