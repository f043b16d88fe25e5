"""Names of people in a text, by spaCy's pipelines: where the extra `names` is installed, and a pipeline that knows people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

from firsthand.errors import VoiceError

PEOPLE = ("PER", "PERSON")
"""What pipelines call people."""
NEEDED = ("tok2vec", "transformer", "ner", "entity_ruler")
TAKEN = re.compile(r"[^\x00]*\w[^\x00]*")
"""What is left of a name where other personal data was taken out."""


@cache
def pipelines() -> tuple[Any, ...]:
    """The installed pipelines that tell entities, in the order of their names. Raises VoiceError where one cannot be loaded."""
    if find_spec("spacy") is None:
        return ()
    loaded = [_loaded(name) for name in sorted({point.name for point in entry_points(group="spacy_models")})]
    return tuple(pipeline for pipeline in loaded if {"ner", "entity_ruler"} & set(pipeline.pipe_names))


def _loaded(name: str) -> Any:
    import spacy

    try:
        return spacy.load(name, enable=NEEDED)
    except Exception as odd:  # a pipeline is code of its own
        raise VoiceError(
            f"The pipeline {name} of spaCy, which finds names of people, cannot be loaded ({odd}). "
            "Install the version that goes with the spaCy that is here, or uninstall it."
        ) from odd


def versions() -> list[str]:
    """The pipelines that find names, each with its version."""
    return [f"{pipeline.meta['lang']}_{pipeline.meta['name']} {pipeline.meta['version']}" for pipeline in pipelines()]


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names of people stand, without overlaps; nothing where no pipeline is installed. A null character stands for what was taken out before."""
    found = {
        (entity.start_char + part.start(), entity.start_char + part.end())
        for pipeline in pipelines()
        for entity in pipeline(text).ents
        if entity.label_ in PEOPLE
        for part in TAKEN.finditer(entity.text)
    }
    last = 0
    for begin, end in sorted(found):
        if begin >= last:
            yield begin, end
        elif end > last:
            yield last, end
        last = max(last, end)
