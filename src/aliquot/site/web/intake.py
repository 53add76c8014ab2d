"""How do answers travel in an address, and how is a question asked? Parameters to facts, facts to parameters, fields.

Each answer is one parameter under its question's key: yes, no, a day, a code, names between commas; `unknown` and `n/a`
are answers too. What is not answered is not in the address. Decides nothing: `law_facts` says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from aliquot.conditions import NOT_APPLICABLE
from aliquot.fault import Fault
from aliquot.law_words import FactKind, Question, Vocabulary
from aliquot.site import law_words
from aliquot.site.web import acting
from aliquot.site.web.acting import Shown

UNKNOWN = "unknown"
# Parameters that are no answers: which question is to be changed, and for which subject the form is filled in.
CONTROLS = ("edit", "for")
TEXT_MOST = 500
_LISTS = (FactKind.PLACES, FactKind.TEXTS, FactKind.YEARS)
_COMMAS = re.compile(r"\s*[,，、;；]\s*")


@dataclass(frozen=True, slots=True)
class Told:
    """Answers as they stand in the address, and as facts; `unknown` are those that were answered with not known."""

    texts: Mapping[str, str]
    given: Mapping[str, object]
    unknown: frozenset[str] = frozenset()
    is_plain: bool = True  # whether the address is already as `address` would write it

    @property
    def address(self) -> str:
        return urlencode(self.texts)

    def with_control(self, **controls: str) -> str:
        """Return the address with controls."""
        return urlencode({**self.texts, **controls})


def read(query: QueryDict, words: Vocabulary) -> Told:
    """Return the answers of an address; what is no question stays among the facts, to be named as a fault."""
    texts: dict[str, str] = {}
    is_plain = True
    for key in [*words.questions, *(key for key in query if key not in words.questions)]:
        if key not in query or key in CONTROLS:
            continue
        answers = [each.strip()[:TEXT_MOST] for each in query.getlist(key) if each.strip()]
        is_plain = is_plain and len(answers) == 1
        if answers:  # two answers to one question are one that nothing fits
            texts[key[:TEXT_MOST]] = " / ".join(dict.fromkeys(answers))
    return Told(texts, facts(texts, words), frozenset(k for k, v in texts.items() if v == UNKNOWN), is_plain)


def facts(texts: Mapping[str, str], words: Vocabulary) -> dict[str, object]:
    """Return answers as facts; what does not fit its question stays text, and is refused by `law_facts`."""
    found: dict[str, object] = {}
    for key, text in texts.items():
        question = words.questions.get(key)
        if text != UNKNOWN:
            found[key] = text if question is None or text == NOT_APPLICABLE else _value(question, text)
    return found


def _value(question: Question, text: str) -> object:
    if question.kind is FactKind.BOOL:
        return {"yes": True, "no": False}.get(text, text)
    if question.kind is FactKind.INT:
        return int(text) if _is_number(text) else text
    if question.kind is FactKind.PLACE:
        return text.upper()
    if question.kind not in _LISTS:
        return text
    parts = [part for part in _COMMAS.split(text) if part]
    if question.kind is FactKind.YEARS:
        return [int(part) if _is_number(part) else part for part in parts]
    return [part.upper() for part in parts] if question.kind is FactKind.PLACES else parts


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def texts(facts: Mapping[str, object], words: Vocabulary) -> dict[str, str]:
    """Return facts as the texts of an address, in the order of the questions."""
    return {key: _text(facts[key]) for key in words.questions if facts.get(key) is not None}


def shown(facts: Mapping[str, object], words: Vocabulary) -> list[tuple[str, str]]:
    """Return kept facts by key, in the order of the questions, as people read them."""
    return [(key, said(words.questions[key], text)) for key, text in texts(facts, words).items()]


def said(question: Question, text: str) -> str:
    """Return an answer of the address as people read it."""
    return dict(_offered(question)).get(text, text)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)


# -- fields ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that is offered."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A question as it is asked: its words, what kind of box, what is offered, what was answered, what is wrong."""

    key: str
    ask: str
    answered_by: str
    widget: str  # date, number, text or "" where choices are enough
    hint: str
    value: str
    choices: tuple[Choice, ...]
    is_sensitive: bool = False
    faults: list[Shown] = field(default_factory=list)


def box(question: Question, told: Told, faults: Iterable[Fault], language: str, suggested: str = "") -> Box:
    """Return the box of a question, with what was answered and the faults that name it."""
    text = told.texts.get(question.key, "")
    offered = _offered(question)
    plain = text if text not in (UNKNOWN, NOT_APPLICABLE) else ""
    own = [one for one in faults if question.key in one.where.split(", ")]
    return Box(
        question.key,
        question.ask.text(language),
        question.answered_by.text(language),
        *_widget(question, is_faulty=bool(own)),
        value=plain or ("" if text else suggested),
        choices=tuple(Choice(value, label, value == text) for value, label in offered),
        is_sensitive=question.is_sensitive,
        faults=acting.shown(own),
    )


def _offered(question: Question) -> list[tuple[str, str]]:
    always = [(UNKNOWN, _("not known")), (NOT_APPLICABLE, _("does not apply"))]
    if question.kind is FactKind.BOOL:
        return [("yes", _("yes")), ("no", _("no")), *always]
    return [*((code, law_words.option(question.key, code)) for code in question.options), *always]


def _widget(question: Question, *, is_faulty: bool) -> tuple[str, str]:
    """Return the kind of box and its hint; a box for days or numbers would not show what is neither."""
    widget, hint = {
        FactKind.BOOL: ("", ""),
        FactKind.STRING: ("", ""),
        FactKind.DATE: ("date", ""),
        FactKind.INT: ("number", ""),
        FactKind.PLACE: ("place", _("The two-letter code of the country, such as FR.")),
        FactKind.PLACES: ("text", _("Two-letter codes of countries, with commas between them.")),
        FactKind.TEXTS: ("text", _("Names with commas between them.")),
        FactKind.YEARS: ("text", _("Years such as 2025, with commas between them.")),
    }[question.kind]
    return ("text" if is_faulty and widget else widget), hint
