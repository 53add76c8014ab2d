"""How well does the reading desk read articles that were not written for its grammar? Precision and recall over those in `retold`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aliquot.reading import datings, extraction
from aliquot.reading.claims import Claim

RETOLD = sorted((Path(__file__).parent / "retold").glob("*.txt"))
LEAST_PRECISION, LEAST_RECALL = 0.93, 0.85
WRITTEN = re.compile(
    r"(?P<predicate>\w+)\((?P<slots>[^()]*)\)(?: (?P<value>[\d.]+) (?P<unit>g|Ma|USD|count))?(?: (?P<date>\d{4}[\d/-]*))?(?P<optional> \?)?"
)
DATED = ("returned_on", "launched_on", "landed_on", "call_opened", "call_closed", "law_enacted")
MAY_LACK_OBJECT = ("holding", "display", "sale", "loan_requested", "law_enacted")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A claim that a careful reader finds."""

    predicate: str
    parties: tuple[str, ...]
    value: float | None
    date: str
    is_optional: bool

    def is_met_by(self, claim: Claim) -> bool:
        return (
            claim.predicate == self.predicate
            and self._fits_parties(claim)
            and self._fits_value(claim)
            and self._fits_date(claim)
        )

    def _fits_parties(self, claim: Claim) -> bool:
        found = tuple(same(party) for party in (claim.subject, claim.object) if party)
        if self.predicate == "exchange":
            return set(found) == set(self.parties)
        lacks = self.predicate in MAY_LACK_OBJECT or len(self.parties) == 1
        return found == self.parties or (
            lacks and found[:1] == self.parties[:1] and min(len(found), len(self.parties)) == 1
        )

    def _fits_value(self, claim: Claim) -> bool:
        if self.value is None:
            return True
        return (
            claim.quantity is not None and abs(float(claim.quantity.value) - self.value) <= self.value / 100
        )

    def _fits_date(self, claim: Claim) -> bool:
        if not self.date:
            return True
        if not claim.date:
            return self.predicate not in DATED
        (first, last), (low, high) = datings.span(self.date), datings.span(claim.date)
        return first <= high and low <= last


def same(party: str) -> str:
    return "SU" if party == "RU" else party


def wanted(line: str) -> Wanted:
    match = WRITTEN.fullmatch(line)
    assert match, line
    parties = tuple(same(party) for party in match["slots"].split(", "))
    value = float(match["value"]) if match["value"] else None
    return Wanted(match["predicate"], parties, value, match["date"] or "", bool(match["optional"]))


def read(path: Path) -> tuple[list[Wanted], list[Claim]]:
    lines = path.read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("    "))
    asked = [wanted(line.strip()) for line in lines if line.startswith("    ")]
    return asked, [claim for _, claim in extraction.read(text)[2]]


def pairs(asked: list[Wanted], found: list[Claim]) -> Iterator[tuple[Wanted, Claim]]:
    """Yield each claim of the article with one that was found; those that are asked for first."""
    left = list(found)
    for one in sorted(asked, key=lambda one: one.is_optional):
        met = next((claim for claim in left if one.is_met_by(claim)), None)
        if met:
            left.remove(met)
            yield one, met


def test_most_of_what_is_claimed_is_found_and_most_of_what_is_found_is_claimed() -> None:
    asked = found = met = 0
    for path in RETOLD:
        claims, output = read(path)
        matched = list(pairs(claims, output))
        needed = sum(not one.is_optional for one, _ in matched)
        asked += sum(not one.is_optional for one in claims)
        found += len(output) - (len(matched) - needed)
        met += needed
    assert met >= LEAST_PRECISION * found, f"precision {met / found:.3f}"
    assert met >= LEAST_RECALL * asked, f"recall {met / asked:.3f}"
