"""What may be done: the published cases, the law files against plain code, and the rules that every answer obeys."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import eligibility, eligibility_answer, law_facts, law_read
from aliquot.eligibility import Finding, Screening
from aliquot.law_facts import FactSheet
from aliquot.law_text import Picks
from aliquot.law_words import FactKind
from aliquot.verdicts import Verdict

from .law_reference import REFERENCE, completions, is_consistent, wolf

CASES = Path(__file__).resolve().parents[3] / "shared" / "data" / "law-cases" / "public.jsonl"
LAW = law_read.load()
QUESTIONS = LAW.vocabulary.questions
FIRST_DELIVERY = {
    *REFERENCE, "un/outer-space-treaty", "un/moon-agreement", "artemis/accords", "ilrs/membership",
    "cospar/planetary-protection",
}  # fmt: skip


def sheet_of(facts: Mapping[str, object]) -> FactSheet:
    found = law_facts.read(facts, LAW.vocabulary)
    assert isinstance(found, FactSheet), found
    return found


def screen(facts: Mapping[str, object]) -> Screening:
    return eligibility.screen(sheet_of(facts), LAW)


def find(key: str, facts: Mapping[str, object]) -> Finding:
    return eligibility.find(LAW.instruments[key], sheet_of(facts), LAW.vocabulary)


# --- The published cases ------------------------------------------------------------------------------------


def published() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()] if CASES.is_file() else []


@pytest.mark.parametrize("case", published(), ids=lambda case: case["id"])
def test_a_published_case_comes_out(case: dict[str, Any]) -> None:
    expect = case["expect"]
    sheet = law_facts.read(case["facts"], LAW.vocabulary)
    if "refused" in expect:
        assert not isinstance(sheet, FactSheet)
        assert any(key in str(sheet[0]) for key in expect["refused"])
        return
    answer: Any = eligibility_answer.document(screen(case["facts"]), LAW)
    assert answer["overall"] == expect["overall"]
    found = {each["instrument"]: each for each in answer["instruments"]}
    assert found.keys() >= FIRST_DELIVERY
    for key, wanted in expect["instruments"].items():
        got = found[key]
        for name in ("verdict", "stands_now", "version", "text_status"):
            assert name not in wanted or got[name] == wanted[name], (key, name)
        assert set(wanted.get("clauses", ())) <= set(got["clauses"])
        assert "by_date" not in wanted or wanted["by_date"] in [each["by_date"] for each in got["conditions"]]
        missing = {each["key"]: each["leads_to"] for each in got["missing"]}
        assert sorted(wanted.get("missing", missing)) == sorted(missing)
        assert all(missing[name] == leads for name, leads in wanted.get("leads_to", {}).items())
        readings = {each["name"]: each["gives"] for each in got["readings"]}
        assert (
            readings == {}
            if wanted.get("readings") == {}
            else readings.items() >= wanted.get("readings", {}).items()
        )


# --- Random facts -------------------------------------------------------------------------------------------

DAYS = [
    "2010-06-01",
    "2012-09-01",
    "2013-04-15",
    "2015-10-01",
    "2020-12-17",
    "2024-04-05",
    "2025-09-20",
    "2026-10-01",
]
BACK = [-40, 0, 13, 14, 15, 16, 29, 30, 31, 32]
SOME_YEARS = [
    [2009],
    [2011],
    [2012],
    [2013],
    [2015],
    [2016],
    [2026],
    [2027],
    [2030],
    [2012, 2024],
    [2026, 2028],
]
NEAR = [(date.fromisoformat(day) - timedelta(back)).isoformat() for day in DAYS for back in BACK]


def values(key: str) -> list[object]:
    """Return answers to a question that between them meet every edge of the law files."""
    question = QUESTIONS[key]
    return {
        FactKind.BOOL: [True, False],
        FactKind.INT: [1, 2, 3, 12, 13],
        FactKind.DATE: DAYS if key == "acts_on" else NEAR,
        FactKind.STRING: list(question.options),
        FactKind.PLACE: ["CN", "HK", "MO", "TW", "US", "FR"],
        FactKind.PLACES: [[], ["US"], ["CN"], ["FR"], ["CN", "US"], ["US", "FR"], ["CN", "FR"]],
        FactKind.TEXTS: [[], ["NSF"], ["NASA", "NSF"], ["NSPC"]],
        FactKind.YEARS: [*SOME_YEARS, []],
    }[question.kind]  # fmt: skip


def close(facts: dict[str, object], backs: list[int]) -> dict[str, object]:
    """Move most other days close to that of the activity, where the deadlines are."""
    keys = ("asked_on", "certificate_lodged_on", "agreement_certified_on")
    for key, back in zip(keys, backs, strict=True):
        if facts[key] != "n/a" and facts["acts_on"] != "n/a":
            facts[key] = (date.fromisoformat(str(facts["acts_on"])) - timedelta(back)).isoformat()
    if facts["asked_on"] != "n/a" and facts["restricted_list_date"] != "n/a":
        old = date.fromisoformat(str(facts["asked_on"])) - timedelta(backs[0] + 15)
        facts["restricted_list_date"] = old.isoformat()
    return facts


# Mostly facts that engage a clause: with all of them by chance almost nothing would ever be covered.
BITING = {
    "restricted_money": True, "counterparty_china": True, "two_sided": True, "off_the_shelf": False,
    "held_in_us": True, "nasa_prc_agreement": True, "nasa_site_access": True, "recovered_commercially": True,
    "recoverer_us_citizen": True, "collection": "apollo_goodwill", "enters_us": True, "funders": "n/a",
    "certificate_covers": True, "no_transfer_finding": True,
}  # fmt: skip


def made(seed: int) -> dict[str, object]:
    """Return complete, consistent facts; drawing each of forty answers with Hypothesis would take seconds."""
    chance = random.Random(seed)
    while True:
        facts = {key: "n/a" if chance.random() < 0.06 else chance.choice(values(key)) for key in QUESTIONS}
        facts |= {key: value for key, value in BITING.items() if chance.random() < 0.8}
        facts = close(facts, [chance.choice(BACK) for _ in range(3)])
        if is_consistent(facts):
            return facts


def with_gaps(seed: int) -> dict[str, object]:
    facts, chance = made(seed), random.Random(-seed)
    gone = chance.sample(list(QUESTIONS), chance.randrange(9))
    return {key: None if key in gone else value for key, value in facts.items()}


seeds = st.integers(0, 2**40)
complete_facts = seeds.map(made)
facts_with_gaps = seeds.map(with_gaps)


@settings(max_examples=300)
@given(complete_facts)
def test_the_files_say_what_plain_code_says_of_complete_facts(facts: dict[str, object]) -> None:
    found = {each.instrument.key: each for each in screen(facts).findings}
    assert {key: found[key].verdict for key in REFERENCE} == {key: of(facts) for key, of in REFERENCE.items()}
    for reading, options in (("hosting", "tied_to_dealings"), ("diplomacy", "president_free")):
        gives = {each.name: dict(each.gives) for each in found["us/wolf"].readings}.get(reading, {})
        assert gives.get(options, found["us/wolf"].verdict) == wolf(facts, **{reading: options})


@settings(max_examples=80)
@given(complete_facts, st.data())
def test_the_verdict_is_that_of_all_completions_and_what_can_change_it_is_listed(
    facts: dict[str, object], data: st.DataObject
) -> None:
    """Held against every completion, one by one, of up to three missing facts of one instrument."""
    key = data.draw(st.sampled_from(sorted(REFERENCE)))
    reads = sorted(
        {*_reads(key)} - {"acts_on", "money_years"}
    )  # years have rules of their own, days too many values
    gone = data.draw(st.sets(st.sampled_from(reads), min_size=1, max_size=3))
    partial = {name: None if name in gone else value for name, value in facts.items()}
    edges = {name: _edges(name, facts) for name in gone}
    whole = completions(partial, edges)
    verdicts = {json.dumps(each, sort_keys=True): REFERENCE[key](each) for each in whole}
    found = find(key, partial)
    possible = set(verdicts.values())
    assert found.verdict == (possible.pop() if len(possible) == 1 else "cannot_tell")
    changing = {
        name
        for each in whole
        for name in gone
        for other in edges[name]
        if is_consistent({**each, name: other})
        and REFERENCE[key]({**each, name: other}) != verdicts[json.dumps(each, sort_keys=True)]
    }
    if found.verdict is Verdict.CANNOT_TELL:
        assert {each.key for each in found.missing if not each.key.startswith("law:")} - {"restricted_list_date"} == (
            changing - {"restricted_list_date"})  # fmt: skip
    else:
        assert not found.missing
    for each in found.missing:
        if each.key in changing:
            told = {verdict for _, verdicts_of in each.leads_to for verdict in verdicts_of}
            assert told == {Verdict(each) for each in verdicts.values()}


def _reads(key: str) -> set[str]:
    """Return the facts that an instrument asks for."""
    names = {"restricted_money", "counterparty_china"} if key == "us/wolf" else set()
    everything = find(key, {})
    return names | {each.key for each in everything.missing if not each.key.startswith("law:")}


def _edges(name: str, facts: Mapping[str, object]) -> list[object]:
    if QUESTIONS[name].kind is not FactKind.DATE:
        return values(name)
    days = [
        facts[other] for other in ("acts_on", "asked_on", "restricted_list_date") if facts[other] != "n/a"
    ]
    backs = (13, 14, 15, 29, 30, 31) if name != "restricted_list_date" else (30, 31)
    if name == "asked_on":
        backs = (*backs, -30, -31)
    return [
        (date.fromisoformat(str(day)) - timedelta(back)).isoformat()
        for day in days
        for back in (*backs, -9000, 9000)
    ]


# --- Rules that every answer obeys --------------------------------------------------------------------------


@settings(max_examples=100)
@given(facts_with_gaps, st.data())
def test_a_further_fact_never_changes_what_is_decided_and_an_unlisted_one_changes_nothing(
    facts: dict[str, object], data: st.DataObject
) -> None:
    before = screen(facts)
    gaps = [key for key, value in facts.items() if value is None]
    if not gaps:
        return
    key = data.draw(st.sampled_from(gaps))
    more = {**facts, key: data.draw(st.sampled_from(values(key)))}
    sheet = law_facts.read(more, LAW.vocabulary)
    if not isinstance(sheet, FactSheet):  # not a consistent way of filling it in
        return
    after = eligibility.screen(sheet, LAW)
    for old, new in zip(before.findings, after.findings, strict=True):
        # Of a year that is missing only those up to the activity are tried.
        outside = key == "money_years" and old.instrument.picks is Picks.MONEY
        if old.verdict is not Verdict.CANNOT_TELL and not outside:
            assert new.verdict is old.verdict, old.instrument.key
        # These answer nothing themselves, but settle or narrow another answer that is missing.
        narrows = key in law_facts.SETTLING or (key in ("collection", "act") and facts["asked_on"] is None)
        if key not in {each.key for each in old.missing} and not outside and not narrows:
            assert new.verdict is old.verdict, old.instrument.key


@settings(max_examples=100)
@given(facts_with_gaps)
def test_an_answer_has_what_its_verdict_needs(facts: dict[str, object]) -> None:
    screening = screen(facts)
    assert {each.instrument.key for each in screening.findings} >= FIRST_DELIVERY
    binding = [each.verdict for each in screening.findings if each.instrument.is_binding]
    order = ["prohibited", "cannot_tell", "permitted_on_condition", "permitted", "not_covered"]
    assert screening.overall == min(binding, key=lambda verdict: order.index(verdict))
    for found in screening.findings:
        assert bool(found.missing) is (found.verdict is Verdict.CANNOT_TELL)
        assert bool(found.conditions) is (found.verdict is Verdict.PERMITTED_ON_CONDITION)
        gap = any(each.key.startswith("law:") for each in found.missing)
        if found.verdict in (Verdict.NOT_COVERED, Verdict.ADVICE):
            assert (found.version, found.clauses) == (None, ())
        elif not gap:
            assert found.version
            assert found.clauses
        assert found.instrument.is_binding or found.verdict in (
            Verdict.ADVICE,
            Verdict.NOT_COVERED,
            Verdict.CANNOT_TELL,
        )
        for each in found.readings:
            gives = dict(each.gives)
            assert gives[each.used] is found.verdict
            assert len(set(gives.values())) > 1


@settings(max_examples=60)
@given(facts_with_gaps, st.integers(1, 4000))
def test_a_later_day_never_turns_a_condition_into_a_bar(facts: dict[str, object], days: int) -> None:
    if not isinstance(facts["acts_on"], str) or facts["acts_on"] == "n/a":
        return
    later = {**facts, "acts_on": (date.fromisoformat(facts["acts_on"]) + timedelta(days)).isoformat()}
    for old, new in zip(screen(facts).findings, screen(later).findings, strict=True):
        if old.verdict is Verdict.PERMITTED_ON_CONDITION:
            assert new.verdict is not Verdict.PROHIBITED


@settings(max_examples=40)
@given(facts_with_gaps, st.sampled_from([*values("person_nationality"), None, "n/a"]))
def test_the_wolf_clause_never_reads_a_persons_nationality(facts: dict[str, object], nations: object) -> None:
    assert find("us/wolf", facts) == find("us/wolf", {**facts, "person_nationality": nations})


@settings(max_examples=12)
@given(facts_with_gaps, st.randoms())
def test_the_answer_does_not_depend_on_the_order_of_keys(facts: dict[str, object], chance: Any) -> None:
    keys = list(facts)
    chance.shuffle(keys)
    one, other = (
        eligibility_answer.document(screen(each), LAW) for each in (facts, {key: facts[key] for key in keys})
    )
    assert json.dumps(one) == json.dumps(other)


# --- Points of their own ------------------------------------------------------------------------------------

PAPER = {
    "asked_on": "2026-11-20", "acts_on": "2027-03-01", "restricted_money": True, "counterparty_china": True,
    "two_sided": True, "off_the_shelf": False, "official_visitor_hosted": False, "later_law": False,
    "certificate_lodged_on": "n/a", "presidential_diplomacy": False, "money_years": [2026],
}  # fmt: skip


def test_money_without_a_law_on_file_is_not_rolled_forward() -> None:
    found = find("us/wolf", {**PAPER, "money_years": [2027]})
    assert (found.verdict, [each.key for each in found.missing]) == ("cannot_tell", ["law:FY2027"])
    assert find("us/wolf", {**PAPER, "money_years": [2031]}).missing == found.missing
    assert (
        find("us/wolf", {**PAPER, "money_years": [2027], "restricted_money": False}).verdict == "not_covered"
    )


def test_several_years_give_the_strongest_verdict_with_all_their_conditions() -> None:
    one = find("us/wolf", {**PAPER, "money_years": [2012, 2026]})
    assert (one.verdict, one.version) == ("permitted_on_condition", "FY2026")
    assert [str(each.by_date) for each in one.conditions] == ["2027-02-15", "2027-01-30"]
    assert find("us/wolf", {**PAPER, "money_years": [2011, 2026]}).version == "FY2011"


def test_a_year_that_is_not_known_is_tried_up_to_that_of_the_activity() -> None:
    facts = {**PAPER, "asked_on": "2012-09-01", "acts_on": "2012-09-30", "money_years": None}
    found = find("us/wolf", facts)
    assert dict(found.missing[0].leads_to) == {
        "FY2011": ("prohibited",),
        "FY2012": ("permitted_on_condition",),
    }
    assert len(find("us/wolf", {**facts, "acts_on": "2012-10-01"}).missing[0].leads_to) == 3
    assert (
        find("us/wolf", {**facts, "asked_on": "2009-05-01", "acts_on": "2009-06-01"}).verdict == "not_covered"
    )


def test_days_that_are_not_known_are_told_apart_at_the_deadline() -> None:
    found = find("us/wolf", {**PAPER, "asked_on": None})
    assert dict(found.missing[0].leads_to) == {
        "on or before 2027-01-30": ("permitted_on_condition",), "after 2027-01-30": ("prohibited",)}  # fmt: skip
    both = find("us/wolf", {**PAPER, "asked_on": None, "acts_on": None})
    assert [each.key for each in both.missing] == ["acts_on", "asked_on"]


def test_a_list_that_is_too_old_settles_nothing_whatever_it_says() -> None:
    facts = {"asked_on": "2025-06-01", "held_in_us": True, "on_restricted_list": True}
    stale = find("us/entity-list", {**facts, "restricted_list_date": "2025-05-01"})
    assert (stale.verdict, stale.version) == ("cannot_tell", "2025-05-01")
    assert [(each.key, dict(each.leads_to)) for each in stale.missing] == [("restricted_list_date", {
        "on or before 2025-05-01": ("cannot_tell",), "after 2025-05-01": ("permitted_on_condition",)})]  # fmt: skip
    assert (
        find("us/entity-list", {**facts, "restricted_list_date": "2025-05-02"}).verdict
        == "permitted_on_condition"
    )


def test_what_the_material_settles_of_a_missing_day_is_used() -> None:
    facts = {
        **PAPER,
        "acts_on": "2012-09-01",
        "money_years": [2012],
        "asked_on": None,
        "collection": "change5",
    }
    assert (
        find("us/wolf", {**facts, "act": "apply"}).verdict == "prohibited"
    )  # nobody could ask before it landed
    assert find("us/wolf", {**facts, "act": "talk"}).verdict == "cannot_tell"


def test_the_settling_keys_settle_and_are_never_missing() -> None:
    facts = {**PAPER, "restricted_money": None, "counterparty_china": None}
    assert find("us/wolf", {**facts, "funders": ["NSF"]}).verdict == "not_covered"
    settled = find("us/wolf", {**facts, "funders": ["NASA"], "counterparty_place": "HK"})
    assert settled.verdict == "permitted_on_condition"
    assert {each.key for each in find("us/wolf", facts).missing} == {"restricted_money", "counterparty_china"}
    assert find("us/wolf", {**facts, "money_years": "n/a"}).verdict == "not_covered"


def test_a_country_of_the_moratorium_that_is_not_on_file_is_a_text_that_is_missing() -> None:
    facts = {"acts_on": "2013-05-01", "nasa_site_access": True}
    found = find("us/nasa-access-2013", {**facts, "person_nationality": ["FR"]})
    assert (found.verdict, [each.key for each in found.missing]) == (
        "cannot_tell",
        ["law:moratorium-countries"],
    )
    assert find("us/nasa-access-2013", {**facts, "person_nationality": ["FR", "CN"]}).verdict == "prohibited"
    assert find("us/nasa-access-2013", {**facts, "person_nationality": ["US"]}).verdict == "not_covered"


def test_instruments_that_nobody_researched_say_so_and_cover_nothing() -> None:
    found = screen({}).finding("us/customs")
    assert found is not None
    assert (found.verdict, "Not researched" in found.notes[0]) == ("not_covered", True)


def test_membership_is_shown_and_never_branched_on() -> None:
    facts = {"acts_on": "2023-10-01", "borrower_place": "TH"}
    found = find("artemis/accords", facts)
    assert (found.verdict, "TH not in" in found.notes[0]) == ("advice", True)
    assert "TH in" in find("artemis/accords", {**facts, "acts_on": "2024-12-16"}).notes[0]
    assert find("artemis/accords", {**facts, "acts_on": "2020-10-12"}).verdict == "not_covered"


def test_the_most_decisive_question_comes_first() -> None:
    facts = {key: "n/a" for key, each in QUESTIONS.items() if each.kind is FactKind.BOOL} | {
        **PAPER, "lender": "other", "modality": "none", "collection": "other", "borrower_place": "US",
        "restricted_money": None, "two_sided": None, "official_visitor_hosted": None}  # fmt: skip
    asked = eligibility.next_questions(sheet_of(facts), LAW)
    assert [each.key for each in asked] == ["restricted_money", "official_visitor_hosted", "two_sided"]
    assert eligibility.next_questions(sheet_of({**facts, "restricted_money": False}), LAW) == ()


def test_a_funder_that_looks_like_nasa_is_pointed_out() -> None:
    assert (
        "NASA Ames" in find("us/wolf", {**PAPER, "restricted_money": None, "funders": ["NASA Ames"]}).notes[0]
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(day: str) -> None:
    for key in ("asked_on", "acts_on", "certificate_lodged_on", "restricted_list_date"):
        for gone in (*PAPER, "restricted_list_date"):
            screen({**PAPER, "held_in_us": True, "act": "talk", key: day, gone: None if gone != key else day})
