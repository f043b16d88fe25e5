"""The report in a real browser: on a phone, on a wide screen, in print, without any network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from firsthand import charts
from firsthand.cli import command
from firsthand.jobs.home import create_home

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a small sample company, made by the command."""
    folder = tmp_path_factory.mktemp("report") / "home"
    done = CliRunner().invoke(command, ["demo", "--home", str(folder), "--customers", "400", "--seed", "2"])
    assert done.exit_code == 0, done.output
    assert "of promises were kept" in done.output
    assert "identifiers belong to" in done.output
    return folder / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.mark.parametrize(("width", "visible"), [(390, "narrow"), (1280, "wide")])
def test_it_fits_the_screen_and_asks_for_nothing_else(page_file: Path, browser: Any, width: int, visible: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [page_file.as_uri()]
    assert errors == []
    shown = page.locator(f"figure:not(.pair figure) .{visible} svg").first
    assert shown.is_visible()
    assert shown.bounding_box()["width"] <= width


def test_it_says_how_many_identifiers_became_how_many_customers(page_file: Path) -> None:
    assert re.search(r"[\d,]+ identifiers \(e-mails.*?\) became \d+ customers", page_file.read_text("utf-8"))


def test_what_stands_out_names_the_signal_that_shows_most_and_its_owner(page_file: Path) -> None:
    page = page_file.read_text("utf-8")
    said = r"The bad signal that shows most: “[^”]+”, [\d,]+ times, to [\d,]+ customers\. Owner: \w+\."
    assert re.search(said, page)
    assert re.search(r"touchpoints nobody can say how it was; bad signals show at \d+ of these\.", page)


def test_each_chart_has_its_table(page_file: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    figures = page.locator("figure").count()
    assert figures >= 6
    assert page.locator("figure details table").count() == figures


def test_unseen_touchpoints_are_hatched_and_seen_ones_say_for_how_many(page_file: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    hatched = page.locator(".map .unseen")
    assert hatched.count() > 5
    assert "repeating-linear-gradient" in hatched.first.evaluate("e => getComputedStyle(e).backgroundImage")
    assert "n =" in page.locator(".map .point:not(.unseen)").first.inner_text()


def test_it_prints(page_file: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_an_empty_home_has_a_report_that_says_so(tmp_path: Path) -> None:
    create_home(tmp_path / "empty", name="Nobody & Sons <Ltd>")
    out = tmp_path / "out" / "report.html"
    done = CliRunner().invoke(command, ["report", "--home", str(tmp_path / "empty"), "--out", str(out)])
    assert done.exit_code == 0, done.output
    page = out.read_text("utf-8")
    assert "The record holds no promise with a date." in page
    assert "Nobody took the first of two steps" in page
    assert "The map does not say how a journey is meant to go." in page
    assert "Nobody &amp; Sons &lt;Ltd&gt;" in page


@pytest.mark.parametrize("heading", ["How far customers got", "Designed against actual"])
def test_each_step_of_the_intended_path_has_a_bar_with_its_share_and_a_table(
    page_file: Path, browser: Any, heading: str
) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    figure = page.locator(f"h2:text-is('{heading}') ~ figure").first
    words = figure.locator("svg text").all_text_contents()
    rows = figure.locator("details tbody tr").all_text_contents()
    for step in ("put in the cart", "ordered online or ordered in the app", "parcel delivered"):
        assert step in words
        assert any(row.startswith(step) for row in rows)
    assert "100.0%" in words


def test_an_intended_path_says_what_came_instead_as_far_as_it_fits() -> None:
    share = {"low": 0.1, "high": 0.9, "customers": 10, "observations": 10}
    things = [("called", 0.2), (None, 0.1), *((f"something else {nth}", 0.01) for nth in range(20))]
    left = [{"after": "a", "left_for": name, "share": share | {"value": value}} for name, value in things]
    group = {"steps": [{"step": name, "of_attempts": share | {"value": value}} for name, value in (("a", 1.0), ("b", 0.5))], "left": left}  # fmt: skip
    drawn = charts.svg_of(charts.path_bars(group, width=330))
    (note,) = re.findall(r">(then [^<]*)<", drawn)
    assert note.startswith("then called 20.0%, nothing 10.0%")
    assert re.search(r"\d+ others$", note)
    assert {"went on", "followed it to the end", "left for something else", "came to nothing"} <= set(re.findall(r">([^<>]+)</text>", drawn))  # fmt: skip


WAITED = [{"touchpoint": name, "median": 60, "p90": 600, "standard": None} for name in ("called", "got a first reply")]


@pytest.mark.parametrize("width", [330, 680])
def test_a_name_beside_a_bar_is_whole_where_it_fits_and_cut_where_it_would_leave_no_bar(width: int) -> None:
    long = WAITED[0] | {"touchpoint": "was put through to " * 4}
    drawn = charts.svg_of(charts.wait_ranges([*WAITED, long], width=width))
    words = re.findall(r">([^<>]+)</text>", drawn)
    assert {"called", "got a first reply"} <= set(words)
    assert any(word.endswith("…") for word in words)
    widest = re.search(r"max-width:(\d+)px", drawn)
    assert widest is not None
    assert int(widest[1]) <= width + 20, "text is measured in a font that is there"


def test_periods_on_a_narrow_chart_are_at_most_four() -> None:
    quarters = [{"by": {"quarter": f"{year} Q{nth}"}, "value": 0.3, "low": 0.2, "high": 0.4} for year in (2025, 2026) for nth in (1, 2, 3)]  # fmt: skip
    drawn = charts.svg_of(charts.trend(quarters, period="quarter", unit="share", width=280))
    assert re.findall(r">(20\d\d Q\d)</text>", drawn) == ["2025 Q1", "2025 Q3", "2026 Q2"]


def test_quarters_are_named_as_people_name_them(page_file: Path) -> None:
    page = page_file.read_text("utf-8")
    assert re.search(r"<td>2024 Q3</td>", page)
    assert not re.search(r"<td>2024-07-01</td>", page)


@pytest.mark.parametrize(("told", "bars"), [("101", 2), ("0110", 0), ("1", 1), ("11010", 1)])
def test_a_month_between_gaps_has_its_interval_as_a_bar(told: str, bars: int) -> None:
    value = {"value": 0.5, "low": 0.4, "high": 0.6}
    figures = [
        {"by": {"month": f"2026-{at:02}"}} | (value if seen == "1" else dict.fromkeys(value))
        for at, seen in enumerate(told, 1)
    ]
    layers = charts.trend(figures, period="month", unit="share", width=280).to_dict()["layer"]
    drawn = [layer for layer in layers if layer["mark"]["type"] == "rule"]
    assert sum(len(layer["data"]["values"]) for layer in drawn) == bars
