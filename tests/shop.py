"""A small shop that many tests ask: four orders of three people, promises, and a map."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from firsthand.cli import command
from firsthand.jobs.home import Home

MAPPING = """
source: shop
interactions:
  - id: {column: order}
    occurred_at: {column: placed}
    event: {constant: Ordered}
    channel: {constant: web}
    identifiers: {email: {column: mail}}
    subjects: {order: {column: order}}
    amount: {column: total}
    circumstances: {spent: {column: total}}
  - id: {column: order}
    occurred_at: {column: placed}
    event: {constant: Promised}
    identifiers: {email: {column: mail}}
    promise_id: {column: order}
    promised_for: {column: promised}
    promise_state: {constant: made}
  - id: {column: order}
    occurred_at: {column: delivered}
    event: {constant: Delivered}
    identifiers: {email: {column: mail}}
    promise_id: {column: order}
    promise_state: {constant: kept}
    when: {column: delivered, is_not: ""}
"""
ORDERS = """order,placed,mail,total,promised,delivered,region
1,2026-01-05T10:00,ada@example.com,10.50,2026-01-08,2026-01-08T20:00,north
2,2026-01-06T10:00,ben@example.com,20.00,2026-01-09,2026-01-12T09:00,south
3,2026-03-01T10:00,ada@example.com,30.00,2026-03-05,,north
4,2026-03-30T10:00,cleo@example.com,40.00,2026-04-05,,south
"""
MAP = """
stages: [buy, receive]
teams: {logistics: {address: l@example.com}}
touchpoints:
  - {name: ordered, stage: buy, kind: purchase, rules: [{event: Ordered}]}
  - {name: promised, stage: receive, kind: promise, owner: logistics, rules: [{event: Promised}], standard: {promise: kept}}
  - {name: delivered, stage: receive, kind: delivery, owner: logistics, rules: [{event: Delivered}]}
journeys:
  - {name: get it, path: [ordered, promised, delivered], within_days: 7}
"""


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(command, [*words, "--home", str(home.folder)])


def shown(home: Home, *words: str) -> Any:
    done = run(home, *words, "--json", "--as-of", "2026-03-31")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)
