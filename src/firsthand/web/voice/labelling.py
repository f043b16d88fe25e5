"""Labels: one comment at a time, those first of which the model is least sure; topics and sentiment learn from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from firsthand.jobs.labels import SENTIMENTS, label_whole, labels, topics_of
from firsthand.voice import installed
from firsthand.web.accounts.models import User
from firsthand.web.accounts.rights import needs
from firsthand.web.audit.record import LABELLED, note
from firsthand.web.figures.filters import Filters
from firsthand.web.figures.page import Page
from firsthand.web.voice import tasks, views

Row = dict[str, Any]
Said = dict[tuple[str, str], bool]
TURN = 100
"""After so many more labelled comments, those that are worth it are chosen anew."""


@needs("label_comments")
def label(request: HttpRequest) -> HttpResponse:
    """A comment with the topics that were found in it, to correct; the next one follows."""
    page = Page(request, Filters())
    known: dict[str, Said] = {}
    for row in labels(page.home):
        known.setdefault(row["interaction_id"], {})[row["about"], row["value"]] = row["right"]
    asked = page.ask(it=("to_label", {"turn": len(known) // TURN})).it
    if not asked["read"]:
        return views.unread(request, page)
    rows = asked["comments"]
    wanted = request.POST.get("comment") or request.GET.get("comment")
    at = next((place for place, row in enumerate(rows) if row["interaction_id"] == wanted), None)
    if at is None:
        at = next((place for place, row in enumerate(rows) if row["interaction_id"] not in known), None)
    shown = rows[at] if at is not None else None
    topics = [topic.name for topic in topics_of(page.home)]
    if request.method == "POST" and wanted and shown and shown["interaction_id"] == wanted:
        _save(request, page, shown, topics, known.get(wanted, {}))
        later = [row for row in [*rows[(at or 0) + 1 :], *rows[: at or 0]] if row["interaction_id"] not in known]
        messages.success(request, _("Saved."))
        return redirect(_address(later[0]) if later else reverse("voice_label"))
    said = known.get(shown["interaction_id"], {}) if shown else {}
    return render(
        request,
        "voice/label.html",
        {
            "page": page,
            "comment": shown,
            "parts": _parts(shown) if shown else [],
            "topics": _ticked(topics, shown, said) if shown else [],
            "moods": [(mood, _is_mood(mood, shown, said)) for mood in SENTIMENTS] if shown else [],
            "place": (at or 0) + 1,
            "of": len(rows),
            "labelled": len(known),
            "again": bool(said),
            "next": _address(rows[at + 1]) if at is not None and at + 1 < len(rows) else None,
            "previous": _address(rows[at - 1]) if at else None,
            "installed": installed(),
            **_learnt(),
        },
    )


def _save(request: HttpRequest, page: Page, shown: Row, topics: Sequence[str], said: Said) -> None:
    """Writes down what is told of a comment: what it is about, what of that which was found or told before it is not, and how it was meant.

    Where nothing is ticked, it is about none of the list.
    """
    assert isinstance(request.user, User)
    ticked = set(request.POST.getlist("topic")) & set(topics)
    found = {row["topic"] for row in shown["topics"]} | {
        value for (about, value), right in said.items() if about == "topic" and right
    }
    told = [("topic", topic, topic in ticked) for topic in topics if topic in ticked or topic in found or not ticked]
    mood = request.POST.get("sentiment")
    if mood in SENTIMENTS:
        told.append(("sentiment", mood, True))
        told += [
            ("sentiment", other, False) for other in SENTIMENTS if other != mood and said.get(("sentiment", other))
        ]
    label_whole(page.home, shown["interaction_id"], told, by=request.user.email)
    note(by=request.user, did=LABELLED, about=shown["interaction_id"])


def _ticked(topics: Sequence[str], shown: Row, said: Said) -> list[Row]:
    """Every topic of the list: whether it is ticked, and how probable the model finds it (None: not found)."""
    found = {row["topic"]: row["probability"] for row in shown["topics"]}
    return [
        {"name": topic, "ticked": said.get(("topic", topic), topic in found), "probability": found.get(topic)}
        for topic in topics
    ]


def _is_mood(mood: str, shown: Row, said: Said) -> bool:
    told = {value for (about, value), right in said.items() if about == "sentiment" and right}
    return mood in told if told else mood == shown["sentiment"]


def _parts(shown: Row) -> list[Row]:
    """The comment in pieces: words that a topic rests on, with the topics' names, and what is between them."""
    text, pieces, at = shown["text"], [], 0
    places: dict[tuple[int, int], list[str]] = {}
    for row in shown["topics"]:
        places.setdefault((row["begin"], row["end"]), []).append(row["topic"])
    for (begin, end), names in sorted(places.items()):
        if begin >= at:
            pieces += [{"text": text[at:begin], "topics": ""}, {"text": text[begin:end], "topics": ", ".join(names)}]
            at = end
    return [piece for piece in [*pieces, {"text": text[at:], "topics": ""}] if piece["text"]]


def _address(row: Row) -> str:
    return reverse("voice_label") + "?" + urlencode({"comment": row["interaction_id"]})


@needs("label_comments")
@require_POST
def learn(request: HttpRequest) -> HttpResponse:
    """Has topics and sentiment learn from the labels in the background, unless that is being done."""
    assert isinstance(request.user, User)
    if not _learnt()["learning"]:
        tasks.learn.enqueue(request.user.pk)
        note(by=request.user, did="had topics learn from labels")
    return redirect(reverse("voice_label") + "#learning")


@needs("label_comments")
def learnt(request: HttpRequest) -> HttpResponse:
    """How far learning is, and what came of it: the part of the page that asks again by itself."""
    return render(request, "voice/learnt.html", _learnt())


def _learnt() -> Row:
    last = DBTaskResult.objects.filter(task_path=tasks.learn.module_path).order_by("-enqueued_at").first()
    return {
        "learning": last is not None and last.status in (TaskResultStatus.READY, TaskResultStatus.RUNNING),
        "failed": last is not None and last.status == TaskResultStatus.FAILED,
        "learnt": last.return_value if last is not None and last.status == TaskResultStatus.SUCCESSFUL else None,
        "learnt_at": last.finished_at if last is not None else None,
    }
