"""What does the law on file say to a request as it is written? The findings beside the form, and the questions that are left.

Only what the request itself tells and its authors answered goes in. What a compliance officer found out stands in screenings,
which no applicant sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.http import urlencode
from django.utils.translation import get_language

from aliquot import eligibility, law_facts, law_read, request_facts
from aliquot.fault import Fault
from aliquot.law_text import NOT_LEGAL_ADVICE, Law
from aliquot.law_words import Question
from aliquot.site import queries
from aliquot.site.models import Call
from aliquot.site.web import acting, findings, intake
from aliquot.site.web.acting import Shown
from aliquot.site.web.findings import Answer
from aliquot.site.web.intake import Box, Told

ASKED_MOST: Final = 4
# Who among those that the questions name is on the side of the applicant.
ASKED_OF: Final = frozenset(
    {"the applicant", "the sponsored-projects office", "the purchasing office", "the host", "the recoverer"}
)


@dataclass(frozen=True, slots=True)
class Side:
    """What stands beside the form; no answer where the facts contradict each other."""

    answer: Answer | None
    boxes: tuple[Box, ...]
    faults: tuple[Shown, ...]
    address: str  # the facts as the address of the law's own pages takes them
    advice: str

    @property
    def open_questions(self) -> int:
        return len({one.key for each in (self.answer.undecided if self.answer else ()) for one in each.missing})  # fmt: skip


def side(call: Call, told: Mapping[str, object], *, key: str, on: date) -> Side:
    """Return the findings on a draft under a call, and the questions that its authors can still answer."""
    law, language = law_read.load(), get_language() or "en"
    answers = _answers(told)
    known = facts(call, told, on=on, law=law)
    sheet = law_facts.read(known, law.vocabulary)
    faults = sheet if isinstance(sheet, tuple) else ()
    found = None if isinstance(sheet, tuple) else eligibility.screen(sheet, law)
    open_keys = (
        [] if isinstance(sheet, tuple) else [one.key for one in eligibility.next_questions(sheet, law)]
    )
    texts = intake.texts(known, law.vocabulary) | {"for": request_facts.subject(key)}
    return Side(
        findings.live(found, law, language) if found else None,
        tuple(_boxes(answers, known, open_keys, faults, law, language)),
        tuple(acting.shown(faults)),
        urlencode(texts),
        NOT_LEGAL_ADVICE.text(language),
    )


def facts(call: Call, told: Mapping[str, object], *, on: date, law: Law) -> dict[str, object]:
    """Return what a request tells the law: what follows from its text, and what its authors answered."""
    said = queries.calls.value(call)
    missions = queries.baskets.missions(offer.sample for offer in said.offers)
    given = intake.facts(_answers(told), law.vocabulary)
    return request_facts.facts(told, given, policy=said.policy, missions=missions, on=on)


def _answers(told: Mapping[str, object]) -> dict[str, str]:
    kept = told.get("law")
    return {key: str(text) for key, text in kept.items()} if isinstance(kept, Mapping) else {}


def _boxes(
    answers: Mapping[str, str], known: Mapping[str, object], open_keys: list[str], faults: tuple[Fault, ...], law: Law, language: str
) -> list[Box]:  # fmt: skip
    """Return what was answered, to be changed, and the next questions: those that the applicant's side can answer."""
    questions = law.vocabulary.questions
    told_elsewhere = request_facts.TOLD | answers.keys() | known.keys()
    asked = [key for key in open_keys if _is_theirs(questions[key]) and key not in told_elsewhere]
    keys = [*(key for key in answers if key in questions), *asked[:ASKED_MOST]]
    told = Told(dict(answers), {})
    made = (intake.box(questions[key], told, faults, language) for key in keys)
    return [replace(one, key=f"law.{one.key}") for one in made]


def _is_theirs(question: Question) -> bool:
    return question.answered_by.en in ASKED_OF and not question.is_sensitive


def given(told: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the questions of the law that a request's authors answered, with the answers, as people read them."""
    words, language = law_read.load().vocabulary, get_language() or "en"
    return [
        (words.questions[key].ask.text(language), intake.said(words.questions[key], text))
        for key, text in _answers(told).items()
        if key in words.questions
    ]


def address(call: Call, told: Mapping[str, object], *, key: str, on: date) -> str:
    """Return the facts of a request as the address of the law's own pages, with the subject that it is screened under."""
    law = law_read.load()
    texts = intake.texts(facts(call, told, on=on, law=law), law.vocabulary)
    return urlencode(texts | {"for": request_facts.subject(key)})
