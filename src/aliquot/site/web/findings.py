"""How is an answer of the law shown? The findings of a screening, just made or kept, in the reader's language.

What was just made is shown in both languages of the law files. What was kept is shown as it was written then, in
English, with the verdicts and the questions in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aliquot import register
from aliquot.conditions import NOT_APPLICABLE, Facts
from aliquot.eligibility import Finding, Screening
from aliquot.law_text import Instrument, Law
from aliquot.open_questions import Missing
from aliquot.site import law_words
from aliquot.site.queries.register.words import country, listed
from aliquot.site.web import law_outline
from aliquot.site.web.law_outline import Node
from aliquot.verdicts import STRENGTH, Verdict

_SILENT = (Verdict.NOT_COVERED, Verdict.ADVICE)


@dataclass(frozen=True, slots=True)
class Duty:
    """What must still be done, by whom, by when."""

    who: str
    what: str
    by_date: date | None


@dataclass(frozen=True, slots=True)
class Open:
    """What is missing, and what each answer would lead to; without a key it is a text, no question of the form."""

    key: str
    ask: str
    leads_to: tuple[tuple[str, tuple[tuple[str, Promise | str], ...]], ...]

    @property
    def is_text(self) -> bool:
        return self.key.startswith("law:")


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading on which the verdict depends."""

    says: str
    used: str
    verdict: str
    said: Promise | str


@dataclass(frozen=True, slots=True)
class Shown:
    """One instrument's finding as the page has it."""

    instrument: str
    title: str
    is_binding: bool
    is_researched: bool
    verdict: str
    version: str
    cite: str
    clauses: str
    text: Promise | str
    reviewed_by: str
    duties: tuple[Duty, ...]
    missing: tuple[Open, ...]
    readings: tuple[Reading, ...]
    tree: tuple[Node, ...]
    notes: str
    lang: str = ""

    @property
    def verdict_said(self) -> Promise | str:
        return law_words.VERDICTS[Verdict(self.verdict)]

    @property
    def address(self) -> tuple[str, str]:
        place, _slash, name = self.instrument.partition("/")
        return place, name


@dataclass(frozen=True, slots=True)
class Answer:
    """All findings: those that decide, those that only advise, those that do not cover it."""

    overall: str
    said: Promise | str
    meaning: Promise | str
    stands: Promise | str
    deciding: tuple[Shown, ...]
    advising: tuple[Shown, ...]
    silent: tuple[Shown, ...]

    @property
    def decided(self) -> list[Shown]:
        return [one for one in self.deciding if one.verdict != Verdict.CANNOT_TELL]

    @property
    def undecided(self) -> list[Shown]:
        return [one for one in self.deciding if one.verdict == Verdict.CANNOT_TELL]

    @property
    def duties(self) -> list[tuple[Shown, Duty]]:
        """What must still be done, the earliest day first."""
        found = [(one, duty) for one in self.deciding for duty in one.duties]
        return sorted(found, key=lambda each: (each[1].by_date or date.max, each[0].instrument))


def live(found: Screening, law: Law, language: str) -> Answer:
    """Return a screening that was just made."""
    return _answer(
        found.overall, found.stands_now, [_live(each, found, law, language) for each in found.findings]
    )


def kept(document: Mapping[str, Any], law: Law, language: str) -> Answer:
    """Return an answer that was kept, as it was written."""
    shown = [_kept(each, law, language) for each in document["instruments"]]
    return _answer(Verdict(document["overall"]), document["stands_now"], shown)


def _answer(overall: Verdict, stands_now: bool | None, shown: Iterable[Shown]) -> Answer:
    rows = sorted(shown, key=lambda one: (-STRENGTH[Verdict(one.verdict)], one.instrument))
    return Answer(
        overall.value,
        law_words.VERDICTS[overall],
        law_words.MEANINGS[overall],
        law_words.STANDS[stands_now],
        tuple(one for one in rows if one.is_binding and one.verdict not in _SILENT),
        tuple(one for one in rows if not one.is_binding and one.verdict != Verdict.NOT_COVERED),
        tuple(one for one in rows if one.verdict == Verdict.NOT_COVERED),
    )


# -- just made -------------------------------------------------------------------------------------------------


def _live(found: Finding, screening: Screening, law: Law, language: str) -> Shown:
    facts = screening.sheet.facts
    return Shown(
        found.instrument.key,
        found.instrument.title.text(language),
        found.instrument.is_binding,
        found.instrument.is_researched,
        found.verdict.value,
        found.version or "",
        found.cite or "",
        listed(list(found.clauses)),
        law_words.TEXTS[found.text_status],
        found.instrument.reviewed_by or "",
        tuple(Duty(c.who.text(language), c.what.text(language), c.by_date) for c in found.conditions),
        tuple(_missing(each, law, language) for each in found.missing),
        tuple(_readings(found, language)),
        law_outline.finding(found, facts, law.vocabulary, language),
        _notes(found, facts),
    )


