"""Timeline and paths at one to ten million interactions, each beside hand-written SQL over the same files.

python bench/growth.py HOME   # the figures of one home, as JSON
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import material

SIZES = (1_000_000, 2_000_000, 5_000_000, 10_000_000)
PER_CUSTOMER = 17
ARRIVE = 10_000
LIMITS = {"timeline": 60.0, "after 10,000 more": 10.0, "process map": 0.5, "funnel": 1.0, "one person": 0.05}
BY_HAND = {
    "process map": """
        SELECT touchpoint, next_touchpoint, count(*), count(DISTINCT life), median(gap_seconds), quantile_cont(gap_seconds, 0.9)
        FROM timeline WHERE life > 0 AND next_touchpoint IS NOT NULL GROUP BY ALL""",
    "funnel": """
        WITH cart AS (SELECT life, min(occurred_at) AS at_ FROM timeline WHERE touchpoint = 'cart' AND life > 0 GROUP BY 1),
        bought AS (SELECT life, min(t.occurred_at) AS at_ FROM timeline t JOIN cart USING (life) WHERE touchpoint = 'bought' AND t.occurred_at > cart.at_ GROUP BY 1),
        got AS (SELECT life, min(t.occurred_at) AS at_ FROM timeline t JOIN bought USING (life) WHERE touchpoint = 'delivered' AND t.occurred_at > bought.at_ GROUP BY 1)
        SELECT (SELECT count(*) FROM cart), (SELECT count(*) FROM bought), (SELECT count(*) FROM got)""",
    "one person": "SELECT * FROM timeline WHERE life = (SELECT min(life) FROM timeline WHERE life > 0) ORDER BY step",
}


def seconds(question: Callable[[], Any]) -> float:
    """How long the second of two askings takes: a process that is running."""
    question()
    begun = time.perf_counter()
    question()
    return time.perf_counter() - begun


def figures(home: Path) -> dict[str, Any]:
    """Seconds of each question, and of the same by hand; peak megabytes of making the timeline."""
    from firsthand.jobs.figures import Period
    from firsthand.jobs.funnel_figures import funnel_figures
    from firsthand.jobs.home import open_home
    from firsthand.jobs.path_figures import travels
    from firsthand.jobs.person import person
    from firsthand.jobs.refresh import refresh
    from firsthand.jobs.timeline_files import layers, timeline_of
    from firsthand.jobs.world import rows_of, world
    from firsthand.journeys.paths import edges

    opened = open_home(home)
    begun = time.perf_counter()
    refresh(opened)
    ours = {"timeline": time.perf_counter() - begun}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with world(opened) as seen:
        con = seen.connection.con
        seen.connection.create_view("by_hand", timeline_of(seen.connection, *layers(opened)))
        someone = con.execute("SELECT arg_min(customer_id, life) FROM by_hand WHERE life > 0").fetchall()[0][0]
        ours["process map"] = seconds(lambda: rows_of(edges(travels(seen, Period()))))
        ours["funnel"] = seconds(lambda: funnel_figures(seen, ["cart", "bought", "delivered"]))
        ours["one person"] = seconds(lambda: person(opened, someone))
        hand = {
            name: seconds(lambda sql=sql: con.execute(sql.replace("FROM timeline", "FROM by_hand")).fetchall())
            for name, sql in BY_HAND.items()
        }
    material.add_to(home, ARRIVE, 600_000, "more")
    begun = time.perf_counter()
    refresh(opened)
    ours["after 10,000 more"] = time.perf_counter() - begun
    return {"ours": ours, "by_hand": hand, "megabytes": peak}


def grown(folder: Path, sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """The figures of homes of each size, each in a process of its own; prints them, and draws their growth."""
    found = []
    for size in sizes:
        home = material.long_home(folder, size, size // PER_CUSTOMER)
        done = subprocess.run([sys.executable, __file__, str(home)], capture_output=True, text=True, check=True)
        row = json.loads(done.stdout) | {"interactions": size}
        found.append(row)
        for name, taken in row["ours"].items():
            hand = row["by_hand"].get(name)
            beside = f"by hand {hand:>7.2f}   ratio {taken / hand:>4.1f}" if hand else " " * 29
            print(
                f"{name + f' of {size:,}':<52} {taken:>8.2f} s {row['megabytes']:>6} MB   {beside}   goal {LIMITS[name]:g} s at 10,000,000",
                flush=True,
            )
    return found


def draw(found: list[dict[str, Any]], out: Path) -> None:
    """Seconds by size, a line for each question; a straight line is linear growth."""
    import altair

    rows = [
        {"interactions": row["interactions"], "what": name, "seconds": taken}
        for row in found
        for name, taken in row["ours"].items()
    ]
    chart = altair.Chart(altair.Data(values=rows)).mark_line(point=True).encode(
        altair.X("interactions:Q").title("interactions"), altair.Y("seconds:Q").title("seconds"), altair.Facet("what:N", columns=3).title(None)
    ).resolve_scale(y="independent").properties(width=220, height=160, title="Growth")  # fmt: skip
    chart.save(str(out))


if __name__ == "__main__":
    print(json.dumps(figures(Path(sys.argv[1]))))
