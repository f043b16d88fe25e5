"""Comments on parcels and staff, a list of topics for them, and the commands of the voice as documents."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import UserError
from firsthand.jobs.home import Home

TOPICS = """\
topics:
  - name: delivery
    description: Whether and when the parcel arrived, the driver, the state of the package
  - name: staff
    description: Employees, how friendly and competent they are, help on the phone
"""
PARCEL = ("The parcel came a week late.", "My package arrived broken.", "The driver left the parcel in the rain.",
          "Das Paket kam viel zu spät.", "Delivery took three weeks.")  # fmt: skip
STAFF = ("The lady on the phone was very friendly.", "Your employee helped me at once.", "Sehr freundliche Mitarbeiter am Telefon.",
         "Polite and competent staff.", "The colleague in the shop was kind.")  # fmt: skip


def run(*words: str, home: Home | None = None) -> Any:
    """The document that a command prints."""
    done = CliRunner().invoke(command, [*words, "--json", *(["--home", str(home.folder)] if home else [])])
    if isinstance(done.exception, UserError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)
