"""Import of a table against a bare executemany of the rows that it makes, alternated in one run on SQLite.

    python bench/import_rows.py [--rows 1000000] [--rounds 3]

Each measurement is a process of its own on a fresh copy of an empty instance. The import reads the file, checks
every cell, makes and checks the entries, hashes them, writes all and commits. The reference has every row ready
in memory, batch by batch outside its clock, and only inserts them and commits: same tables, same settings.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MAPPING = """
key = "bench"
title = "Synthetic rows"
place = "store"
policy = "nasa"
[[column]]
name = "Number"
field = "number"
[[column]]
name = "Mission"
field = "mission"
values = { First = "first-mission", Second = "second-mission" }
[[column]]
name = "Material"
field = "material"
[[column]]
name = "Subtype"
field = "subtype"
[[column]]
name = "Form"
field = "form"
[[column]]
name = "Condition"
field = "condition"
[[column]]
name = "Use"
field = "use_class"
[[column]]
name = "Mass (mg)"
field = "mass"
unit = "mg"
[[column]]
name = "Pristine (%)"
field = "pristine"
[[column]]
name = "Remark"
field = "note"
"""
HEADER = "Number,Mission,Material,Subtype,Form,Condition,Use,Mass (mg),Pristine (%),Remark\n"
TABLES = ("holder", "entry", "sample", "posting", "balance", "treehash")
BATCH = 20_000


def main() -> None:
    """Make the table and the empty instance, then measure in turn."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--sealed", type=int, default=0, help="of a hundred rows, how many are of a sealed class"
    )
    options.add_argument("--run", nargs=4, metavar=("WAY", "HOME", "TABLE", "SOURCE"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.run:
        way, home, table, source = given.run
        taken = _import(Path(home), Path(table)) if way == "import" else _bare(Path(home), Path(source))
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"s": taken, "mb": peak_mb}))
        return
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), given.rows, given.rounds, given.sealed)


def _measure(folder: Path, rows: int, rounds: int, sealed: int) -> None:
    table, empty = folder / "table.csv", folder / "empty"
    _write(table, rows, sealed)
    subprocess.run(
        [sys.executable, "-m", "aliquot", "init", "--home", empty], check=True, stdout=subprocess.DEVNULL
    )
    taken: dict[str, list[dict[str, float]]] = {"bare executemany": [], "import": []}
    source = folder / "import"
    for _ in range(rounds):
        # The import first: what it wrote is what the reference inserts.
        for name, home in (("import", source), ("bare executemany", folder / "bare")):
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(empty, home)
            words = [sys.executable, __file__, "--run", name.split()[0], home, table, source]
            done = subprocess.run(words, check=True, stdout=subprocess.PIPE)
            taken[name].append(json.loads(done.stdout))
    _print(taken, rows, table.stat().st_size, sealed)


def _write(table: Path, rows: int, sealed: int) -> None:
    chance = random.Random(1)
    with table.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for i in range(rows):
            mission = "First" if i < rows // 2 else "Second"
            use = "permanent" if i % 100 < sealed else "research"
            file.write(
                f"synthetic-{i:07d},{mission},{chance.choice(('Basalt', 'Breccia', 'Soil'))},"
                f"{chance.choice(('Olivine', 'Ilmenite', 'Regolith', ''))},rock,pristine,{use},"
                f"{chance.randrange(1, 10**6)}.{chance.randrange(1, 1000):03d},{chance.randrange(10001) / 100},"
                f"row {i} of a synthetic table\n"
            )


def _import(home: Path, table: Path) -> float:
    from aliquot.cli.home import open_home

    open_home(home)
    from django.db import connection

    from aliquot.formats import mapping
    from aliquot.site.operations import imports

    order = imports.Order(mapping.read(MAPPING, "bench"), by="bench", at="2026-01-01T00:00:00Z")
    connection.ensure_connection()
    start = time.perf_counter()
    told = imports.import_table(table.read_bytes(), order)
    taken = time.perf_counter() - start
    if told.standing or not told.imported:
        raise SystemExit(f"nothing was imported: {told.standing[:3]}")
    return taken


def _bare(home: Path, source: Path) -> float:
    from aliquot.site.database import PRAGMAS

    target = sqlite3.connect(home / "aliquot.sqlite3", isolation_level=None)
    target.executescript(PRAGMAS)
    origin = sqlite3.connect(f"file:{source}/aliquot.sqlite3?mode=ro", uri=True)
    taken = 0.0
    target.execute("BEGIN IMMEDIATE")
    for name in TABLES:
        rows = origin.execute(f"SELECT * FROM aliquot_{name}")
        marks = ", ".join("?" * len(rows.description))
        while batch := rows.fetchmany(BATCH):
            start = time.perf_counter()
            target.executemany(f"INSERT INTO aliquot_{name} VALUES ({marks})", batch)
            taken += time.perf_counter() - start
    start = time.perf_counter()
    target.execute("COMMIT")
    return taken + time.perf_counter() - start


def _print(taken: dict[str, list[dict[str, float]]], rows: int, size: int, sealed: int) -> None:
    print(
        f"{rows:,} rows of CSV, {size / 1e6:,.0f} MB, {sealed} % of a sealed class; SQLite, WAL, synchronous=FULL"
    )
    print(f"{'way':20}{'s':>8}{'rows/s':>12}{'ratio to bare':>15}{'peak MB':>10}")
    bare = statistics.median(run["s"] for run in taken["bare executemany"])
    for name, runs in taken.items():
        middle = statistics.median(run["s"] for run in runs)
        peak = max(run["mb"] for run in runs)
        print(f"{name:20}{middle:8.2f}{rows / middle:12,.0f}{bare / middle:15.3f}{peak:10,.0f}")


if __name__ == "__main__":
    main()
