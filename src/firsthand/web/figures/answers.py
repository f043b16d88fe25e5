"""Answers for pages: told at once where they are kept, worked out where they are not, and renewed behind the page's back."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django_tasks import task
from ibis import _

from firsthand.errors import UserError
from firsthand.jobs.figures import Period
from firsthand.jobs.groups import FIRST, Group
from firsthand.jobs.home import Home, open_home
from firsthand.jobs.kept import Begun, digest_of, keep, last
from firsthand.jobs.selection import PROPERTY, Selection, select
from firsthand.jobs.world import World, rows_of, world
from firsthand.lake import read
from firsthand.measures.seen import CIRCUMSTANCE
from firsthand.web.figures.filters import Filters
from firsthand.web.figures.questions import QUESTIONS
from firsthand.web.figures.turns import in_turn

Row = dict[str, Any]
Asked = tuple[str, Mapping[str, Any]]
RENEWING_SECONDS = 600
"""After so long a renewal that has not come is asked for again."""
AWAITED, AWAITED_MOST = 10, 20
"""Priorities of background work that somebody waits for: it comes before what is scheduled (0)."""


@dataclass(frozen=True)
class Answers:
    """Documents by the names that the page gave them. renewing: some are of before the last change and being renewed."""

    documents: dict[str, Row]
    as_of: datetime
    renewing: bool

    def __getattr__(self, name: str) -> Row:
        try:
            return self.documents[name]
        except KeyError:
            raise AttributeError(name) from None

    def __or__(self, other: Answers) -> Answers:
        """Both, as of the older moment."""
        return Answers(self.documents | other.documents, min(self.as_of, other.as_of), self.renewing or other.renewing)


def answers(filters: Filters, **asked: str | Asked) -> Answers:
    """The answers to several questions about one part of the world.

    asked: for each name a question of QUESTIONS, alone or with its parameters. An answer that no longer holds is told
    nevertheless and renewed in the background. Raises UserError where a question cannot be answered, and Busy where that takes long.
    """
    home = open_home(settings.HOME)
    questions = {name: question_of(each, filters) for name, each in asked.items()}
    for question in questions.values():
        _refuse_single(home, question)
    made_of = _made_of(home)
    documents: dict[str, Row] = {}
    renewing = False
    for name, question in questions.items():
        before = last(home, question, None, made_of)
        if before is None:
            continue
        documents[name] = before.document
        if not before.holds:
            renewing = True
            renew_later(question)
    missing = {name: question for name, question in questions.items() if name not in documents}
    if missing:
        documents |= in_turn(
            json.dumps([str(home.folder), missing], sort_keys=True), partial(_worked_out, home, missing)
        )
    moments = [datetime.fromisoformat(document["as_of"]) for document in documents.values()]
    return Answers(documents, min(moments), renewing)


def question_of(asked: str | Asked, filters: Filters) -> list[Any]:
    """The question as it is kept: name, parameters, filters."""
    name, more = (asked, {}) if isinstance(asked, str) else asked
    return ["web", name, {key: value for key, value in more.items() if value not in (None, [], "")}, filters.question]


def _refuse_single(home: Home, question: list[Any]) -> None:
    """Raises UserError where a question would tell of single people: of employees where the home's settings do not allow it,
    and by properties and circumstances other than those that pages offer, which may be anybody's e-mail."""
    _web, _name, more, chosen = question
    told = [*more.get("by", []), *(str(value).removeprefix(FIRST) for value in (more.get("group"), more.get("against"))), *chosen["where"]]  # fmt: skip
    keys = {key.partition("=")[0] for key in told}
    if not home.settings.employee_figures and "employee" in keys:
        raise UserError(
            "Figures on single employees are off. An administrator can turn them on under Settings, Privacy."
        )
    for prefix, offered, named in ((PROPERTY, "property", keys), (CIRCUMSTANCE, "by_circumstance", more.get("by", []))):
        names = {key.removeprefix(prefix) for key in named if key.startswith(prefix)}
        if names and (others := names - set(answers(Filters(), choices="choices").choices[offered])):
            raise UserError(f"Figures by {', '.join(sorted(others))} are not told here: it has too many values, or too few customers have each.")  # fmt: skip


@task(priority=AWAITED)
def renew(question: list[Any]) -> None:
    """Works an answer out anew if it no longer holds, and keeps it: background work."""
    home = open_home(settings.HOME)
    cache.delete(_renewal(question))
    before = last(home, question, None)
    if not (before and before.holds):
        _worked_out(home, {"it": question})


def renew_later(question: list[Any]) -> None:
    """Has an answer renewed in the background, once however often it is asked for meanwhile."""
    if cache.add(_renewal(question), 1, RENEWING_SECONDS):
        renew.enqueue(question)


def _renewal(question: list[Any]) -> str:
    return "renewing-" + hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:40]


def _worked_out(home: Home, questions: Mapping[str, list[Any]]) -> dict[str, Row]:
    """The answers to several questions, from one world, kept."""
    begun = Begun.now(home)

    def work() -> dict[str, Row]:
        with world(home) as opened:
            return {name: _answer(opened, question) for name, question in questions.items()}

    documents = read(home.lake, work)
    return {name: keep(home, question, None, documents[name], begun) for name, question in questions.items()}


def _answer(opened: World, question: list[Any]) -> Row:
    _web, name, more, chosen = question
    period = select(opened, Period.of(chosen["since"], chosen["until"]), chosen["where"])
    _refuse_few(opened, period, [group for group in (more.get("group"), more.get("against")) if group and ":" in group])
    return QUESTIONS[name](opened, period, **more) | {"as_of": opened.as_of.isoformat()}


def _refuse_few(opened: World, period: Period, groups: list[str]) -> None:
    """Raises UserError where fewer customers than the smallest group were in a circumstance, or spoke of a topic, that is asked for."""
    minimum = opened.home.settings.minimum_group
    chosen = [period.lives] if isinstance(period, Selection) and period.lives is not None else []
    chosen += [Group.of(group).lives(opened) for group in groups]
    for lives in chosen:
        if rows_of(lives.aggregate(n=_.count()))[0]["n"] < minimum:
            raise UserError(f"That was so for fewer than {minimum} customers: what became of so few is not told.")


_looked: dict[Path, tuple[float, str]] = {}


def _made_of(home: Home) -> str:
    """What answers are made of now; looked up at most once a second."""
    at, digest = _looked.get(home.folder, (-1.0, ""))
    if time.monotonic() - at > 1:
        at, digest = time.monotonic(), digest_of(home)
        _looked[home.folder] = at, digest
    return digest
