"""Which acts does the page of a show offer to whom, and what is told of each?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aliquot import loan_terms, shows
from aliquot.loan_terms import Waiver
from aliquot.site import queries
from aliquot.site.models import Loan, Person, Show
from aliquot.site.operations import lending
from aliquot.site.operations import shows as operations
from aliquot.site.web import loans_words
from aliquot.site.web.acting import Body
from aliquot.site.web.loans_ways import DayField, LongField, ReasonForm, Way, WayForm


class NothingForm(WayForm):
    """An act of which nothing is told."""


class VisitForm(WayForm):
    """What was found when the site was visited."""

    visited_on = DayField(label=_("Visited on"))
    visit = LongField(label=_("What was found"), most=shows.TEXT_MOST)


class WaiveVisitForm(WayForm):
    """Why nobody need visit the site."""

    visit = LongField(label=_("Why it is waived"), most=shows.TEXT_MOST)


class JoinForm(WayForm):
    """The loan under which the samples come."""

    loan = forms.ModelChoiceField(label=_("Loan"), queryset=Loan.objects.none(), to_field_name="key")

    def make(self) -> None:
        free = queries.loans.all_of_them().filter(modality="public-interest", show=None)
        self.fields["loan"].queryset = free
        self.fields["loan"].label_from_instance = lambda one: f"{one.number} · {one.holder.name_en}"


class ExceptionForm(WayForm):
    """An exception to a rule: on whose authority, why, until when."""

    rule = forms.ChoiceField(label=_("Which rule is set aside"), choices=[
        (word, said) for word, said in loans_words.RULES.items() if word != "signature"
    ])  # fmt: skip
    authority = forms.CharField(label=_("On whose authority"), max_length=loan_terms.AUTHORITY_MOST)
    expires_on = DayField(label=_("It holds until"))
    reason = LongField(label=_("Reason"), most=loan_terms.REASON_MOST)


def may_log(show: Show, person: Person) -> bool:
    """Whether somebody keeps the log of a show."""
    return bool(parts(show, person) & {"curator", "borrower"})


def parts(show: Show, person: Person) -> frozenset[str]:
    """Return what somebody is to a show."""
    return lending.on_loan(show.loan, person) if show.loan is not None else lending.who(person)


def of(show: Show, person: Person) -> list[Way]:
    """Return the acts that somebody may do on a show as it stands now."""
    mine = parts(show, person)
    open_acts = {step.act for step in shows.CYCLE.steps if step.source == show.state and set(step.who) & mine}
    ways = []
    if show.state == "planned" and "curator" in mine:
        ways.append(Way("visit", _("Note the visit of the site"), _("Note the visit"), VisitForm, _visit))
    if show.state == "planned" and "director" in mine:
        ways.append(Way("waive", _("Waive the visit"), _("Waive it"), WaiveVisitForm, _waive, is_grave=True))
    if "approve" in open_acts:
        ways.append(Way("approve", _("Approve the show"), _("Approve"), NothingForm, _moving("approve"),
                        lead=_("There has to be a security plan, and a site that was found fit.")))  # fmt: skip
    if show.state in ("planned", "approved") and show.loan is None and "curator" in mine:
        ways.append(Way("join", _("Join its loan"), _("Join it"), JoinForm, _join,
                        lead=_("A loan in the public interest, under which the samples come.")))  # fmt: skip
    if "open" in open_acts:
        ways.append(Way("open", _("Open the show"), _("Open it"), NothingForm, _moving("open"),
                        lead=_("Its samples have to be there.")))  # fmt: skip
    if "end" in open_acts:
        ways.append(Way("end", _("End the show"), _("End it"), NothingForm, _moving("end"),
                        lead=_("Every day of its log has to be closed.")))  # fmt: skip
    if "director" in mine:
        ways.append(Way("except", _("Record an exception"), _("Record it"), ExceptionForm, _except))
    if "cancel" in open_acts:
        ways.append(Way("cancel", _("Cancel the show"), _("Cancel it"), ReasonForm, _cancel, is_grave=True))
    return ways


def _visit(request: HttpRequest, show: Show, told: dict[str, Any]) -> Body:
    operations.visit(show, on=told["visited_on"], text=told["visit"], by=request.user, at=timezone.now())
    return {"key": show.key}


def _waive(request: HttpRequest, show: Show, told: dict[str, Any]) -> Body:
    operations.visit(show, on=None, text=told["visit"], waived=True, by=request.user, at=timezone.now())
    return {"key": show.key}


def _join(request: HttpRequest, show: Show, told: dict[str, Any]) -> Body:
    operations.join(show, told["loan"], by=request.user, at=timezone.now())
    return {"key": show.key}


def _except(request: HttpRequest, show: Show, told: dict[str, Any]) -> Body:
    waiver = Waiver(told["rule"], told["authority"], told["reason"], told["expires_on"])
    operations.note_exception(show, waiver, by=request.user, at=timezone.now())
    return {"key": show.key}


def _cancel(request: HttpRequest, show: Show, told: dict[str, Any]) -> Body:
    operations.move(show, "cancel", reason=told["reason"], by=request.user, at=timezone.now())
    return {"key": show.key}


def _moving(act: str) -> Any:
    def do(request: HttpRequest, show: Show, told: dict[str, Any]) -> Body:  # noqa: ARG001
        operations.move(show, act, by=request.user, at=timezone.now())
        return {"key": show.key}

    return do
