"""Every page in a real browser: each role, phone and desktop, light and dark, both languages; no barrier, no error, no other host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ibis import _

from browsing import CHROMIUM, SHOTS, served, somebody, visiting
from firsthand.jobs.home import Home, create_home
from firsthand.jobs.world import world
from homes import sharing_answers

pytest.importorskip("django", reason="the extra web is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium is installed: .ci/run installs it")

PAGES = [
    "/", "/map/", "/map/history/", "/journeys/", "/journeys/funnel/", "/journeys/designed/", "/journeys/variants/",
    "/journeys/retention/", "/journeys/compare/", "/customers/", "/voice/", "/voice/themes/", "/voice/search/",
    "/voice/label/", "/promises/", "/waits/", "/measures/", "/measures/?measure=csat", "/signals/", "/data/", "/settings/",
    "/accounts/password/change/", "/accounts/2fa/",
]  # fmt: skip
MORE = [
    "/map/touchpoint/?name=parcel+delivered", "/map/touchpoint/edit/?name=parcel+delivered", "/map/touchpoint/new/", "/map/edit/",
    "/journeys/around/", "/customers/review/", "/customers/{customer}/", "/customers/{customer}/why/", "/customers/{customer}/forget/",
    "/voice/flags/", "/promises/?channel=web&since=2026-01-01", "/signals/?signal=broken_promise", "/data/upload/", "/data/imports/", "/data/rejected/", "/settings/people/1/",
    "/settings/teams/", "/settings/roles/", "/settings/privacy/", "/settings/home/", "/settings/log/", "/account/tokens/",
]  # fmt: skip
SMALL = {"width": 390, "height": 800}
WINDOWS: list[tuple[str, Any]] = [
    ("wide", {}), ("phone", SMALL), ("german", {"language": "de"}), ("german-phone", SMALL | {"language": "de"}),
]  # fmt: skip
REACHABLE = """() => {
  window.reached = new Set();
  document.addEventListener("focusin", event => window.reached.add(event.target));
  const able = "a[href], area[href], button, input, select, textarea, summary, [tabindex]";
  const closed = each => [...document.querySelectorAll("details:not([open])")].some(
    one => one.contains(each) && !one.querySelector("summary").contains(each));
  window.reachable = [...document.querySelectorAll(able)].filter(each =>
    !each.disabled && each.tabIndex >= 0 && each.getClientRects().length && !closed(each)
    && (each.type !== "radio" || each.checked));
  return window.reachable.length + 3 * document.querySelectorAll("input[type=date]").length;
}"""
"""Marks what a keyboard must come to, and tells how often Tab is to be pressed (a date has day, month, year and a picker); of radio
buttons the arrow keys come to the others."""
UNREACHED = "() => window.reachable.filter(each => !window.reached.has(each)).map(each => each.outerHTML.slice(0, 200))"
UNMARKED = """() => {
  const now = document.activeElement, look = getComputedStyle(now);
  const seen = now === document.body || look.outlineStyle !== "none" || look.boxShadow !== "none";
  return seen ? null : now.outerHTML.slice(0, 200);
}"""


@pytest.fixture(scope="module")
def sample(company: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sample company, with users of its own."""
    return sharing_answers(company, tmp_path_factory.mktemp("pages") / "home", company.folder.parent / "told")


@pytest.fixture(scope="module")
def people(sample: Home) -> dict[str, tuple[str, str]]:
    roles = ("viewer", "analyst", "service", "administrator")
    return {role: somebody(sample, role) for role in roles} | {"owner": somebody(sample, "owner", team="logistics")}


@pytest.fixture(scope="module")
def address(sample: Home, people: Any) -> Iterator[str]:
    with served(sample) as found:
        yield found


