"""Reads XES event logs (IEEE 1849), plain or gzip, streamed: an event is a record, its trace's attributes `case:…`.

Events that hold nothing but plain attributes are taken apart by a pattern; all else, and the well-formedness of the
whole, is the matter of expat, which sees blanks in their place. A test holds the two to the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from firsthand.errors import SourceError
from firsthand.sources.lines import LONGEST_LINE, chunks
from firsthand.sources.mapping import InteractionMapping
from firsthand.sources.rows import Advance, Packed, Rows, Unreadable

BATCH = 40_000
LARGEST = 64 * 1024 * 1024
"""Bytes of a batch: what a trace says is said with each of its events."""
EARLY_END = {
    expat.errors.codes[said]
    for said in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}
INVALID_TOKEN = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
SPACE = r"[ \t\r\n]*"
QUOTED = r'"[ !#-%\'-;=-~]*"'  # printable ASCII, the same in every encoding that expat knows, without & and <
ATTRIBUTE = f"<(?:string|date|int|float|boolean|id) key={QUOTED} value={QUOTED}/>"
PLAIN = re.compile(f"<event>{SPACE}((?:{ATTRIBUTE}{SPACE})*+)</event>")
BLANK = bytes(code if code in b"\r\n" else 32 for code in range(256))


class NotALog(ValueError):
    """XML that is something else."""


class _Events:
    """Collects what the parser meets: attributes of the log are passed over, nested ones are named `outer/inner`.

    Raises NotALog where the outermost element is none.
    """

    def __init__(self) -> None:
        self.done = Packed()
        self.lines: list[int] = []
        self.faults: list[Unreadable] = []
        self.full: list[Rows] = []
        self.traces = 0
        self._began = False
        self._case: dict[str, str | None] = {}
        self._in_trace = False
        self._event: dict[str, str | None] = {}
        self._into: dict[str, str | None] | None = None
        self._outer: list[str] = []
        self._prefix = ""
        self._line = 0
        self._fed = 0
        self._cdata = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartCdataSectionHandler = self._start_cdata

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes of the log."""
        at, blank = 0, b""
        for plain in PLAIN.finditer(chunk.decode("latin-1")):
            start, end = plain.span()
            self._parse(blank + chunk[at:start])
            at, blank = start, b""
            if self._between_events():
                self._line = self.parser.CurrentLineNumber
                said = plain[1].split('"')
                self._finish(self._case | dict(zip(said[1::4], said[3::4], strict=True)))
                at, blank = end, chunk[start:end].translate(BLANK)
        self._parse(blank + chunk[at:])

    def _parse(self, part: bytes) -> None:
        self.parser.Parse(part, False)
        self._fed += len(part)

    def _between_events(self) -> bool:
        """Whether what begins here is a child of a trace: no event, attribute, comment or text is open."""
        child = self._into is self._case and not self._outer and not self._cdata
        return child and self.parser.CurrentByteIndex == self._fed

    def _start_cdata(self) -> None:
        self._cdata = True

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._began:
            self._began = True
            if tag.rpartition(":")[2] != "log":
                raise NotALog(f"the outermost element is <{tag}>; expected <log>, as in an export of event logs")
        if (key := attributes.get("key")) is not None:
            if self._into is not None:
                if self._outer:
                    key = "/".join([*self._outer, key])
                self._into[self._prefix + key] = attributes.get("value")
            self._outer.append(attributes["key"])
        elif tag == "event":
            self._into = self._event = dict(self._case)
            self._prefix, self._line = "", self.parser.CurrentLineNumber
        elif tag == "trace":
            self.traces += 1
            self._in_trace = True
            self._into = self._case = {}
            self._prefix = "case:"

    def _end(self, tag: str) -> None:
        if self._outer and tag not in ("event", "trace"):
            self._outer.pop()
        elif tag == "event":
            self._finish(self._event)
            self._into, self._prefix = (self._case if self._in_trace else None), "case:"
        elif tag == "trace":
            self._into, self._case, self._in_trace = None, {}, False

    def _finish(self, event: dict[str, str | None]) -> None:
        event.setdefault("case:concept:name", f"trace {self.traces}")
        packed = orjson.dumps(event)
        if len(packed) > LONGEST_LINE:
            said = f"the event has {len(packed):,} bytes; at most {LONGEST_LINE:,} are read"
            self.faults.append(Unreadable(self._line, "line_too_long", said))
            return
        self.done.add(packed)
        self.lines.append(self._line)
        if self.done.size > LARGEST:
            self.full.append(self.take([]))

    def take(self, unreadable: list[Unreadable]) -> Rows:
        rows = self.done.rows(self.lines, [*self.faults, *unreadable])
        self.done, self.lines, self.faults = Packed(), [], []
        return rows


def read(path: Path, *, advance: Advance, customer: str | None = None) -> Iterator[Rows]:
    """The events of a log, in the order of the file. A log that breaks off yields what stands before.

    customer: the attribute that names the customer.  Raises SourceError where no event of the first batch has it.
    """
    rows = _read(path, advance)
    first = next(rows)
    if customer:
        _expect(customer, first.table["raw"], path)
    yield first
    yield from rows


def _expect(customer: str, events: pa.ChunkedArray, path: Path) -> None:
    """Raises SourceError where no event has the customer's attribute."""
    if not len(events) or pc.any(pc.match_substring(events, orjson.dumps(customer).decode() + ":")).as_py():
        return
    there = ", ".join(sorted({key for event in events[:100] for key in orjson.loads(event.as_py())}))
    raise SourceError(
        f"{path.name}: none of its first {len(events):,} events has the attribute {customer!r}. There are: {there}."
    )


def _read(path: Path, advance: Advance) -> Iterator[Rows]:
    events = _Events()
    try:
        for chunk in chunks(path, advance):
            events.feed(chunk)
            while events.full:
                yield events.full.pop(0)
            if len(events.done) >= BATCH:
                yield events.take([])
        events.parser.Parse(b"", True)
    except (expat.ExpatError, EOFError, LookupError, ValueError) as bad:
        line = events.parser.CurrentLineNumber
        reason = "truncated" if isinstance(bad, EOFError) or getattr(bad, "code", None) in EARLY_END else "not_xml"
        message = f"the log breaks off: {bad}" + ("; the events before are in" if events.traces else "")
        if getattr(bad, "code", None) == INVALID_TOKEN:
            message += '. Where that is a letter beyond ASCII: the file is no UTF-8, and must say so, as in <?xml version="1.0" encoding="ISO-8859-1"?>'
        if path.stat().st_size == 0:
            line, reason, message = 0, "empty_file", "the file is empty; expected an event log"
        if isinstance(bad, NotALog):
            reason, message = "not_xes", str(bad)
        yield from events.full
        yield events.take([Unreadable(line, reason, message)])
    else:
        yield events.take([])


def mapping(source: str, customer: str | None) -> InteractionMapping:
    """How an event becomes an interaction.

    customer: the attribute (`case:…` for one of the trace) that names the customer; the case, if not given.
    """
    case = {"column": "case:concept:name"}
    who: dict[str, Any] = (
        {customer: {"column": customer, "optional": True}} if customer else {f"case of {source}": case}
    )
    rule: dict[str, Any] = {
        "occurred_at": {"column": "time:timestamp"},
        "event": {"column": "concept:name"},
        "identifiers": who,
        "subjects": {"case": case},
        "employee": {"column": "org:resource"},
        "team": {"column": "org:group"},
    }
    return InteractionMapping(source, (rule,), {})
