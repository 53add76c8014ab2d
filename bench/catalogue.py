"""How fast are the pages of the catalogue and the ledger at a million samples? Beside the bare parts beneath them.

`python bench/catalogue.py [--samples 1000000] [--home DIR]`. The reference of a page is what it cannot do without: a search in
the same index with its facets (for the catalogue) and rows by primary key, measured in turns with the page.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

WORDS = ("basalt", "", "syn:00123", "00777", "玄武岩", "glass research", "syn:0999999", "beads")


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
    logging.getLogger("aliquot.request").setLevel(logging.WARNING)
    call_command("migrate", verbosity=0)


def fill(count: int) -> None:
    """Put synthetic samples in, and index them."""
    from _collection import fill as put_in

    from aliquot.site import search

    begun = time.perf_counter()
    put_in(count)
    print(f"\nfilled in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    indexed = search.rebuild()
    print(f"indexed {indexed:,} samples in {time.perf_counter() - begun:.0f} s", flush=True)


def measure(home: Path, rounds: int) -> None:
    from _collection import MATERIALS, MISSIONS, number
    from django.test import Client

    from aliquot.site.models import Head, Sample

    client = Client(SERVER_NAME="127.0.0.1")

    def shown(address: str, **asked: str) -> None:
        status = client.get(address, asked).status_code
        if status != 200:
            raise SystemExit(f"{address} answered {status}")

    count = Sample.objects.count()
    chance = random.Random(2)
    size = Head.objects.get().size

    def filtered(_: object) -> None:
        shown(
            "/catalogue/", mission=chance.choice(MISSIONS), use_class="research", q=chance.choice(MATERIALS)
        )

    searched, row = bare_search(home), bare_sample(home)
    last = bare_entries(home)
    numbers = (number(chance.randrange(count)) for _ in repeat(0))
    parents = (number(chance.randrange(count) // 100 * 100) for _ in repeat(0))
    places = (str(chance.randrange(100, size)) for _ in repeat(0))
    pages: dict[str, tuple[Iterator[Any], Callable[[Any], object], Callable[[Any], object]]] = {
        "catalogue, a search not asked before": (searches(chance), searched, lambda q: shown("/catalogue/", q=q[0], least=q[1])),
        "catalogue, two facets and a word": (searches(chance), searched, filtered),
        "catalogue, the first page, kept": (repeat(("", "")), searched, lambda _: shown("/catalogue/")),
        "sample": (numbers, row, lambda n: shown(f"/samples/{n}/")),
        "sample with 99 daughters": (parents, row, lambda n: shown(f"/samples/{n}/")),
        "family of 100": (parents, row, lambda n: shown(f"/families/{n}/")),
        "ledger, newest entries": (repeat(""), last, lambda _: shown("/ledger/")),
        "ledger, far back": (places, last, lambda n: shown("/ledger/", before=n)),
        "ledger, one kind, rare": (places, last, lambda n: shown("/ledger/", before=n, kind="split")),
        "ledger, one sample": (numbers, row, lambda n: shown("/ledger/", sample=n)),
        "entry with its proof": (places, last, lambda n: shown(f"/ledger/{n}/")),
        "facility": (repeat(""), last, lambda _: shown("/facility/")),
    }  # fmt: skip
    print(f"\n{count:,} samples, {size:,} entries, {rounds} rounds each, medians\n")
    print(f"{'':40} {'page':>10} {'its work':>10} {'bare':>10}")
    for name, (asked, bare, page) in pages.items():
        page(next(asked))
        spent: list[tuple[float, float, float]] = []
        for _ in range(rounds):
            one = next(asked)
            under, _work = timed(bare, one)
            spent.append((*timed(page, one), under))
        over, work, under = (statistics.median(column) * 1000 for column in zip(*spent, strict=True))
        print(f"{name:40} {over:7.1f} ms {work:7.1f} ms {under:7.1f} ms", flush=True)


def searches(chance: random.Random) -> Iterator[tuple[str, str]]:
    while True:
        yield chance.choice(WORDS), f"{chance.randrange(1, 10**9)} ng"


def timed(act: Callable[[Any], object], asked: object) -> tuple[float, float]:
    """Return the seconds that an act took, and those that this process worked on it, whatever else ran beside it."""
    begun, worked = time.perf_counter(), time.process_time()
    act(asked)
    return time.perf_counter() - begun, time.process_time() - worked


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


def bare_entries(home: Path) -> Callable[[str], object]:
    """Fifty entries from SQLite alone."""
    database = sqlite3.connect(home / "aliquot.sqlite3")
    asked = 'SELECT * FROM aliquot_entry WHERE "index" < ? ORDER BY "index" DESC LIMIT 50'
    return lambda before: database.execute(asked, (before or 2**60,)).fetchall()


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
