"""Reading comments, finding themes and learning from labels, in the background."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django_tasks import task

from firsthand.errors import UserError
from firsthand.jobs.home import Home, open_home
from firsthand.jobs.ingredients import of_timeline
from firsthand.jobs.voice_tables import read_at_all
from firsthand.lake import version
from firsthand.tables import Readings, SentimentModels, ThemesFound, VoiceModels
from firsthand.voice import installed
from firsthand.web.figures.answers import AWAITED

Row = dict[str, Any]
READ_OF = "voice-read-of"


@task()
def read_comments() -> Row | None:
    """Reads what was not read yet and sorts it by the home's topics, as `firsthand voice read` does; finds themes the first time.

    None where nothing has changed since it was last done, or the extra `voice` is not installed.
    """
    home = open_home(settings.HOME)
    if not installed() or cache.get(READ_OF) == _made_of(home):
        return None
    found = _read(home)
    if found["comments"] and version(home.lake, ThemesFound.table_name) is None:
        find_themes.enqueue()
    return found


@task()
def find_themes() -> int | None:
    """Looks for themes, if comments were read since; returns how many there are. None where no comment was read yet."""
    home = open_home(settings.HOME)
    if not installed() or not read_at_all(home):
        return None
    from firsthand.jobs.find_themes import find_themes as find

    return len(find(home)["themes"])


@task(priority=AWAITED)
def learn(user: int) -> Row:
    """Trains topics and sentiment on the home's labels, then reads again with what was taken.

    Returns `topics` and `sentiment`: what became of each, as jobs.topic_models.train tells it, or `wrong` in words.
    """
    from firsthand.jobs.sentiment_models import train_sentiment
    from firsthand.jobs.topic_models import train
    from firsthand.web.accounts.models import User

    home, by = open_home(settings.HOME), User.objects.get(pk=user).email
    found: Row = {}
    for about, trained in (("topics", train), ("sentiment", train_sentiment)):
        try:
            row = trained(home, by=by)
            found[about] = {key: row[key] for key in ("labels", "accuracy", "low", "high", "taken")}
        except UserError as wrong:
            found[about] = {"wrong": str(wrong)}
    if any(row.get("taken") for row in found.values()):
        _read(home)
    return found


def _read(home: Home) -> Row:
    from firsthand.jobs.read_comments import read_comments as read
    from firsthand.jobs.sentiment_models import reader_of

    found = read(home, reader_of(home))
    cache.set(READ_OF, _made_of(home), None)
    return found


def _made_of(home: Home) -> str:
    """What readings are made of now, as one short text."""
    models = {
        table.table_name: version(home.lake, table.table_name) for table in (VoiceModels, SentimentModels, Readings)
    }
    topics = home.topics_file.read_bytes() if home.topics_file.is_file() else b""
    told = [of_timeline(home), models, hashlib.sha256(topics).hexdigest(), home.settings.encoder]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
