"""The Wolf clause written a second time as a logic program: both must leave the same verdicts open.

Facts that are not known are choices of the solver; its brave consequences are the verdicts of all completions. Many sets
of facts go into one call, for they do not touch each other.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import clingo

from aliquot import eligibility, law_read
from aliquot.law_facts import FactSheet, read
from aliquot.verdicts import Verdict

LAW = law_read.load()
SETS, AT_ONCE = 2400, 40

# Years in groups by what the certificate needs; days as numbers, `-1` for a day that never comes.
CLAUSE = """
bool(restricted_money; counterparty_china; two_sided; off_the_shelf; official_visitor_hosted; later_law;
     certificate_covers; no_transfer_finding; no_abuser_finding; fbi_consulted).

1 { is(S,K,yes); is(S,K,no) } 1 :- set(S), bool(K), not told(S,K).
is(S,K,V) :- told(S,K,V).
told(S,K) :- told(S,K,_).

% A day that is not known falls somewhere around the deadlines of the activity.
1 { day(S,lodged,A-30); day(S,lodged,A-29); day(S,lodged,A-14); day(S,lodged,A-13); day(S,lodged,never) } 1
    :- set(S), acts(S,A), not told_day(S,lodged).
1 { day(S,asked,A-30); day(S,asked,A-29); day(S,asked,A-14); day(S,asked,A-13) } 1
    :- set(S), acts(S,A), not told_day(S,asked).
day(S,D,V) :- told_day(S,D,V).
told_day(S,D) :- told_day(S,D,_).

% A year that is not known is one of those up to the activity's.
1 { of_year(S,Y) : Y = 2011..L } 1 :- set(S), last_year(S,L), not told_year(S).
of_year(S,Y) :- told_year(S,Y).
told_year(S) :- told_year(S,_).

notice(Y,14) :- Y = 2012..2013.
notice(Y,30) :- Y = 2014..2026.
needs(Y,certificate_covers) :- notice(Y,_).
needs(Y,no_transfer_finding) :- notice(Y,_).
needs(Y,no_abuser_finding) :- notice(Y,_), Y >= 2013.
needs(Y,fbi_consulted) :- notice(Y,_), Y >= 2016.

good(S,D,Y) :- of_year(S,Y), notice(Y,N), acts(S,A), day(S,D,V), V != never, V <= A - N.
lacks(S,Y) :- of_year(S,Y), needs(Y,K), not is(S,K,yes).
certified(S,Y) :- good(S,lodged,Y), not lacks(S,Y).

bar(S,a,Y) :- of_year(S,Y), Y = 2011..2026, is(S,restricted_money,yes), is(S,counterparty_china,yes),
              is(S,two_sided,yes), not is(S,off_the_shelf,yes).
bar(S,b,Y) :- of_year(S,Y), Y = 2011..2026, is(S,restricted_money,yes), is(S,official_visitor_hosted,yes).
lifted(S,a,Y) :- bar(S,a,Y), is(S,later_law,yes).
lifted(S,B,Y) :- bar(S,B,Y), certified(S,Y).
left(S,Y) :- bar(S,B,Y), not lifted(S,B,Y).

gives(S,prohibited)             :- left(S,Y), not good(S,asked,Y).
gives(S,permitted_on_condition) :- left(S,Y), good(S,asked,Y).
gives(S,permitted)              :- bar(S,_,Y), not left(S,Y).
gives(S,cannot_tell)            :- of_year(S,Y), Y >= 2027, not is(S,restricted_money,no), not clear(S).
clear(S) :- is(S,counterparty_china,no), is(S,official_visitor_hosted,no).

