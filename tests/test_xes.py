"""XES: what the pattern takes apart is what the parser would have read."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.sources import xes

NOTHING = re.compile(r"(?!)")
NAME = '<string key="concept:name" value="called"/>'
PIECES = [
    f"<event>{NAME}</event>", f'<event>{NAME}\n  <int key="a" value="1"/>\r\n</event>', "<event></event>", "<event/>",
    f'<event><list key="items">{NAME}</list></event>', f"<event><event>{NAME}</event></event>", f"<list>{NAME}</list>",
    '<event><string value="no key"/></event>', '<event><id key="case:a" value="é &amp; \\"/><float key="none"/></event>',
    "<trace>", f"<trace>{NAME}", "</trace>", "<log>", "</log>", "\n", "\r\n", "<!--", "-->", "<![CDATA[", "]]>", "<?pi ", "?>",
    '<list key="outer">', "</list>", "<event>", "</event>", NAME, '<date key="a" value="b', "&e;", "\x01", "text",
]  # fmt: skip
HEADS = ["", '<?xml version="1.0" encoding="latin-1"?>', f'<!DOCTYPE log [<!ENTITY e "<event>{NAME}</event>">]>']


def told(parts: list[bytes]) -> tuple[list[bytes], list[int], bool]:
    """Events, their lines, and whether the log is whole."""
    events = xes._Events()
    try:
        for part in parts:
            events.feed(part)
        events.parser.Parse(b"", True)
    except (ExpatError, xes.NotALog):
        return texts(events), events.lines, False
    return texts(events), events.lines, True


def texts(events: xes._Events) -> list[bytes]:
    raw = events.done.rows(events.lines, []).table.column("raw")
    return [text.encode() for text in raw.to_pylist()]


@settings(deadline=None, max_examples=400)
@given(
    head=st.sampled_from(HEADS),
    pieces=st.lists(st.sampled_from(PIECES), max_size=12),
    whole=st.booleans(),
    cuts=st.lists(st.integers(0, 400), max_size=3),
)
def test_a_log_reads_alike_with_the_pattern_and_without_it(head, pieces, whole, cuts):
    text = "".join(pieces)
    content = (head + (f"<log><trace>{text}</trace></log>" if whole else text)).encode("latin-1")
    edges = [0, *sorted(cuts), len(content)]
    parts = [content[start:end] for start, end in pairwise(edges)]
    found = told(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xes, "PLAIN", NOTHING)
        assert found == told(parts)


def test_a_plain_event_has_the_line_it_begins_on_and_the_attributes_of_its_trace():
    event = f"<event>\n{NAME}\n</event>\n"
    done, lines, whole = told([f'<log>\n<trace><int key="x" value="1"/>\n{event * 2}</trace></log>'.encode()])
    said = b'{"case:x":"1","concept:name":"called","case:concept:name":"trace 1"}'
    assert (done, lines, whole) == ([said] * 2, [3, 6], True)


def test_what_a_long_trace_says_with_each_event_comes_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(xes, "LARGEST", 10_000)
    log = tmp_path / "log.xes"
    log.write_text(
        f'<log><trace><string key="story" value="{"x" * 3_000}"/>{f"<event>{NAME}</event>" * 20}</trace></log>'
    )
    batches = list(xes.read(log, advance=lambda _: None))
    assert len(batches) > 4
    assert sum(batch.table.num_rows for batch in batches) == 20
