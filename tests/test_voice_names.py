"""Names of people are masked where a pipeline of spaCy is installed that finds people, and the reader says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

spacy = pytest.importorskip("spacy", reason="the extra names is not installed: pip install 'firsthand[names]'")
pytest.importorskip("stdnum", reason="the extra voice is not installed: pip install 'firsthand[voice]'")

from firsthand.errors import VoiceError  # noqa: E402
from firsthand.voice import names  # noqa: E402
from firsthand.voice.personal_data import Found, masked  # noqa: E402

Install = Callable[..., None]
LOADS = "from spacy.util import load_model_from_init_py\n\n\ndef load(**told):\n    return load_model_from_init_py(__file__, **told)\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a pipeline that knows the people named, as a package of spaCy has it."""
    monkeypatch.syspath_prepend(tmp_path)
    names.pipelines.cache_clear()

    def make(name: str, *people: str, label: str = "PER", code: str = LOADS) -> None:
        pipeline = spacy.blank("de", meta={"name": name, "version": "1.0.0"})
        ruler = pipeline.add_pipe("entity_ruler")
        ruler.add_patterns([{"label": label, "pattern": who} for who in people])
        folder, told = tmp_path / f"de_{name}", tmp_path / f"de_{name}-1.0.0.dist-info"
        folder.mkdir()
        told.mkdir()
        pipeline.to_disk(folder / f"de_{name}-1.0.0")
        (folder / "__init__.py").write_text(code)
        (folder / "meta.json").write_bytes((folder / f"de_{name}-1.0.0" / "meta.json").read_bytes())
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: de_{name}\nVersion: 1.0.0\n")
        (told / "entry_points.txt").write_text(f"[spacy_models]\nde_{name} = de_{name}\n")
        names.pipelines.cache_clear()

    yield make
    names.pipelines.cache_clear()


def test_names_are_masked_beside_all_else(install: Install) -> None:
    install("people", "Anna Schmidt", "Ben")
    said = "Anna Schmidt rief an, Ben schrieb an anna@example.org. Annabell nicht."
    text, found = masked(said)
    assert text == "[name] rief an, [name] schrieb an [email]. Annabell nicht."
    assert [said[each.begin : each.end] for each in found] == ["Anna Schmidt", "Ben", "anna@example.org"]


def test_only_people_are_masked(install: Install) -> None:
    install("places", "Berlin", label="LOC")
    assert masked("Anna wohnt in Berlin.") == ("Anna wohnt in Berlin.", [])


def test_what_two_pipelines_find_is_masked_once(install: Install) -> None:
    install("people", "Anna")
    install("whole", "Anna Schmidt")
    assert masked("Hier ist Anna Schmidt.") == ("Hier ist [name].", [Found("name", 9, 21)])


def test_a_reading_names_the_pipelines_that_looked_for_names(install: Install) -> None:
    assert names.versions() == []
    install("people", "Anna")
    assert names.versions() == ["de_people 1.0.0"]


def test_a_pipeline_that_cannot_be_loaded_is_named(install: Install) -> None:
    install("broken", "Anna", code="raise ValueError('made for another spaCy')\n")
    with pytest.raises(VoiceError, match=r"de_broken of spaCy.*made for another spaCy.*Install the version"):
        masked("Anna")
