"""Voice: topics, what must not wait, themes, search, and labels that are learnt from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the extra web is not installed")
pytest.importorskip("sklearn", reason="the extra voice is not installed")

from firsthand.jobs.find_themes import find_themes
from firsthand.jobs.home import Home
from firsthand.jobs.labels import label, labels
from firsthand.jobs.read_comments import read_comments
from firsthand.voice.read import Reader
from homes import copied
from importing import commented
from voice_stand_in import Moods, Words

Web = Callable[..., Any]
TOPICS = """
topics:
  - {name: delivery, description: the parcel came late}
  - {name: staff, description: the friendly colleague on the phone}
"""


def reader() -> Reader:
    words = Words()
    return Reader(words, Moods(), words)


@pytest.fixture(scope="module")
def spoken(website: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Forty customers: half write of a parcel that was late, half of a great colleague; one is in danger."""
    home = copied(website, tmp_path_factory.mktemp("voice") / "home")
    rows = ["id,at,mail,said"]
    for n in range(40):
        words = "The parcel came late to our house" if n % 2 else "The friendly colleague on the phone was great"
        rows.append(f"{n},2026-0{1 + n % 3}-05T10:00,c{n}@example.com,{words} in week {n}.")
    rows.append(
        "70,2026-03-05T10:00,z@example.com,The charger caught fire and I was hurt. Write to z@example.com please."
    )
    commented(home, "\n".join(rows) + "\n", "    channel: {constant: email}\n")
    home.topics_file.write_text(TOPICS, "utf-8")
    read_comments(home, reader())
    find_themes(home)
    return home


@pytest.fixture
def voice(spoken: Home) -> Iterator[Home]:
    """That home, to look at only."""
    from django.test import override_settings

    with override_settings(HOME=spoken.folder):
        yield spoken


