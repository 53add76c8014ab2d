"""Ages: warm requests, many means at once, a fresh process; beside what IsoplotR 6.8.5 took on such a machine.

    python bench/chronology.py [--rounds 7]

A request is the whole of `aliquot age` without its files: fields, rows and errors read, line fitted, age and label made.
Times are CPU time, which on a quiet machine is what one waits, and on a busy one what can be compared. IsoplotR's are of
R 4.2.2 on the same kind of machine (two cores, AMD EPYC), without a plot.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from aliquot.chronology import means, requests

ERRORS = {"level": "1s", "kind": "absolute"}
Request = dict[str, object]


def main() -> None:
    """Measure each task by turns and print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=7)
    rounds = options.parse_args().rounds
    chance = random.Random(1971)
    line, lead = _rubidium(chance), _lead(chance)
    ages, sds = np.random.default_rng(1971).normal(3300, 20, (10_000, 30)), np.full((10_000, 30), 20.0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "request.json"
        file.write_text(json.dumps(line), encoding="utf-8")
        command = [Path(sys.executable).with_name("aliquot"), "age", file, "--json"]
        # What is measured, how often in a round, IsoplotR's time and what is wanted, in ms.
        ways: dict[str, tuple[Callable[[], object], int, str, float]] = {
            "Rb-Sr isochron, model 1, 17 points": (lambda: _answer(line), 200, "0.95", 0.5),
            "the same, model 2": (lambda: _answer(line | {"model": 2}), 200, "3.3", 5),
            "the same, model 3": (lambda: _answer(line | {"model": 3}), 50, "32", 5),
            "Pb-Pb isochron, model 1, 18 points": (lambda: _answer(lead), 100, "3.3", 1),
            "the same Pb-Pb, model 3": (lambda: _answer(lead | {"model": 3}), 50, "13", 5),
            "weighted mean with outlier test, 28 ages": (
                lambda: _answer(_ages(ages[0, :28])),
                200,
                "0.17",
                0.5,
            ),
            "the same, random effects": (
                lambda: _answer(_ages(ages[0, :28]) | {"random_effects": True}),
                50,
                "7.2",
                5,
            ),
            "10,000 means of 30 ages, vectorised": (lambda: means.fixed_many(ages, sds), 3, "", 1000),
            "a fresh process, Rb-Sr isochron": (lambda: _fresh(command), 1, "200 to 260", 500),
        }
        taken: list[list[float]] = [[] for _ in ways]
        for _ in range(rounds):
            for at, (way, times, _, _) in enumerate(ways.values()):
                way()
                start = _spent()
                for _ in range(times):
                    way()
                taken[at].append((_spent() - start) / times * 1000)
    _print(ways, taken)


def _spent() -> float:
    """Return the CPU seconds of this process and of those that it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _rubidium(chance: random.Random) -> Request:
    rows = []
    for at in range(17):
        x = 0.008 + 0.01 * at
        rows.append([x, 0.0006, 0.6992 + 0.0649 * x + chance.gauss(0, 0.00018), 0.0001])
    columns = ["Rb87Sr86", "s_Rb87Sr86", "Sr87Sr86", "s_Sr87Sr86"]
    return {"task": "isochron", "clock": "Rb-Sr", "columns": columns, "rows": rows, "errors": ERRORS}


def _lead(chance: random.Random) -> Request:
    rows = []
    for at in range(18):
        x = 0.0005 + 0.0005 * at
        rows.append([x, 0.01 * x, 0.6247 + 4.25 * x + chance.gauss(0, 0.0002), 0.0001 + 0.004 * x, 0.9])
    columns = ["Pb204Pb206", "s_Pb204Pb206", "Pb207Pb206", "s_Pb207Pb206", "rho"]
    return {"task": "isochron", "clock": "Pb-Pb", "columns": columns, "rows": rows, "errors": ERRORS}


def _ages(ages: np.ndarray) -> Request:
    rows = [[float(age), 15.0] for age in ages]
    return {
        "task": "mean",
        "columns": ["age", "s_age"],
        "rows": rows,
        "errors": ERRORS,
        "outlier_test": "chauvenet",
    }


def _answer(request: Request) -> None:
    found = requests.answer(request)
    age = found.get("age_ma")
    if not isinstance(age, float) or not math.isfinite(age):
        raise SystemExit(f"no age was found: {found.get('error')}")


def _fresh(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _print(ways: dict[str, tuple[Callable[[], object], int, str, float]], taken: list[list[float]]) -> None:
    print("| task | ms | IsoplotR, ms | wanted, ms |\n|---|---|---|---|")
    for (name, (_, _, other, wanted)), each in zip(ways.items(), taken, strict=True):
        print(f"| {name} | {statistics.median(each):.3g} | {other} | {wanted:g} |")


if __name__ == "__main__":
    main()
