"""What does an article claim, and what does the record know of it? The desk itself: a text in, claims with verdicts out.

The same text and record give the same answer. The form of the answer is that of `aliquot read --json`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from aliquot.reading import claims, extraction, judging
from aliquot.reading.claims import Claim
from aliquot.reading.documents import Document
from aliquot.reading.judging import Judgement, Register
from aliquot.reading.marks import Sentence

Plain = str | int | float | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim with the sentence that makes it and what the record says of it."""

    sentence: Sentence
    claim: Claim
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a document; places count characters of `document.text`."""

    document: Document
    language: str
    sentences: int
    findings: tuple[Finding, ...]


def read(document: Document, register: Register) -> Reading:
    """Return the claims of a document, each held against the record."""
    language, sentences, found = extraction.read(document.text, document.day)
    findings = tuple(Finding(said, claim, judging.judge(register, claim)) for said, claim in found)
    return Reading(document, language, sentences, findings)


def plain(reading: Reading) -> dict[str, Plain]:
    """Return a reading as JSON can carry it; the text itself only where it is not the file's own."""
    head: dict[str, Plain] = {
        "file": reading.document.name,
        "language": reading.language,
        "sentences": reading.sentences,
    }
    found: list[Plain] = [_claim(finding) for finding in reading.findings]
    text: dict[str, Plain] = {} if reading.document.is_plain else {"text": reading.document.text}
    return {**head, "claims": found, **text}


def _claim(finding: Finding) -> dict[str, Plain]:
    claim, said, judged = finding.claim, finding.sentence, finding.judgement
    slots: dict[str, Plain] = {"predicate": claim.predicate, "subject": claim.subject}
    if claim.object:
        slots["object"] = claim.object
    if claim.quantity:
        slots |= {"value": number(claim.quantity.value), "unit": claim.quantity.unit}
    slots |= {
        name: text
        for name, text in (("date", claim.date), ("place", claim.place), ("mission", claim.mission))
        if text
    }
    facts: list[Plain] = list(judged.facts)
    return slots | {
        "quote": said.quote, "start": said.start, "end": said.end, "hedge": claim.hedge,
        "verdict": judged.verdict.value, "register": facts, "because": judged.because,
    }  # fmt: skip


def shown(finding: Finding) -> str:
    """Return a finding in one line for people: verdict, claim, how it is said, and why."""
    claim, judged = finding.claim, finding.judgement
    said = "" if claim.hedge == "asserted" else f", {claim.hedge}"
    facts = f" [{', '.join(judged.facts)}]" if judged.facts else ""
    return f"{judged.verdict.value.replace('_', ' ')}: {claims.shown(claim)}{said}: {judged.because}{facts}"


def number(value: Decimal) -> int | float:
    """Return a number as JSON writes it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
