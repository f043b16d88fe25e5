"""The section Map: what it shows, who may change what, that nothing is lost, and that each change can be undone."""

from __future__ import annotations

import re

import pytest

from firsthand.jobs.home import change_settings
from firsthand.jobs.map_versions import map_sha256, map_text, map_versions, save_map
from shop import MAP

DELIVERED = "/map/touchpoint/edit/?name=delivered"
FIELDS = {
    "name": "delivered", "stage": "receive", "kind": "delivery", "owner": "logistics", "rules": "[{event: Delivered}]",
}  # fmt: skip


def entries(did):
    """What the audit log tells of those who did something."""
    from firsthand.web.audit.models import Entry

    return [entry.about for entry in Entry.objects.filter(did=did)]


def said(answer):
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def send(client, address, home, expected=None, **changed):
    return client.post(address, FIELDS | {"expected": expected or map_sha256(home)} | changed)


@pytest.fixture
def home(own_home):
    """A home to change, as of the end of March."""
    return change_settings(own_home, as_of="2026-03-31")


@pytest.fixture(autouse=True)
def in_march(home):
    """The website looks at that home in every test, whether or not it is asked for."""


@pytest.fixture
def owner(client_as):
    from firsthand.web.accounts.models import User

    client = client_as("owner")
    User.objects.filter(role="owner").update(teams=["logistics"])
    return client


def test_the_map_shows_its_touchpoints_in_colour_and_what_it_does_not_know(home, client_as):
    answer = client_as("viewer").get("/map/?measure=kept_share")
    assert "Promises kept: 33.3 % at “promised”, where it is worst; 2 touchpoints are not seen" in said(answer)
    assert re.search(r'class="point q1" href="/map/touchpoint/\?name=promised"', answer.content.decode())
    assert answer.content.decode().count('class="point unseen" href') == 2
    assert "Nobody owns ordered" in said(answer)
    assert "Edit the map" not in said(answer)


def test_filters_and_the_measure_stay_with_each_other(home, client_as):
    page = client_as("viewer").get("/map/?measure=kept_share&since=2026-01-01&stage=receive").content.decode()
    assert '<input type="hidden" name="measure" value="kept_share">' in page
    assert "?measure=nps&amp;since=2026-01-01&amp;stage=receive" in page
    assert "name=promised&amp;since=2026-01-01&amp;stage=receive" in page
    assert "name=ordered" not in re.sub(r"(?s)<h2 id=.check.*", "", page)


def test_interactions_that_no_rule_knows_come_with_a_rule_to_copy(home, client_as):
    home.map_file.write_text(MAP.replace("rules: [{event: Delivered}]", "rules: [{event: Brought}]"), "utf-8")
    page = client_as("analyst").get("/map/")
    assert "- {source: shop, event: Delivered}" in said(page)
    form = client_as("administrator").get(DELIVERED, {"name": "delivered", "rule": "{source: shop, event: Delivered}"})
    assert "- {event: Brought}\n- {source: shop, event: Delivered}" in form.content.decode()


def test_a_touchpoint_tells_owner_standard_and_promises(home, client_as):
    told = said(client_as("viewer").get("/map/touchpoint/?name=promised"))
    assert "logistics, l@example.com" in told
    assert "the promise made there is kept" in told
    assert "33.3 % of the promises made here were kept" in told
    assert "3 customers, 4 times" in told
    assert "Show the last of them" not in told


def test_who_met_a_touchpoint_is_told_to_those_who_may_list_customers_and_written_down(home, client_as):
    address = "/map/touchpoint/?name=delivered&people=1"
    assert "/customers/c" not in client_as("viewer").get(address).content.decode()
    assert entries("listed customers") == []
    assert client_as("analyst").get(address).content.decode().count('href="/customers/c') == 2
    assert entries("listed customers") == ["latest_customers?touchpoint=delivered"]


def test_who_met_a_touchpoint_is_downloaded_by_nobody_else(home, client_as):
    address = "/figures/latest_customers.csv"
    assert client_as("viewer").get(address).status_code == 403
    assert client_as("analyst").get(address).status_code == 200


def test_an_edited_touchpoint_changes_its_lines_only_and_becomes_a_version(home, client_as):
    client = client_as("analyst")
    answer = send(client, DELIVERED, home, expectation="On the day.", why="customers said so")
    assert answer["Location"] == "/map/touchpoint/?name=delivered"
    before, after = MAP.splitlines(), map_text(home).splitlines()
    assert [line for line in before if line not in after] == [before[6]]
    assert "expectation: On the day." in after[6]
    newest = map_versions(home)[0]
    assert (newest["version"], newest["by"], newest["why"]) == (2, client.person.email, "customers said so")
    assert entries("changed the map") == ["version 2, delivered: expectation"]


