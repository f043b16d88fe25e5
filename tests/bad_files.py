"""Orders with faults in them, and the mapping that they are read by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from firsthand.cli import command
from firsthand.jobs.home import Home

MAPPING = """\
source: shop
interactions:
  - id: {column: order}
    occurred_at: {column: placed, format: "%d.%m.%Y"}
    event: {constant: Order Completed}
    identifiers: {customer_number: {column: customer}}
    amount: {column: total}
"""
HEADER = "order,placed,customer,total\n"
GOOD = "1,31.01.2026,ada,10\n"
TRACK = '{"messageId": "m%d", "type": "track", "event": "Seen", "timestamp": "2026-01-01T10:00:00Z", "userId": "ada"}\n'


def csv_file(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def command_line(home: Home, path: Path, name: str, mapping: Path | None = None) -> tuple[int, dict[str, Any]]:
    """Exit status and document of `firsthand import`; anything but a clean exit fails."""
    arguments = ["import", str(path), "--as", name, "--home", str(home.folder), "--json"]
    result = CliRunner().invoke(command, [*arguments, "--map", str(mapping)] if mapping else arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout)
