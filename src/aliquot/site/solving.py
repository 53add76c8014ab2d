"""How is a plan computed without holding the site up? In a process of its own, within bounds of time and room.

The process gets a job as JSON and gives a line of JSON for each answer. It knows the library alone: neither the database nor
the network is there. Killed, it leaves the lines that it has given; nothing else. Run as a program this module is that
process; it imports nothing of the site.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aliquot.allocations import Instance

BYTES_MOST = 4 * 2**30
BEYOND = 20  # seconds that reading, explaining and writing may take beside the search
Job = Mapping[str, object]
Answer = dict[str, object]


def start() -> subprocess.Popen[bytes]:
    """Start a process that does one job, which `wait` gives it the first time."""
    return subprocess.Popen(  # noqa: S603 - this file, run by this Python
        [sys.executable, "-I", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        start_new_session=True,
    )


def wait(process: subprocess.Popen[bytes], job: Job | None, *, seconds: float) -> list[Answer] | None:
    """Return what the process gave once it has ended; None where it is still at work after so many seconds."""
    given = None if job is None else json.dumps(job).encode()
    try:
        said, _ = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    return [json.loads(line) for line in said.splitlines() if line.endswith(b"}")]


def stop(process: subprocess.Popen[bytes]) -> list[Answer]:
    """End a process that takes too long, and return what it has given."""
    process.kill()
    said, _ = process.communicate()
    return [json.loads(line) for line in said.splitlines() if line.endswith(b"}")]


def do(job: Job, *, seconds: float) -> list[Answer]:
    """Do a job and return what was given within so many seconds."""
    process = start()
    found = wait(process, job, seconds=seconds)
    return stop(process) if found is None else found


# -- the process of its own ----------------------------------------------------------------------------------


def _bound(seconds: float) -> None:
    """Let the system end this process when it takes too long or too much."""
    import resource

    most = int(2 * seconds) + BEYOND  # the solver may use two threads
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the bound on addresses does not hold
        resource.setrlimit(resource.RLIMIT_AS, (BYTES_MOST, BYTES_MOST))
    os.nice(5)


def _answers(job: Job) -> Iterator[Answer]:
    from aliquot import allocation_read
    from aliquot.allocator import answers, explain, plans

    began = time.monotonic()
    instance = allocation_read.instance(str(job["instance"]).encode())
    pins = allocation_read.pins(json.dumps(job["pins"]).encode(), instance)
    seconds = float(str(job["seconds"]))
    if "points" not in job:
        outcome = plans.allocate(
            instance, plans.Options(seconds=seconds), lambda: time.monotonic() - began, pins
        )
        told = () if outcome.conflict else explain.explain(instance, outcome.grants, frozenset(pins.refuse))
        yield answers.document(instance, outcome) | {
            "explanations": answers.explanations(instance, told, values=True),
            "software": _software(),
        }
        return
    for point in job["points"]:  # type: ignore[attr-defined]
        changed = _changed(instance, point)
        left = max(seconds - (time.monotonic() - began), 0.1)
        start_of_point = time.monotonic()
        outcome = plans.allocate(changed, plans.Options(seconds=left, stages=1),
                                 lambda start_of_point=start_of_point: time.monotonic() - start_of_point, pins)  # type: ignore[misc]  # fmt: skip
        yield answers.document(changed, outcome) | {"point": point}


def _changed(instance: Instance, point: Mapping[str, Any]) -> Instance:
    """Return the instance with one thing changed: more of a sample, a cap with another limit, one more cap on each."""
    from aliquot import allocation_changes
    from aliquot.allocations import Measure

    if "sample" in point:
        return allocation_changes.with_more(instance, point["sample"], point["ug"])
    if "cap" in point:
        return allocation_changes.with_cap(instance, point["cap"], point["limit"])
    if point["limit"] is None:
        return instance
    return allocation_changes.with_cap_on_each(instance, point["each"], Measure.GRANTS, point["limit"])


def _software() -> dict[str, str]:
    from importlib.metadata import version

    from aliquot import __version__

    return {"aliquot": __version__} | {name: version(name) for name in ("highspy", "numpy")}


def _main() -> None:
    job = json.load(sys.stdin)
    _bound(float(job["seconds"]))
    ours = os.dup(1)  # the solver's own code prints to standard output what is no part of the answer
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    with os.fdopen(ours, "w") as out:
        for answer in _answers(job):
            out.write(json.dumps(answer, separators=(",", ":")) + "\n")
            out.flush()


if __name__ == "__main__":
    _main()
