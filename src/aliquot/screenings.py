"""How is a screening decided on, and when is it out of date? Decisions, certificates, waivers; what a change of law touches.

The machine advises and a named person decides: to follow what a screening says, or to overrule it with reasons. Knows
no clock and no database, and not the law itself: it compares hashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from aliquot import fault
from aliquot.fault import Fault
from aliquot.verdicts import Verdict

REASONS_MOST: Final = 4000
TEXT_MOST: Final = 200
# What a certificate of each instrument may find, by the keys of the vocabulary.
FINDINGS: Final = ("no_transfer_finding", "no_abuser_finding", "fbi_consulted")
POLICY: Final = "policy:"
_SUBJECT: Final = re.compile(r"[a-z][a-z-]*:[^\s\x00-\x1f\x7f]{1,100}")


class Why(StrEnum):
    """What made a screening necessary."""

    SUBMITTED = "submitted"
    FACTS = "facts-changed"
    INSTRUMENT = "instrument-changed"
    DAY = "day-of-act"


class Outcome(StrEnum):
    """What a compliance officer decides."""

    PROCEED = "proceed"
    ON_CONDITIONS = "on-conditions"
    WAIT = "wait"
    REFUSE = "refuse"


FOLLOWING: Final[dict[Verdict, Outcome]] = {
    Verdict.NOT_COVERED: Outcome.PROCEED, Verdict.ADVICE: Outcome.PROCEED, Verdict.PERMITTED: Outcome.PROCEED,
    Verdict.PERMITTED_ON_CONDITION: Outcome.ON_CONDITIONS, Verdict.CANNOT_TELL: Outcome.WAIT,
    Verdict.PROHIBITED: Outcome.REFUSE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """What was told of a decision; without an outcome it follows the screening."""

    outcome: str = ""
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Certified:
    """What was told of a certificate; its findings by their keys."""

    subject: str
    instrument: str
    mission: str
    people: str
    act: str
    from_on: date | None
    until_on: date | None
    lodged_on: date | None
    covers: bool
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waived:
    """What was told of a waiver."""

    subject: str
    rule: str
    authority: str
    reason: str
    expires_on: date | None


def check_subject(subject: str) -> Iterator[Fault]:
    """Yield what is wrong with the key of what is screened."""
    if not _SUBJECT.fullmatch(subject):
        yield fault.of("subject", "“{subject}” is no key of a subject", "write a kind and a name, such as request:2026-1/17",
                       subject=fault.seen(subject[:120]))  # fmt: skip


def check_decision(told: Decided, overall: Verdict) -> Iterator[Fault]:
    """Yield what stands against a decision on a screening with this verdict."""
    if not told.outcome:
        return
    if told.outcome not in set(Outcome):
        yield fault.of("outcome", "this is no decision", "choose one of those that are offered")
    elif told.outcome == FOLLOWING[overall]:
        yield fault.of("outcome", "this is what the screening says itself", "choose to follow it")
    yield from _text("reasons", told.reasons, REASONS_MOST, "overruling a screening wants reasons",
                     "say what the decision rests on")  # fmt: skip


def check_certificate(told: Certified, instruments: Iterable[str], today: date) -> Iterator[Fault]:
    """Yield what is wrong with a certificate that is recorded on a day."""
    yield from check_subject(told.subject) if told.subject else ()
    if told.instrument not in instruments:
        yield fault.of("instrument", "there is no instrument “{key}”", "choose one of those on file",
                       key=fault.seen(told.instrument[:60]))  # fmt: skip
    for where, text in (("mission", told.mission), ("people", told.people), ("act", told.act)):
        most = REASONS_MOST if where == "people" else TEXT_MOST
        yield from _text(where, text, most, "a certificate names it", "copy it from the certificate")
    for where, day in (("from_on", told.from_on), ("until_on", told.until_on), ("lodged_on", told.lodged_on)):
        if day is None:
            yield fault.of(where, "no day is given", "write it as 2026-03-14")
    if told.from_on and told.until_on and told.until_on < told.from_on:
        yield fault.of("until_on", "it ends before it begins", "mend one of the two days")
    if told.lodged_on and told.lodged_on > today:
        yield fault.of("lodged_on", "this day has not come yet", "record a certificate once it is lodged")
    unknown = sorted(set(told.findings) - set(FINDINGS))
    if unknown:
        yield fault.of("findings", "“{key}” is no finding of a certificate", "choose those that are offered",
                       key=fault.seen(unknown[0][:60]))  # fmt: skip


def check_waiver(told: Waived, instruments: Iterable[str], today: date) -> Iterator[Fault]:
    """Yield what is wrong with a waiver that is recorded on a day."""
    yield from check_subject(told.subject)
    if told.rule not in instruments and not (
        told.rule.startswith(POLICY) and told.rule.isprintable() and len(POLICY) < len(told.rule) <= 80
    ):
        yield fault.of("rule", "“{rule}” is no rule", "name an instrument on file, or a rule of the facility as policy:…",
                       rule=fault.seen(told.rule[:80]))  # fmt: skip
    yield from _text("authority", told.authority, TEXT_MOST, "a waiver names who had the authority",
                     "write who granted it, and by which office")  # fmt: skip
    yield from _text(
        "reason", told.reason, REASONS_MOST, "a waiver wants a reason", "say why the rule is waived"
    )
    if told.expires_on is None:
        yield fault.of("expires_on", "no day is given", "write it as 2026-03-14")
    elif told.expires_on < today:
        yield fault.of("expires_on", "it has run out already", "give a day that is still to come")


def facts_of(lodged_on: date, findings: Iterable[str], *, covers: bool) -> dict[str, object]:
    """Return the facts that a certificate settles; what it does not find is known not to be found."""
    found = set(findings)
    return {
        "certificate_lodged_on": lodged_on.isoformat(),
        "certificate_covers": covers,
        **{key: key in found for key in FINDINGS},
    }


def changed(stored: Mapping[str, str], today: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of instruments whose file is another today, is new, or is gone."""
    return tuple(key for key in sorted({*stored, *today}) if stored.get(key) != today.get(key))


def is_day_of_act(facts: Mapping[str, object], screened_on: date, today: date) -> bool:
    """Return whether the day of the act has come since the facts were screened."""
    acts = _day(facts.get("acts_on"))
    return acts is not None and screened_on < acts <= today


def asked_again(facts: Mapping[str, object], today: date) -> dict[str, object]:
    """Return the facts as they are asked on a later day; once the act was, it is asked for its own day."""
    asked, acts = (_day(facts.get(key)) for key in ("asked_on", "acts_on"))
    if asked is None:
        return dict(facts)
    return {**facts, "asked_on": max(asked, min(today, acts or today)).isoformat()}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _text(where: str, text: str, most: int, what: str, todo: str) -> Iterator[Fault]:
    if not text.strip():
        yield fault.of(where, what, todo)
    elif "\x00" in text:
        yield fault.of(where, "it has a character in it that no text has", "write it anew")
    elif len(text) > most:
        yield fault.of(where, "it has more than {most} characters", "say it more briefly", most=most)