def without_barriers(visit: Any, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(visit.page)
    assert found.violations_count == 0, f"{path}: {found.generate_report()[:2000]}"


def shot(visit: Any, path: str, kind: str) -> None:
    name = path.strip("/").replace("/", "-").partition("?")[0] or "today"
    SHOTS.mkdir(parents=True, exist_ok=True)
    visit.page.screenshot(path=Path(SHOTS / f"{name}-{kind}.png"), full_page=True)


@pytest.mark.parametrize(("kind", "window"), [*WINDOWS, ("dark", {"dark": True})])
def test_an_administrator_opens_every_page(kind: str, window: Any, address: str, people: Any) -> None:
    with visiting(address, **window) as visit:
        visit.log_in(*people["administrator"])
        for path in PAGES:
            assert visit.open(path) == 200, path
            assert visit.page.locator("h1").count() == 1, path
            assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                f"{path} is too wide"
            )
            assert visit.page.locator("html").get_attribute("lang") == window.get("language", "en"), path
            if "phone" not in kind:
                without_barriers(visit, path)
            shot(visit, path, kind)
        assert visit.faults == []


@pytest.mark.parametrize("role", ["viewer", "analyst", "owner", "service"])
def test_a_role_opens_every_page_that_its_menu_shows(role: str, address: str, people: Any) -> None:
    for kind, window in WINDOWS:
        with visiting(address, **window) as visit:
            visit.log_in(*people[role])
            visit.open("/customers/" if role == "service" else "/")
            paths = [link.get_attribute("href") for link in visit.page.locator("header nav a").all()]
            assert paths, "there is something to see"
            for path in paths:
                assert visit.open(path) == 200, (kind, path)
                assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (kind, path)
                assert visit.page.locator("html").get_attribute("lang") == window.get("language", "en"), (kind, path)
                shot(visit, path, f"{role}-{kind}")
            assert visit.faults == []


def test_a_keyboard_comes_to_all_that_a_mouse_does_and_shows_where_it_is(address: str, people: Any) -> None:
    with visiting(address) as visit:
        visit.log_in(*people["administrator"])
        for path in PAGES:
            visit.open(path)
            for _nth in range(visit.page.evaluate(REACHABLE) + 3):
                visit.page.keyboard.press("Tab")
                assert visit.page.evaluate(UNMARKED) is None, path
            assert visit.page.evaluate(UNREACHED) == [], path


def test_pages_behind_the_sections_have_no_barriers_on_a_phone(sample: Home, address: str, people: Any) -> None:
    with world(sample) as opened:
        customer = opened.seen.timeline.filter(_.life > 0).customer_id.min().execute()
    with visiting(address, **SMALL) as visit:
        visit.log_in(*people["administrator"])
        for path in (each.format(customer=customer) for each in MORE):
            assert visit.open(path) == 200, path
            assert visit.page.locator("h1").count() == 1, path
            assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
            without_barriers(visit, path)
            shot(visit, path.replace(customer, "one"), "phone")
        assert visit.faults == []


def test_a_file_is_uploaded_its_mapping_seen_and_its_rows_looked_at(address: str, people: Any, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("id,when,mail,minutes\n1,2026-02-01 10:00:00,kim@example.org,3\n", "utf-8")
    with visiting(address) as visit:
        visit.log_in(*people["administrator"])
        visit.open("/data/upload/")
        visit.page.locator("input[type=file]").set_input_files(tmp_path / "calls.csv")
        visit.page.get_by_role("button", name="Upload").click()
        visit.page.wait_for_url("**/mapping/")
        without_barriers(visit, "the mapping")
        shot(visit, "/data/mapping", "wide")
        visit.page.get_by_role("button", name="Look at the first rows").click()
        visit.page.wait_for_url("**/preview/")
        without_barriers(visit, "the first rows")
        shot(visit, "/data/preview", "wide")
        assert visit.faults == []


def test_who_is_not_logged_in_finds_no_barriers(address: str, tmp_path: Path) -> None:
    with visiting(address) as visit:
        assert visit.open("/promises/") == 200
        assert "/accounts/login/" in visit.page.url
        without_barriers(visit, "/accounts/login/")
    empty = create_home(tmp_path / "home")
    with served(empty) as new, visiting(new) as visit:
        assert visit.open("/") == 200
        assert visit.page.url.endswith("/welcome/")
        without_barriers(visit, "/welcome/")
        assert visit.faults == []
