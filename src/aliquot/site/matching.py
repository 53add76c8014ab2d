"""How is it proposed who reviews what, without a page that waits for ever? In a process of its own, within bounds of time and room.

A proposal decides nothing: a chair changes it and writes it. Where no solver is installed, or the time is not enough, that
is the answer. Run as a program this module is that process; it imports nothing of the site.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from enum import Enum
from importlib.util import find_spec

from aliquot.fault import Fault, bug
from aliquot.reviews import Pair, Problem

SECONDS_MOST = 20
BYTES_MOST = 4 * 2**30


class End(Enum):
    """How a proposal ended."""

    FOUND = "found"
    IMPOSSIBLE = "impossible"
    TOO_LONG = "too long"
    NO_SOLVER = "no solver"


@dataclass(frozen=True, slots=True)
class Proposed:
    """Who would review what, and whether it is proven that nothing is better; or why there is nothing."""

    end: End
    assignment: tuple[Pair, ...] = ()
    proven: bool = False
    why: tuple[Fault, ...] = ()


def propose(problem: Problem, *, seconds: int = SECONDS_MOST) -> Proposed:
    """Return the best assignment that is found in that time; `r` and `v` of a fault are a request and a reviewer."""
    if find_spec("highspy") is None:
        return Proposed(End.NO_SOLVER)
    told = asdict(problem) | {"conflicts": sorted(problem.conflicts)}
    asked = json.dumps({"problem": told, "seconds": seconds}).encode()
    try:
        done = subprocess.run(  # noqa: S603 - this file, run by this Python
            [sys.executable, "-I", __file__], input=asked, capture_output=True, timeout=seconds + 10, check=False, env={}
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Proposed(End.TOO_LONG)
    if done.returncode < 0 or b"MemoryError" in done.stderr:  # the bounds ended it
        return Proposed(End.TOO_LONG)
    return _read(done.stdout) if done.returncode == 0 else bug(done.stderr[-2000:].decode("utf-8", "replace"))


def _read(answer: bytes) -> Proposed:
    told = json.loads(answer.splitlines()[-1])  # the solver's own code may print before it
    pairs = tuple((r, v) for r, v in told["assignment"])
    why = tuple(
        Fault(one["where"], one["what"], one["todo"], tuple(map(tuple, one["values"]))) for one in told["why"]
    )
    if why:
        return Proposed(End.IMPOSSIBLE, why=why)
    if not pairs and told["end"] == "time_limit":
        return Proposed(End.TOO_LONG)
    return Proposed(End.FOUND, pairs, told["end"] == "optimal")


# -- the process of its own ----------------------------------------------------------------------------------


def _bound(seconds: int) -> None:
    """Let the system end this process when it takes too long or too much."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 10, seconds + 10))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the bound on addresses does not hold
        resource.setrlimit(resource.RLIMIT_AS, (BYTES_MOST, BYTES_MOST))


def _answer(asked: bytes) -> str:
    from aliquot.allocator import assigning

    told, began = json.loads(asked), time.monotonic()
    _bound(told["seconds"])
    given = told["problem"]
    pairs = {name: tuple(map(tuple, given[name])) for name in ("affinity", "conflicts", "fixed")}
    loads = {name: tuple(given[name]) for name in ("min_load", "max_load")}
    problem = Problem(**{**given, **pairs, **loads, "conflicts": frozenset(pairs["conflicts"])})
    found = assigning.assign(problem, lambda: told["seconds"] - (time.monotonic() - began))
    return json.dumps(
        {"end": found.end.value, "assignment": found.assignment, "why": [asdict(one) for one in found.why]}
    )


if __name__ == "__main__":
    sys.stdout.write(f"\n{_answer(sys.stdin.buffer.read())}\n")
