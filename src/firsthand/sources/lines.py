"""Blocks of whole lines from a file, plain or gzip, in bounded memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from firsthand.sources.rows import Advance, Unreadable, shown

PIECE = 8 * 1024 * 1024
BLOCK = 5 * PIECE  # what is parsed and mapped at once: enough to keep all cores busy
LONGEST_LINE = 8 * 1024 * 1024
AS_UTF_8 = "save the file as UTF-8 (iconv -f latin1 -t utf-8 does, where it is Latin-1) and import it again"


@dataclass(frozen=True)
class Block:
    """Some whole lines and the number of the first."""

    data: bytes
    first_line: int
    last: bool = False


def chunks(path: Path, advance: Advance) -> Iterator[bytes]:
    """The bytes of a file, unpacked where they are gzip.

    Raises EOFError, after all that could be read was yielded, where a gzip file ends early or is damaged.
    """
    unpack = None
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        while chunk := file.read(PIECE // 8 if packed else PIECE):
            advance(len(chunk))
            if not packed:
                yield chunk
                continue
            while chunk:
                if unpack is None or unpack.eof:
                    unpack = zlib.decompressobj(wbits=31)
                try:
                    yield unpack.decompress(chunk, PIECE)
                except zlib.error as damaged:
                    raise EOFError(str(damaged)) from damaged
                chunk = unpack.unconsumed_tail or unpack.unused_data
    if unpack is not None and not unpack.eof:
        yield unpack.flush()
        if not unpack.eof:
            raise EOFError("the compressed data has no end")


def blocks(path: Path, advance: Advance) -> Iterator[Block | Unreadable]:
    """Whole lines of a file, block by block; a line that is too long, or an early end, as Unreadable."""
    gathered: list[Block] = []
    for piece in _pieces(path, advance):
        if isinstance(piece, Block):
            gathered.append(piece)
            if sum(len(part.data) for part in gathered) < BLOCK:
                continue
        yield from _joined(gathered)
        gathered = []
        if isinstance(piece, Unreadable):
            yield piece
    yield from _joined(gathered)


def _joined(pieces: list[Block]) -> Iterator[Block]:
    if pieces:
        yield Block(b"".join(piece.data for piece in pieces), pieces[0].first_line, pieces[-1].last)


def _pieces(path: Path, advance: Advance) -> Iterator[Block | Unreadable]:
    line, rest = 1, b""
    stream = chunks(path, advance)
    skipping = False
    while True:
        try:
            chunk = next(stream, None)
        except EOFError as damaged:
            if rest:
                yield Unreadable(
                    line, "truncated", f"the file ends early ({damaged}); this line is not whole", shown(rest)
                )
            else:
                yield Unreadable(line, "truncated", f"the file ends early ({damaged}); the lines before are in")
            return
        if chunk is None:
            if rest:
                yield Block(rest, line, last=True)
            return
        if skipping:
            end = chunk.find(b"\n") + 1
            if not end:
                continue
            chunk, skipping, line = chunk[end:], False, line + 1
        data = rest + chunk
        cut = data.rfind(b"\n") + 1
        rest = data[cut:]
        if cut:
            yield Block(data[:cut], line)
            line += data.count(b"\n", 0, cut)
        if len(rest) > LONGEST_LINE:
            yield Unreadable(
                line,
                "line_too_long",
                f"longer than {LONGEST_LINE // 1024**2} MiB; expected one record a line",
                shown(rest),
            )
            rest, skipping = b"", True
