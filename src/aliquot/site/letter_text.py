"""What does a letter of decision say? Blocks of text, in the language that is active, from what was decided.

Knows no database: it is handed the request, the call, its rules and the decisions as values. A block is a heading, a
paragraph, a list, a table or a sheet of facts; a page and a PDF show the same blocks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from aliquot import agreements, mass, register, working_days
from aliquot.calls import Call
from aliquot.decisions import GRANTING, Outcome
from aliquot.policy import Policy
from aliquot.requests import Line, Request
from aliquot.site import cycle_words, decision_words, words
from aliquot.site.decision_words import said
from aliquot.site.queries.register.words import country

Block = dict[str, object]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one level decided, and when."""

    level: str
    outcome: Outcome
    granted_ng: tuple[int, ...]
    conditions: tuple[str, ...]
    reasons: str
    needed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a reviewer wrote for each criterion, by its name; without a name where the policy hides it."""

    reviewer: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a letter tells."""

    facility: str
    number: str
    call: Call
    request: Request
    rules: Policy
    levels: tuple[Spoken, ...]
    reviews: tuple[Remarks, ...]
    settled_at: datetime
    appeals: int
    # Sample and nanograms that are set aside, by line, counted from 1.
    promised: Mapping[int, Sequence[tuple[str, int]]]


