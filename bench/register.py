"""How fast are the pages of the register with 100,000 claims? Time on the server of each, once it is warm, and the first one after a new step.

The claims are invented: 2,000 parties, 10,000 transfers, 88,000 statements. They stand in memory as if the database had them:
what is measured is what a page does with them, and not how they came in.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from time import perf_counter

PAGES = (
    "/", "/transfers/", "/transfers/?country=FR", "/transfers/claim-2500/", "/missions/change-5/", "/contradictions/", "/timeline/",
    "/parties/", "/parties/cn/", "/parties/claim-7/", "/between/cn/us/", "/diplomacy/", "/frameworks/", "/plans/", "/not-known/",
    "/shares/", "/sources/C20/", "/facts/claim-50000/", "/claims/",
)  # fmt: skip
COUNTRIES = ("US", "CN", "RU", "FR", "JP", "DE", "GB", "PK", "HN", "MT", "IE", "NL")


def claims(count: int) -> list[object]:
    from aliquot.register_claims import Claim, Kind, State

    made = []
    for i in range(1, count + 1):
        if i <= 2_000:
            kind, fact = Kind.PARTY, {"kind": "institution", "name_en": f"Example institution {i}", "name_zh": f"示例机构{i}",
                                      "country": COUNTRIES[i % len(COUNTRIES)]}  # fmt: skip
        elif i <= 12_000:
            kind = Kind.TRANSFER
            fact = {"kind": "research-loan", "title_en": f"Example loan {i}", "title_zh": f"示例借用{i}",
                    "date": f"{1970 + i % 56}-{1 + i % 12:02d}", "giver": f"claim-{1 + i % 2000}", "receiver": f"claim-{1 + i * 7 % 2000}",
                    "material_en": "dust", "material_zh": "月尘", "mass": f"{1 + i % 900} mg", "sources": ["C20"], "grade": "C",
                    "scope_en": "an example", "scope_zh": "示例", "missions": ["change-5"]}  # fmt: skip
        else:
            kind = Kind.STATEMENT
            fact = {"about": f"claim-{2001 + i % 10_000}", "says": "mass", "part": f"vial {i % 3}", "mass": f"{1 + i % 90} mg", "sources": ["C20"],
                    "grade": "C", "date": "<2025-12", "scope_en": "an example", "scope_zh": "示例"}  # fmt: skip
        made.append(Claim(f"claim-{i}", kind, fact, State.CLAIMED, checked=True, withdrawn=False, links={}))
    return made


def main() -> None:
    home = tempfile.mkdtemp() + "/home"
    subprocess.run([sys.executable, "-m", "aliquot", "init", "--home", home], check=True, capture_output=True)
    os.environ |= {"ALIQUOT_HOME": home, "DJANGO_SETTINGS_MODULE": "aliquot.site.settings"}
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.test import Client

    from aliquot import register, register_claims
    from aliquot.site.queries.register import in_force

    read: dict = {}
    every = claims(100_000)
    start = perf_counter()
    record = register_claims.joined(register.load(), every, read)
    print(f"reading all claims: {perf_counter() - start:.2f} s; faults: {len(record.faults)}")
    start = perf_counter()
    record = register_claims.joined(register.load(), every, read)
    print(f"joining them again after one step: {perf_counter() - start:.2f} s")
    in_force._kept = in_force._Kept((0, ""), {one.key: one for one in every}, record, read)
    start = perf_counter()
    found = register.contradictions(record)
    print(f"finding {len(found)} contradictions: {perf_counter() - start:.2f} s")
    client = Client(HTTP_HOST="localhost")
    for page in PAGES:
        times = []
        for _ in range(3):
            start = perf_counter()
            answer = client.get(page)
            times.append(perf_counter() - start)
        print(
            f"{page:28} {answer.status_code} first {times[0]:6.3f} s, then {min(times[1:]):6.3f} s, {len(answer.content) // 1024} KiB"
        )


if __name__ == "__main__":
    main()