def test_a_new_name_is_known_to_the_journeys(home, client_as):
    send(client_as("analyst"), DELIVERED, home, name="brought")
    assert "path: [ordered, promised, brought]" in map_text(home)


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"rules": "- {event: A}\n- {evnt: B}"}, "rules", "line 2: rules.1.evnt: Additional properties are not allowed"),
        ({"rules": "- {event: [A}"}, "rules", "line 1: not YAML"),
        ({"standard": "{wait_seconds: long}"}, "standard", "line 1: standard.wait_seconds: expected a number, found a text (long)."),
        ({"name": "ordered"}, "name", "&quot;ordered&quot; stands on the map twice."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(home, client_as, changed, field, message):
    page = send(client_as("analyst"), DELIVERED, home, expectation="kept words", **changed)
    assert message in str(page.context["form"][field].errors)
    assert "kept words" in page.content.decode()
    assert map_text(home) == MAP
    assert map_versions(home) == []


def test_a_touchpoint_that_was_changed_meanwhile_is_shown_with_the_change(home, client_as):
    client, opened = client_as("analyst"), map_sha256(home)
    save_map(home, MAP.replace("within_days: 7", "within_days: 9"), by="ben", reason="slower")
    page = send(client, DELIVERED, home, expected=opened, expectation="mine")
    assert "The map was changed meanwhile" in said(page)
    assert "within_days: 9" in said(page)
    assert "mine" in said(page)
    again = send(client, DELIVERED, home, expected=page.context["expected"], expectation="mine")
    assert again.status_code == 302
    assert "within_days: 9" in map_text(home)
    assert "expectation: mine" in map_text(home)


def test_an_owner_edits_what_the_team_owns_and_does_not_give_it_away(home, owner):
    assert send(owner, DELIVERED, home, expectation="mine").status_code == 302
    for other in ("", "shops"):
        assert send(owner, DELIVERED, home, owner=other).context["form"].errors["owner"]
    ordered = "/map/touchpoint/edit/?name=ordered"
    assert owner.get(ordered).status_code == send(owner, ordered, home).status_code == 403
    assert "owner: logistics" in map_text(home)


def test_an_owners_rules_take_no_moments_of_other_teams(home, owner):
    (ordered,) = (line for line in MAP.splitlines(keepends=True) if "name: ordered" in line)
    last = MAP.replace(ordered, "").replace("journeys:", f"{ordered}journeys:", 1)
    save_map(home, last, by="kim@example.org", reason="ordered comes last", expected=map_sha256(home))
    both = "[{event: Delivered}, {event: Ordered}]"
    answer = send(owner, DELIVERED, home, rules=both)
    (refused,) = answer.context["form"].errors["rules"]
    assert re.match(r"These rules would take \d+ moments of “ordered”, which are nobody's\.", refused)
    assert map_text(home) == last
    own = "[{event: Delivered}, {event: Promised}]"
    assert send(owner, DELIVERED, home, rules=own).status_code == 302, "logistics looks after promises as well"


@pytest.mark.parametrize("address", ["/map/edit/", "/map/touchpoint/new/", "/map/history/1/bring-back/"])
def test_an_owner_does_not_change_the_whole_map(home, owner, address):
    assert owner.post(address, {"expected": map_sha256(home), "text": MAP + "# x\n"}).status_code == 403


@pytest.mark.parametrize("role", ["viewer", "service"])
def test_others_change_nothing(home, client_as, role):
    client = client_as(role)
    assert send(client, DELIVERED, home, expectation="x").status_code == 403
    assert client.post("/map/edit/", {"text": MAP + "# x\n", "expected": map_sha256(home)}).status_code == 403
    assert map_text(home) == MAP


def test_a_touchpoint_is_added(home, client_as):
    told = FIELDS | {
        "name": "paid",
        "stage": "buy",
        "kind": "payment",
        "owner": "",
        "rules": "- {event: Paid}",
        "expected": map_sha256(home),
    }
    assert client_as("analyst").post("/map/touchpoint/new/", told).status_code == 302
    assert (
        "  - name: paid\n    stage: buy\n    kind: payment\n    rules:\n      - {event: Paid}\njourneys:"
        in map_text(home)
    )


def test_the_whole_map_is_edited_as_yaml_and_faults_name_line_and_key(home, client_as):
    client, wrong = client_as("analyst"), MAP.replace("stage: buy", "stage: bye")
    page = client.post("/map/edit/", {"text": wrong, "expected": map_sha256(home)})
    (fault,) = page.context["form"].errors["text"]
    assert fault.startswith('line 5: touchpoints.0.stage: "bye" is no stage of this map')
    assert "stage: bye" in page.content.decode()
    assert map_text(home) == MAP
    assert client.post("/map/edit/", {"text": MAP + "# more\r\n", "expected": map_sha256(home)}).status_code == 302
    assert map_text(home) == MAP.rstrip("\n") + "\n# more\n"


def test_a_map_that_was_broken_by_hand_can_be_mended_here(home, client_as):
    home.map_file.write_text("stages: [buy\n", "utf-8")
    client = client_as("analyst")
    assert "The map cannot be read" in said(client.get("/map/"))
    assert "stages: [buy" in client.get("/map/edit/").content.decode()
    client.post("/map/edit/", {"text": MAP, "expected": map_sha256(home)})
    assert [row["why"] for row in map_versions(home)] == ["changed the map as YAML", "edited by hand"]


def test_the_history_shows_who_changed_what_and_brings_a_version_back(home, client_as):
    save_map(home, MAP.replace("within_days: 7", "within_days: 9"), by="ben", reason="slower")
    client = client_as("analyst")
    told = said(client.get("/map/history/"))
    assert re.search(r"Version 2 stands slower .*ben", told)
    assert "within_days: 9" in told
    client.post("/map/history/1/bring-back/", {"expected": map_sha256(home), "why": "as before"})
    assert map_text(home) == MAP
    assert (map_versions(home)[0]["why"], map_versions(home)[0]["by"]) == ("as before", client.person.email)
    assert "Version 3 stands as before" in said(client.get("/map/history/"))
    assert client.get("/map/history/1/bring-back/").status_code == 405
