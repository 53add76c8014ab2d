"""What is a claim? One checkable statement of one sentence, in the slots of the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from aliquot.reading.marks import Mark, Quantity, Sentence

PREDICATES: Final = (
    "returned_mass", "total_returned", "returned_on", "launched_on", "landed_on", "landing_side", "rank", "persons_on_moon",
    "mission_planned", "gift", "exchange", "transfer", "sale", "loan_granted", "loan_requested", "loan_refused", "permission",
    "call_opened", "call_closed", "applicants", "granted", "holding", "display", "sample_mass", "lost", "recovered", "age",
    "age_difference", "law_enacted", "law_effect", "membership_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim before it is held against the record; `start` and `end` are the part of the sentence that makes it."""

    predicate: str
    subject: str
    object: str = ""
    quantity: Quantity | None = None
    date: str = ""
    place: str = ""
    mission: str = ""
    hedge: str = ""  # where the family of statements knows better than `modality`
    state: str = ""  # of an object that is an institution: where it is
    is_collected: bool = False  # a returned_on that tells the day on the Moon
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a table holds, and the unit that its head names."""

    kind: str
    unit: str = ""


@dataclass(slots=True)
class Context:
    """What the sentences before were about: what "it", "the probe", "the sample" and "a year later" mean."""

    mission: str = ""
    flown: int = -9  # the sentence that named it
    recent: tuple[str, ...] = ()  # the missions named so far, the last first
    missions: tuple[str, ...] = ()  # the two that a sentence before was about
    programme: str = ""
    material: bool = False
    is_lunar: bool = False  # the text as a whole is about lunar samples
    giver: str = ""
    gave: dict[str, str] = field(default_factory=dict)  # who gave, by who received
    receiver: str = ""
    lender: str = ""
    borrower: str = ""  # the one that was named last, where one alone was
    is_aside: bool = False  # the sentence before spoke of another body
    applying: bool = False
    law: str = ""
    told: str = ""
    dated: int = -9  # the sentence that told it
    holder: str = ""
    before: tuple[Claim, ...] = ()  # what the sentence before claimed
    last_gift: int = -9
    last_loan: int = -9
    last_sale: int = -9
    last_exchange: int = -9
    exchanged: tuple[str, ...] = ()  # who exchanged
    mass: Quantity | None = None  # of the gift told last
    sold: str = ""  # the mission whose material was sold
    states: tuple[str, ...] = ()  # of the last sentence that named any
    named: int = -9  # that sentence
    pair: tuple[str, ...] = ()  # the two states that a sentence before was about
    sentence: int = 0
    sample: str = ""
    sampled: int = -9  # the sentence that named it
    collection: str = ""  # whose losses are told
    planned: str = ""
    keeper: str = ""  # the state whose lunar samples were last spoken of: CN or US
    columns: tuple[Column, ...] = ()  # of the table that is being read
    asked: str = ""  # the mission or programme that the question was about
    feat: str = ""  # what somebody was told to be the first, or third, to do
    ranked: int = -9  # the sentence that told it
    hauled: int = -9  # the sentence that told what a mission or programme brought
    hauled_in: str = ""  # the unit of the mass told last
    is_asked: bool = False  # the sentence before was a question about an amount that was brought back


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and the claims that it makes, written predicate(subject, object) value unit date."""

    text: str
    claims: tuple[str, ...]
    language: str = "en"


def shown(claim: Claim) -> str:
    """Return a claim in short, as examples write it."""
    slots = ", ".join(slot for slot in (claim.subject, claim.object) if slot)
    number = ""
    if claim.quantity:
        value = claim.quantity.value.normalize()
        number = f"{value:f} {claim.quantity.unit}"
    return " ".join(part for part in (f"{claim.predicate}({slots})", number, claim.date) if part)


def nearest(sentence: Sentence, at: int, *kinds: str, after: int | None = None) -> Mark | None:
    """Return the mark of these kinds that stands nearest to a place."""
    marks = [mark for mark in sentence.all(*kinds) if after is None or mark.start >= after]
    return min(marks, key=lambda mark: min(abs(mark.start - at), abs(mark.end - at)), default=None)
