"""Of what are people told, may they go without, and when is it due by e-mail? The kinds of notice as one table.

A sentence has `{names}`; what fills them is kept as keys (`call:…`, `request:…`, `person:…`) and moments, never as the names of people,
so that a notice names nobody once they are forgotten. Knows no clock, no address and no language: sentences are translated
before they are filled in, as those of faults are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Values = Mapping[str, str | int]


class How(StrEnum):
    """How somebody wants a kind of notice by e-mail; on the site it is shown in any case."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that people are told of: who is told, in which words, and whether they may go without the e-mail."""

    key: str
    about: str  # calls, requests, reviews, samples, loans: how the list is filtered
    told: str  # what happens, and to whom it is told
    subject: str
    text: str
    obligatory: bool = False
    usual: How = How.AT_ONCE


_TABLE: Final = (
    Kind("call-published", "calls", "A call that you watch is published",
         "New call: {call}", "The call “{call}” is published. Requests are taken until {until}."),
    Kind("call-amended", "calls", "A call under which you ask for samples, or that you watch, is amended",
         "Amended: {call}", "The call “{call}” was amended. Its page says what changed and why.", obligatory=True),
    Kind("call-cancelled", "calls", "Such a call is cancelled",
         "Cancelled: {call}", "The call “{call}” was cancelled. Its page says why.", obligatory=True),
    Kind("call-answered", "calls", "A question on such a call is answered",
         "A question was answered: {call}", "A question on the call “{call}” was answered. Everybody can read question and answer on its page.",
         usual=How.DAILY),
    Kind("call-concluded", "calls", "Such a call is concluded, and its result published",
         "Concluded: {call}", "The call “{call}” is concluded. Its page has the result."),
    Kind("call-asked", "calls", "Somebody asks about a call that you keep",
         "A question: {call}", "Somebody asked about the call “{call}”. The answer is shown to everybody at the same time."),
    Kind("call-closes", "calls", "A deadline comes near, and you have a draft that is not submitted",
         "Not submitted yet: {request}", "Your request “{request}” is still a draft. The call “{call}” takes requests until {until}."),
    Kind("call-over", "calls", "The deadline of a call that you keep has passed",
         "The deadline has passed: {call}", "Deadline and grace of the call “{call}” have passed. It can be closed."),
    Kind("request-invited", "requests", "You are asked to write a request with others",
         "Write with us: {request}", "{who} lets you write the request “{request}” under the call “{call}”.", obligatory=True),
    Kind("request-left", "requests", "You are taken off a request that you wrote with others",
         "Taken off: {request}", "{who} has taken you off the request “{request}” under the call “{call}”. You see and write it no more.", obligatory=True),
    Kind("request-submitted", "requests", "A request of yours is submitted or amended",
         "Submitted: {request}", "The request “{request}” was submitted under the call “{call}”. Its receipt stands on its page.", obligatory=True),
    Kind("request-withdrawn", "requests", "A request that you write or review is withdrawn",
         "Withdrawn: {request}", "The request “{request}” under the call “{call}” was withdrawn.", obligatory=True),
    Kind("request-admitted", "requests", "A request of yours is admitted to review",
         "Admitted: {request}", "The request “{request}” under the call “{call}” was admitted and goes to review.", obligatory=True),
    Kind("request-turned-away", "requests", "A request of yours is turned away",
         "Turned away: {request}", "The request “{request}” under the call “{call}” was turned away. Its page says why.", obligatory=True),
    Kind("request-listed", "requests", "A request of yours is on the short list",
         "On the short list: {request}", "The request “{request}” under the call “{call}” is on the short list. You will be heard; the date follows.", obligatory=True),
    Kind("request-resumed", "requests", "A request of yours is taken up again",
         "Taken up again: {request}", "The request “{request}” under the call “{call}” is in review again. Its page says why.", obligatory=True),
    Kind("request-decided", "requests", "A decision on a request of yours is taken",
         "Decided: {request}", "There is a decision on the request “{request}” under the call “{call}”. Its page has the decision with its reasons.", obligatory=True),
    Kind("request-appealed", "requests", "Somebody appeals against a decision",
         "Appeal: {request}", "There is an appeal against the decision on the request “{request}” under the call “{call}”."),
    Kind("appeal-decided", "requests", "An appeal of yours is decided",
         "Your appeal: {request}", "There is an answer to the appeal on the request “{request}” under the call “{call}”. Its page has it with its reasons.", obligatory=True),
    Kind("hearing-set", "requests", "The hour of a hearing that you take part in is set or moved",
         "Hearing: {request}", "The request “{request}” is heard on {begins}.", obligatory=True),
    Kind("hearing-soon", "requests", "A hearing that you take part in is near",
         "Soon: hearing of {request}", "The hearing of “{request}” is near: {begins}."),
    Kind("review-assigned", "reviews", "A request is assigned to you for review",
         "For your review: {request}", "The request “{request}” under the call “{call}” was assigned to you. Please say first whether there is a conflict.", obligatory=True),
    Kind("review-released", "reviews", "You are released from a review",
         "Released: {request}", "You are released from the review of “{request}” under the call “{call}”. There is nothing to do.", obligatory=True),
    Kind("review-recused", "reviews", "A reviewer steps aside, in a call whose panel you chair",
         "A reviewer stepped aside: {request}", "{who} does not review “{request}” under the call “{call}”. Somebody else may be needed."),
    Kind("review-due", "reviews", "A review of yours is due soon",
         "Due soon: review of {request}", "Your review of “{request}” under the call “{call}” is due on {until}.", usual=How.AT_ONCE),
    Kind("review-late", "reviews", "A review of yours is late",
         "Late: review of {request}", "Your review of “{request}” under the call “{call}” was due on {until}. The panel waits for it.", obligatory=True),
    Kind("review-reminded", "reviews", "A chair reminds you of a review",
         "A reminder: review of {request}", "The chair asks for your review of “{request}” under the call “{call}”.", obligatory=True),
    Kind("proposal-waiting", "samples", "An act on a sealed sample waits for your approval",
         "Waits for approval: {sample}", "{who} proposes an act on the sealed sample {sample}. It waits for approval."),
    Kind("proposal-answered", "samples", "Somebody answers a proposal of yours",
         "Answered: {sample}", "{who} answered your proposal of an act on the sealed sample {sample}."),
    Kind("agreement-offered", "loans", "An agreement on a loan waits for your signature, or was not signed in time",
         "To be signed: {loan}", "The agreement {loan} is to be signed by {until}. After that it lapses, and what was promised is free again.", obligatory=True),
    Kind("loan-due", "loans", "A loan of yours is due soon, or a loan here is due",
         "Due: loan {loan}", "The loan {loan} is due on {until}. Bring it back by then, or ask for a renewal.", obligatory=True),
    Kind("loan-late", "loans", "A loan is overdue",
         "Overdue: loan {loan}", "The loan {loan} was due on {until} and has not come back.", obligatory=True),
    Kind("loan-recalled", "loans", "A loan is recalled",
         "Recalled: loan {loan}", "The loan {loan} is recalled. Everything of it is to be back by {until}.", obligatory=True),
    Kind("inventory-due", "loans", "The inventory of a loan is due soon",
         "Inventory due: loan {loan}", "The inventory of the loan {loan} is due on {until}: say of each sample what became of it.", obligatory=True),
    Kind("inventory-late", "loans", "The inventory of a loan is overdue",
         "Inventory overdue: loan {loan}", "The inventory of the loan {loan} was due on {until}. Where the policy says so, nothing more is lent until it is in.", obligatory=True),
    Kind("report-due", "loans", "Results or a publication are due for a loan of yours",
         "Report due: loan {loan}", "Results or a publication on the samples of the loan {loan} are due on {until}. Record them, or tell why they are not there.", obligatory=True),
    Kind("embargo-ends", "samples", "An embargo on results of yours ends soon",
         "Soon public: {paper}", "The embargo on “{paper}” ends on {until}. From then on everybody sees what rests on it; set another day if that is too early."),
    Kind("wish-asked", "loans", "A borrower asks for something",
         "Asked for: loan {loan}", "Whoever answers for the loan {loan} asks for something. It waits for your answer.", obligatory=True),
    Kind("wish-taker", "loans", "You are asked to take over a loan",
         "Take over the loan {loan}?", "Whoever answers for the loan {loan} would like you to take it over. Please say whether you agree.", obligatory=True),
    Kind("wish-answered", "loans", "What was asked for a loan is answered",
         "Answered: loan {loan}", "There is an answer to what was asked for the loan {loan}. Its page has it.", obligatory=True),
    Kind("loan-loss", "loans", "Something on loan cannot be found",
         "Cannot be found: loan {loan}", "Something of the loan {loan} cannot be found. An incident is open: look for it together, and tell whom it has to be told.", obligatory=True),
    Kind("loan-passed", "loans", "You answer for a loan from now on",
         "Yours from now on: loan {loan}", "You answer for the loan {loan} from now on: for its days, its inventories and what comes back. Its page has them.", obligatory=True),
    Kind("parcel-late", "loans", "A parcel should have arrived",
         "Late: parcel {loan}", "The parcel {loan} was expected on {until} and nobody has confirmed that it arrived."),
    Kind("claim-judged", "register", "A second person looks at a claim of yours for the register",
         "Looked at: {claim}", "A second person looked at {claim}, which you proposed for the register. Its page says what was found, and why."),
)  # fmt: skip