def sha256(blocks: Sequence[Block]) -> str:
    """Return the hash of a letter's text: of its blocks as JSON with sorted keys, in UTF-8."""
    return hashlib.sha256(json.dumps(blocks, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def decision(told: Told) -> list[Block]:
    """Return the letter that tells an applicant of the last level's decision."""
    last = told.levels[-1]
    body = _granted(told, last) if last.outcome in GRANTING else _refused(last)
    return [*_head(told, told.settled_at), *_outcome(told, last), *body, *_levels(told), *_rights(told, last),
            *_reviews(told)]  # fmt: skip


def appeal(told: Told, *, reason: str, at: datetime) -> list[Block]:
    """Return the letter that tells an applicant that the decision stands in spite of the appeal."""
    return [
        *_head(told, at),
        _h2(_("Your appeal")),
        _p(_("We have looked at your appeal. The decision of {day} stands.").format(day=_day(told, told.settled_at))),
        _h2(_("Reasons")),
        _p(reason),
        _h2(_("What you can do")),
        _p(_("An appeal is made once, so this decision is final.")),
        _p(_again(told.rules)),
    ]  # fmt: skip


def screened(told: Told, *, reason: str, at: datetime) -> list[Block]:
    """Return the letter that tells an applicant that their request was turned away before anybody reviewed it."""
    thanks = _(
        "{name}, we thank you for your request. It was looked at before it would have gone to reviewers, and turned away."
    )
    return [
        *_head(told, at),
        {"kind": "h1", "text": _("Your request does not go to review.")},
        _p(thanks.format(name=told.request.lead.name)),
        _h2(_("Reasons")),
        _p(reason),
        _h2(_("What you can do")),
        _p(_("No panel has judged what you want to find out. You can ask in a later call, once what stands above is settled.")),
    ]  # fmt: skip


def _h2(text: str) -> Block:
    return {"kind": "h2", "text": text}


def _p(text: str) -> Block:
    return {"kind": "p", "text": text}


def _list(items: Sequence[str]) -> Block:
    return {"kind": "list", "lines": list(items)}


def _day(told: Told, at: datetime) -> str:
    return _date(at.astimezone(ZoneInfo(told.call.zone)).date())


def _date(day: date) -> str:
    return dateformat.format(day, pgettext("how a letter writes a day: j F Y", "j F Y"))


def _head(told: Told, at: datetime) -> Iterator[Block]:
    lead = told.request.lead
    yield {"kind": "sender", "text": str(words.said("facility", told.facility))}
    yield {"kind": "to", "lines": [lead.name, lead.institution, country(register.load(), lead.country)]}
    yield {"kind": "facts", "rows": [
        [_("Date"), _day(told, at)],
        [_("Call"), told.call.title],
        [_("Request"), told.request.title],
        [_("Our reference"), told.number],
    ]}  # fmt: skip


def _outcome(told: Told, last: Spoken) -> Iterator[Block]:
    sentences = {
        Outcome.GRANT: _("Your request is granted: you get all that you asked for."),
        Outcome.REDUCE: _("Your request is granted in part."),
        Outcome.CONDITION: _("Your request is granted on condition."),
        Outcome.REFUSE: _("Your request is not granted."),
        Outcome.DEFER: _("The decision on your request is deferred."),
    }
    yield {"kind": "h1", "text": sentences[last.outcome]}
    yield _p(_("{name}, we thank you for your request. It was read under the criteria of the call by reviewers and a panel, and this "
               "is what came of it.").format(name=told.request.lead.name))  # fmt: skip


def _granted(told: Told, last: Spoken) -> Iterator[Block]:
    yield _h2(_("What is granted"))
    yield {
        "kind": "table",
        "head": [_("Line"), _("Sample"), _("Least"), _("Wanted"), _("Granted")],
        "rows": [_row(told, i, line, last.granted_ng[i]) for i, line in enumerate(told.request.lines)],
        "numeric": [2, 3, 4],
    }
    if told.promised:
        yield _p(_("The samples that are named are set aside for you in our ledger."))
    if last.conditions:
        yield _h2(_("Conditions"))
        yield _list(last.conditions)
    yield _h2(_("Next steps"))
    yield _list(tuple(_steps(told)))
    if last.needed:
        yield _h2(_("What would have been needed for more"))
        yield _p(last.needed)


def _row(told: Told, i: int, line: Line, given_ng: int) -> list[str]:
    set_aside = told.promised.get(i + 1, ())
    numbers = ", ".join(f"{number} ({mass.show(ng)})" for number, ng in set_aside)
    kind = str(words.said("material", line.kind))
    asked = line.sample or _("any of kind {kind}").format(kind=kind)
    sample = (
        asked
        if not set_aside or numbers == f"{line.sample} ({mass.show(given_ng)})"
        else f"{asked}: {numbers}"
    )
    form = f" · {cycle_words.form(line.form)}" if line.form else ""
    return [str(i + 1), f"{sample}{form}", mass.show(line.least_ng), mass.show(line.wanted_ng),
            mass.show(given_ng) if given_ng else _("nothing")]  # fmt: skip


def _steps(told: Told) -> Iterator[str]:
    days, day = told.rules.working_days_to_sign, told.settled_at.astimezone(ZoneInfo(told.call.zone)).date()
    if days:
        yield _sign_within(
            days,
            working_days.after(day, days, working_days.load(agreements.CALENDARS.get(told.call.policy, ""))),
        )
    else:
        yield _("Sign the loan agreement that we send you.")
    use = told.rules.use("research")
    if use is not None and use.loan_months:
        yield ngettext("A loan for research runs for {n} month.", "A loan for research runs for {n} months.",
                       use.loan_months).format(n=use.loan_months)  # fmt: skip
    yield _("Nothing is handed over before the agreement is signed.")
    yield _(
        "If you do not want the samples any more, decline on the page of your request: others may be waiting for them."
    )


def _sign_within(days: int, counted: working_days.Counted) -> str:
    """Return by when the agreement is signed; where the days off of a year are not known, that is said."""
    until = _date(counted.day)
    if not counted.years_unknown:
        return ngettext(
            "Sign the loan agreement within {n} working day, public holidays left out: that is until {day}.",
            "Sign the loan agreement within {n} working days, public holidays left out: that is until {day}.",
            days,
        ).format(n=days, day=until)
    return ngettext(
        "Sign the loan agreement within {n} working day. Counted from Monday to Friday that is until {day}; public holidays come on top.",
        "Sign the loan agreement within {n} working days. Counted from Monday to Friday that is until {day}; public holidays come on top.",
        days,
    ).format(n=days, day=until)


def _refused(last: Spoken) -> Iterator[Block]:
    yield _h2(_("What would have been needed") if last.outcome is Outcome.REFUSE else _("What is needed"))
    yield _p(last.needed)
    if last.outcome is Outcome.DEFER:
        yield _p(
            _(
                "Your request stays with us. The panel takes it up again when it has what it needs; you need not hand it in again."
            )
        )


def _levels(told: Told) -> Iterator[Block]:
    yield _h2(_("Reasons"))
    for one in told.levels:
        level, outcome = decision_words.level(one.level), said(decision_words.OUTCOMES, one.outcome)
        yield {
            "kind": "h3",
            "text": _("{level}, {day}: {outcome}").format(
                level=level[:1].upper() + level[1:], day=_day(told, one.at), outcome=outcome
            ),
        }
        yield _p(one.reasons)


def _rights(told: Told, last: Spoken) -> Iterator[Block]:
    yield _h2(_("What you can do"))
    rules = told.rules
    if last.outcome in (Outcome.GRANT, Outcome.DEFER):
        yield _p(_("There is nothing here to appeal against."))
    elif not rules.appeal_days:
        yield _p(_("The policy of this call knows no appeal."))
    elif told.appeals:
        yield _p(_("An appeal is made once, so this decision is final."))
    else:
        until = told.settled_at + timedelta(days=rules.appeal_days)
        yield _p(
            ngettext(
                "You can appeal once, on the page of your request, within {n} day: until {day}, {time} ({zone}).",
                "You can appeal once, on the page of your request, within {n} days: until {day}, {time} ({zone}).",
                rules.appeal_days,
            ).format(n=rules.appeal_days, day=_day(told, until), zone=told.call.zone,
                     time=until.astimezone(ZoneInfo(told.call.zone)).strftime("%H:%M"))
        )  # fmt: skip
    if last.outcome not in GRANTING:
        yield _p(_again(rules))


def _again(rules: Policy) -> str:
    if rules.resubmission:
        return _("You can ask for the same samples again in a later call; say then what is new.")
    return _("What was refused cannot be asked for again under this policy.")


def _reviews(told: Told) -> Iterator[Block]:
    if told.reviews:
        yield _h2(_("From the reviews"))
    for n, one in enumerate(told.reviews, start=1):
        yield {"kind": "h3", "text": one.reviewer or _("Review {n}").format(n=n)}
        yield {"kind": "facts", "rows": [list(each) for each in one.reasons]}
