"""Screening a subject by the law on file, and what people decide on it; certificates and waivers. Nothing is rewritten.

Every screening keeps the facts, the answer and the hashes of all that was read, so that it can be repeated, and so that
a change of law finds what it touches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aliquot import eligibility, eligibility_answer, fault, law_facts, law_read, screenings
from aliquot.fault import Fault, Refused
from aliquot.law_text import Law
from aliquot.screenings import FOLLOWING, Certified, Decided, Waived, Why
from aliquot.site import queries
from aliquot.site.models import Certificate, Person, Screening, ScreeningDecision, Waiver
from aliquot.site.operations.ledger import lock
from aliquot.verdicts import Verdict

FACTS_BYTES_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Rescreened:
    """A subject that was screened again: what it said before, what it says now, or why it cannot be screened."""

    before: Screening
    now: Screening | None
    why: Why
    faults: tuple[Fault, ...] = ()


@transaction.atomic
def screen(
    subject: str, facts: Mapping[str, object], why: str, *, by: Person | None, at: datetime, law: Law | None = None
) -> Screening:  # fmt: skip
    """Screen a subject by these facts and keep what was found; the law is that which ships unless another is given."""
    lock()  # screenings of a subject are numbered
    law = law or law_read.load()
    faults = list(screenings.check_subject(subject))
    if why not in set(Why):
        faults.append(
            fault.of("why", "this is no reason to screen", "use one of: {words}", words=", ".join(Why))
        )
    if "\\u0000" in json.dumps(facts):
        faults.append(fault.of("facts", "it has a character in it that no text has", "write it anew"))
    if len(json.dumps(facts)) > FACTS_BYTES_MOST:
        faults.append(fault.of("facts", "they have more than {most} bytes", "keep to the questions of the form",
                               most=FACTS_BYTES_MOST))  # fmt: skip
    sheet = law_facts.read(facts, law.vocabulary)
    faults += sheet if isinstance(sheet, tuple) else ()
    if faults or isinstance(sheet, tuple):
        raise Refused(faults)
    found = eligibility.screen(sheet, law)
    newest = queries.screenings.newest(subject)
    return Screening.objects.create(
        subject=subject,
        order=newest.order + 1 if newest else 1,
        why=why,
        facts=dict(facts),
        answer=eligibility_answer.document(found, law),
        overall=found.overall.value,
        facts_sha256=sheet.sha256,
        vocabulary_sha256=law.vocabulary.sha256,
        instruments_sha256={key: each.sha256 for key, each in law.instruments.items()},
        lists_sha256={},
        by=by,
        at=at,
    )


def rescreen(*, by: Person | None, at: datetime, law: Law | None = None) -> list[Rescreened]:
    """Screen again every subject that a change of law touches, or whose day has come; a transaction each.

    The facts stay, asked for today. Facts that today's questions refuse leave the subject as it was, with the faults.
    """
    law = law or law_read.load()
    due = queries.screenings.due(law, at.date())
    return [_again(each.screening, each.why, by=by, at=at, law=law) for each in due]


@transaction.atomic
def _again(before: Screening, why: Why, *, by: Person | None, at: datetime, law: Law) -> Rescreened:
    lock()
    newest = queries.screenings.newest(before.subject)
    if newest != before:  # somebody was quicker
        return Rescreened(before, newest, why)
    facts = screenings.asked_again(before.facts, at.date())
    try:
        return Rescreened(before, screen(before.subject, facts, why, by=by, at=at, law=law), why)
    except Refused as refused:
        return Rescreened(before, None, why, refused.faults)


@transaction.atomic
def decide(screening: Screening, told: Decided, *, after: int, by: Person, at: datetime) -> ScreeningDecision:
    """Decide on a subject's newest screening; `after` is how many decisions on it the person had seen."""
    lock()
    faults = list(screenings.check_decision(told, Verdict(screening.overall)))
    made = screening.decisions.count()
    newest = queries.screenings.newest(screening.subject)
    if newest != screening:
        faults.append(fault.of("screening", "a later screening of this subject stands", "decide on that one"))
    if made != after:
        faults.append(
            fault.of("decision", "somebody else has decided meanwhile", "read that decision, then decide")
        )
    fault.refuse_if(faults)
    return ScreeningDecision.objects.create(
        screening=screening,
        order=made + 1,
        overrules=bool(told.outcome),
        outcome=told.outcome or FOLLOWING[Verdict(screening.overall)],
        reasons=told.reasons.strip(),
        by=by,
        at=at,
    )


@transaction.atomic
def record_certificate(
    told: Certified, *, replaces: Certificate | None = None, by: Person, at: datetime
) -> Certificate:
    """Record a certificate that an agency lodged, or a better record of one."""
    lock()
    faults = list(screenings.check_certificate(told, law_read.load().instruments, at.date()))
    if replaces is not None and Certificate.objects.filter(replaces=replaces).exists():
        faults.append(
            fault.of("replaces", "this certificate was replaced already", "replace the newer record of it")
        )
    fault.refuse_if(faults)
    return Certificate.objects.create(
        subject=told.subject,
        instrument=told.instrument,
        mission=told.mission.strip(),
        people=told.people.strip(),
        act=told.act.strip(),
        from_on=told.from_on,
        until_on=told.until_on,
        lodged_on=told.lodged_on,
        covers=told.covers,
        findings=_sorted(told.findings),
        replaces=replaces,
        by=by,
        at=at,
    )


@transaction.atomic
def record_waiver(told: Waived, *, by: Person, at: datetime) -> Waiver:
    """Record an exception that somebody with the authority granted."""
    fault.refuse_if(list(screenings.check_waiver(told, law_read.load().instruments, at.date())))
    return Waiver.objects.create(
        subject=told.subject,
        rule=told.rule,
        authority=told.authority.strip(),
        reason=told.reason.strip(),
        expires_on=told.expires_on,
        by=by,
        at=at,
    )


def _sorted(findings: Iterable[str]) -> list[str]:
    return sorted(set(findings))
