"""Does the record support this claim? A verdict, the facts that it rests on, and one line that says why.

Never a verdict without facts: what is supported or contradicted names them. What the record does not know is said to be
not in the register, and what is too vague to be held against anything is said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from aliquot.facts import Record
from aliquot.reading import agreement, datings, known, saying
from aliquot.reading.claims import Claim
from aliquot.reading.known import Known
from aliquot.reading.saying import Difference
from aliquot.vocabulary import State


class Verdict(StrEnum):
    """What the record says of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_IN_REGISTER = "not_in_register"
    TOO_VAGUE = "too_vague"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the keys of the facts that it rests on, and why, in one line of plain words."""

    verdict: Verdict
    facts: tuple[str, ...]
    because: str
    differences: tuple[Difference, ...] = ()  # of a contradicted claim, from the first fact


class Register:
    """The record made ready to be asked; it does not change."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._by_predicate: dict[str, list[Known]] = {}
        for fact in known.facts(record):
            self._by_predicate.setdefault(fact.predicate, []).append(fact)

    def of(self, *predicates: str) -> list[Known]:
        return [fact for predicate in predicates for fact in self._by_predicate.get(predicate, ())]


# Kinds of which there are many events: a claim whose date fits none of them is about another one.
_ROUNDS: Final = ("applicants", "granted", "lost", "recovered", "display", "call_opened", "call_closed")
_STATES: Final = {"CE": "CN", "Luna": "SU", "Apollo": "US", "Chandrayaan": "IN"}
_NEAR_DAYS: Final = 100
_FOREIGN_LENDING: Final = ("2025-04-01", "2025-09-28")


def judge(register: Register, claim: Claim) -> Judgement:
    """Return what the record says of a claim."""
    special = _SPECIAL.get(claim.predicate)
    if special and (judged := special(register, claim)):
        return judged
    facts = _about(register, claim)
    if claim.hedge == "denied" and claim.predicate in (
        "exchange",
        "gift",
        "loan_granted",
        "loan_refused",
        "transfer",
        "holding",
    ):
        return _denied(register, claim, facts)
    if not facts:
        return _unknown(claim)
    return _weigh(register, claim, facts)


def _about(register: Register, claim: Claim) -> list[Known]:
    """Return the facts of a kind about the same parties or mission."""
    every = register.of(claim.predicate)
    pair = (claim.subject, claim.object)
    if claim.predicate == "exchange":
        return [fact for fact in every if {fact.subject, fact.object} == set(pair)]
    mine = [fact for fact in every if fact.subject == claim.subject]
    if claim.predicate in (
        "gift",
        "transfer",
        "loan_granted",
        "loan_requested",
        "loan_refused",
        "applicants",
        "granted",
        "rank",
    ):
        mine = [fact for fact in mine if fact.object == claim.object]
    elif claim.predicate in ("holding", "display"):
        mine = [
            fact
            for fact in mine
            if not (_is_mission(fact.object) and _is_mission(claim.object) and fact.object != claim.object)
        ]
    elif claim.predicate == "age_difference":
        mine = [fact for fact in mine if fact.object in (claim.object, "")]
    if claim.predicate == "returned_on" and not claim.is_collected:
        mine = [fact for fact in mine if not fact.is_collecting]
    return mine or _wider(register, claim)


def _is_mission(name: str) -> bool:
    return name.partition("-")[0].partition(" ")[0] in _STATES and name != "Luna"


def _wider(register: Register, claim: Claim) -> list[Known]:
    """Return the facts that a claim falls under where none is about its parties by name."""
    if claim.predicate == "gift" and claim.subject == "US":
        whom = "US states" if claim.object.startswith("US-") else "nations" if len(claim.object) == 2 else ""
        return [
            fact
            for fact in register.of("gift")
            if fact.subject == "US" and fact.object == whom and fact.unit != "count"
        ]
    if claim.predicate == "rank":
        state = _STATES.get(claim.subject.partition("-")[0].partition(" ")[0], claim.subject)
        same = [fact for fact in register.of("rank") if fact.object == claim.object]
        mine = [fact for fact in same if fact.subject == state]
        return mine or [
            fact
            for fact in same
            if claim.quantity
            and fact.value == claim.quantity.value
            and len(fact.subject) == 2
            and len(state) == 2
        ]
    if claim.predicate == "display":
        return [fact for fact in register.of("holding") if fact.subject == claim.subject]
    if claim.predicate == "loan_requested":
        return [
            f for f in register.of("loan_requested") if (f.subject, f.object) == (claim.object, claim.subject)
        ]
    return []


