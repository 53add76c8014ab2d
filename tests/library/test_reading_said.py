"""The same things said in many ways: `said.txt` holds leads, the statements that follow on one, and all that each claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from aliquot.reading import extraction
from aliquot.reading.claims import shown

SAID = Path(__file__).parent / "said.txt"
DAY = date(2025, 4, 25)
# What nearly every mention of a landing on the far side makes, and none of these statements is about.
BESIDE = "landing_side"


def statements() -> Iterator[tuple[str, str, list[str]]]:
    """Yield each statement with its lead and the claims that it makes."""
    lead, statement, claims = "", "", list[str]()
    for line in [*SAID.read_text("utf-8").splitlines(), "> "]:
        if line.startswith("    "):
            claims.append(line.strip())
            continue
        if statement:
            yield lead, statement, claims
        statement, claims = "", []
        if line.startswith("> "):
            lead = line.removeprefix("> ")
        elif not line.startswith("#"):
            statement = line


@pytest.mark.parametrize(("lead", "statement", "claims"), list(statements()))
def test_a_statement_makes_its_claims_and_no_others(lead: str, statement: str, claims: list[str]) -> None:
    text = f"{lead} {statement}"
    made = {
        shown(claim)
        for sentence, claim in extraction.read(text, DAY)[2]
        if sentence.end > len(lead) and claim.predicate != BESIDE
    }
    assert made == set(claims)
