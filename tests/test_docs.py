"""The documentation is whole and true: what exists is in the reference, links lead somewhere, commands exist."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest

from firsthand import measures, tables
from firsthand.capture.steps import REASONS
from firsthand.cli import command
from firsthand.jobs.blind_moments import MOMENTS
from firsthand.jobs.home import Settings
from firsthand.journeys import signals
from firsthand.sources import FORMATS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@cache
def reference(page: str) -> str:
    return (ROOT / "docs" / "reference" / f"{page}.md").read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands below a second-level heading, up to the next one; empty where there is none."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    return found[1] if found else ""


def row_names(text: str) -> list[str]:
    """What the first cells of tables name, each between backticks."""
    return [name for cell in re.findall(r"^\| (`.*?) \|", text, re.M) for name in re.findall(r"`([^`]+)`", cell)]


def commands(
    group: click.Command = command, path: tuple[str, ...] = ("firsthand",)
) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its name as it is typed."""
    if isinstance(group, click.Group):
        for name, entry in group.commands.items():
            yield from commands(entry, (*path, name))
    else:
        yield " ".join(path), group


def lacking(names: list[str], documented: list[str]) -> list[str]:
    assert names, "nothing to look for"
    return [name for name in names if name not in documented]


@pytest.mark.parametrize(("name", "entry"), list(commands()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_and_option_is_in_the_reference(name: str, entry: click.Command) -> None:
    told = section(reference("commands"), name)
    assert told, f"docs/reference/commands.md has no section ## {name}"
    documented = [word.split(" ")[0] for row in row_names(told) for word in row.split(", ")]
    options = [option for each in entry.params if isinstance(each, click.Option) for option in each.opts]
    assert lacking(options, documented) == []
    gone = [word for word in documented if word.startswith("-") and word not in options]
    assert gone == [], "documented, but no option"


def test_there_are_commands_to_look_at() -> None:
    assert {"firsthand import", "firsthand show promises", "firsthand map check"} <= {name for name, _ in commands()}


def test_every_setting_is_in_the_reference() -> None:
    assert lacking([entry.name for entry in fields(Settings)], row_names(reference("settings"))) == []


@pytest.mark.parametrize(
    "table", [table for table in tables.ALL if table is not tables.Overlay], ids=lambda table: table.table_name
)
def test_every_column_is_in_the_reference_with_its_meaning(table: type[tables.Table]) -> None:
    told = section(reference("tables"), table.table_name)
    assert lacking(list(table.columns), row_names(told)) == []
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", told, re.M))
    for name, column in table.columns.items():
        assert rows[name].endswith(f"| {column.meaning}"), f"{table.table_name}.{name} means: {column.meaning}"


def test_the_overlay_is_documented_as_another_timeline() -> None:
    assert tables.Overlay.columns == tables.Timeline.columns
    assert "Columns as in `timeline`" in section(reference("tables"), "timeline_overlay")


def test_every_measure_is_in_the_reference() -> None:
    names = [measure.name for measure in measures.ALL]
    assert lacking(names, row_names(reference("measures"))) == []
    for measure in measures.ALL:
        row = re.search(rf"^\| `{measure.name}` \|.*\| (\w+) \| [^|]+ \|$", reference("measures"), re.M)
        assert row, f"{measure.name} has no row with definition, unit and interval"
        assert row[1] == measure.unit, f"the unit of {measure.name} is {measure.unit}"


@pytest.mark.parametrize("signal", signals.ALL, ids=lambda signal: signal.name)
def test_every_signal_is_in_the_reference_as_the_code_has_it(signal: signals.Signal) -> None:
    parameters = ", ".join(f"`{name}` = {value:g}" for name, value in signal.parameters.items())
    row = f"| `{signal.name}` | {signal.title} | {signal.definition} | {parameters} | {signal.source} |"
    assert row in section(reference("signals"), "Good ones" if signal.good else "Bad ones")


def test_every_reason_is_in_the_reference() -> None:
    assert lacking(list(REASONS), row_names(reference("rejections"))) == []
    assert lacking(row_names(reference("rejections")), list(REASONS)) == [], "documented, but no reason"


def test_every_reason_that_a_reader_gives_is_a_declared_one() -> None:
    sources = (ROOT / "src" / "firsthand" / "sources").glob("*.py")
    given = {
        reason
        for file in sources
        for reason in re.findall(r'Unreadable\(\s*[^,()]+,\s*"(\w+)"', file.read_text("utf-8"))
    }
    assert len(given) > 5
    assert given - set(REASONS) == set()


def test_every_format_is_in_the_reference() -> None:
    documented = row_names(reference("formats"))
    assert lacking([known.name for known in FORMATS], documented) == []
    for known in FORMATS:
        assert section(reference("formats"), known.name), f"docs/reference/formats.md has no section ## {known.name}"
        row = next(line for line in reference("formats").splitlines() if line.startswith(f"| `{known.name}` "))
        assert [ending for ending in known.endings if f"`{ending}`" not in row] == []


def schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(files("firsthand").joinpath("schemas", name).read_text("utf-8"))
    return content


def keys_of(part: Any) -> Iterator[str]:
    """Every key that a JSON Schema knows, at any depth."""
    if isinstance(part, list):
        for inner in part:
            yield from keys_of(inner)
    elif isinstance(part, dict):
        for word, inner in part.items():
            if word in ("properties", "$defs"):
                yield from inner if word == "properties" else ()
                yield from keys_of(list(inner.values()))
            else:
                yield from keys_of(inner)


@pytest.mark.parametrize(("page", "least"), [("mapping", 20), ("map", 20), ("topics", 6)])
def test_every_key_is_in_the_reference(page: str, least: int) -> None:
    documented = {name.split(".")[-1] for name in row_names(reference(page))}
    keys = list(keys_of(schema(f"{page}.schema.json")))
    assert len(keys) > least
    assert [key for key in keys if key not in documented] == []


def test_every_key_of_a_file_of_questions_is_in_the_reference() -> None:
    keys = list(keys_of(schema("questions.schema.json")))
    assert lacking(keys, row_names(reference("questions"))) == []


@pytest.mark.parametrize("rule", ["value", "time", "number", "condition"])
def test_every_key_of_a_part_of_a_mapping_stands_in_its_section(rule: str) -> None:
    told = section(reference("mapping"), f"A {rule}")
    assert lacking(list(schema("mapping.schema.json")["$defs"][rule]["properties"]), row_names(told)) == []


def test_every_kind_is_in_the_reference() -> None:
    documented = row_names(section(reference("map"), "Kinds"))
    assert lacking(list(tables.KINDS), documented) == []
    assert lacking(documented, list(tables.KINDS)) == [], "documented, but no kind"


def test_every_moment_that_may_be_blind_is_in_the_reference() -> None:
    told = section(reference("map"), "Moments of which the record is blind")
    rows = [
        tuple(cell.strip(" `") for cell in line.split(" | ")) for line in told.splitlines() if line.startswith("| `")
    ]
    documented = [(kind.strip("| `"), moment, how.strip(" |")) for kind, moment, _where, _by, how in rows]
    assert documented == [(moment.kind, moment.moment, moment.how) for moment in MOMENTS]


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_relative_link_leads_somewhere() -> None:
    followed, broken = 0, []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text):
            if "://" in target or target.startswith("mailto:"):
                continue
            followed += 1
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists() or (anchor and anchor not in anchors(file)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
    assert followed > 40


def test_every_picture_is_there() -> None:
    shown = [
        (page, target) for page in PAGES for target in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.read_text("utf-8"))
    ]
    assert shown
    assert [f"{page.name}: {target}" for page, target in shown if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = [
        str(page.relative_to(ROOT / "docs"))
        for page in PAGES
        if (ROOT / "docs") in page.parents and page.parent.name != "docs"
    ]
    assert len(pages) > 20
    assert [page for page in pages if f"({page})" not in index] == []


def quoted_lines() -> Iterator[tuple[str, str]]:
    """Each `firsthand …` that docs quote: in a code block or between backticks."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for block in re.findall(r"```[^\n]*\n(.*?)```", text, re.S):
            for line in block.replace("\\\n", " ").splitlines():
                if re.match(r"(\$ )?(\.venv/bin/)?firsthand ", line.strip()):
                    yield page.name, line.strip().removeprefix("$ ").removeprefix(".venv/bin/")
        for line in re.findall(r"`(firsthand [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.S)):
            yield page.name, line


def fault_of(line: str) -> str | None:
    """What is wrong with a quoted command line, if anything."""
    words = shlex.split(line, comments=True)[1:]
    entry: click.Command = command
    while words and isinstance(entry, click.Group) and not words[0].startswith("-"):
        if words[0] == "COMMAND":
            return None
        found = entry.commands.get(words[0])
        if found is None and words[0] == "…":
            return None
        if found is None:
            return f"no command {words[0]}"
        entry, words = found, words[1:]
    known = {option for each in entry.params for option in each.opts} | {"--help", "-h"}
    unknown = [word for word in words if word.startswith("-") and word.partition("=")[0] not in known]
    return f"no option {', '.join(unknown)}" if unknown else None


def test_every_command_line_in_the_docs_exists() -> None:
    lines = list(quoted_lines())
    assert len(lines) > 30
    assert [f"{page}: {line}: {fault}" for page, line in lines if (fault := fault_of(line))] == []


def test_a_command_line_that_does_not_exist_is_found() -> None:
    assert fault_of("firsthand imprt x.csv") == "no command imprt"
    assert fault_of("firsthand show promises --buy owner") == "no option --buy"
    assert fault_of("firsthand show promises --by owner") is None


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.S)


def test_the_example_of_the_docs_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    how_to = ROOT / "docs" / "how-to"
    (rows,), (mapping, *_) = blocks(how_to / "map-an-export.md", "csv"), blocks(how_to / "map-an-export.md", "yaml")
    snippet = "".join(blocks(how_to / "use-it-from-python.md", "python"))
    (tmp_path / "orders.csv").write_text(rows, "utf-8")
    (tmp_path / "orders.yaml").write_text(mapping, "utf-8")
    monkeypatch.chdir(tmp_path)
    command.main(["init", "--home", "acme", "--timezone", "Europe/Berlin"], standalone_mode=False)
    (tmp_path / "acme" / "map.yaml").write_text(blocks(how_to / "draw-the-experience-map.md", "yaml")[0], "utf-8")
    exec(compile(snippet, "use-it-from-python.md", "exec"), {})
    said = capsys.readouterr().out
    expected = "".join(blocks(how_to / "use-it-from-python.md", "text"))
    assert said.endswith(expected)
