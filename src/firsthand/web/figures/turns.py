"""Answers are worked out one at a time, since each takes all cores; once, however many ask; and nobody waits for long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from django.conf import settings

from firsthand.errors import Busy

FOR_OTHERS = 5.0
"""How many seconds a visitor waits while something else is being worked out."""
_working = threading.Lock()
_looking = threading.Lock()
_under_way: dict[str, Future[Any]] = {}


def in_turn(key: str, work: Callable[[], Any]) -> Any:
    """What work makes. key: what tells it from other work.

    Raises Busy where it takes longer than visitors wait (settings.PATIENCE): it goes on, and whoever comes back finds it done.
    """
    with _looking:
        future = _under_way.get(key)
        alone = not _working.locked() and not _under_way
        if future is None:
            future = _under_way[key] = Future()
            threading.Thread(target=_work, args=(key, future, work), daemon=True).start()
    try:
        return future.result(timeout=settings.PATIENCE if alone else min(FOR_OTHERS, settings.PATIENCE))
    except TimeoutError:
        if future.done():
            raise
        raise Busy from None


def _work(key: str, future: Future[Any], work: Callable[[], Any]) -> None:
    with _working:
        try:
            future.set_result(work())
        except BaseException as wrong:
            future.set_exception(wrong)
        finally:
            with _looking:
                del _under_way[key]
