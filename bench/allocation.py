"""Allocation against greedy by rank and a plain PuLP model with CBC, alternated in one run: whole processes.

    python bench/allocation.py [--size 300x3000] [--seeds 1,2,3,4,5] [--gap 0] [--stages 1,3] [--seconds 170]
                               [--peer-seconds 60] [--peer-python PYTHON]

Rounds come from the generator and the peers from the independent tools beside this checkout (../shared/tools); without
them only the round of docs/examples is run. The plain model needs PuLP in the Python that is named; its time limit
is the peer's. Every plan is judged by the tools' own check. Prints the load of the machine, which is seldom alone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from _processes import Run, run

TOOLS = Path(__file__).resolve().parents[2] / "shared" / "tools" / "allocation_instances.py"
ROUND = Path(__file__).resolve().parents[1] / "docs" / "examples" / "round.json"


def main() -> None:
    """Measure each seed in turn, then print medians."""
    options = argparse.ArgumentParser()
    options.add_argument("--size", default="300x3000", help="requests x subsamples")
    options.add_argument("--seeds", default="1,2,3,4,5")
    options.add_argument("--gap", default="0")
    options.add_argument("--stages", default="1,3")
    options.add_argument("--seconds", default="170")
    options.add_argument("--peer-seconds", type=int, default=0, help="0: no plain model")
    options.add_argument("--peer-python", default=sys.executable)
    given = options.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if not TOOLS.is_file():
        _tell("the round of docs/examples", [_ours(ROUND, given, stages="3")], {})
        return
    rows: dict[str, list[Run]] = {}
    told: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in given.seeds.split(","):
            _seed(Path(folder), seed, given, rows, told)
    for name, runs in rows.items():
        _tell(name, runs, told)


def _seed(
    folder: Path, seed: str, given: argparse.Namespace, rows: dict[str, list[Run]], told: dict[str, list[str]]
) -> None:
    requests, subsamples = given.size.split("x")
    file = folder / f"{seed}.json"
    words = ["--requests", requests, "--subsamples", subsamples, "--seed", seed]
    file.write_bytes(run([sys.executable, TOOLS, *words]).out)
    greedy = run([sys.executable, TOOLS, "--greedy", file])
    by_rank = _check(folder, file, json.loads(greedy.out))
    rows.setdefault("greedy by rank", []).append(greedy)
    told.setdefault("greedy by rank", []).append(f"{by_rank['merit']:,}")
    for stages in given.stages.split(","):
        name = f"aliquot, stages {stages}"
        ours = _ours(file, given, stages)
        plan = json.loads(ours.out)
        found = _check(folder, file, plan["grants"])
        if not found["valid"] or found["merit"] != plan["merit"]:
            raise SystemExit(f"seed {seed}: the independent check does not agree: {found['violations'][:3]}")
        rows.setdefault(name, []).append(ours)
        told.setdefault(name, []).append(_result(plan, by_rank["merit"]))
    if given.peer_seconds:
        words = [given.peer_python, TOOLS, "--peer", file, "--seconds", str(given.peer_seconds)]
        peer = run(words)
        rows.setdefault("PuLP + CBC", []).append(peer)
        told.setdefault("PuLP + CBC", []).append(
            f"{_check(folder, file, json.loads(peer.out or b'[]'))['merit']:,}"
        )
    for name, results in told.items():
        last = rows[name][-1]
        print(f"seed {seed}  {name:20} {last.wall_s:8.2f} s, processor {last.cpu_s:7.2f} s, {last.peak_mb:5,.0f} MB  {results[-1]}",
              flush=True)  # fmt: skip


def _ours(file: Path, given: argparse.Namespace, stages: str) -> Run:
    words = ["allocate", file, "--json", "--stages", stages, "--gap", given.gap, "--seconds", given.seconds]
    return run([sys.executable, "-m", "aliquot", *words])


def _result(plan: dict, by_rank: int) -> str:
    """Merit with its bound, and how far the later stages are above theirs."""
    bounds = plan["bounds"]
    said = (
        f"{plan['status']}: {plan['merit']:,} of {bounds['merit']:,}, {plan['merit'] / by_rank:.3f} x greedy"
    )
    for name in ("handling", "used_up_ug"):
        if bounds[name]:
            said += f", {name} {plan[name]:,} (+{100 * (plan[name] / bounds[name] - 1):.2f} %)"
    return said


def _check(folder: Path, file: Path, grants: list) -> dict:
    plan = folder / "plan.json"
    plan.write_text(json.dumps(grants), "utf-8")
    return json.loads(run([sys.executable, TOOLS, "--check", file, plan]).out)


def _tell(name: str, runs: list[Run], told: dict[str, list[str]]) -> None:
    def middle(values: list[float]) -> float:
        return statistics.median(values)

    print(f"{name:20} median {middle([each.wall_s for each in runs]):8.2f} s, processor "
          f"{middle([each.cpu_s for each in runs]):8.2f} s, peak {max(each.peak_mb for each in runs):6,.0f} MB, "
          f"{len(told.get(name, runs))} seeds")  # fmt: skip


if __name__ == "__main__":
    main()