def _weigh(register: Register, claim: Claim, facts: Sequence[Known]) -> Judgement:
    standing = [fact for fact in facts if fact.state is not State.REFUTED]
    if not standing:
        return _judgement(register, claim, Verdict.CONTRADICTED, facts[:2])
    picked = _picked(claim, standing)
    if picked is None:
        return _unknown(claim)
    for group in _events(claim, picked):
        agreeing = [fact for fact in _best(claim, group) if _agrees(claim, fact)]
        if agreeing:
            return _judgement(register, claim, Verdict.SUPPORTED, agreeing[:2])
    one_event = claim.predicate in _ONE_EVENT
    nearest = sorted(picked, key=lambda fact: (fact.grade if one_event else "", _off(claim, fact)))[:2]
    return _judgement(register, claim, Verdict.CONTRADICTED, nearest)


def _picked(claim: Claim, facts: Sequence[Known]) -> Sequence[Known] | None:
    """Return the facts that the date, mission or unit of a claim picks out; None when it is about none of them."""
    if claim.quantity:
        same = [fact for fact in facts if fact.unit == claim.quantity.unit]
        if (
            not same
            and claim.predicate in ("lost", "recovered", "holding", "loan_granted", "gift")
            and all(fact.value is not None for fact in facts)
        ):
            return None
        facts = same or facts
    if claim.mission and claim.subject == "US" and any(fact.mission == claim.mission for fact in facts):
        facts = [fact for fact in facts if fact.mission in (claim.mission, "")]
    if claim.predicate in ("lost", "recovered") and claim.subject not in _COLLECTIONS:
        return facts  # one owner lost one piece once
    if claim.predicate in ("lost", "recovered") and claim.quantity and _is_another(claim, facts):
        return None
    again = claim.predicate == "loan_granted" and bool(claim.object) and claim.state in _LENT_AGAIN
    rounds = claim.predicate in _ROUNDS or (claim.predicate == "loan_granted" and not claim.object) or again
    return _of_round(claim, facts) if claim.date and rounds else facts


_COLLECTIONS: Final = ("goodwill rocks", "NASA collection", "US states")
_LENT_AGAIN: Final = ("CN", "MO", "HK")  # whose laboratories borrow round after round
_SMALL_PART: Final = Decimal("0.2")


def _is_another(claim: Claim, facts: Sequence[Known]) -> bool:
    """Whether a count is so much smaller than those of the register that it is of a loss of its own."""
    counts = [fact.value for fact in facts if fact.unit == "count" and fact.value]
    return bool(
        counts
        and claim.quantity
        and claim.quantity.unit == "count"
        and claim.quantity.value < min(counts) * _SMALL_PART
    )


def _of_round(claim: Claim, facts: Sequence[Known]) -> Sequence[Known] | None:
    """Return the facts of the round or event that the date of a claim picks; None when it is about another one."""
    dated = [fact for fact in facts if fact.on.is_known and agreement.dates(claim.date, fact.on)]
    open_ = [fact for fact in facts if not fact.on.is_known]
    if claim.quantity:
        open_ = [fact for fact in open_ if _agrees(claim, fact)]
    if dated or open_:
        return [*dated, *open_]
    fits = claim.quantity and any(fact.value == claim.quantity.value for fact in facts)
    near = [fact for fact in facts if _days_apart(claim.date, fact) <= _NEAR_DAYS]
    if not fits and not (near and claim.predicate.startswith("call")):
        return None
    return near or facts


