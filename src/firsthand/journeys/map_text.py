"""One touchpoint changed in the text of a map: all else stays word for word, comments and order with it.

A YAML library that keeps comments writes the whole file anew, in its own layout; here only what changed is replaced, and
the outcome is read again and held against what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import dedent, indent
from typing import Any

import yaml

from firsthand.errors import MapError
from firsthand.sources.checked_yaml import Loader

ORDER = ("name", "stage", "kind", "channel", "owner", "expectation", "standard", "rules", "contradicts")
"""The keys of a touchpoint, in the order in which they are usually written."""
Edit = tuple[int, int, str]


def written(text: str, name: str, key: str) -> str:
    """What the text of a map says under a key of a touchpoint, as it is written there; empty where it says nothing."""
    text = text.replace("\r\n", "\n")
    point = _point(_tree(text), name)
    value = next((value for told, value in point.value if told.value == key), None)
    if value is None:
        return ""
    begin, end = _span(text, value)
    return dedent(" " * value.start_mark.column + text[begin:end]).rstrip()


def with_touchpoint(text: str, name: str | None, told: Mapping[str, str]) -> str:
    """The text of a map with one touchpoint changed, or with one more at its end.

    name: the touchpoint as it is called now; None for a new one.  told: what stands under each key, as YAML; empty where it
    shall say nothing; keys that are not named stay. A new name is used wherever the map spoke of the old one. Raises
    MapError where the text is written in a way that no part of it can be changed alone.
    """
    text = text.replace("\r\n", "\n")
    tree = _tree(text)
    told = {key: told[key] for key in ORDER if key in told}
    values = {key: yaml.load(value, Loader=Loader) for key, value in told.items() if value.strip()}  # noqa: S506 - a safe loader
    meant = _meant(text, name, told, values)
    if name is None:
        edits = [_added(text, tree, told)]
    else:
        edits = list(_changed(text, _point(tree, name), told))
        if values.get("name") not in (None, name):
            edits += _renamed(tree, name, told["name"])
    in_place = sorted(((begin, end, at, new) for at, (begin, end, new) in enumerate(edits)), reverse=True)
    for begin, end, _at, new in in_place:
        text = text[:begin] + new + text[end:]
    try:
        outcome = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        outcome = None
    if outcome != meant:
        raise MapError(
            "map.yaml is written in a way that this touchpoint cannot be changed by itself. Edit the whole map."
        )
    return text


def as_yaml(value: Any) -> str:
    """A value as it can stand after a key, on one line where that can be."""
    told = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**9)
    return told.removesuffix("...\n").strip()


def _changed(text: str, point: yaml.MappingNode, told: Mapping[str, str]) -> Iterator[Edit]:
    """The edits of a touchpoint. One that is written between braces is written anew."""
    if point.flow_style:
        kept = {key.value: text[slice(*_span(text, value))] for key, value in point.value}
        yield (*_span(text, point), _between_braces(kept | dict(told)))
        return
    column = point.value[0][0].start_mark.column
    there = {key.value: (key, value) for key, value in point.value}
    for key, new in told.items():
        if key in there:
            begin, end = there[key][0].end_mark.index, _span(text, there[key][1])[1]
            if new.strip():
                yield begin, end, _value(new, column)
            else:
                yield _line(text, there[key][0].start_mark.index, end, first=key == next(iter(there)))
        elif new.strip():
            before = [known for known in ORDER[: ORDER.index(key)] if known in there] or [next(iter(there))]
            at = _rest_of_line(text, _span(text, there[before[-1]][1])[1])
            yield at, at, f"\n{' ' * column}{key}{_value(new, column)}"


def _value(new: str, column: int) -> str:
    """What stands after a key: on its line, or on lines of its own below it."""
    new = dedent(new.replace("\r\n", "\n").strip("\n")).strip()
    return f": {new}" if "\n" not in new and not new.startswith("- ") else ":\n" + indent(new, " " * (column + 2))


def _between_braces(told: Mapping[str, str]) -> str:
    keys = sorted(told, key=lambda key: ORDER.index(key) if key in ORDER else len(ORDER))
    values = {key: yaml.load(told[key], Loader=Loader) for key in keys if told[key].strip()}  # noqa: S506 - a safe loader
    return as_yaml(values)


def _added(text: str, tree: yaml.MappingNode, told: Mapping[str, str]) -> Edit:
    """A touchpoint at the end of the list."""
    key, points = next((key, value) for key, value in tree.value if key.value == "touchpoints")
    lines = [f"{key}{_value(told[key], 0)}" for key in ORDER if told.get(key, "").strip()]
    column = 2 if points.flow_style or not points.value else points.start_mark.column
    block = "\n" + indent("- " + indent("\n".join(lines), "  ").lstrip(), " " * column)
    if not points.value:
        return key.end_mark.index, points.end_mark.index, f":{block}"
    if points.flow_style:
        end = _span(text, points.value[-1])[1]
        return end, end, f", {_between_braces(told)}"
    at = _rest_of_line(text, _span(text, points.value[-1])[1])
    return at, at, block


def _renamed(tree: yaml.MappingNode, name: str, new: str) -> list[Edit]:
    """A new name in all places where other parts of the map speak of a touchpoint."""
    top = {key.value: value for key, value in tree.value}
    lists = [value for point in top["touchpoints"].value for key, value in point.value if key.value == "contradicts"]
    for journey in top["journeys"].value if "journeys" in top else ():
        lists += [value for key, value in journey.value if key.value in ("path", "beside")]
    leaves = [leaf for each in lists for leaf in _leaves(each)]
    return [(leaf.start_mark.index, leaf.end_mark.index, new) for leaf in leaves if leaf.value == name]


def _meant(text: str, name: str | None, told: Mapping[str, str], values: Mapping[str, Any]) -> Any:
    """What the changed text must say."""
    content = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
    if name is None:
        content["touchpoints"] = [*(content["touchpoints"] or []), {key: values[key] for key in ORDER if key in values}]
        return content
    new = values.get("name", name)

    def speaks(names: Any) -> Any:
        return [speaks(each) if isinstance(each, list) else new if each == name else each for each in names]

    for point in content["touchpoints"]:
        if point["name"] == name:
            for key in told:
                point.pop(key, None)
            point.update(values)
        if "contradicts" in point:
            point["contradicts"] = speaks(point["contradicts"])
    for journey in content.get("journeys", ()):
        journey.update({key: speaks(journey[key]) for key in ("path", "beside") if key in journey})
    return content


def _tree(text: str) -> Any:
    tree = yaml.compose(text, Loader=Loader)
    if not isinstance(tree, yaml.MappingNode):
        raise MapError("map.yaml is no map yet. Edit the whole map.")
    return tree


def _point(tree: yaml.MappingNode, name: str) -> yaml.MappingNode:
    points: list[yaml.MappingNode] = next((value.value for key, value in tree.value if key.value == "touchpoints"), [])
    for point in points:
        if any(key.value == "name" and value.value == name for key, value in point.value):
            return point
    raise MapError(f'"{name}" is no touchpoint of this map any more.')


def _leaves(node: yaml.Node) -> Iterator[yaml.Node]:
    """Texts and numbers, and what stands between brackets, in their order: they know where they end."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    else:
        for each in node.value:
            for part in each if isinstance(each, tuple) else (each,):
                yield from _leaves(part)


def _span(text: str, node: Any) -> tuple[int, int]:
    """Where a value stands. A list or map of several lines is over where its last part is."""
    end = node.end_mark.index
    if not isinstance(node, yaml.ScalarNode) and not node.flow_style and node.value:
        last = node.value[-1]
        end = _span(text, last[1] if isinstance(last, tuple) else last)[1]
    begin = node.start_mark.index
    return begin, begin + len(text[begin:end].rstrip())


def _rest_of_line(text: str, at: int) -> int:
    """The end of the line, with the comment that may stand there."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _line(text: str, begin: int, end: int, *, first: bool) -> Edit:
    """A key with its value and its line taken away."""
    if first:
        raise MapError(
            "map.yaml is written in a way that this touchpoint cannot be changed by itself. Edit the whole map."
        )
    return text.rfind("\n", 0, begin), _rest_of_line(text, end), ""
