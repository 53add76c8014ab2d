"""How are the codes of the law read by people? Verdicts, answers and their ranges, decisions; in the reader's language.

What the law files say in both languages is taken from them. What the library says in English alone, such as the range of
days that an answer stands for, is said again here.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aliquot import law_read, register
from aliquot.countries import CODES
from aliquot.law_text import Effect, Picks, TextStatus
from aliquot.law_words import FactKind, Question
from aliquot.screenings import Outcome, Why
from aliquot.site.queries.register.words import country
from aliquot.verdicts import Verdict

Words = dict[str, Promise]

VERDICTS: Final[Words] = {
    Verdict.NOT_COVERED: gettext_lazy("not covered"),
    Verdict.ADVICE: gettext_lazy("advice"),
    Verdict.PERMITTED: gettext_lazy("permitted"),
    Verdict.PERMITTED_ON_CONDITION: gettext_lazy("permitted on condition"),
    Verdict.CANNOT_TELL: gettext_lazy("cannot tell"),
    Verdict.PROHIBITED: gettext_lazy("prohibited"),
}
# What a verdict means for whoever asked.
MEANINGS: Final[Words] = {
    Verdict.NOT_COVERED: gettext_lazy(
        "No instrument on file covers this. That is not a permission: other law may apply."
    ),
    Verdict.ADVICE: gettext_lazy("Only instruments that do not bind speak of this."),
    Verdict.PERMITTED: gettext_lazy("Every instrument on file that covers this permits it."),
    Verdict.PERMITTED_ON_CONDITION: gettext_lazy(
        "It is possible once everything below is done, each by its day."
    ),
    Verdict.CANNOT_TELL: gettext_lazy("What is not known yet decides. Each open question can change it."),
    Verdict.PROHIBITED: gettext_lazy("An instrument on file forbids this, and no way to lift it is left."),
}
STANDS: Final = {
    True: gettext_lazy("It may go ahead with nothing further, as far as the instruments on file say."),
    False: gettext_lazy("It may not go ahead as things stand."),
    None: gettext_lazy("Whether it may go ahead cannot be told yet."),
}
JURISDICTIONS: Final[Words] = {
    "us": gettext_lazy("United States"),
    "cn": gettext_lazy("China"),
    "un": gettext_lazy("United Nations treaties"),
    "artemis": gettext_lazy("Artemis Accords"),
    "ilrs": gettext_lazy("International Lunar Research Station"),
    "cospar": gettext_lazy("Committee on Space Research (COSPAR)"),
    "jp": gettext_lazy("Japan"),
    "eu": gettext_lazy("European Union"),
    "uk": gettext_lazy("United Kingdom"),
    "fr": gettext_lazy("France"),
    "pk": gettext_lazy("Pakistan"),
}
FORCES: Final[Words] = {
    "statute": gettext_lazy("statute"),
    "regulation": gettext_lazy("regulation"),
    "policy": gettext_lazy("policy"),
    "practice": gettext_lazy("practice"),
    "treaty": gettext_lazy("treaty"),
    "principles": gettext_lazy("principles"),
    "memorandum": gettext_lazy("memorandum"),
    "unknown": pgettext_lazy("force of a law", "not known"),
}
TEXTS: Final[Words] = {
    TextStatus.QUOTED: gettext_lazy("text read in quotation"),
    TextStatus.REPORTED: gettext_lazy("text as others report it"),
    TextStatus.UNVERIFIED: gettext_lazy("text not verified"),
}
PICKS: Final[Words] = {
    Picks.ACTS_ON: gettext_lazy("the day of the activity"),
    Picks.MONEY: gettext_lazy("the US fiscal year whose money pays"),
    Picks.LIST: gettext_lazy("the day of the list"),
}
EFFECTS: Final[Words] = {
    Effect.FORBIDS: gettext_lazy("It forbids"),
    Effect.ALLOWS: gettext_lazy("It allows"),
    Effect.ADVISES: gettext_lazy("It advises"),
    Effect.UNSETTLED: gettext_lazy("It leaves open"),
}
OPTIONS: Final[dict[str, Words]] = {
    "act": {
        "talk": gettext_lazy("talk about it"), "apply": gettext_lazy("apply"),
        "sign": gettext_lazy("sign an agreement"), "borrow": gettext_lazy("borrow"),
        "analyse": gettext_lazy("analyse"), "publish": gettext_lazy("publish"),
        "observe": gettext_lazy("observe"), "host": gettext_lazy("receive a visitor"),
        "visit": gettext_lazy("visit"), "purchase": gettext_lazy("purchase"), "give": gettext_lazy("give"),
        "receive": gettext_lazy("receive"), "import": gettext_lazy("bring into a country"),
        "possess": gettext_lazy("possess"), "transport": gettext_lazy("transport"), "use": pgettext_lazy("an act", "use"),
        "sell": gettext_lazy("sell"),
    },
    "modality": {
        "research_loan": gettext_lazy("research loan"), "display_loan": gettext_lazy("display loan"),
        "gift": gettext_lazy("gift"), "exchange": gettext_lazy("exchange"),
        "purchase": gettext_lazy("purchase"), "none": gettext_lazy("no material changes hands"),
    },
    "collection": {
        "apollo": gettext_lazy("Apollo"), "apollo_goodwill": gettext_lazy("Apollo, a goodwill piece"),
        "luna": gettext_lazy("Luna"), "change5": gettext_lazy("Chang'e-5"),
        "change6": gettext_lazy("Chang'e-6"),
        "commercial": gettext_lazy("recovered commercially"), "other": gettext_lazy("other material"),
    },
    "lender": {
        "nasa": gettext_lazy("NASA"), "cnsa": gettext_lazy("CNSA, the China National Space Administration"),
        "other": gettext_lazy("somebody else"),
    },
}  # fmt: skip
FINDINGS: Final[Words] = {
    "no_transfer_finding": gettext_lazy("no risk of transfer of technology, data or information"),
    "no_abuser_finding": gettext_lazy("no knowing dealing with officials determined to violate human rights"),
    "fbi_consulted": gettext_lazy("the FBI was consulted"),
}
WHYS: Final[Words] = {
    Why.SUBMITTED: gettext_lazy("it was submitted"),
    Why.FACTS: gettext_lazy("its facts changed"),
    Why.INSTRUMENT: gettext_lazy("an instrument changed"),
    Why.DAY: gettext_lazy("the day of the act came"),
}
OUTCOMES: Final[Words] = {
    Outcome.PROCEED: gettext_lazy("it may go ahead"),
    Outcome.ON_CONDITIONS: gettext_lazy("it may go ahead once the conditions are met"),
    Outcome.WAIT: gettext_lazy("it waits until more is known"),
    Outcome.REFUSE: gettext_lazy("it may not go ahead"),
}


def countries() -> list[tuple[str, str]]:
    """Return the codes of all countries, with the names that the record has."""
    record = register.load()
    return [(code, country(record, code)) for code in sorted(CODES)]


def option(key: str, code: str) -> str:
    """Return one of a question's options in words, or as it is written."""
    return str(OPTIONS.get(key, {}).get(code, code))


