"""Durable appends with every check, against a bare INSERT and COMMIT of the same bytes, alternated in one run.

    python bench/append.py [--appends 300] [--rounds 5]        on SQLite, WAL, synchronous=FULL
    DURABLE=1 scripts/postgres.sh python bench/append.py       on PostgreSQL that waits for the disk

Both write one transaction an entry, to the same database, on one connection.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from aliquot import book


def main() -> None:
    """Make an instance, then append and insert in turn."""
    options = argparse.ArgumentParser()
    options.add_argument("--appends", type=int, default=300)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder) / "instance")
        _measure(given.appends, given.rounds)


def _set_up(home: Path) -> None:
    from aliquot.site import instance

    instance.make(home, origin="bench.example/log", facility="Bench")
    os.environ.update(ALIQUOT_HOME=str(home), DJANGO_SETTINGS_MODULE="aliquot.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _measure(appends: int, rounds: int) -> None:
    from django.db import connection

    from aliquot.site import queries
    from aliquot.site.models import Entry, Sample
    from aliquot.site.operations import samples
    from aliquot.site.operations.samples import By

    by = By("person:1", "2026-03-14T09:30:00Z", ["order:1"])
    samples.receive(
        Sample(number="10017"), origin="origin:apollo-11", place="place:a1", mass_ng=10**12, by=by
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (number bigint PRIMARY KEY, text text NOT NULL)")
    ours: list[float] = []
    bare: list[float] = []
    written = 0
    for _ in range(rounds):
        start = time.perf_counter()
        for i in range(appends):
            ends = ("place:a1", "place:a2") if i % 2 == 0 else ("place:a2", "place:a1")
            samples.move("10017", source=ends[0], target=ends[1], mass_ng=10**9, by=by)
        ours.append(time.perf_counter() - start)
        first = queries.ledger.head().size - appends
        texts = list(Entry.objects.filter(index__gte=first).order_by("index").values_list("text", flat=True))
        start = time.perf_counter()
        for text in texts:
            with connection.cursor() as cursor:  # autocommit: one transaction each
                cursor.execute("INSERT INTO bare (number, text) VALUES (%s, %s)", (written, text))
            written += 1
        bare.append(time.perf_counter() - start)
    if sum(len(text) for text in queries.ledger.texts()) < appends or not book.parse(texts[-1], 1):
        raise SystemExit("the appends are not there")
    _print(connection.vendor, appends, ours, bare)


def _print(vendor: str, appends: int, ours: list[float], bare: list[float]) -> None:
    print(f"{vendor}: {appends} transactions a round, {len(ours)} rounds, medians")
    print(f"{'way':32}{'transactions/s':>16}{'ratio':>8}")
    reference = statistics.median(bare)
    for name, seconds in (
        ("bare INSERT and COMMIT", reference),
        ("append, every check", statistics.median(ours)),
    ):
        print(f"{name:32}{appends / seconds:16,.0f}{reference / seconds:8.2f}")


if __name__ == "__main__":
    main()