def _days_apart(said: str, fact: Known) -> int:
    first, last = datings.span(said)
    low, high = fact.on.first, fact.on.last
    if low is None or high is None:
        return 9999
    return max((low - last).days, (first - high).days, 0)


_ONE_EVENT: Final = (
    "returned_mass",
    "total_returned",
    "launched_on",
    "landed_on",
    "returned_on",
    "landing_side",
    "sample_mass",
    "age",
    "law_enacted",
    "age_difference",
)


def _events(claim: Claim, facts: Sequence[Known]) -> list[list[Known]]:
    """Return the facts by the event that they are about: facts of one event compete, those of several do not."""
    if claim.predicate in _ONE_EVENT:
        return [list(facts)]
    groups: dict[tuple[object, ...], list[Known]] = {}
    for fact in facts:
        year = fact.on.first.year if fact.on.first else None
        key = (
            (year, fact.unit)
            if claim.predicate in ("gift", "transfer", "exchange")
            else (fact.key, fact.unit)
        )
        groups.setdefault(key, []).append(fact)
    return list(groups.values())


def _best(claim: Claim, facts: Sequence[Known]) -> list[Known]:
    """Return the facts of the best grade among those that say something of what is claimed."""
    telling = [fact for fact in facts if not claim.quantity or fact.value is not None] or list(facts)
    if claim.predicate == "age" or claim.is_collected:
        return telling
    top = min(fact.grade for fact in telling)
    return [fact for fact in telling if fact.grade == top]


def _agrees(claim: Claim, fact: Known) -> bool:
    said = (
        claim.quantity
        if claim.quantity and claim.quantity.unit == (fact.unit or claim.quantity.unit)
        else None
    )
    if said and fact.value is not None:
        said_so = agreement.numbers(said, fact.value, spread=fact.spread, precision=fact.precision)
        if not said_so:
            return False
    if claim.date and fact.on.is_known and not agreement.dates(claim.date, fact.on):
        return False
    if claim.predicate in ("landing_side", "rank") and fact.object != claim.object:
        return False
    return not (claim.predicate == "rank" and fact.subject != claim.subject and len(claim.subject) == 2)


def _off(claim: Claim, fact: Known) -> tuple[float, float, str]:
    number = 0.0
    if claim.quantity and fact.value is not None:
        number = float(abs(fact.value - claim.quantity.value) / max(claim.quantity.value, Decimal(1)))
    days = _days_apart(claim.date, fact) if claim.date and fact.on.is_known else 0
    return number, days, fact.key


def _denied(register: Register, claim: Claim, facts: Sequence[Known]) -> Judgement:
    """Return what is known of a thing that a text says did not happen."""
    refuted = [fact for fact in facts if fact.state is State.REFUTED]
    if refuted:
        return _judgement(register, claim, Verdict.SUPPORTED, refuted[:1])
    agreeing = [fact for fact in facts if _agrees(claim, fact)]
    return _judgement(register, claim, Verdict.CONTRADICTED, agreeing[:2]) if agreeing else _unknown(claim)


def _unknown(claim: Claim) -> Judgement:
    """Return that the register does not know, or that there is nothing to be known."""
    is_bare = not claim.quantity and not claim.date and claim.object in ("", "nations", "US states")
    if is_bare and claim.predicate in ("gift", "loan_granted", "transfer"):
        return Judgement(Verdict.TOO_VAGUE, (), saying.too_vague(claim))
    return Judgement(Verdict.NOT_IN_REGISTER, (), saying.not_known(claim))


def _judgement(register: Register, claim: Claim, verdict: Verdict, facts: Iterable[Known]) -> Judgement:
    given = list(dict.fromkeys(facts))
    if not given:
        return Judgement(verdict, (), saying.not_known(claim))
    beside = saying.mistaken_for(register.record, claim) if verdict is Verdict.CONTRADICTED else []
    keys = tuple(dict.fromkeys([*(fact.key for fact in given), *(said.key for said in beside)]))
    why = saying.because(register.record, claim, verdict.value, given, beside)
    off = saying.differences(claim, given[0]) if verdict is Verdict.CONTRADICTED else ()
    return Judgement(verdict, keys, why, off)