def answer(question: Question, label: str, language: str) -> str:
    """Return the label of a class of answers, as `leads_to` has it, in the reader's language."""
    if question.kind is FactKind.BOOL:
        return _("yes") if label == "true" else _("no")
    if question.kind is FactKind.STRING:
        return option(question.key, label)
    if question.kind is FactKind.PLACE and re.fullmatch("[A-Z]{2}", label):
        return country(register.load(), label)
    found = [_part(part, language) for part in label.split(", or never")]
    return " ".join([*filter(None, found), *([_("or never")] if label.endswith(", or never") else [])])


_FIXED: Final[Words] = {
    "any day": gettext_lazy("any day"), "any number": gettext_lazy("any number"),
    "another place": gettext_lazy("another place"), "another answer": gettext_lazy("another answer"),
    "once it is on file": gettext_lazy("once it is on file"),
}  # fmt: skip
_SHAPED: Final = (
    (r"on or before (?P<day>\S+)", gettext_lazy("on or before {day}")),
    (r"after (?P<day>\S+)", gettext_lazy("after {day}")),
    (r"at most (?P<number>\d+)", gettext_lazy("at most {number}")),
    (r"more than (?P<number>\d+)", gettext_lazy("more than {number}")),
    (r"(?P<first>\S+) to (?P<last>\S+)", gettext_lazy("{first} to {last}")),
    (r"before (?P<year>FY\d+)", gettext_lazy("before {year}")),
    (r"(?P<year>FY\d+) or later", gettext_lazy("{year} or later")),
)


def fixed(label: str) -> Promise | str:
    """Return a label that stands for a text that is missing, in the reader's language."""
    return _FIXED.get(label, label)


def _part(label: str, language: str) -> str:
    if label in _FIXED:
        return str(_FIXED[label])
    for shape, said in _SHAPED:
        if found := re.fullmatch(shape, label):
            return str(said).format(**found.groupdict())
    return _listed_tests(label, language)


def _listed_tests(label: str, language: str) -> str:
    """Return the label of a list, which names each test and how it comes out; the tests' own words as they are."""
    if not label.endswith((": yes", ": no")):
        return label
    parts = [part.rpartition(": ") for part in label.split("; ")]
    return "; ".join(
        f"{_said(says, language)}: {_('yes') if yes == 'yes' else _('no')}" for says, _c, yes in parts
    )


def _said(sentence: str, language: str) -> str:
    """Return a word of the vocabulary in the reader's language, its blanks filled in."""
    known = law_read.load().vocabulary.word(sentence)
    if known is None:
        return sentence
    word, filled = known
    text = word.says.text(language)
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def force(code: str) -> str:
    return str(FORCES.get(code, code))


def jurisdiction(code: str) -> str:
    return str(JURISDICTIONS.get(code, code.upper()))
