"""How are acts of lending told once they are done, and what is a rule called that was set aside? For timelines and sheets."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

DONE: Final[dict[str, Promise]] = {
    "ship": pgettext_lazy("done in lending", "sent on its way"),
    "cancel": pgettext_lazy("done in lending", "cancelled"),
    "arrive": pgettext_lazy("done in lending", "arrived"),
    "take back": pgettext_lazy("done in lending", "taken back into the store"),
    "lose": pgettext_lazy("done in lending", "recorded as lost"),
    "report": pgettext_lazy("done in lending", "reported"),
    "renew": pgettext_lazy("done in lending", "renewed"),
    "recall": pgettext_lazy("done in lending", "recalled"),
    "hand on": pgettext_lazy("done in lending", "handed on"),
    "take in part": pgettext_lazy("done in lending", "taken in, in part"),
    "take in": pgettext_lazy("done in lending", "taken in"),
    "lift": pgettext_lazy("done in lending", "recall lifted"),
    "accept": pgettext_lazy("done in lending", "accepted"),
    "find": pgettext_lazy("done in lending", "found"),
    "close": pgettext_lazy("done in lending", "closed"),
    "write off": pgettext_lazy("done in lending", "written off"),
    "pass duty": pgettext_lazy("done in lending", "somebody else answers for it"),
    "hand over": pgettext_lazy("done in lending", "handed over"),
    "unpack": pgettext_lazy("done in lending", "unpacked"),
    "confirm": pgettext_lazy("done in lending", "arrival confirmed"),
    "confirm damaged": pgettext_lazy("done in lending", "arrived with damage or loss"),
    "refuse": pgettext_lazy("done in lending", "refused"),
}
# What a step of the act "report" was about.
REPORTED: Final[dict[str, Promise]] = {
    "consumed": pgettext_lazy("done in lending", "reported as used up"),
    "split": pgettext_lazy("done in lending", "cut by the borrower"),
    "inventory": pgettext_lazy("done in lending", "inventory taken"),
    "lost": pgettext_lazy("done in lending", "reported as missing"),
}
RULES: Final[dict[str, Promise]] = {
    "loan-months": pgettext_lazy("rule of lending", "how long it may run"),
    "renewals": pgettext_lazy("rule of lending", "how often it is renewed"),
    "inventory": pgettext_lazy("rule of lending", "when an inventory is due"),
    "signature": pgettext_lazy("rule of lending", "until when it is signed"),
}


def done(act: str, what: str = "") -> str:
    """Return what was done, in words; an act that has none is said as it is written."""
    return str(REPORTED.get(what) or DONE.get(act, act))