def _notes(found: Finding, facts: Facts) -> str:
    """Return what should be looked at again, and whether the two States are in; memberships are never decided on."""
    notes = [_note(each) for each in found.notes]
    day = facts.get("acts_on")
    if found.instrument.members:
        notes = [
            _membership(found.instrument, who, str(facts[key]), day)
            for key, who in (("borrower_place", _("borrower")), ("counterparty_place", _("other side")))
            if isinstance(day, int) and facts.get(key) not in (None, NOT_APPLICABLE)
        ]
    return pgettext("between parts of a sentence", "; ").join(notes)


def _note(text: str) -> str:
    """Return a note of the library in the reader's language."""
    doubt = re.fullmatch(r"(“.*”) was not taken for one of NASA, OSTP, NSPC; name it so if it is\.", text)
    said = _("{name} was not taken for one of NASA, OSTP, NSPC; name it so if it is.")
    return said.format(name=doubt[1]) if doubt else text


def _membership(instrument: Instrument, who: str, place: str, day: int) -> str:
    name, on = country(register.load(), place), date.fromordinal(day)
    for one in instrument.members:
        if one.place == place:
            is_in = one.since <= on and (one.until is None or on < one.until)
            said = (
                _("{who}: {name} is in on that day, since {since}")
                if is_in
                else _("{who}: {name} is not in on that day; since {since}")
            )
            unsure = (
                ""
                if one.is_verified
                else pgettext("between parts of a sentence", ", ") + _("day not verified")
            )
            return (
                said.format(
                    who=who, name=name, since=f"{one.since} – {one.until}" if one.until else one.since
                )
                + unsure
            )
    return _("{who}: {name} is not in, as far as is on file").format(who=who, name=name)


def _missing(each: Missing, law: Law, language: str) -> Open:
    question = law.vocabulary.questions.get(each.key)
    leads = tuple(
        (law_words.answer(question, label, language) if question else str(law_words.fixed(label)), _verdicts(verdicts))
        for label, verdicts in each.leads_to
    )  # fmt: skip
    return Open(each.key, each.ask.text(language), leads)


def _verdicts(verdicts: Iterable[str]) -> tuple[tuple[str, Promise | str], ...]:
    return tuple((str(verdict), law_words.VERDICTS[Verdict(verdict)]) for verdict in verdicts)


def _readings(found: Finding, language: str) -> Iterable[Reading]:
    options = {
        (reading.name, option.name): option.says.text(language)
        for case in found.cases for reading in case.version.rule.readings for option in reading.options
    }  # fmt: skip
    for each in found.readings:
        for name, verdict in each.gives:
            yield Reading(
                options.get((each.name, name), name), "yes" if name == each.used else "",
                verdict.value, law_words.VERDICTS[verdict],
            )  # fmt: skip


# -- kept ------------------------------------------------------------------------------------------------------


def _kept(found: Mapping[str, Any], law: Law, language: str) -> Shown:
    known = law.instruments.get(found["instrument"])
    return Shown(
        found["instrument"],
        known.title.text(language) if known else found["instrument"],
        known.is_binding if known else found["verdict"] != Verdict.ADVICE,
        known.is_researched if known else True,
        found["verdict"],
        found["version"] or "",
        found["cite"] or "",
        listed(found["clauses"]),
        law_words.TEXTS.get(found["text_status"], found["text_status"]),
        found["reviewed_by"] or "",
        tuple(Duty(c["who"], c["what"], date.fromisoformat(c["by_date"]) if c["by_date"] else None)
              for c in found["conditions"]),
        tuple(_kept_missing(each, law, language) for each in found["missing"]),
        tuple(
            Reading(_option(known, each["name"], name, language), "yes" if name == each["used"] else "", verdict,
                    law_words.VERDICTS[Verdict(verdict)])
            for each in found["readings"] for name, verdict in each["gives"].items()
        ),
        tuple(_kept_node(child) for child in found["explanation"]["children"]),
        found["note"],
        lang="en",
    )  # fmt: skip


def _option(known: Instrument | None, reading: str, name: str, language: str) -> str:
    """Return what an option of a reading says, as far as the law of today has it still."""
    versions = known.versions if known else ()
    says = (option.says.text(language) for version in versions for each in version.rule.readings
            if each.name == reading for option in each.options if option.name == name)  # fmt: skip
    return next(says, f"{reading}: {name}")


def _kept_missing(each: Mapping[str, Any], law: Law, language: str) -> Open:
    question = law.vocabulary.questions.get(each["key"])
    leads = tuple(
        (law_words.answer(question, label, language) if question else label, _verdicts(verdicts))
        for label, verdicts in each["leads_to"].items()
    )
    return Open(each["key"], question.ask.text(language) if question else each["ask"], leads)


def _kept_node(node: Mapping[str, Any]) -> Node:
    return Node(node["text"], tuple(_kept_node(child) for child in node["children"]), True, node["value"])