def _planned(register: Register, claim: Claim) -> Judgement | None:
    if not claim.date:
        return Judgement(Verdict.TOO_VAGUE, (), saying.too_vague(claim))
    facts = [
        fact
        for fact in register.of("launched_on", "landed_on", "returned_on")
        if fact.subject == claim.subject and fact.state is not State.REFUTED
    ]
    agreeing = [fact for fact in facts if agreement.dates(claim.date, fact.on)]
    if agreeing:
        return _judgement(register, claim, Verdict.SUPPORTED, agreeing[:1])
    return _judgement(register, claim, Verdict.CONTRADICTED, facts[:1]) if facts else _unknown(claim)


def _difference(_register: Register, claim: Claim) -> Judgement | None:
    if claim.quantity is None:
        return Judgement(Verdict.TOO_VAGUE, (), saying.too_vague(claim))
    return None


def _law(register: Register, claim: Claim) -> Judgement | None:
    facts = [fact for fact in register.of("law_effect") if fact.subject == claim.subject]
    same = [fact for fact in facts if fact.object == claim.object]
    if same:
        return _judgement(register, claim, Verdict.SUPPORTED, same[:1])
    return _judgement(register, claim, Verdict.CONTRADICTED, facts[-2:]) if facts else None


def _loan(register: Register, claim: Claim) -> Judgement | None:
    """Hold a borrower abroad against the complete list of April 2025."""
    if claim.subject != "CN" or not claim.object or claim.hedge == "denied" or _about(register, claim):
        return None
    abroad = claim.state not in ("", "CN") or (
        len(claim.object) == 2 and claim.object not in ("CN", "UN", "EU")
    )
    first, last = (date.fromisoformat(day) for day in _FOREIGN_LENDING)
    if claim.date:
        low, high = datings.span(claim.date)
        abroad = abroad and low <= last and first <= high
    every = [
        fact
        for fact in register.of("granted")
        if fact.key in ("international-1", "international-1.granted-countries")
    ]
    listed = [fact for fact in every if fact.object in ("institutions", "countries")]
    if abroad and listed and claim.mission in ("CE-5", "CE", ""):
        return _judgement(register, claim, Verdict.CONTRADICTED, listed)
    return None


def _applied(register: Register, claim: Claim) -> Judgement | None:
    """Hold those who were heard, where a text takes them for all who applied, against the applications of that call."""
    for hearing in saying.heard(register.record, claim):
        call = hearing.key.partition(".")[0]
        every = [fact for fact in register.of("applicants") if fact.key.partition(".")[0] == call]
        all_ = [fact for fact in every if fact.object == "applications" and fact.state is not State.REFUTED]
        if all_:
            nearest = sorted(all_, key=lambda fact: _days_apart(claim.date, fact))[:1]
            return _judgement(register, claim, Verdict.CONTRADICTED, nearest)
    return None


def _requested(register: Register, claim: Claim) -> Judgement | None:
    """Hold a request against those of the same state's institutions, and against one in the other direction."""
    if len(claim.subject) != 2:
        return None
    every = register.of("loan_requested")
    turned = [fact for fact in every if (fact.subject, fact.object) == (claim.object, claim.subject)]
    if claim.date and any(agreement.dates(claim.date, fact.on) for fact in turned):
        return _judgement(register, claim, Verdict.CONTRADICTED, turned[:1])
    states = {
        party.name.en.partition(" (")[0].partition(",")[0].removeprefix("The "): party.country
        for party in register.record.parties.values()
    }
    mine = [
        fact for fact in every if fact.object == claim.object and states.get(fact.subject) == claim.subject
    ]
    agreeing = [fact for fact in mine if _agrees(claim, fact)]
    return _judgement(register, claim, Verdict.SUPPORTED, agreeing[:1]) if agreeing else None


_SPECIAL: Final[dict[str, Callable[[Register, Claim], Judgement | None]]] = {
    "mission_planned": _planned,
    "age_difference": _difference,
    "applicants": _applied,
    "law_effect": _law,
    "loan_granted": _loan,
    "loan_requested": _requested,
}
