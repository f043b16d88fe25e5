"""Pages of the website over a home: the server's time for each, asked for the first time and warm, and what a first visit carries.

python bench/pages.py HOME
"""

from __future__ import annotations

import gzip
import json
import os
import re
import statistics
import sys
import time
from pathlib import Path

PAGES = (
    "/", "/map/", "/journeys/", "/journeys/variants/", "/journeys/designed/", "/customers/", "/voice/", "/promises/",
    "/waits/", "/measures/", "/measures/?measure=nps", "/signals/", "/data/",
)  # fmt: skip
WARM = 20


def measured(home: Path) -> list[dict[str, object]]:
    """A row for each page: seconds first asked, median and 95th percentile in milliseconds warm, kilobytes of a first visit."""
    from firsthand.web.config.start import migrate, set_up

    os.environ |= {"DATABASE_URL": f"sqlite:///{home}/bench.db", "FIRSTHAND_PATIENCE": "3600"}
    migrate(set_up(home))
    from django.conf import settings
    from django.test import Client

    from firsthand.web.accounts.models import User

    client = Client(HTTP_HOST="localhost")
    person, _made = User.objects.get_or_create(email="bench@example.org", defaults={"role": "administrator"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    rows = []
    for page in PAGES:
        begin = time.perf_counter()
        answer = client.get(page)
        first = time.perf_counter() - begin
        if answer.status_code != 200:
            print(f"{page}: status {answer.status_code}")
            continue
        took = [_milliseconds(client, page) for _ in range(WARM)]
        row = {
            "page": page, "first_seconds": round(first, 2), "median_ms": round(statistics.median(took)),
            "p95_ms": round(sorted(took)[int(WARM * 0.95) - 1]), "first_visit_kb": round(_carried(client, answer.content) / 1024),
        }  # fmt: skip
        rows.append(row)
        print(f"{page:<28} first {row['first_seconds']:>7} s   warm median {row['median_ms']:>5} ms, p95 {row['p95_ms']:>5} ms   "
              f"first visit {row['first_visit_kb']:>4} KB   goal p95 <= 500 ms, <= 120 KB", flush=True)  # fmt: skip
    return rows


def _milliseconds(client: object, page: str) -> float:
    begin = time.perf_counter()
    client.get(page)  # type: ignore[attr-defined]
    return 1000 * (time.perf_counter() - begin)


def _carried(client: object, page: bytes) -> int:
    """Compressed bytes of a page, with its style sheet, scripts and pictures."""
    from django.contrib.staticfiles import finders

    whole = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    parts = set(re.findall(rb'(?:href|src)="/static/([^"]+)"', whole))
    files = [Path(str(finders.find(part.decode()))).read_bytes() for part in parts]
    return sum(len(gzip.compress(each)) for each in (whole, *files))


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]))))
