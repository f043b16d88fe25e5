"""Commands in processes of their own: how long they take, and how much memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

FIRSTHAND = str(Path(sys.executable).with_name("firsthand"))


def timed(*command: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a command in a process of its own."""
    before = time.perf_counter()
    code = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024); sys.exit(done.returncode)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    return time.perf_counter() - before, float(done.stdout)
