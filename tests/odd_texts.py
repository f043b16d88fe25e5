"""Random texts: any at all, or such as are made of pieces that matter to a test."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st


def texts_of(pieces: Sequence[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.text(), st.lists(st.sampled_from(pieces)).map("".join))
