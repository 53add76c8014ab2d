"""How are the words of loans, parcels, deeds and shows read by people? The library has one English word for each.

`cycle_words` has those of calls and requests, and fills both into faults.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

Words = dict[str, Promise]

AGREEMENT_STATES: Final[Words] = {
    "drafted": pgettext_lazy("state of an agreement", "drafted"),
    "offered": pgettext_lazy("state of an agreement", "offered"),
    "signed": pgettext_lazy("state of an agreement", "signed"),
    "in force": pgettext_lazy("state of an agreement", "in force"),
    "declined": pgettext_lazy("state of an agreement", "declined"),
    "lapsed": pgettext_lazy("state of an agreement", "lapsed"),
    "withdrawn": pgettext_lazy("state of an agreement", "withdrawn"),
    "replaced": pgettext_lazy("state of an agreement", "replaced"),
    "ended": pgettext_lazy("state of an agreement", "ended"),
}
LOAN_STATES: Final[Words] = {
    "prepared": pgettext_lazy("state of a loan", "prepared"),
    "in transit": pgettext_lazy("state of a loan", "in transit"),
    "with borrower": pgettext_lazy("state of a loan", "with borrower"),
    "recalled": pgettext_lazy("state of a loan", "recalled"),
    "returned": pgettext_lazy("state of a loan", "returned"),
    "closed": pgettext_lazy("state of a loan", "closed"),
    "cancelled": pgettext_lazy("state of a loan", "cancelled"),
    "lost": pgettext_lazy("state of a loan", "lost"),
}
PARCEL_STATES: Final[Words] = {
    "packed": pgettext_lazy("state of a parcel", "packed"),
    "unpacked": pgettext_lazy("state of a parcel", "unpacked"),
    "on the way": pgettext_lazy("state of a parcel", "on the way"),
    "arrived": pgettext_lazy("state of a parcel", "arrived"),
    "damaged": pgettext_lazy("state of a parcel", "damaged"),
    "refused": pgettext_lazy("state of a parcel", "refused"),
    "taken back": pgettext_lazy("state of a parcel", "taken back"),
    "lost": pgettext_lazy("state of a parcel", "lost"),
    "found": pgettext_lazy("state of a parcel", "found"),
}
SHOW_STATES: Final[Words] = {
    "planned": pgettext_lazy("state of a show", "planned"),
    "approved": pgettext_lazy("state of a show", "approved"),
    "on show": pgettext_lazy("state of a show", "on show"),
    "ended": pgettext_lazy("state of a show", "ended"),
    "cancelled": pgettext_lazy("state of a show", "cancelled"),
}
ACTS: Final[Words] = {
    "offer": pgettext_lazy("act of lending", "offer"),
    "sign": pgettext_lazy("act of lending", "sign"),
    "countersign": pgettext_lazy("act of lending", "countersign"),
    "replace": pgettext_lazy("act of lending", "replace"),
    "end": pgettext_lazy("act of lending", "end"),
    "withdraw": pgettext_lazy("act of lending", "withdraw"),
    "decline": pgettext_lazy("act of lending", "decline"),
    "lapse": pgettext_lazy("act of lending", "lapse"),
    "ship": pgettext_lazy("act of lending", "ship"),
    "cancel": pgettext_lazy("act of lending", "cancel"),
    "arrive": pgettext_lazy("act of lending", "arrive"),
    "take back": pgettext_lazy("act of lending", "take back"),
    "lose": pgettext_lazy("act of lending", "lose"),
    "report": pgettext_lazy("act of lending", "report"),
    "renew": pgettext_lazy("act of lending", "renew"),
    "recall": pgettext_lazy("act of lending", "recall"),
    "hand on": pgettext_lazy("act of lending", "hand on"),
    "take in part": pgettext_lazy("act of lending", "take in part"),
    "take in": pgettext_lazy("act of lending", "take in"),
    "lift": pgettext_lazy("act of lending", "lift"),
    "accept": pgettext_lazy("act of lending", "accept"),
    "find": pgettext_lazy("act of lending", "find"),
    "close": pgettext_lazy("act of lending", "close"),
    "write off": pgettext_lazy("act of lending", "write off"),
    "pass duty": pgettext_lazy("act of lending", "pass duty"),
    "hand over": pgettext_lazy("act of lending", "hand over"),
    "unpack": pgettext_lazy("act of lending", "unpack"),
    "confirm": pgettext_lazy("act of lending", "confirm"),
    "confirm damaged": pgettext_lazy("act of lending", "confirm damaged"),
    "refuse": pgettext_lazy("act of lending", "refuse"),
    "edit": pgettext_lazy("act of lending", "edit"),
    "approve": pgettext_lazy("act of lending", "approve"),
    "open": pgettext_lazy("act of lending", "open"),
    "log": pgettext_lazy("act of lending", "log"),
    "join": pgettext_lazy("act of lending", "join"),
    "note": pgettext_lazy("act of lending", "note"),
    "agree": pgettext_lazy("act of lending", "agree"),
    "grant": pgettext_lazy("act of lending", "grant"),
    "fulfil": pgettext_lazy("act of lending", "fulfil"),
}
PARTS: Final[Words] = {
    "borrower": pgettext_lazy("part", "borrower"),
    "receiver": pgettext_lazy("part", "receiver"),
    "taker": pgettext_lazy("part", "whoever is to take it over"),
    "curator": pgettext_lazy("part", "curator"),
    "director": pgettext_lazy("part", "director"),
}
OUTCOMES: Final[Words] = {
    "have": pgettext_lazy("inventory", "have"),
    "consumed": pgettext_lazy("inventory", "consumed"),
    "transferred": pgettext_lazy("inventory", "transferred"),
    "returned": pgettext_lazy("inventory", "returned"),
    "cannot find": pgettext_lazy("inventory", "cannot find"),
}
FATES: Final[Words] = {
    "analysis": pgettext_lazy("fate", "analysis"),
    "preparation": pgettext_lazy("fate", "preparation"),
    "destroyed": pgettext_lazy("fate", "destroyed"),
}
EXPLANATIONS: Final[Words] = {
    "drift": pgettext_lazy("explanation", "drift"),
    "consumed": pgettext_lazy("explanation", "consumed"),
    "attrition": pgettext_lazy("explanation", "attrition"),
    "missing": pgettext_lazy("explanation", "missing"),
}
FOUND: Final[Words] = {
    "sound": pgettext_lazy("found in a parcel", "sound"),
    "damaged": pgettext_lazy("found in a parcel", "damaged"),
    "missing": pgettext_lazy("found in a parcel", "missing"),
}
DIRECTIONS: Final[Words] = {
    "out": pgettext_lazy("direction", "out"),
    "back": pgettext_lazy("direction", "back"),
    "onward": pgettext_lazy("direction", "onward"),
    "inward": pgettext_lazy("direction", "inward"),
}
WISH_STATES: Final[Words] = {
    "asked": pgettext_lazy("state of a wish", "asked"),
    "agreed": pgettext_lazy("state of a wish", "agreed"),
    "granted": pgettext_lazy("state of a wish", "granted"),
    "refused": pgettext_lazy("state of a wish", "refused"),
    "withdrawn": pgettext_lazy("state of a wish", "withdrawn"),
    "fulfilled": pgettext_lazy("state of a wish", "has come back"),
    "closed": pgettext_lazy("state of a wish", "closed"),
}
WISHES: Final[Words] = {
    "renewal": pgettext_lazy("wish of a borrower", "a renewal"),
    "transfer": pgettext_lazy("wish of a borrower", "that somebody else takes over"),
    "return": pgettext_lazy("wish of a borrower", "to bring something back"),
}
DUTIES: Final[Words] = {
    "return": pgettext_lazy("duty", "return"),
    "recall": pgettext_lazy("duty", "recall"),
    "inventory": pgettext_lazy("duty", "inventory"),
}
PASSINGS: Final[Words] = {
    "moved": pgettext_lazy("duty passes because", "moved"),
    "retired": pgettext_lazy("duty passes because", "retired"),
    "died": pgettext_lazy("duty passes because", "died"),
    "institution closed": pgettext_lazy("duty passes because", "institution closed"),
    "agreed": pgettext_lazy("duty passes because", "agreed"),
}
INCIDENTS: Final[Words] = {
    "lost": gettext_lazy("lost"),
    "stolen": gettext_lazy("stolen"),
    "contaminated": gettext_lazy("contaminated"),
    "broken": gettext_lazy("broken"),
    "misidentified": gettext_lazy("misidentified"),
    "found": gettext_lazy("found"),
}
PAPERS: Final[Words] = {
    "results": gettext_lazy("Results due"),
    "publication": gettext_lazy("Publication due"),
}
ENDED: Final[Words] = {
    "returned": pgettext_lazy("end of a sample in a loan", "returned"),
    "transferred": pgettext_lazy("end of a sample in a loan", "transferred"),
    "used up": pgettext_lazy("end of a sample in a loan", "used up"),
    "written off": pgettext_lazy("end of a sample in a loan", "written off"),
    "not sent": pgettext_lazy("end of a sample in a loan", "not sent"),
}
MODALITIES: Final[Words] = {
    "research": pgettext_lazy("modality", "research"),
    "public-interest": pgettext_lazy("modality", "public-interest"),
    "education": pgettext_lazy("modality", "education"),
    "deposit": pgettext_lazy("modality", "deposit"),
}
RULES: Final[Words] = {
    "loan-months": pgettext_lazy("rule set aside", "loan-months"),
    "renewals": pgettext_lazy("rule set aside", "renewals"),
    "inventory": pgettext_lazy("rule set aside", "inventory"),
    "signature": pgettext_lazy("rule set aside", "signature"),
}
DEEDS: Final[Words] = {
    "gift": pgettext_lazy("kind of deed", "gift"),
    "donation": pgettext_lazy("kind of deed", "donation"),
    "exchange": pgettext_lazy("kind of deed", "exchange"),
    "transfer": pgettext_lazy("kind of deed", "transfer"),
    "deposit": pgettext_lazy("kind of deed", "deposit"),
}
WAYS: Final[Words] = {
    "given": pgettext_lazy("way of a deed", "given"),
    "received": pgettext_lazy("way of a deed", "received"),
}
FILES: Final[Words] = {
    "packing list": pgettext_lazy("kind of file", "packing list"),
    "customs": pgettext_lazy("kind of file", "customs"),
    "hand carry": pgettext_lazy("kind of file", "hand carry"),
    "photograph": pgettext_lazy("kind of file", "photograph"),
    "transport log": pgettext_lazy("kind of file", "transport log"),
    "identity check": pgettext_lazy("kind of file", "identity check"),
    "other": pgettext_lazy("kind of file", "other"),
}
SIGNATURES: Final[Words] = {
    "scan": pgettext_lazy("kind of signature", "scan"),
    "detached": pgettext_lazy("kind of signature", "detached"),
}
SIDES: Final[Words] = {
    "borrower": pgettext_lazy("side of an agreement", "borrower"),
    "lender": pgettext_lazy("side of an agreement", "lender"),
}
# What a signature is worth: of a scan nothing can be said, of a detached one what its key says.
CHECKED: Final[Words] = {
    "fits": pgettext_lazy(
        "worth of a signature", "verified: it fits the text and the key that was registered"
    ),
    "unchecked": pgettext_lazy(
        "worth of a signature", "not verified: a signature of this kind cannot be checked here"
    ),
    "no key": pgettext_lazy(
        "worth of a signature", "not verified: no public key was registered before it was signed"
    ),
    "scan": pgettext_lazy("worth of a signature", "not verified: a scan can only be looked at"),
}
ALL: Final[dict[str, Words]] = {
    "sides": SIDES,
    "checked": CHECKED,
    "agreement_states": AGREEMENT_STATES,
    "loan_states": LOAN_STATES,
    "parcel_states": PARCEL_STATES,
    "show_states": SHOW_STATES,
    "acts": ACTS,
    "parts": PARTS,
    "outcomes": OUTCOMES,
    "fates": FATES,
    "explanations": EXPLANATIONS,
    "found": FOUND,
    "directions": DIRECTIONS,
    "wish_states": WISH_STATES,
    "wishes": WISHES,
    "duties": DUTIES,
    "passings": PASSINGS,
    "incidents": INCIDENTS,
    "papers": PAPERS,
    "ended": ENDED,
    "modalities": MODALITIES,
    "rules": RULES,
    "deeds": DEEDS,
    "ways": WAYS,
    "files": FILES,
    "signatures": SIGNATURES,
}


def said(about: str, code: str) -> Promise | str:
    """Return the words for a code, by the name of its table in small letters; a code that has none is shown as it is written."""
    return ALL[about].get(code, code)


def listed(numbers: Sequence[str], most: int) -> str:
    """Return numbers of samples one after the other, and how many more there are beyond so many."""
    shown = pgettext("in a list", ", ").join(numbers[:most])
    left = len(numbers) - most
    return (
        shown
        if left <= 0
        else ngettext("{shown} and one more", "{shown} and {n} more", left).format(shown=shown, n=left)
    )
