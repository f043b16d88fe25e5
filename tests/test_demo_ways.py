"""Each planted problem of the sample company is found by clicking, from the first page on."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import pytest

from browsing import CHROMIUM, Visit, served, somebody, visiting
from firsthand.jobs.home import Home
from firsthand.voice import installed
from homes import sharing_answers

pytest.importorskip("django", reason="the extra web is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium is installed: .ci/run installs it")
needs_voice = pytest.mark.skipif(not installed(), reason="the extra voice is not installed")


@pytest.fixture(scope="module")
def visit(company: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """An administrator's window on the sample company."""
    home = sharing_answers(company, tmp_path_factory.mktemp("ways") / "home", company.folder.parent / "told")
    told = somebody(home, "administrator")
    with served(home) as address, visiting(address) as window:
        window.log_in(*told)
        yield window


@pytest.fixture
def page(visit: Visit) -> Any:
    """The first page."""
    visit.open("/")
    return visit.page


def section(page: Any, name: str) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()


def titles(page: Any) -> str:
    return "\n".join(page.locator("figure h3").all_inner_texts())


def group_by(page: Any, name: str) -> None:
    form = page.get_by_role("form", name="Group by something else")
    form.get_by_label("Group by").select_option(label=name)
    form.get_by_role("button", name="Show").click()


def test_one_carrier_is_late_and_so_is_one_region(page: Any) -> None:
    section(page, "Promises")
    group_by(page, "carrier")
    assert re.search(r"Promises kept: from .* at “Kurier24” to", titles(page))
    group_by(page, "region")
    assert re.search(r"Promises kept: from .* at “east” to", titles(page))


def test_the_release_of_the_app_that_annoys_loyal_customers_is_what_got_worse(page: Any) -> None:
    worse = page.get_by_role("region", name="What got worse")
    assert "with our app" in worse.inner_text()


@needs_voice
def test_the_bad_instructions_are_a_topic_of_their_own_and_people_searched_for_help_in_vain(page: Any) -> None:
    section(page, "Voice")
    page.get_by_role("link", name="instructions").first.click()
    assert "instructions" in page.get_by_role("heading", name=re.compile("Closely")).inner_text()
    section(page, "Signals")
    page.get_by_role("link", name="Looked for help in vain").first.click()
    assert "searched for help" in page.locator("main").inner_text()


def table(page: Any, title: str) -> list[list[str]]:
    """The rows of the table behind a figure, which is opened."""
    figure = page.locator("figure").filter(has=page.get_by_role("heading", name=re.compile(title))).first
    figure.get_by_text("The figures as a table").click()
    return [row.locator("td").all_inner_texts() for row in figure.locator("tbody tr").all()]


def between(page: Any, **days: str) -> None:
    """Fills the days of the filters: since, until."""
    form = page.get_by_role("form", name="Filters")
    for name, day in days.items():
        form.locator(f"[name={name}]").fill(day)
    form.get_by_role("button", name="Show").click()


def test_fewer_buy_again_where_the_promise_was_not_kept(page: Any) -> None:
    section(page, "Promises")
    assert "Bought again within 90 days of a promise: from" in titles(page)
    told = {row[0]: row[2].split(" to ") for row in table(page, "Bought again within 90 days of a promise")}
    low, high = float(told["kept"][0].rstrip(" %")), float(told["not kept"][1].rstrip(" %"))
    assert high < low, "beyond chance"


def test_a_promise_not_kept_hurts_most_where_it_was_urgent_or_a_gift(page: Any) -> None:
    section(page, "Promises")
    title = "Satisfied after a promise that was not kept: from .* at “(urgent replacement|gift)” to"
    assert re.search(title, titles(page))
    rows = {row[0]: row for row in table(page, title)}
    assert {rows[name][-1] for name in ("urgent replacement", "gift", "none told")} == {"beyond chance"}
    satisfied = {name: float(rows[name][1].rstrip(" %")) for name in ("urgent replacement", "gift", "none told")}
    assert max(satisfied["urgent replacement"], satisfied["gift"]) < satisfied["none told"] / 3
    page.get_by_role("link", name="urgent replacement").first.click()
    assert "occasion=urgent+replacement" in page.url.replace("%3D", "=")
    assert "promises with a date" in page.locator("main").inner_text()


def test_the_fee_begins_in_its_month(page: Any) -> None:
    section(page, "Signals")
    page.get_by_role("link", name="Was charged what nobody had said").first.click()
    charged = {row[0]: row[1] for row in table(page, r"Was charged what nobody had said: .* in ")}
    assert {share for month, share in charged.items() if month < "2025-09"} == {"0.0 %"}
    assert all(share != "0.0 %" for month, share in charged.items() if month >= "2025-09")


def test_the_payment_that_failed_stops_with_the_fix(page: Any) -> None:
    section(page, "Map")
    page.get_by_role("link", name=re.compile("payment failed")).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "payment failed"
    between(page, until="2025-11-14")
    before = times(page)
    between(page, since="2025-11-15", until="2026-05-31")
    assert before > 20 * times(page) > 0


def times(page: Any) -> int:
    """How often the touchpoint shown was met."""
    told = re.search(r"customers, ([\d,]+) times", page.locator("main").inner_text())
    assert told
    return int(told[1].replace(",", ""))


def test_one_agent_seldom_solves_anything_at_the_first_contact(page: Any) -> None:
    section(page, "Settings")
    page.get_by_role("link", name="Privacy", exact=True).click()
    page.get_by_label("Show figures on single employees").check()
    page.get_by_role("button", name="Save").click()
    section(page, "Measures")
    page.get_by_role("link", name="Solved at the first contact").click()
    group_by(page, "employee")
    assert re.search(r"Solved at the first contact: from .* at “agent-07” to", titles(page))
    rows = table(page, "agent-07")
    high = {row[0]: float(row[2].split(" to ")[1].rstrip(" %")) for row in rows if " to " in row[2]}
    usual = sorted(high.values())[len(high) // 2]
    assert high["agent-07"] < usual - 15, "beyond chance"


def test_one_person_is_found_by_whatever_they_are_called(page: Any, company: Home) -> None:
    with (company.folder / "exports" / "truth_people.csv").open(encoding="utf-8") as told:
        people = [row for row in csv.DictReader(told) if row["card"] and row["email"]][:6]
    led = [{found_by(page, row[name]) for name in ("customer_number", "email", "phone")} for row in people]
    one = [addresses.pop() for addresses in led if len(addresses) == 1]
    assert len(set(one)) == len(one) >= 4, "nearly each of them leads to one customer, and each to another one"
    page.goto(one[0])
    page.get_by_role("link", name="Why this is one person").click()
    assert "phone" in page.locator("main").inner_text()


def found_by(page: Any, name: str) -> str:
    """The address to which an identifier leads: that of a customer, or of the search where it leads to none."""
    section(page, "Customers")
    page.get_by_label("Find a customer").last.fill(name)
    with page.expect_navigation():
        page.get_by_role("button", name="Find", exact=True).click()
    return str(page.url)


@needs_voice
def test_a_question_in_english_finds_what_was_said_in_german(page: Any) -> None:
    section(page, "Voice")
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.get_by_label("Search by meaning, in any language").fill("the parcel came too late")
    page.get_by_role("button", name="Search").click()
    said = "\n".join(page.locator("blockquote").all_inner_texts())
    assert re.search(r"\bParcel|parcel\b", said)
    assert re.search(r"\bPaket\b", said)