KINDS: Final[Mapping[str, Kind]] = {kind.key: kind for kind in _TABLE}
ABOUT: Final = tuple(dict.fromkeys(kind.about for kind in _TABLE))

# When digests go out, by the clock where the reader is; the weekly one on Mondays.
DIGEST_HOUR: Final = 7
# How long to wait after each try that the mail server did not take: about three days in all.
WAITS: Final = tuple(timedelta(minutes=m) for m in (5, 15, 60, 180, 360, 720, 1440, 1440))

_NAMED: Final = re.compile(r"{(\w+)}")


def placeholders(kind: Kind) -> frozenset[str]:
    """Return the names that a kind's sentences want filled."""
    return frozenset(_NAMED.findall(kind.subject + kind.text))


def choices(kind: Kind) -> tuple[How, ...]:
    """Return what may be chosen: an obligatory notice comes within a day."""
    return (How.AT_ONCE, How.DAILY) if kind.obligatory else tuple(How)


def how(kind: Kind, chosen: str | None) -> How:
    """Return how somebody gets a kind by e-mail, who chose that, or nothing, or what may not be chosen any more."""
    return How(chosen) if chosen in choices(kind) else kind.usual


def due(wanted: How, made_at: datetime, zone: str) -> datetime | None:
    """Return when a notice made then is to be sent, in UTC; None where no e-mail is wanted."""
    if wanted is How.NEVER:
        return None
    if wanted is How.AT_ONCE:
        return made_at
    there = _zone(zone)
    day = made_at.astimezone(there).date()
    if wanted is How.WEEKLY:
        day += timedelta(days=-day.weekday())
    while _digest_on(day, there) <= made_at:
        day += timedelta(days=7 if wanted is How.WEEKLY else 1)
    return _digest_on(day, there)


