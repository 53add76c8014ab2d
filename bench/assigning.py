"""Assigning reviewers: whole processes of `aliquot assign`, by default for 200 requests x 3 over 30 reviewers.

    python bench/assigning.py [--requests 200] [--reviewers 30] [--each 3] [--given 1.0] [--rounds 5]

Affinities are drawn by a seed, for the share `--given` of all pairs; three pairs in a hundred have a conflict, and loads may
differ from even ones by about a third. Another seed in each round. The affinity of an assignment is added up here again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
from pathlib import Path

from _processes import Run, run


def main() -> None:
    """Measure each round, then print medians."""
    options = argparse.ArgumentParser()
    options.add_argument("--requests", type=int, default=200)
    options.add_argument("--reviewers", type=int, default=30)
    options.add_argument("--each", type=int, default=3)
    options.add_argument("--given", type=float, default=1.0, help="the share of pairs with an affinity")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    runs = [_round(seed, given) for seed in range(1, given.rounds + 1)]
    print(f"median {statistics.median(each.wall_s for each in runs):.2f} s, processor "
          f"{statistics.median(each.cpu_s for each in runs):.2f} s, peak {max(each.peak_mb for each in runs):,.0f} MB")  # fmt: skip


def _round(seed: int, given: argparse.Namespace) -> Run:
    problem = _problem(random.Random(seed), given)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem.json"
        file.write_text(json.dumps(problem), "utf-8")
        done = run([sys.executable, "-m", "aliquot", "assign", file, "--json"])
    answer = json.loads(done.out)
    worth = {(r, v): a for r, v, a in problem["affinity"]}
    total = sum(worth.get((r, v), 0) for r, v in answer["assignment"])
    barred = {(r, v) for r, v in problem["conflicts"]}
    if total != answer["total"] or any((r, v) in barred for r, v in answer["assignment"]):
        raise SystemExit(f"seed {seed}: the assignment is not what it says")
    print(f"seed {seed}  {done.wall_s:6.2f} s, processor {done.cpu_s:6.2f} s, {done.peak_mb:5,.0f} MB  {answer['status']}: "
          f"worst {answer['worst_request']:,}, total {total:,}, loads {min(answer['loads'])} to {max(answer['loads'])}",
          flush=True)  # fmt: skip
    return done


def _problem(chance: random.Random, given: argparse.Namespace) -> dict:
    pairs = [(r, v) for r in range(given.requests) for v in range(given.reviewers)]
    even = given.requests * given.each / given.reviewers
    return {
        "requests": given.requests, "reviewers": given.reviewers, "per_request": given.each,
        "min_load": int(even * 0.7), "max_load": int(even * 1.3) + 1,
        "affinity": [[r, v, chance.randint(0, 1000)] for r, v in pairs if chance.random() < given.given],
        "conflicts": [[r, v] for r, v in pairs if chance.random() < 0.03],
    }  # fmt: skip


if __name__ == "__main__":
    main()