@pytest.fixture
def own_voice(spoken: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """The same in a home of one's own, to change; it is read with stand-ins."""
    from django.test import override_settings

    monkeypatch.setattr("firsthand.jobs.voice_models.open_reader", lambda *_: reader())
    monkeypatch.setattr("firsthand.jobs.sentiment_models.open_reader", lambda *_: reader())
    own = copied(spoken, tmp_path / "home")
    with override_settings(HOME=own.folder):
        yield own


def shown(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def test_the_page_tells_topics_with_interval_and_who_was_not_heard(voice: Home, client_as: Web) -> None:
    page = shown(client_as("viewer"), "/voice/?topic=staff")
    assert "41 comments of 41 customers" in page
    assert "of the comments speak of" in page
    assert " % to " in page
    assert "Closely: staff" in page
    assert "41 of " in page
    assert "customers wrote something; of the others this page says nothing" in page
    assert "1 comment speaks of danger" in page


def test_what_must_not_wait_is_shown_masked_and_leads_to_the_customer_who_may_see_one(
    voice: Home, client_as: Web
) -> None:
    page, analysts = (shown(client_as(role), "/voice/?flags=1") for role in ("viewer", "analyst"))
    assert "<mark>" in page
    assert "caught fire" in page
    assert "z@example.com" not in page
    assert "/voice/who/" not in page
    assert "/voice/who/?comment=survey%3A70" in analysts


def test_a_comment_leads_to_who_wrote_it(voice: Home, client_as: Web) -> None:
    analyst = client_as("analyst")
    there = analyst.get("/voice/who/", {"comment": "survey:70"}).headers["Location"]
    from firsthand.jobs.person import person

    assert there == f"/customers/{person(voice, 'email=z@example.com')['customer_id']}/"
    assert analyst.get("/voice/who/", {"comment": "nobody's"}).status_code == 404
    assert client_as("viewer").get("/voice/who/", {"comment": "survey:70"}).status_code == 403


def test_topics_can_be_had_as_a_table(voice: Home, client_as: Web) -> None:
    lines = shown(client_as("viewer"), "/figures/voice.csv?rows=topics").splitlines()
    assert lines[0].startswith("topic,")
    assert {line.partition(",")[0] for line in lines[1:]} <= {"delivery", "staff"}


def test_the_same_days_before_a_period_are_what_it_is_compared_with() -> None:
    from datetime import date

    from firsthand.web.figures.filters import Filters
    from firsthand.web.voice.views import before_that

    assert before_that(Filters("2026-03-01", "2026-03-31"), date(2026, 6, 30)) == ("2026-01-29", "2026-02-28")
    assert before_that(Filters("2026-03-30"), date(2026, 3, 31)) == ("2026-03-28", "2026-03-29")
    assert before_that(Filters(), date(2026, 3, 31)) is None


def test_where_nothing_was_read_the_page_says_what_to_do(home: Home, client_as: Web, monkeypatch: Any) -> None:
    assert "No comment was read yet" in shown(client_as("viewer"), "/voice/")
    monkeypatch.setattr("firsthand.web.voice.views.installed", lambda: False)
    for address in ("/voice/", "/voice/search/", "/voice/themes/", "/voice/flags/"):
        assert "pip install &#x27;firsthand[voice]&#x27;" in shown(client_as("viewer"), address).replace("'firsthand[voice]'", "&#x27;firsthand[voice]&#x27;")  # fmt: skip


def asked(client: Any, **told: str) -> str:
    answer = client.post("/voice/search/", told)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def test_what_is_searched_for_is_sent_and_stands_in_no_address(voice: Home, client_as: Web) -> None:
    viewer = client_as("viewer")
    assert "came late" not in shown(viewer, "/voice/search/?q=parcel+late")
    for address in ("/voice/?since=2026-01-01", "/voice/search/?since=2026-01-01"):
        form = shown(viewer, address).partition('<form class="asking"')[2].partition("</form>")[0]
        assert 'method="post" action="/voice/search/"' in form
        assert "csrfmiddlewaretoken" in form
        assert 'name="since" value="2026-01-01"' in form
    viewer.handler.enforce_csrf_checks = True
    assert viewer.post("/voice/search/", {"q": "parcel"}).status_code == 403


def test_search_finds_by_meaning_within_the_period(own_voice: Home, client_as: Web) -> None:
    viewer = client_as("viewer")
    assert "The parcel came late to our house" in asked(viewer, q="parcel late")
    page = asked(viewer, q="parcel late", since="2026-04-01")
    assert "parcel came" not in page
    assert "Nothing comes near" in page


def test_topics_that_are_added_at_once_are_all_kept(own_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from firsthand.jobs import find_themes as themes
    from firsthand.jobs.labels import topics_of

    known = themes.load_topics
    monkeypatch.setattr(themes, "load_topics", lambda file: (time.sleep(0.2), known(file)))
    added = [{"name": f"topic {n}", "description": f"what {n} is"} for n in range(3)]
    with ThreadPoolExecutor() as several:
        list(several.map(lambda entry: themes._add_topic(own_home, entry), added))
    assert {topic.name for topic in topics_of(own_home)} == {entry["name"] for entry in added}


def test_a_theme_becomes_a_topic_by_those_who_may_label(own_voice: Home, client_as: Web) -> None:
    from firsthand.jobs.labels import topics_of
    from firsthand.web.audit.models import Entry

    analyst = client_as("analyst")
    (theme, *_rest) = [row for row in find_themes(own_voice)["themes"] if not row["suppressed"]]
    told = {"theme": theme["theme_id"], "name": "late parcels"}
    assert theme["words"][0] in shown(analyst, "/voice/themes/")
    assert client_as("viewer").post("/voice/themes/", told).status_code == 403
    assert analyst.post("/voice/themes/", told | {"name": ""}).status_code == 400
    assert [topic.name for topic in topics_of(own_voice)] == ["delivery", "staff"]
    assert analyst.post("/voice/themes/", told).status_code == 302
    assert [topic.name for topic in topics_of(own_voice)] == ["delivery", "staff", "late parcels"]
    assert topics_of(own_voice)[-1].examples == (), "no customer's words, which would outlive the customer"
    assert Entry.objects.get(did="made a topic of a theme").by == analyst.person
    again = analyst.post("/voice/themes/", told)
    assert again.status_code == 400
    assert "There is a topic" in again.content.decode(), "told at the field"


def comment_on(page: str) -> str:
    return page.partition('name="comment" value="')[2].partition('"')[0]


def test_a_label_is_kept_with_who_says_so_and_the_next_comment_follows(own_voice: Home, client_as: Web) -> None:
    from firsthand.web.audit.models import Entry

    owner = client_as("owner")
    comment = comment_on(shown(owner, "/voice/label/"))
    there = owner.post("/voice/label/", {"comment": comment, "topic": ["delivery"], "sentiment": "negative"}).headers["Location"]  # fmt: skip
    told = {(row["about"], row["value"]): row for row in labels(own_voice)}
    assert told["topic", "delivery"]["right"] is True
    assert told["sentiment", "negative"]["right"] is True
    assert {row["by"] for row in told.values()} == {owner.person.email}
    assert Entry.objects.get(did="labelled a comment").about == comment
    following = shown(owner, there)
    assert comment_on(following) != comment
    assert "1 comments are labelled" in following
    owner.post("/voice/label/", {"comment": comment, "sentiment": "positive"})
    holds = {(row["about"], row["value"]): row["right"] for row in labels(own_voice)}
    assert holds == {
        ("topic", "delivery"): False, ("topic", "staff"): False, ("sentiment", "negative"): False, ("sentiment", "positive"): True,
    }, "nothing ticked: it is about none; and the newer mood holds alone"  # fmt: skip


def test_comments_that_the_model_is_least_sure_of_come_first(own_voice: Home) -> None:
    from firsthand.jobs.comments_shown import NOTHING_FOUND, to_label
    from firsthand.jobs.world import world

    with world(own_voice) as opened:
        rows = to_label(opened)["comments"]
    least = [min((topic["probability"] for topic in row["topics"]), default=NOTHING_FOUND) for row in rows]
    assert least == sorted(least)
    label(own_voice, rows[0]["interaction_id"], about="topic", value="staff", right=True, by="Ada")
    with world(own_voice) as opened:
        assert rows[0]["interaction_id"] not in [row["interaction_id"] for row in to_label(opened)["comments"]]


def test_learning_happens_behind_the_page_and_tells_how_right_it_is(own_voice: Home, client_as: Web) -> None:
    from django_tasks_db.models import DBTaskResult

    from firsthand.web.voice import tasks

    analyst = client_as("analyst")
    for n in range(12):
        label(own_voice, f"survey:{n}", about="topic", value="delivery", right=bool(n % 2), by="Ada")
    for _twice in range(2):
        assert analyst.post("/voice/learn/").status_code == 302
    (waiting,) = DBTaskResult.objects.filter(task_path=tasks.learn.module_path)
    assert "Learning from the labels" in shown(analyst, "/voice/learnt/")
    found = tasks.learn.func(analyst.person.pk)
    assert found["topics"]["labels"] == 12
    assert "wrong" in found["sentiment"]
    waiting.status, waiting.return_value = "SUCCESSFUL", found
    waiting.save()
    assert "of 12 labels that it had not seen" in shown(analyst, "/voice/learnt/")
    assert client_as("viewer").post("/voice/learn/").status_code == 403


def test_reading_in_the_background_reads_what_is_new_and_else_nothing(
    own_voice: Home, database: None, monkeypatch: Any
) -> None:
    from django.core.cache import cache

    from firsthand.web.voice import tasks

    cache.delete(tasks.READ_OF)
    assert tasks.read_comments.func()["read"] == 0
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "_read", lambda home: pytest.fail("there is nothing new"))
        assert tasks.read_comments.func() is None
    commented(own_voice, "id,at,mail,said\n90,2026-03-06T10:00,new@example.com,The parcel came late again.\n", "    channel: {constant: email}\n")  # fmt: skip
    assert tasks.read_comments.func()["read"] == 1
    monkeypatch.setattr(tasks, "installed", lambda: False)
    cache.delete(tasks.READ_OF)
    assert tasks.read_comments.func() is None
