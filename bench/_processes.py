"""Whole processes, measured each alone."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One process: how long it took, on the clock and of the processor, its peak memory, what it printed."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    out: bytes


def run(words: list) -> Run:
    """Run a process to its end and measure it alone."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in words], stdout=out, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
        out.seek(0)
        return Run(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out.read())
