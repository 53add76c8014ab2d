"""How are outcomes and votes read by people, and what was done to calls and requests? Other words stand in `cycle_words`."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from aliquot.decisions import Outcome, Vote
from aliquot.site import cycle_words

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
VOTES: Final[Words] = {
    Vote.YES: pgettext_lazy("vote", "for"),
    Vote.NO: pgettext_lazy("vote", "against"),
    Vote.ABSTAIN: pgettext_lazy("vote", "abstains"),
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


def level(code: str) -> str:
    """Return what a level of decision is called."""
    return str(cycle_words.said("level", code))


def state(code: str) -> str:
    """Return how a call or a request stands."""
    return str(cycle_words.said("state", code))


def ground(code: str) -> str:
    """Return why somebody stands aside."""
    return str(cycle_words.said("ground", code))
