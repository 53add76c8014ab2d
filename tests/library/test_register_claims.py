"""Claims as values: their canonical text, what the steps leave, what may follow, the record with them."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import register, register_cite, register_claims
from aliquot.register import State
from aliquot.register_claims import Act, Claim, Kind, Step

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
STEPS = st.builds(
    Step,
    claim=st.from_regex(r"claim-[1-9][0-9]{0,4}", fullmatch=True),
    number=st.integers(1, 10**6),
    act=st.sampled_from(Act),
    at=st.just("2026-11-24T09:00:00Z"),
    by=st.just("person:17"),
    kind=st.sampled_from(Kind),
    fact=st.dictionaries(
        WORDS, st.one_of(WORDS, st.integers(0, 10**9), st.lists(WORDS, max_size=3)), max_size=4
    ),
    links=st.dictionaries(
        st.sampled_from(["contradicts", "supersedes"]), st.lists(WORDS).map(tuple), max_size=2
    ),
    why=WORDS,
)


@settings(max_examples=100)
@given(STEPS)
def test_the_text_of_a_step_is_canonical_and_read_back(step: Step) -> None:
    text = register_claims.text(step)
    assert text == register_claims.text(register_claims.read_step(text))
    assert "\n" not in text
    assert unicodedata.is_normalized("NFC", text)
    assert len(register_claims.digest(text)) == 64


def a_claim(key: str = "claim-9", *, state: State = State.CLAIMED, **fields: object) -> Claim:
    fact = {
        "about": "luna-20", "says": "returned_mass", "mass": "55.1 g", "sources": ["E6"], "grade": "A", "date": "2026-11", "scope_en": "all",
        "scope_zh": "全部", **fields,
    }  # fmt: skip
    return Claim(key, Kind.STATEMENT, fact, state, checked=True, withdrawn=False, links={})


def test_without_claims_the_record_is_the_shipped_one() -> None:
    assert register_claims.joined(register.load(), []) is register.load()
    waiting = replace(a_claim(), checked=False)
    assert register_claims.joined(register.load(), [waiting]) is register.load()


def test_a_claim_meets_what_others_say_of_the_same() -> None:
    record = register_claims.joined(register.load(), [a_claim(state=State.VERIFIED)])
    assert register.check(record) == ()
    found = next(one for one in register.contradictions(record) if one.key == "luna-20.returned_mass")
    assert any("claim-9" in side.facts for side in found.sides)
    assert register.load().statements.get("claim-9") is None


@pytest.mark.parametrize("state", [State.REFUTED, State.UNKNOWN])
def test_what_is_refuted_or_unknown_is_never_the_best(state: State) -> None:
    record = register_claims.joined(register.load(), [a_claim(state=state, mass="55.12345 g")])
    best = register.returned(record, "luna-20")
    assert best is not None
    assert best.statement.key != "claim-9"


def test_what_is_told_in_one_language_stands_for_the_other() -> None:
    told = register_claims.tidy(
        {"scope_en": " all ", "note_zh": "注", "sources": ["", " E6 "], "count": None, "part": ""}
    )
    assert told == {"scope_en": "all", "scope_zh": "all", "note_zh": "注", "note_en": "注", "sources": ["E6"]}


def test_no_key_of_the_shipped_record_is_that_of_a_claim() -> None:
    record = register.load()
    every = [
        *record.sources,
        *record.parties,
        *record.missions,
        *record.transfers,
        *record.rounds,
        *record.statements,
    ]
    assert not [key for key in every if key.startswith("claim-")]


def test_a_citation_holds_hostile_titles() -> None:
    from datetime import date

    page = register_cite.Page(
        "a/b", "50 % & {x}\n\\end", "Example_facility", "https://example.org/a", "1.0", date(2026, 11, 26)
    )
    assert "50 \\% \\& \\{x\\}" in register_cite.bibtex(page)
    assert all(line[2:6] == "  - " for line in register_cite.ris(page).splitlines())
    assert json.loads(register_cite.csl(page))[0]["title"] == page.title