def _digest_on(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, DIGEST_HOUR, tzinfo=zone).astimezone(UTC)


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a name with a NUL; a folder of zones
        return False
    return bool(name)


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name if is_zone(name) else "UTC")


def wait(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries, or None: then somebody must look."""
    return WAITS[tries - 1] if 0 < tries <= len(WAITS) else None


def reminder(due_at: datetime, at: datetime, *, before_days: int, every_days: int) -> str | None:
    """Return which reminder is the newest due: "before", "late 0", "late 1" and so on every so many days; none that early.

    It is the occasion of a notice: raised twice it is one, and after a silence of weeks only the newest is raised.
    """
    if at < due_at - timedelta(days=before_days):
        return None
    if at < due_at:
        return "before"
    return f"late {(at - due_at) // timedelta(days=every_days)}"


def references(values: Iterable[Values]) -> dict[str, set[str]]:
    """Return the keys that notices speak of, by what they are keys of: {"call": {"ab12"}, "person": {"17"}}."""
    found: dict[str, set[str]] = {}
    for each in values:
        for value in each.values():
            root, colon, key = str(value).partition(":")
            if colon and root.isalpha() and key:
                found.setdefault(root, set()).add(key)
    return found


def moment(value: str | int) -> datetime | None:
    """Return the moment that a value keeps as `at:2027-03-31T16:00:00+00:00`."""
    text = str(value)
    return datetime.fromisoformat(text[3:]) if text.startswith("at:") else None


def at(when: datetime) -> str:
    """Return a moment as the value of a notice keeps it."""
    return f"at:{when.astimezone(UTC).isoformat(timespec='seconds')}"


def fill(sentence: str, values: Values) -> str:
    """Return a sentence with its names filled in; one that is not told stays blank, and all of it is one line."""
    said = _NAMED.sub(lambda found: str(values.get(found[1], "…")), sentence)
    return " ".join(said.split())
