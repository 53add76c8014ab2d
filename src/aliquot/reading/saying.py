"""How is a verdict said in one line of plain words? Which fact, its date and source, and by how much it differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliquot import fault
from aliquot.facts import Record, Statement
from aliquot.reading import agreement
from aliquot.reading.agreement import Apart
from aliquot.reading.claims import Claim
from aliquot.reading.known import Known, name_of
from aliquot.vocabulary import SAYS, State

_WORDS: Final = {
    "returned_mass": "mass returned", "total_returned": "mass returned in all", "returned_on": "return to Earth", "launched_on": "launch", "landed_on": "landing on the Moon",
    "landing_side": "side of the Moon", "display": "shown", "age": "age",
}  # fmt: skip
_SHIFTED: Final = ("landing", "lift_off", "launch")


def too_vague(claim: Claim) -> str:
    """Return that a claim gives nothing definite to compare."""
    return (
        "no amount or time is given that could be compared"
        if claim.predicate != "mission_planned"
        else "no time is given that could be compared"
    )


def not_known(claim: Claim) -> str:
    """Return that the register has no such fact."""
    about = " and ".join(part for part in (claim.subject, claim.object) if part)
    when = f" of {claim.date}" if claim.date else ""
    return f"the register has no fact of this kind{when} about {about}"


def because(
    record: Record, claim: Claim, verdict: str, facts: Sequence[Known], beside: Sequence[Statement]
) -> str:
    """Return the line that names the facts, their sources and, where they differ from the claim, by how much."""
    shown = {(fact.predicate, fact.shown): fact for fact in reversed(facts)}  # two sources may say the same
    told = "; ".join(_fact(record, fact) for fact in facts if fact in shown.values())
    if verdict != "contradicted":
        return fault.seen(told)
    parts = [part for part in (_difference(claim, facts[0]), *(_beside(said) for said in beside)) if part]
    return fault.seen("; ".join([told, *parts]))


def _fact(record: Record, fact: Known) -> str:
    sources = [record.sources[key] for key in fact.sources[:2] if key in record.sources]
    said_by = ", ".join(source.publisher or source.title for source in sources)
    words = _WORDS.get(fact.predicate) or (
        SAYS[fact.predicate].en if fact.predicate in SAYS else fact.predicate
    )
    about = f"{fact.subject}, {fact.object}" if fact.object else fact.subject
    when = f", {fact.on.show()}" if fact.on.is_known and fact.on.show() not in fact.shown else ""
    refuted = "refuted: " if fact.state is State.REFUTED else ""
    return f"{refuted}{about}, {words}: {fact.shown}{when} ({said_by}; grade {fact.grade})"


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a text and a fact differ: in a number (`off` in `unit`, above or below) or in a date (`apart`)."""

    said: str
    off: str = ""
    unit: str = ""
    is_more: bool = False  # the text says more than the record
    apart: Apart | None = None


def differences(claim: Claim, fact: Known) -> tuple[Difference, ...]:
    """Return in what a claim differs from a fact, and by how much."""
    found = []
    if claim.quantity and fact.value is not None and fact.unit == claim.quantity.unit:
        off = fact.value - claim.quantity.value
        if off:
            found.append(Difference(_number(claim.quantity.value), _number(abs(off)), fact.unit, off < 0))
    if claim.date and fact.on.is_known and (far := agreement.apart(claim.date, fact.on)):
        found.append(Difference(claim.date, apart=far))
    return tuple(found)


def _difference(claim: Claim, fact: Known) -> str:
    parts = []
    for one in differences(claim, fact):
        if one.apart:
            parts.append(f"the text says {one.said}, the register {agreement.distance(claim.date, fact.on)}")
        else:
            unit = "" if one.unit == "count" else f" {one.unit}"
            parts.append(
                f"the text says {one.said}{unit}, which is {one.off}{unit} {'too much' if one.is_more else 'too little'}"
            )
    return "; ".join(parts)


def _number(value: Decimal) -> str:
    return f"{round(value, 1).normalize():f}" if value >= 10 else f"{value.normalize():f}"


def mistaken_for(record: Record, claim: Claim) -> list[Statement]:
    """Return what a wrong figure or date is in truth: the lift-off for the return, the mass hoped for, those who were heard."""
    found = heard(record, claim)
    for said in record.statements.values():
        if said.state is State.REFUTED or name_of(record, said.about) != claim.subject:
            continue
        if (
            claim.predicate == "returned_on"
            and said.says in _SHIFTED
            and said.on
            and claim.date
            and len(claim.date) == 10
            and agreement.dates(claim.date, said.on)
        ):
            found.append(said)
        expected = (
            claim.predicate == "returned_mass"
            and said.says == "expected_mass"
            and said.mass_ng
            and claim.quantity
        )
        if (
            expected
            and claim.quantity
            and abs(Decimal(said.mass_ng or 0) / 10**9 - claim.quantity.value) < claim.quantity.value / 20
        ):
            found.append(said)
    return found


def heard(record: Record, claim: Claim) -> list[Statement]:
    """Return the hearings of so many on that date, which a text may take for the applications."""
    if claim.predicate != "applicants" or claim.quantity is None or not claim.date:
        return []
    return [
        said
        for said in record.statements.values()
        if said.count is not None
        and (said.says, said.object, Decimal(said.count)) == ("event", claim.object, claim.quantity.value)
        and name_of(record, said.about) == claim.subject
        and agreement.dates(claim.date, said.date)
    ]


def _beside(said: Statement) -> str:
    if said.says == "event":
        return f"{said.shown()} on {said.date.show()}: {said.scope.en}"
    return (
        f"{said.shown()} is the {SAYS[said.says].en}"
        if said.on
        else f"{said.shown()} was the {SAYS[said.says].en}"
    )
