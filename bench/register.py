"""How fast are the pages of the register with 100,000 claims? Each as the first request after a new step, and once more.

The claims are invented: 2,000 parties, 10,000 transfers, 88,000 statements, 3,000 of them about one mission, 300 waiting. They are put into
the database as if proposed and confirmed; their entries in the ledger are left out, which pages do not read. Before each page one
waiting claim is confirmed, so that nothing is kept from before. Times are of the processor; the shipped record alone is beside them.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from time import perf_counter, process_time

PAGES = (
    "/", "/transfers/", "/transfers/?country=FR", "/transfers/claim-2500/", "/missions/change-5/", "/contradictions/", "/timeline/",
    "/parties/", "/parties/cn/", "/parties/claim-7/", "/between/cn/us/", "/diplomacy/", "/frameworks/", "/plans/", "/not-known/",
    "/shares/", "/sources/C20/", "/facts/claim-50000/", "/claims/",
    "/api/v1/claims", "/api/v1/claims?country=FR&limit=100", "/api/v1/claims/claim-2500", "/api/v1/contradictions?limit=100",
    "/api/v1/missions", "/api/v1/missions/change-5", "/api/v1/sources", "/api/v1/sources/C20", "/read/",
    "/contradictions/?chapter=transfers&page=200", "/transfers/2022-china-russia/?as_known_on=2023-05-01",
)  # fmt: skip
ARTICLE = (
    "Chang'e 5 returned 1,731 g of lunar soil in December 2020. China gave France 1.5 g of it in April 2023."
)
COUNTRIES = ("US", "CN", "RU", "FR", "JP", "DE", "GB", "PK", "HN", "MT", "IE", "NL")


COUNT, WAITING = 100_000, 300


def fact(i: int) -> tuple[str, dict[str, object]]:
    """Return kind and fields of the i-th claim."""
    both = {"sources": ["C20"], "grade": "C", "scope_en": "an example", "scope_zh": "示例"}
    if i <= 2_000:
        return "party", {"kind": "institution", "name_en": f"Example institution {i}", "name_zh": f"示例机构{i}",
                         "country": COUNTRIES[i % len(COUNTRIES)]}  # fmt: skip
    if i <= 12_000:
        return "transfer", both | {
            "kind": "research-loan", "title_en": f"Example loan {i}", "title_zh": f"示例借用{i}", "date": f"{1970 + i % 56}-{1 + i % 12:02d}",
            "giver": f"claim-{1 + i % 2000}", "receiver": f"claim-{1 + i * 7 % 2000}", "material_en": "dust", "material_zh": "月尘",
            "mass": f"{1 + i % 900} mg", "missions": ["change-5"],
        }  # fmt: skip
    if i % 29 == 0:
        return "statement", both | {"about": "change-5", "says": "property", "part": f"grain {i}", "value_en": "hard", "value_zh": "硬",
                                    "date": "<2025-12"}  # fmt: skip
    return "statement", both | {"about": f"claim-{2001 + i % 10_000}", "says": "mass", "part": f"vial {i % 3}", "mass": f"{1 + i % 90} mg",
                                "date": "<2025-12"}  # fmt: skip


def fill(proposer: object, judge: object, at: object) -> None:
    """Put the claims into the database: proposed, and all but the last confirmed."""
    from django.db import connection

    from aliquot.register_claims import Act, Kind, Step, digest, text
    from aliquot.site.models import RegisterClaim, RegisterStep

    rows, steps = [], []
    for i in range(1, COUNT + 1):
        kind, told = fact(i)
        key, checked = f"claim-{i}", i <= COUNT - WAITING
        about = told.get("about", "") if kind == "statement" else ""
        rows.append(
            RegisterClaim(pk=i, number=i, key=key, kind=kind, about=about, state="claimed", checked=checked, steps=1 + checked,
                          by=proposer, at=at, changed_at=at)
        )  # fmt: skip
        first = text(Step(key, 1, Act.PROPOSE, "2026-11-26T09:00:00Z", proposer.key, Kind(kind), told))
        second = text(
            Step(key, 2, Act.CONFIRM, "2026-11-26T09:00:00Z", judge.key, Kind(kind), previous=digest(first))
        )
        for number, act, said, by in ((1, "propose", first, proposer), (2, "confirm", second, judge))[
            : 1 + checked
        ]:
            steps.append(
                RegisterStep(
                    claim_id=i,
                    number=number,
                    act=act,
                    text=said,
                    hash=digest(said),
                    entry_id=10**7 + len(steps),
                    by=by,
                    at=at,
                )
            )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
    RegisterClaim.objects.bulk_create(rows, batch_size=2_000)
    RegisterStep.objects.bulk_create(steps, batch_size=2_000)


def pages(client: object, *, before: object = lambda: None) -> dict[str, tuple[int, float, float, int]]:
    """Return status, seconds of the first request, seconds of the next one, and KiB of each page."""
    found = {}
    for page in PAGES:
        before()
        times = []
        for _ in range(2):
            start = process_time()
            answer = client.post(page, {"text": ARTICLE}) if page == "/read/" else client.get(page)
            times.append(process_time() - start)
        found[page] = (answer.status_code, *times, len(answer.content) // 1024)
    return found


def main() -> None:
    home = tempfile.mkdtemp() + "/home"
    subprocess.run([sys.executable, "-m", "aliquot", "init", "--home", home], check=True, capture_output=True)
    os.environ |= {"ALIQUOT_HOME": home, "DJANGO_SETTINGS_MODULE": "aliquot.site.settings"}
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.test import Client
    from django.utils import timezone

    from aliquot.site.models import Person, RegisterClaim
    from aliquot.site.operations import register, register_index

    client, now = Client(HTTP_HOST="localhost"), timezone.now()
    client.get("/")
    shipped = pages(client)
    proposer, judge = (
        Person.objects.create_user(f"{name}@example.org", name=name) for name in ("One", "Two")
    )
    start = perf_counter()
    fill(proposer, judge, now)
    print(f"putting {COUNT:,} claims into the database: {perf_counter() - start:.1f} s")
    start = perf_counter()
    count = register_index.remake()
    print(f"making the index anew, {count:,} claims in force: {perf_counter() - start:.1f} s")
    gc.collect()
    gc.freeze()  # what this script has made is no part of a page's work
    waiting, took = iter(RegisterClaim.objects.filter(checked=False).order_by("number")), []

    def step() -> None:
        start = process_time()
        register.act(next(waiting), "confirm", by=judge, at=timezone.now())
        took.append(process_time() - start)

    full = pages(client, before=step)
    print(f"one step: {sorted(took)[len(took) // 2]:.3f} s")
    print("| page | shipped record | 100,000 claims, first after a step | ratio | then | KiB |")
    for page, (status, first, then, size) in full.items():
        alone = shipped[page][1] if shipped[page][0] == 200 else 0
        ratio = f"{first / alone:.1f}" if alone else ""
        print(f"| `{page}` {status} | {alone:.3f} | {first:.3f} | {ratio} | {then:.3f} | {size} |")


if __name__ == "__main__":
    main()
