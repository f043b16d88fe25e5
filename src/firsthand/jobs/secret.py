"""The home's secret: what the hashes of the forgotten are keyed by."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from firsthand.errors import HomeError
from firsthand.jobs.home import Home
from firsthand.lake import files
from firsthand.tables import Forgotten

FILE = "secret.key"


def keyed(home: Home) -> Callable[..., str]:
    """The keyed hash of this home (see keyed_hash). Its secret is made when it is first needed; only its owner may read it.

    Raises HomeError where it is lost though somebody was forgotten: then those would come back unseen.
    """
    file = home.folder / FILE
    if not file.is_file():
        if files(home.lake, Forgotten.table_name):
            raise HomeError(f"{file} is not there, and without it who was forgotten cannot be known again. Bring it back from a backup of the home.")  # fmt: skip
        written = file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(32) + "\n")
        with suppress(FileExistsError):  # another process was faster: its secret holds
            os.link(written, file)
        written.unlink()
    try:
        secret = bytes.fromhex(file.read_text("ascii").strip())
    except ValueError as wrong:
        raise HomeError(f"{file} is not what was written there (64 hexadecimal digits). Bring it back from a backup of the home.") from wrong  # fmt: skip
    return partial(keyed_hash, secret)


def keyed_hash(secret: bytes, what: str, *parts: str) -> str:
    """HMAC-SHA256 of a value as 64 hexadecimal digits: known again by who has the secret, and told from by nobody else.

    what: the sort of value, so that equal values of two sorts have different hashes.
    """
    return hmac.digest(secret, "\x1f".join((what, *parts)).encode(), "sha256").hex()
