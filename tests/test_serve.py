"""The website and its work as one command: whoever stops it stops all of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from firsthand.jobs.home import Home

pytest.importorskip("django", reason="the extra web is not installed")


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def started(home: Home, command: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A command of the website once it answers, and its address; in a session of its own, which a terminal that closes ends
    (these tests may themselves run without one)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    words = [sys.executable, "-m", "firsthand.web.run", command, "--home", str(home.folder), "--port", str(port)]
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    hang_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    signal.signal(signal.SIGHUP, hang_up)
    try:
        while not answers(f"{address}/healthz"):
            assert process.poll() is None, "it did not start"
            time.sleep(0.1)
        yield process, address
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


@pytest.mark.parametrize("stopped_by", [signal.SIGTERM, signal.SIGHUP], ids=["stopped", "terminal closed"])
def test_nothing_of_the_website_is_left_when_it_is_stopped(home: Home, stopped_by: signal.Signals) -> None:
    with started(home, "serve") as (serving, address):
        serving.send_signal(stopped_by)  # to it alone, as when its parts ignore it
        assert serving.wait(60) == 0
    assert not answers(f"{address}/healthz")
    with pytest.raises(ProcessLookupError):
        os.killpg(serving.pid, 0)


def test_the_first_visitor_of_a_new_home_comes_to_pages_that_look_into_the_lake(home: Home) -> None:
    with started(home, "site") as (serving, address):
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        form = visitor.open(f"{address}/welcome/", timeout=60).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token
        told = {"organisation": "Acme", "name": "Ada", "email": "ada@example.org", "password": "a very long password"}
        sent = urllib.parse.urlencode(told | {"csrfmiddlewaretoken": token[1]}).encode()
        with visitor.open(
            urllib.request.Request(f"{address}/welcome/", sent, {"Referer": f"{address}/welcome/"}), timeout=60
        ) as page:
            assert (page.status, page.url) == (200, f"{address}/")
        with visitor.open(f"{address}/data/", timeout=60) as page:
            assert page.status == 200
        serving.terminate()
        assert serving.wait(60) == 0
