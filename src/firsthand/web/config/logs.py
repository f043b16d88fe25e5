"""Logs as JSON lines, without personal data: an address's query and what users typed are left out."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """One JSON object per line: at, level, logger, message; of an error its type and where, not what it says."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": str(record.msg) if record.exc_info else record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _error, trace = record.exc_info
            told["error"] = kind.__name__ if kind else None
            frames = []
            while trace is not None:
                frames.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
                trace = trace.tb_next
            told["where"] = frames[-8:]
        return json.dumps(told, ensure_ascii=False)
