"""How fast are the catalogue's search and a sample's page at a million samples? Ratios to the bare parts beneath them.

`python bench/catalogue.py [--samples 1000000] [--home DIR]`. The reference of a page is what it cannot do without: a search in
the same index with its facets (for the catalogue) and rows by primary key, measured in turns with the page.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MATERIALS = ("mare basalt", "breccia", "highland soil", "glass beads", "玄武岩")
USES = ("research", "research", "research", "public-interest", "permanent")
WORDS = ("basalt", "", "syn:00123", "00777", "玄武岩", "glass research", "syn:0999999", "beads")
BATCH = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, help="kept, and used again if it is there")
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aliquot-bench-") as folder:
        home = asked.home or Path(folder) / "instance"
        is_new = not home.exists()
        set_up(home)
        if is_new:
            fill(asked.samples)
        measure(home, asked.rounds)


def set_up(home: Path) -> None:
    """Make the instance and its tables."""
    from aliquot.site import instance

    if not home.exists():
        instance.make(home, origin="example.org/bench", facility="Bench")
    os.environ |= {"ALIQUOT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "aliquot.site.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill(count: int) -> None:
    """Put synthetic samples in, each with its entry, posting and balance, and index them."""
    from aliquot.site import search
    from aliquot.site.models import Balance, Entry, Head, Holder, Posting, Sample

    holders = [
        Holder.objects.create(key=f"place:p{n}", root="place", name_en=f"Store {n}", country="CN").pk
        for n in range(20)
    ]
    Holder.objects.create(key="origin:syn", root="origin", name_en="Synthetic")
    chance = random.Random(1)
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        rows = [row(n, holders, chance) for n in numbers]
        Sample.objects.bulk_create(rows)
        Entry.objects.bulk_create(
            Entry(
                index=n,
                at="2026-03-14T09:30:00Z",
                kind="receive",
                by="person:1",
                text=text(rows[n - first]),
                leaf_hash=b"0" * 32,
            )
            for n in numbers
        )
        Posting.objects.bulk_create(
            Posting(entry_id=n, line=0, sample=r, holder_id=r.holder_id, mass_ng=r.mass_ng)
            for n, r in zip(numbers, rows, strict=True)
        )
        Balance.objects.bulk_create(Balance(sample=r, holder_id=r.holder_id, mass_ng=r.mass_ng) for r in rows)
        print(f"\rfilled {numbers[-1] + 1:,}", end="", flush=True)
    family(count)
    Head.objects.filter(pk=1).update(size=count, revision=1)
    begun = time.perf_counter()
    indexed = search.rebuild()
    print(f"\nindexed {indexed:,} samples in {time.perf_counter() - begun:.0f} s")


def row(n: int, holders: list[int], chance: random.Random):
    from aliquot.site.models import Sample

    mass_ng = int(10 ** chance.uniform(3, 11))
    return Sample(
        number=f"syn:{n:07d},{n % 97}", mission=chance.choice(("change-5", "change-6", "apollo-17")),
        material=chance.choice(MATERIALS), form=chance.choice(("powder", "fragment", "rock")), use_class=chance.choice(USES),
        condition="pristine", availability="requestable", start_ng=mass_ng, mass_ng=mass_ng,
        holder_id=chance.choice(holders), revision=1,
    )  # fmt: skip


def text(sample) -> str:
    return (
        f"entry 0\nat 2026-03-14T09:30:00Z\nkind receive\nby person:1\n"
        f"post {sample.number} origin:syn -{sample.mass_ng}\npost {sample.number} place:p1 {sample.mass_ng}\n"
    )


def family(count: int) -> None:
    """Make every hundredth sample the parent of the ninety-nine after it."""
    from aliquot.site.models import Descent, Sample

    first = Sample.objects.order_by("pk").values_list("pk", flat=True)[0]
    for start in range(0, count, BATCH):
        Descent.objects.bulk_create(
            Descent(entry_id=n, kind="split", parent_id=first + n // 100 * 100, daughter_id=first + n)
            for n in range(start, min(start + BATCH, count))
            if n % 100
        )


def measure(home: Path, rounds: int) -> None:
    from django.test import Client

    from aliquot.site.models import Sample

    client = Client(SERVER_NAME="127.0.0.1")

    def shown(address: str, **asked: str) -> None:
        status = client.get(address, asked).status_code
        if status != 200:
            raise SystemExit(f"{address} answered {status}")

    count = Sample.objects.count()
    chance = random.Random(2)
    pages = {
        "catalogue, a search not asked before": (
            searches(chance),
            lambda q: shown("/catalogue/", q=q[0], least=q[1]),
        ),
        "catalogue, the first page, kept": (forever(("", "")), lambda _: shown("/catalogue/")),
        "sample page": (some_numbers(chance, count), lambda number: shown(f"/samples/{number}/")),
    }
    print(f"\n{count:,} samples, {rounds} rounds each, medians\n")
    print(f"{'':40} {'page':>10} {'bare':>10} {'bare / page':>12}")
    for name, (asked, page) in pages.items():
        bare = bare_sample(home) if name == "sample page" else bare_search(home)
        page(next(asked))
        spent: list[tuple[float, float]] = []
        for _ in range(rounds):
            one = next(asked)
            spent.append((timed(bare, one), timed(page, one)))
        under, over = (statistics.median(column) * 1000 for column in zip(*spent, strict=True))
        print(f"{name:40} {over:7.1f} ms {under:7.1f} ms {under / over:12.2f}")


def searches(chance: random.Random) -> Iterator[tuple[str, str]]:
    while True:
        yield chance.choice(WORDS), f"{chance.randrange(1, 10**9)} ng"


def forever(one: tuple[str, str]) -> Iterator[tuple[str, str]]:
    while True:
        yield one


def some_numbers(chance: random.Random, count: int) -> Iterator[str]:
    while True:
        n = chance.randrange(count)
        yield f"syn:{n:07d},{n % 97}"


def timed(act: Callable[[Any], object], asked: object) -> float:
    begun = time.perf_counter()
    act(asked)
    return time.perf_counter() - begun


def bare_search(home: Path) -> Callable[[tuple[str, str]], object]:
    """The same question to the index alone, facets included, and fifty rows by their keys from SQLite alone."""
    from aliquot import mass
    from aliquot.site.search import Wanted, finding, index

    database = sqlite3.connect(home / "aliquot.sqlite3")

    def bare(asked: tuple[str, str]) -> object:
        least_ng = mass.read(asked[1]) if asked[1] else None
        wanted = Wanted(text=asked[0], least_ng=least_ng if isinstance(least_ng, int) else None)
        searcher = index._loaded().index.searcher()
        _total, pks = finding._hits(searcher, wanted, limit=50, offset=0)
        finding._facets(searcher, wanted)
        marks = ",".join("?" * len(pks))
        return database.execute(f"SELECT * FROM aliquot_sample WHERE id IN ({marks})", pks).fetchall()

    return bare


def bare_sample(home: Path) -> Callable[[str], object]:
    """The row of the sample, its postings, balances, and hundred relatives from SQLite alone."""
    database = sqlite3.connect(home / "aliquot.sqlite3")

    def bare(number: str) -> object:
        ((pk,),) = database.execute("SELECT id FROM aliquot_sample WHERE number = ?", (number,))
        for table, column in (
            ("posting", "sample_id"),
            ("balance", "sample_id"),
            ("descent", "parent_id"),
            ("descent", "daughter_id"),
        ):
            database.execute(f"SELECT * FROM aliquot_{table} WHERE {column} = ?", (pk,)).fetchall()
        return database.execute(
            "SELECT * FROM aliquot_sample WHERE id BETWEEN ? AND ?", (pk, pk + 99)
        ).fetchall()

    return bare


if __name__ == "__main__":
    main()
