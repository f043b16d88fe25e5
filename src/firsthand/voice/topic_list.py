"""The organisation's own list of what comments are about (topics.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from firsthand.errors import TopicError
from firsthand.sources import checked_yaml


@dataclass(frozen=True)
class Topic:
    """What a comment may be about.

    parent: the topic or heading that it stands under.  description: one line, as customers would understand it.
    examples: sentences of customers.  touchpoint: the one of the map that it concerns.  owner: a team.
    """

    name: str
    parent: str | None = None
    description: str = ""
    examples: tuple[str, ...] = ()
    touchpoint: str | None = None
    owner: str | None = None


def load_topics(path: Path) -> list[Topic]:
    """The topics in a file, in their order.

    Raises TopicError, naming line and key, where the file is not such a list or contradicts itself.
    """
    content = checked_yaml.load(path, "topics.schema.json", TopicError)
    entries = content["topics"]
    tree = yaml.compose(path.read_text("utf-8"), Loader=checked_yaml.Loader)
    parents = {entry["name"]: entry.get("parent") for entry in entries}
    names: set[str] = set()
    faults = []
    for number, entry in enumerate(entries):
        name = entry["name"]
        for key, wrong in (
            ("name", f'"{name}" stands in the list twice' if name in names else ""),
            ("parent", f'"{name}" would stand under itself' if _circles(name, parents) else ""),
        ):
            if wrong:
                line = checked_yaml.line_of(tree, ["topics", number, key])
                faults.append(f"{path}, line {line}: topics.{number}.{key}: {wrong}.")
        names.add(name)
    if not entries:
        faults.append(f"{path}: there is no topic in it. Name one: topics: [{{name: ..., description: ...}}].")
    if faults:
        raise TopicError("\n".join(faults))
    return [Topic(**(entry | {"examples": tuple(entry.get("examples", ()))})) for entry in entries]


def _circles(name: str, parents: dict[str, str | None]) -> bool:
    above, seen = parents[name], set[str]()
    while above is not None and above not in seen:
        if above == name:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
