"""Where a lake lies, and what it takes to get there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

S3_SETTINGS = (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL",
    "AWS_ALLOW_HTTP",
)  # fmt: skip
"""Environment variables that reach both delta-rs and DuckDB; secrets stay out of firsthand.toml."""


@dataclass(frozen=True)
class Location:
    """A folder or an object-store URL that holds one lake."""

    url: str
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, url: str | Path, environment: Mapping[str, str] | None = None) -> Location:
        """The location at `url`; for object stores, credentials come from the environment."""
        url = str(url).rstrip("/")
        if "://" not in url:
            return cls(str(Path(url).absolute()))
        environment = os.environ if environment is None else environment
        options = {name: environment[name] for name in S3_SETTINGS if environment.get(name)}
        return cls(url, options)

    @property
    def remote(self) -> bool:
        return "://" in self.url

    def table(self, name: str) -> str:
        """The address of one table."""
        return f"{self.url}/{name}"