rank(prohibited,4; cannot_tell,3; permitted_on_condition,2; permitted,1).
beaten(S,V) :- gives(S,V), gives(S,W), rank(V,R), rank(W,Q), Q > R.
verdict(S,V) :- gives(S,V), not beaten(S,V).
verdict(S,not_covered) :- set(S), not gives(S,_).
#show verdict/2.
"""
BOOLS = ("restricted_money", "counterparty_china", "two_sided", "off_the_shelf", "official_visitor_hosted",
         "later_law", "certificate_covers", "no_transfer_finding", "no_abuser_finding", "fbi_consulted")  # fmt: skip


def some_facts(chance: random.Random) -> dict[str, object]:
    """Return facts of which some are not known, most of them such that a bar bites."""
    biting = {"off_the_shelf": False, "later_law": False}
    facts: dict[str, object] = {
        key: None if chance.random() < 0.15 else biting.get(key, True) if chance.random() < 0.75 else
        chance.choice([True, False, "n/a"]) for key in BOOLS
    }  # fmt: skip
    acts = date(chance.choice([2011, 2012, 2013, 2014, 2016, 2021, 2026]), chance.choice([1, 9, 10, 12]), 1)
    facts["acts_on"] = acts.isoformat()
    for key in ("asked_on", "certificate_lodged_on"):
        back = chance.choice([None, 0, 13, 14, 15, 29, 30, 31, 90])
        facts[key] = None if back is None else date.fromordinal(acts.toordinal() - back).isoformat()
    if chance.random() < 0.2:
        facts["certificate_lodged_on"] = "n/a"
    years = [chance.choice(range(2009, 2030)) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
    facts["money_years"] = None if chance.random() < 0.15 else years
    return facts


def as_atoms(index: int, facts: Mapping[str, object]) -> str:
    words = {True: "yes", False: "no", "n/a": "na"}
    acts = date.fromisoformat(str(facts["acts_on"]))
    found = [
        f"set({index}). acts({index},{acts.toordinal()}). last_year({index},{acts.year + (acts.month >= 10)})."
    ]
    found += [f"told({index},{key},{words[facts[key]]})." for key in BOOLS if facts[key] is not None]  # type: ignore[index]
    for name, key in (("lodged", "certificate_lodged_on"), ("asked", "asked_on")):
        day = facts[key]
        if day is not None:
            told = "never" if day == "n/a" else date.fromisoformat(str(day)).toordinal()
            found.append(f"told_day({index},{name},{told}).")
    years = facts["money_years"]
    found += [f"told_year({index},{year})." for year in (years if isinstance(years, list) else [])]
    return " ".join(found)


def solved(sets: Mapping[int, Mapping[str, object]]) -> dict[int, set[str]]:
    """Return the verdicts that some completion gives, by the solver, for all sets in one call."""
    control = clingo.Control(["--enum-mode=brave", "--warn=none"])
    control.add("base", [], CLAUSE + "\n".join(as_atoms(index, facts) for index, facts in sets.items()))
    control.ground([("base", [])])
    found: dict[int, set[str]] = defaultdict(set)

    def keep(model: clingo.Model) -> None:
        for atom in model.symbols(shown=True):
            found[atom.arguments[0].number].add(str(atom.arguments[1]))

    control.solve(on_model=keep)
    return found


def test_both_writings_of_the_clause_leave_the_same_verdicts_open() -> None:
    chance = random.Random(112_55)
    sets = {index: some_facts(chance) for index in range(SETS)}
    possible: dict[int, set[str]] = {}
    for first in range(0, SETS, AT_ONCE):
        possible |= solved({index: sets[index] for index in range(first, first + AT_ONCE)})
    wolf = LAW.instruments["us/wolf"]
    met: set[Verdict] = set()
    for index, facts in sets.items():
        sheet = read(facts, LAW.vocabulary)
        assert isinstance(sheet, FactSheet)
        found = eligibility.find(wolf, sheet, LAW.vocabulary)
        expected = possible[index]
        assert found.verdict.value == (next(iter(expected)) if len(expected) == 1 else "cannot_tell"), facts
        for each in found.missing:
            if not each.key.startswith("law:"):
                assert {verdict.value for _, verdicts in each.leads_to for verdict in verdicts} == expected, (
                    facts
                )
        met.add(found.verdict)
    assert met == set(Verdict) - {Verdict.ADVICE}
