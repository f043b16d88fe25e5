"""How much room text takes, where nothing can measure it: a safe guess, and lines that fit."""

from __future__ import annotations

import unicodedata

NARROW_LETTERS, BROAD_LETTERS = frozenset("ijltfrI.,:;'|!()[] "), frozenset("mwMWQOGD%@&—–")
JOINER = "\u200d"


def width_of(text: str, size: float) -> float:
    """Width of text in px, rather too much than too little."""
    return sum(_ems(letter) for letter in text) * size


def _ems(letter: str) -> float:
    if _joined(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or unicodedata.category(letter) == "So":
        return 1.35
    if letter in NARROW_LETTERS:
        return 0.36
    return 0.92 if letter in BROAD_LETTERS else 0.72 if letter.isupper() else 0.6


def _joined(letter: str) -> bool:
    """Whether it is drawn onto the letter before it: accents, and what joins or colours emoji."""
    return bool(unicodedata.combining(letter)) or unicodedata.category(letter) in ("Mn", "Me", "Cf", "Sk")


def lines_of(text: str, width: float, size: float) -> list[str]:
    """The text in lines that are at most so wide. Words are broken only where one is wider than a line."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines += _pieces(word, width, size)
    return lines


def packed(phrases: list[str], width: float, size: float) -> list[str]:
    """Phrases in lines that are at most so wide, as many on each as fit."""
    lines: list[str] = []
    for phrase in phrases:
        if lines and width_of(f"{lines[-1]} · {phrase}", size) <= width:
            lines[-1] += f" · {phrase}"
        else:
            lines += lines_of(phrase, width, size)
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    pieces = [""]
    for at, letter in enumerate(word):
        grows = _joined(letter) or (at > 0 and word[at - 1] == JOINER)
        if pieces[-1] and not grows and width_of(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
