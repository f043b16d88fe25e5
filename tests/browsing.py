"""A website over a home in a process of its own, and a browser to look at it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from firsthand.jobs.home import Home

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SHOTS = Path(__file__).resolve().parents[1] / "build" / "screenshots"
PATIENCE = 300_000
"""How long a page may take whose answers are worked out for the first time, ms."""


def website(*words: str, home: Home) -> str:
    """What a command of the website prints."""
    told = subprocess.run([sys.executable, "-m", "firsthand.web.run", *words, "--home", str(home.folder)], check=True, capture_output=True, text=True)  # fmt: skip
    return told.stdout


def somebody(home: Home, role: str, **told: str) -> tuple[str, str]:
    """Adds a user; returns the address and the password."""
    mail = f"{role}@example.org"
    more = [word for key, value in told.items() for word in (f"--{key}", value)]
    return mail, json.loads(website("user", "add", mail, "--role", role, *more, "--json", home=home))["password"]


@contextmanager
def served(home: Home) -> Iterator[str]:
    """The website while it runs; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = subprocess.Popen(
        [sys.executable, "-m", "firsthand.web.run", "site", "--home", str(home.folder), "--port", str(port)],
        env=os.environ | {"FIRSTHAND_PATIENCE": str(PATIENCE / 1000)},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=5).read()
                break
            except (urllib.error.URLError, OSError):
                assert site.poll() is None, "the website did not start"
                time.sleep(0.1)
        yield address
    finally:
        site.terminate()
        site.wait(20)


@dataclass
class Visit:
    """Somebody's browser window: what went wrong in it is in `faults`."""

    page: Any
    address: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Opens an address of the website; returns the status."""
        answer = self.page.goto(self.address + path)
        return int(answer.status)

    def log_in(self, mail: str, password: str) -> None:
        self.open("/accounts/login/")
        self.page.locator("[name=login]").fill(mail)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main button").first.click()
        self.page.wait_for_load_state()


@contextmanager
def visiting(
    address: str, *, width: int = 1280, height: int = 900, language: str = "en", dark: bool = False
) -> Iterator[Visit]:
    """A window of its own, in which every console error and every request to another host is a fault."""
    if not CHROMIUM:
        pytest.skip("no chromium is installed: .ci/run installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        window = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, color_scheme="dark" if dark else "light"
        )
        visit = Visit(window.new_page(), address)
        visit.page.set_default_timeout(PATIENCE)
        visit.page.on("console", lambda said: visit.faults.append(said.text) if said.type == "error" else None)
        visit.page.on("pageerror", lambda error: visit.faults.append(str(error)))
        visit.page.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else visit.faults.append(f"asked {asked.url}"))  # fmt: skip
        try:
            yield visit
        finally:
            browser.close()
