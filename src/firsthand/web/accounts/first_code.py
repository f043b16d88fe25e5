"""The code of the first start: only who can read the home may be the first administrator."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from django.http import HttpRequest

FILE = "first-start.code"
PROXIES = ("HTTP_X_FORWARDED_", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
"""How the headers begin that a proxy adds."""


def code_of(folder: Path) -> str:
    """The code of a home; made when it is first needed, and only the home's owner may read it."""
    file = folder / FILE
    with (
        suppress(FileExistsError),
        os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out,
    ):
        out.write(secrets.token_urlsafe(12) + "\n")
    return file.read_text("ascii").strip()


def forget_code(folder: Path) -> None:
    (folder / FILE).unlink(missing_ok=True)


def from_this_machine(request: HttpRequest) -> bool:
    """Whether a visitor sits at the machine itself: no proxy stands between."""
    if any(name.startswith(PROXIES) for name in request.META):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
