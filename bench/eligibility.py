"""How much work is a verdict, in seconds of one core? All instruments over complete facts, and with facts missing; a plain chain of ifs beside.

    python bench/eligibility.py [--requests 10000] [--rounds 5]

The reference decides the Wolf clause alone, without explanation, missing facts or files: `tests/library/law_reference.py`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from pathlib import Path

from aliquot import eligibility, law_facts, law_read
from aliquot.law_facts import FactSheet
from aliquot.law_words import FactKind

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.library.law_reference import is_consistent, wolf

MISSING = 12  # of the keys that the Wolf clause reads, days and the year among them


def main() -> None:
    """Screen, find and compare in turn, and print the medians."""
    options = argparse.ArgumentParser()
    options.add_argument("--requests", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    law, chance = law_read.load(), random.Random(1)
    facts = [_facts(law.vocabulary.questions, chance) for _ in range(given.requests)]
    sheets = [_sheet(law, each) for each in facts]
    asked = sorted(each.key for each in eligibility.find(law.instruments["us/wolf"], _sheet(law, {}), law.vocabulary).missing
                   if not each.key.startswith("law:"))  # fmt: skip
    gaps = []
    for each in facts[:200]:
        gone = chance.sample(asked, MISSING)
        gaps.append(_sheet(law, {key: value for key, value in each.items() if key not in gone}))
    plain, one, whole, unsure = [], [], [], []
    for _ in range(given.rounds):
        plain.append(_took(lambda: [wolf(each) for each in facts]))
        one.append(
            _took(
                lambda: [
                    eligibility.find(law.instruments["us/wolf"], each, law.vocabulary) for each in sheets
                ]
            )
        )
        whole.append(_took(lambda: [eligibility.screen(each, law) for each in sheets]))
        unsure.append(max(_took(lambda each=each: eligibility.screen(each, law)) for each in gaps))
    base = statistics.median(plain)
    print("| way | result | ratio to plain ifs | wanted |\n|---|---|---|---|")
    for name, rounds, wanted in (("plain ifs, Wolf clause alone", plain, ""), ("Wolf clause alone", one, ""),
                                 ("all instruments", whole, "10 s for 10,000")):  # fmt: skip
        took = statistics.median(rounds)
        print(
            f"| {name}, {given.requests:,} complete requests | {took:.2f} s | {base / took:.3f} | {wanted} |"
        )
    print(f"| all instruments, {MISSING} facts missing, slowest of {len(gaps)} | {statistics.median(unsure) * 1000:.0f} ms "
          "| | 50 ms |")  # fmt: skip


def _took(act: object) -> float:
    before = time.process_time()
    act()  # type: ignore[operator]
    return time.process_time() - before


def _sheet(law: object, facts: dict[str, object]) -> FactSheet:
    found = law_facts.read(facts, law.vocabulary)  # type: ignore[attr-defined]
    if not isinstance(found, FactSheet):
        raise SystemExit("\n".join(map(str, found)))
    return found


def _facts(questions: dict[str, object], chance: random.Random) -> dict[str, object]:
    """Return complete facts, most of which engage the clause."""
    values = {
        FactKind.BOOL: [True, True, False], FactKind.INT: [2, 12, 18], FactKind.PLACE: ["FR", "CN", "US"],
        FactKind.DATE: ["2024-03-01", "2024-04-01", "2024-05-01"], FactKind.PLACES: [["CN"], ["US"]],
        FactKind.TEXTS: ["n/a"], FactKind.YEARS: [[2013], [2023], [2024], [2012, 2024]],
    }  # fmt: skip
    while True:
        facts = {
            key: chance.choice(values.get(each.kind) or list(each.options)) for key, each in questions.items()
        }  # type: ignore[attr-defined]
        facts |= {"off_the_shelf": False, "counterparty_china": True, "collection": "other"}
        if is_consistent(facts):
            return facts


if __name__ == "__main__":
    main()
