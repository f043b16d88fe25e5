"""Speed and memory, each beside what a plain DuckDB script by hand takes for the same work in the same run.

Prints a table, writes bench.json, and draws bench-growth.svg. Trust the ratios: times depend on the machine and on who else uses it.
    python bench/run.py [--small]
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
from pathlib import Path

import by_hand
import growth
import material
import pages
import people
import voice
from timing import FIRSTHAND, timed

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Lists with labels, where they are."""
SHOWS = ("summary", "promises", "waits", "map", "outcomes", "measures", "signals", "paths")


def firsthand(*words: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a command of ours."""
    return timed(FIRSTHAND, *words)


def peer(name: str, *paths: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of the same work by hand."""
    return timed(sys.executable, by_hand.__file__, name, *map(str, paths))


def rows(folder: Path, scale: int) -> list[dict[str, object]]:
    """Every figure: what, ours, the peer's, the goal."""
    found = []

    def add(
        what: str, ours: tuple[float, float], theirs: tuple[float, float] | None, goal: str, count: int = 0
    ) -> None:
        row = {"what": what, "seconds": round(ours[0], 2), "megabytes": round(ours[1]), "goal": goal}
        if count:
            row["per_second"] = round(count / ours[0])
        if theirs:
            row |= {"by_hand": round(theirs[0], 2), "ratio": round(ours[0] / theirs[0], 1)}
        found.append(row)
        print(f"{row['what']:<52} {row['seconds']:>8.2f} s {row['megabytes']:>6} MB   by hand {row.get('by_hand', '–'):>6}   "
              f"ratio {row.get('ratio', '–'):>5}   goal {goal}", flush=True)  # fmt: skip

    million = 1_000_000 // scale
    table, mapping = material.orders_csv(folder, million)
    home = str(folder / "home")
    firsthand("init", "--home", home)
    arguments = ("import", str(table), "--as", "csv", "--map", str(mapping), "--home", home)
    by_script = peer("import_csv", table, folder / "by_hand.parquet")
    add(f"import of {million:,} CSV rows", firsthand(*arguments), by_script, ">= 100,000 rows/s, <= 1.5 GB", million)
    add("the same import again", firsthand(*arguments), by_script, "no slower than the first", million)
    log = material.event_log(folder, 80_000 // scale)
    add(f"XES log of {80_000 // scale:,} events", firsthand("import", str(log), "--as", "xes", "--home", home),
        peer("import_xes", log, folder / "log.parquet"), "<= 2 s")  # fmt: skip
    add("firsthand --help", firsthand("--help"), None, "<= 0.3 s")
    people.make(folder, million)
    ours = firsthand("people", "match", str(folder / "people.csv"), "--out", str(folder / "clusters.csv"))
    alone = timed(sys.executable, people.__file__, "splink", str(folder))
    add(f"people match of {million:,} records", ours, alone, "<= 1.2 x Splink alone, <= 2 GB", million)
    for name in ("clusters", "splink"):
        print(
            "    {}: precision {:.4f}, recall {:.4f}, F1 {:.4f}".format(
                name, *people.f1(folder / f"{name}.csv", folder / "truth.csv")
            )
        )
    people.labelled(DATA)
    of_people, new = str(folder / "people-home"), 10_000 // scale
    mapping, more = people.arrivals(folder, new)
    firsthand("init", "--home", of_people)
    for table in (folder / "people.csv", more):
        firsthand("import", str(table), "--as", "csv", "--map", str(mapping), "--home", of_people)
        ours = firsthand("people", "match", "--home", of_people)
        if table != more:
            add(f"people match of a home of {million:,} records, trained", ours, None, "")
    add(f"people match of {new:,} new records against them", ours, None, "<= 15 s")
    sample = folder / "sample"
    add("firsthand demo (what `make demo` does)", firsthand("demo", "--home", str(sample), "--customers", str(20_000 // scale)),
        None, "<= 60 s")  # fmt: skip
    large, count = material.large_home(folder, sample, copies=5)
    add(f"timeline of {count:,} interactions", firsthand("refresh", "--home", str(large)), None, "")
    for name in SHOWS:
        theirs = peer(name, large / "lake" / "timeline") if name in by_hand.QUESTIONS else None
        add(f"show {name} on {count:,}, first asked", firsthand("show", name, "--home", str(large)), theirs, "")
        add(f"show {name} on {count:,}, asked again", firsthand("show", name, "--home", str(large)), theirs, "<= 2 s")
    print(f"pages of the website over {count:,} interactions")
    found += pages.measured(large)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the size, to see that it runs")
    small = parser.parse_args().small
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        found = rows(folder, 10 if small else 1)
        grew = growth.grown(folder, tuple(size // 10 for size in growth.SIZES) if small else growth.SIZES)
        growth.draw(grew, Path("bench-growth.svg"))
        understood = voice.rows(quick=small)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    document = {
        "small": small,
        "peak_of_this_process_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "figures": found,
        "growth": grew,
        "voice": understood,
    }
    Path("bench.json").write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
