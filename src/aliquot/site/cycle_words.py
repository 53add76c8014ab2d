"""How are the words of calls, requests and reviews read by people: states, acts, parts, levels, grounds of conflict?

The library's tables have one English word for each; here is how a page says it. `of_fault` does the same for the words that
are filled into a fault.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from aliquot.site import chronology_words, loan_words

Words = dict[str, Promise]

STATES: Final[Words] = {
    "draft": pgettext_lazy("state", "draft"),
    "open": pgettext_lazy("state", "open"),
    "closed": pgettext_lazy("state", "closed"),
    "in review": pgettext_lazy("state", "in review"),
    "in hearings": pgettext_lazy("state", "in hearings"),
    "being decided": pgettext_lazy("state", "being decided"),
    "concluded": pgettext_lazy("state", "concluded"),
    "cancelled": pgettext_lazy("state", "cancelled"),
    "submitted": pgettext_lazy("state", "submitted"),
    "turned away": pgettext_lazy("state", "turned away"),
    "on the short list": pgettext_lazy("state", "on the short list"),
    "granted": pgettext_lazy("state", "granted"),
    "refused": pgettext_lazy("state", "refused"),
    "deferred": pgettext_lazy("state", "deferred"),
    "withdrawn": pgettext_lazy("state", "withdrawn"),
    "lapsed": pgettext_lazy("state", "lapsed"),
    "under appeal": pgettext_lazy("state", "under appeal"),
    "upheld": pgettext_lazy("state", "upheld"),
    "assigned": pgettext_lazy("state", "assigned"),
    "accepted": pgettext_lazy("state", "accepted"),
    "recused": pgettext_lazy("state", "recused"),
    "released": pgettext_lazy("state", "released"),
    "handed in": pgettext_lazy("state", "handed in"),
}
ACTS: Final[Words] = {
    "edit": pgettext_lazy("act", "edit"),
    "publish": pgettext_lazy("act", "publish"),
    "cancel": pgettext_lazy("act", "cancel"),
    "amend": pgettext_lazy("act", "amend"),
    "answer": pgettext_lazy("act", "answer"),
    "close": pgettext_lazy("act", "close"),
    "review": pgettext_lazy("act", "review"),
    "hear": pgettext_lazy("act", "hear"),
    "deliberate": pgettext_lazy("act", "deliberate"),
    "conclude": pgettext_lazy("act", "conclude"),
    "submit": pgettext_lazy("act", "submit"),
    "withdraw": pgettext_lazy("act", "withdraw"),
    "lapse": pgettext_lazy("act", "lapse"),
    "admit": pgettext_lazy("act", "admit"),
    "turn away": pgettext_lazy("act", "turn away"),
    "shortlist": pgettext_lazy("act", "shortlist"),
    "grant": pgettext_lazy("act", "grant"),
    "refuse": pgettext_lazy("act", "refuse"),
    "defer": pgettext_lazy("act", "defer"),
    "resume": pgettext_lazy("act", "resume"),
    "decline": pgettext_lazy("act", "decline"),
    "appeal": pgettext_lazy("act", "appeal"),
    "reopen": pgettext_lazy("act", "reopen"),
    "uphold": pgettext_lazy("act", "uphold"),
    "accept": pgettext_lazy("act", "accept"),
    "recuse": pgettext_lazy("act", "recuse"),
    "release": pgettext_lazy("act", "release"),
    "write": pgettext_lazy("act", "write"),
    "hand in": pgettext_lazy("act", "hand in"),
    "revise": pgettext_lazy("act", "revise"),
}
PARTS: Final[Words] = {
    "curator": pgettext_lazy("part", "curator"),
    "chair": pgettext_lazy("part", "panel chair"),
    "director": pgettext_lazy("part", "director"),
    "compliance": pgettext_lazy("part", "compliance officer"),
    "reviewer": pgettext_lazy("part", "reviewer"),
    "requester": pgettext_lazy("part", "requester"),
    "auditor": pgettext_lazy("part", "auditor"),
    "principal investigator": pgettext_lazy("part", "principal investigator"),
    "team": pgettext_lazy("part", "team"),
}
LEVELS: Final[Words] = {
    "committee": pgettext_lazy("level", "committee"),
    "centre": pgettext_lazy("level", "centre"),
    "agency": pgettext_lazy("level", "agency"),
}
GROUNDS: Final[Words] = {
    "declared": _("declared"),
    "own request": _("own request"),
    "same institution": _("same institution"),
    "authors in common": _("authors in common"),
    "countries that are kept apart": _("countries that are kept apart"),
}
# Where a fault is, of those that belong to no field of a form.
WHERES: Final[Words] = {
    "call": pgettext_lazy("where", "call"),
    "request": pgettext_lazy("where", "request"),
    "review": pgettext_lazy("where", "review"),
    "person": pgettext_lazy("where", "person"),
    "state": pgettext_lazy("where", "state"),
    "act": pgettext_lazy("where", "act"),
    "reason": pgettext_lazy("where", "reason"),
    "question": pgettext_lazy("where", "question"),
    "answer": pgettext_lazy("where", "answer"),
    "text": pgettext_lazy("where", "text"),
    "version": pgettext_lazy("where", "version"),
    "reviewer": pgettext_lazy("where", "reviewer"),
    "key": pgettext_lazy("where", "form"),
}
ALL: Final[dict[str, Words]] = {
    "state": STATES,
    "act": ACTS,
    "part": PARTS,
    "level": LEVELS,
    "ground": GROUNDS,
    "where": WHERES,
}
# In a fault words of lending stand beside ours; where both have one, ours is said.
_STATES: Final[Words] = {
    **loan_words.SHOW_STATES,
    **loan_words.PARCEL_STATES,
    **loan_words.LOAN_STATES,
    **loan_words.AGREEMENT_STATES,
    **loan_words.WISH_STATES,
    **STATES,
}
_ACTS: Final[Words] = {**loan_words.ACTS, **ACTS}
_PARTS: Final[Words] = {**loan_words.PARTS, **PARTS}
# Which placeholder of a fault holds which kind of word; several stand one after the other with ", " between them.
_FILLED: Final[dict[str, Words]] = {
    "act": _ACTS,
    "acts": _ACTS,
    "state": _STATES,
    "who": _PARTS,
    "level": LEVELS,
    "ground": GROUNDS,
}
# These hold the name of a form as the catalogue says it in English, which is translated as it stands.
_FORMS: Final = ("form", "known")


def said(about: str, code: str) -> Promise | str:
    """Return the words for a code of a kind; a code that has none is shown as it is written."""
    return ALL[about].get(code, code)


def form(label: str) -> str:
    """Return the form of a sample as a call names it, in the active language; what is no form of the catalogue stays."""
    return translated(label) if label else ""


def of_fault(name: str, value: str | int) -> str | int:
    """Return what is filled into a fault as the active language says it; what is no word of ours stays as it is."""
    if not isinstance(value, str) or not value:
        return value
    if name in _FORMS:
        return translated(value)
    if name == "undatable":
        return chronology_words.say(value)
    words = _FILLED.get(name)
    codes = value.split(", ") if words else []
    if not words or not all(code in words for code in codes):
        return value
    return pgettext("in a list", ", ").join(str(words[code]) for code in codes)
