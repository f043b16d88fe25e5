"""From nothing to a report: the sample company's exports are written, imported, and shown."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from firsthand.demo.company import AS_OF, NAME, TIMEZONE, make_company
from firsthand.demo.exports import IMPORTS, write_exports
from firsthand.jobs.find_themes import find_themes
from firsthand.jobs.home import Home, create_home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.read_comments import read_comments
from firsthand.jobs.refresh import refresh
from firsthand.jobs.voice_models import open_reader
from firsthand.sources import format_named
from firsthand.voice import installed


def build(folder: Path, *, customers: int, seed: int, say: Callable[[str], object]) -> Home:
    """A home with the sample company in it. Everything comes in through the public import.

    Raises HomeError where there is a home already.
    """
    home = create_home(folder, name=NAME, timezone=TIMEZONE, currency="EUR", country="DE", as_of=AS_OF)
    exports = folder / "exports"
    say(f"Two years of {NAME}, {customers:,} customers: writing what its systems export …")
    write_exports(make_company(customers, seed), exports)
    for name in (home.map_file.name, "topics.yaml"):
        shutil.copyfile(exports / name, folder / name)
    for format_name, file, mapping in IMPORTS:
        chosen = format_named(format_name)
        mapping_file = exports / "mappings" / mapping if mapping else None
        tally = import_files(home, [exports / file], chosen, mapping_file=mapping_file)
        said = f"  {file}: {tally.accepted:,} interactions"
        say(said + (f", {tally.rejected.total():,} rejected" if tally.rejected else ""))
    say("Finding out who is who, and putting each life in order …")
    refresh(home)
    if installed():
        say("Reading what customers wrote …")
        read_comments(home, open_reader())
        find_themes(home)
    else:
        say("What customers wrote is not read: that needs more packages (pip install 'firsthand[voice]').")
    return home
