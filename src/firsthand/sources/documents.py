"""JSON documents: the lists at their top, element by element, so that a document may be larger than memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from firsthand.sources.lines import AS_UTF_8, chunks
from firsthand.sources.rows import Advance, Unreadable

LONGEST = 64 * 1024 * 1024
"""Characters of the longest element, or other value at the top, that is read."""
BLANK = re.compile(r"[ \t\r\n]*")


class NotADocument(ValueError):
    """A file that is no JSON object; `fault` says what it is instead, and where."""

    def __init__(self, line: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.fault = Unreadable(line, reason, message)


class Document:
    """A file that holds one JSON object. `lists`: the keys under which a list was met so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lists: set[str] = set()

    def elements(self, key: str, advance: Advance = lambda _: None) -> Iterator[tuple[int, Any]]:
        """The elements of the list under `key`, each with the line it begins on; the whole document is read. Raises NotADocument."""
        text = _Text(self.path, advance)
        if not text.next():
            raise NotADocument(0, "empty_file", "the file is empty; expected a JSON document")
        text.take("{")
        while text.next() != "}":
            name = text.value()
            text.take(":")
            if text.next() != "[":
                text.value()
            else:
                self.lists.add(name)
                for element in text.elements():
                    if name == key:
                        yield element
            if text.next() != "}":
                text.take(",")
        text.take("}")
        text.take("")

    def whole(self) -> dict[str, Any]:
        """The document at once, for one without lists. Raises NotADocument."""
        text = _Text(self.path, lambda _: None)
        return dict(text.value())


def packed(value: Any) -> bytes:
    """A value as JSON text."""
    try:
        return orjson.dumps(value)
    except TypeError:  # a whole number of more than 64 bits, half a character, or nested deeply
        return json.dumps(value).encode()


class _Text:
    """The text of a document from where it was read to, as far as it is in memory."""

    def __init__(self, path: Path, advance: Advance) -> None:
        self._chunks = chunks(path, advance)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._read = json.JSONDecoder(parse_constant=_no_constant).raw_decode
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self._ended = False

    def next(self) -> str:
        """The next character that is not blank; none at the end."""
        while True:
            blank = BLANK.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more()

    def take(self, expected: str) -> None:
        """Passes over the next character, which must be the one expected."""
        if self.next() != expected:
            raise self._fault(f"expected {repr(expected) if expected else 'the end'}", self._at)
        self._at += len(expected)

    def value(self) -> Any:
        """The next value."""
        self.next()
        while True:
            try:
                value, end = self._read(self._text, self._at)
            except RecursionError as deep:
                raise self._fault("nested too deeply", self._at) from deep
            except ValueError as bad:
                if self._ended or len(self._text) - self._at > LONGEST:
                    if not self._ended and str(bad).startswith("Unterminated string"):
                        long = f"a value of more than {LONGEST // 1024**2} million characters; none so long is read"
                        raise NotADocument(self._line_here(), "line_too_long", long) from bad
                    said, at = (bad.msg, bad.pos) if isinstance(bad, json.JSONDecodeError) else (str(bad), self._at)
                    raise self._fault(said, at) from bad
            else:
                if len(self._text) - end > 2 or self._ended:  # else a number may go on, from "1e+" to "1e+9"
                    self._at = end
                    return value
            self._more()

    def elements(self) -> Iterator[tuple[int, Any]]:
        """The elements of the list that begins here, each with its line."""
        self.take("[")
        while self.next() != "]":
            yield self._line_here(), self.value()
            if self.next() != "]":
                self.take(",")
        self.take("]")

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _more(self) -> None:
        self._line_here()
        try:
            chunk = next(self._chunks, None)
            self._ended = chunk is None
            self._text = self._text[self._at :] + self._decoder.decode(chunk or b"", self._ended)
        except EOFError as damaged:
            said = f"the file ends early ({damaged}); expected a whole JSON document"
            raise NotADocument(0, "truncated", said) from damaged
        except UnicodeDecodeError as bad:
            line = self._line + self._text.count("\n", self._counted) + bad.object.count(b"\n", 0, bad.start)
            raise NotADocument(line, "not_utf8", f"not UTF-8: {bad.reason}; {AS_UTF_8}") from bad
        self._at = self._counted = 0

    def _fault(self, said: str, at: int) -> NotADocument:
        line = self._line + self._text.count("\n", self._counted, at)
        return NotADocument(line, "not_json", f"not JSON: {said}; expected a document that is one object")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
