"""How are outcomes, levels, votes and the states of a request and a call read by people? Translatable words for each code."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from aliquot.decisions import Outcome, Vote
from aliquot.reviews import Ground

Words = dict[str, Promise]

OUTCOMES: Final[Words] = {
    Outcome.GRANT: pgettext_lazy("outcome", "granted"),
    Outcome.REDUCE: pgettext_lazy("outcome", "granted in part"),
    Outcome.CONDITION: pgettext_lazy("outcome", "granted on condition"),
    Outcome.REFUSE: pgettext_lazy("outcome", "refused"),
    Outcome.DEFER: pgettext_lazy("outcome", "deferred"),
}
# What a level may do, as the form offers it.
ACTS: Final[Words] = {
    Outcome.GRANT: pgettext_lazy("decision", "Grant all that was asked for"),
    Outcome.REDUCE: pgettext_lazy("decision", "Grant less"),
    Outcome.CONDITION: pgettext_lazy("decision", "Grant on condition"),
    Outcome.REFUSE: pgettext_lazy("decision", "Refuse"),
    Outcome.DEFER: pgettext_lazy("decision", "Defer"),
}
LEVELS: Final[Words] = {
    "committee": pgettext_lazy("level of decision", "committee"),
    "centre": pgettext_lazy("level of decision", "centre"),
    "agency": pgettext_lazy("level of decision", "agency"),
}
VOTES: Final[Words] = {
    Vote.YES: pgettext_lazy("vote", "for"),
    Vote.NO: pgettext_lazy("vote", "against"),
    Vote.ABSTAIN: pgettext_lazy("vote", "abstains"),
}
GROUNDS: Final[Words] = {
    Ground.DECLARED.value: pgettext_lazy("conflict", "declared it"),
    Ground.OWN.value: pgettext_lazy("conflict", "own request"),
    Ground.INSTITUTION.value: pgettext_lazy("conflict", "same institution"),
    Ground.AUTHORS.value: pgettext_lazy("conflict", "authors in common"),
    Ground.COUNTRY.value: pgettext_lazy("conflict", "countries that are kept apart"),
}
REQUEST_STATES: Final[Words] = {
    "draft": pgettext_lazy("state of a request", "draft"),
    "submitted": pgettext_lazy("state of a request", "submitted"),
    "in review": pgettext_lazy("state of a request", "in review"),
    "on the short list": pgettext_lazy("state of a request", "on the short list"),
    "granted": pgettext_lazy("state of a request", "granted"),
    "refused": pgettext_lazy("state of a request", "refused"),
    "deferred": pgettext_lazy("state of a request", "deferred"),
    "under appeal": pgettext_lazy("state of a request", "under appeal"),
    "upheld": pgettext_lazy("state of a request", "decision upheld"),
    "turned away": pgettext_lazy("state of a request", "turned away"),
    "withdrawn": pgettext_lazy("state of a request", "withdrawn"),
    "lapsed": pgettext_lazy("state of a request", "lapsed"),
}
CALL_STATES: Final[Words] = {
    "draft": pgettext_lazy("state of a call", "draft"),
    "open": pgettext_lazy("state of a call", "open"),
    "closed": pgettext_lazy("state of a call", "closed"),
    "in review": pgettext_lazy("state of a call", "in review"),
    "in hearings": pgettext_lazy("state of a call", "in hearings"),
    "being decided": pgettext_lazy("state of a call", "being decided"),
    "concluded": pgettext_lazy("state of a call", "concluded"),
    "cancelled": pgettext_lazy("state of a call", "cancelled"),
}
# What is done to a call or a request, as minutes tell it.
CALL_ACTS: Final[Words] = {
    "publish": pgettext_lazy("act on a call", "The call was published."),
    "amend": pgettext_lazy("act on a call", "The call was amended."),
    "close": pgettext_lazy("act on a call", "The call was closed."),
    "cancel": pgettext_lazy("act on a call", "The call was cancelled."),
    "review": pgettext_lazy("act on a call", "The reviews began."),
    "hear": pgettext_lazy("act on a call", "The hearings began."),
    "deliberate": pgettext_lazy("act on a call", "The panel began to decide."),
    "conclude": pgettext_lazy("act on a call", "The call was concluded."),
}
REQUEST_ACTS: Final[Words] = {
    "admit": pgettext_lazy("act on a request", "admitted"),
    "turn away": pgettext_lazy("act on a request", "turned away"),
    "shortlist": pgettext_lazy("act on a request", "put on the short list"),
    "withdraw": pgettext_lazy("act on a request", "withdrawn by the applicant"),
    "decline": pgettext_lazy("act on a request", "declined by the applicant"),
    "resume": pgettext_lazy("act on a request", "taken up again"),
    "appeal": pgettext_lazy("act on a request", "appealed against"),
    "reopen": pgettext_lazy("act on a request", "reopened on appeal"),
    "uphold": pgettext_lazy("act on a request", "upheld on appeal"),
}


def said(words: Words, code: str) -> str:
    """Return the words for a code in the reader's language; a code that has none as it is written."""
    return str(words.get(code, code))
