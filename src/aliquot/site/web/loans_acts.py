"""Which acts does the page of a loan offer to whom, and what is told of each?

What a borrower reports (used up, cut, counted, lost) has pages of its own; what comes back is weighed on the page of the return.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aliquot import loan_terms, loans
from aliquot.accountability import Direction
from aliquot.loan_terms import Waiver
from aliquot.site import law_words, loan_words, queries
from aliquot.site.models import Loan, Person
from aliquot.site.operations import lending, loan_reports, parcels, returns
from aliquot.site.operations import loans as operations
from aliquot.site.operations.loans import NAME_MOST
from aliquot.site.web import loans_words
from aliquot.site.web.acting import Body
from aliquot.site.web.loans_fields import PlaceField, SamplesField, choices
from aliquot.site.web.loans_ways import DayField, LongField, MassField, ReasonForm, Way, WayForm

STILL_HERE = ("prepared", "in transit", "with borrower")


class PackForm(WayForm):
    """Samples of the loan that lie in the store and are in no parcel."""

    samples = SamplesField()

    def make(self) -> None:
        self.fields["samples"].choices = choices(self.there())
        self.initial = {"samples": [number for number, _label in self.fields["samples"].choices]}

    def there(self) -> list[tuple[Any, int]]:
        """Return what can be packed, with its mass."""
        return queries.loan_pages.in_store(self.about)


class BackForm(PackForm):
    """Samples that are with the borrower and in no parcel."""

    def there(self) -> list[tuple[Any, int]]:
        return queries.loan_pages.with_borrower(self.about)


class OnwardForm(BackForm):
    """Samples that go to another loan, with the keeper's consent."""

    onward_to = forms.ModelChoiceField(
        label=_("To which loan"), queryset=Loan.objects.none(), to_field_name="key"
    )

    def make(self) -> None:
        super().make()
        self.fields["onward_to"].queryset = queries.loan_pages.other_loans(self.about)


class TakeInForm(BackForm):
    """What the borrower brings in person."""

    place = PlaceField()


class RenewForm(WayForm):
    """By how many months."""

    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=loan_terms.MONTHS_MOST)
    reason = LongField(label=_("Reason"), required=False)

    def make(self) -> None:
        self.initial = {"months": self.about.renewal_months or None}


class RecallForm(ReasonForm):
    """Within how many days everything is to be back."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=3650, initial=loans.RECALL_DAYS)
    field_order = ("days", "reason")


class ExceptForm(WayForm):
    """An exception to a rule."""

    rule = forms.ChoiceField(
        label=_("Which rule is set aside"),
        choices=[(word, said) for word, said in loans_words.RULES.items() if word != "signature"],
    )
    authority = forms.CharField(label=_("On whose authority"), max_length=loan_terms.AUTHORITY_MOST)
    expires_on = DayField(label=_("It holds until"))
    reason = LongField(label=_("Reason"), most=loan_terms.REASON_MOST)


class DutyForm(WayForm):
    """Who answers for the loan from now on, and why."""

    why = forms.ChoiceField(label=_("Why"), choices=loan_words.PASSINGS.items)
    name = forms.CharField(label=_("Who answers for the samples"), max_length=NAME_MOST)
    institution = forms.CharField(label=_("Institution"), max_length=NAME_MOST)
    country = forms.ChoiceField(label=_("Country"), required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False,
        help_text=_("Whoever has an account with this address sees the loan from now on."),
    )  # fmt: skip
    RENAMED: ClassVar[Mapping[str, str]] = {"person": "name"}

    def make(self) -> None:
        self.fields["country"].choices = [("", ""), *law_words.countries()]


class LoseForm(ReasonForm):
    """What cannot be found, all of it where no mass is told."""

    sample = forms.ChoiceField(label=_("Sample"))
    mass = MassField(label=_("Mass"), required=False, help_text=_("All of it where nothing is written."))
    field_order = ("sample", "mass", "reason")

    def make(self) -> None:
        self.fields["sample"].choices = choices(queries.loan_pages.with_borrower(self.about))


class FindForm(ReasonForm):
    """What is there again, and where: with the borrower, or in a place of the store."""

    sample = forms.ChoiceField(label=_("Sample"))
    place = PlaceField(required=False, help_text=_("Empty: it is with the borrower."))
    field_order = ("sample", "place", "reason")

    def make(self) -> None:
        lost = queries.loans.held(self.about).lost
        self.fields["sample"].choices = [(number, number) for number in sorted(lost)]


class CloseForm(WayForm):
    """A reason, where something is written off."""

    reason = LongField(label=_("Reason"), required=False, help_text=_("Where something is written off."))


def of(loan: Loan, person: Person) -> list[Way]:
    """Return the acts that somebody may try now; what stands against one is said when it is tried."""
    who = lending.on_loan(loan, person)
    may = {step.act for step in loans.CYCLE.steps if step.source == loan.state and who & set(step.who)}
    curates, directs = "curator" in who, "director" in who
    there = queries.loan_pages.with_borrower(loan)
    lost = bool(queries.loans.held(loan).lost)
    offered = {
        "pack": curates and loan.state in STILL_HERE and bool(queries.loan_pages.in_store(loan)),
        "pack back": bool({"curator", "borrower"} & who) and bool(there),
        "take in": curates and bool(there),
        "hand on": "hand on" in may and bool(there) and queries.loan_pages.other_loans(loan).exists(),
        "renew": "renew" in may,
        "recall": "recall" in may,
        "lift": "lift" in may,
        "lose": curates and bool(there),
        "find": curates and lost,
        "except": directs and loan.state in loans.OPEN,
        "pass duty": curates and loan.state in loans.OPEN,
        "close": "close" in may or "write off" in may,
        "cancel": "cancel" in may,
    }
    return [way for way in WAYS if offered[way.act]]


def _to(loan: Loan, part: str = "stands") -> Body:
    return {"to": f"{reverse('loan', args=[loan.key])}#{part}"}


def _packing(direction: Direction) -> Any:
    def do(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
        made = parcels.pack(
            loan,
            direction,
            told["samples"],
            onward_to=told.get("onward_to"),
            by=request.user,
            at=timezone.now(),
        )
        return {"to": reverse("parcel", args=[made.key])}

    return do


def _take_in(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    returns.take_in(loan, told["samples"], place=told["place"], by=request.user, at=timezone.now())
    return {"to": reverse("loan-return", args=[loan.key])}


def _renew(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    operations.renew(loan, months=told["months"], reason=told["reason"], by=request.user, at=timezone.now())
    return _to(loan)


def _recall(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    operations.recall(loan, reason=told["reason"], days=told["days"], by=request.user, at=timezone.now())
    return _to(loan)


def _lift(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    operations.lift(loan, reason=told["reason"], by=request.user, at=timezone.now())
    return _to(loan)


def _except(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    said = Waiver(told["rule"], told["authority"], told["reason"], told["expires_on"])
    operations.waive(loan, said, by=request.user, at=timezone.now())
    return _to(loan, "terms")


def _pass_duty(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    person = queries.loan_pages.person_of(told["email"])
    operations.pass_duty(loan, **told, person=person, by=request.user, at=timezone.now())
    return _to(loan)


def _lose(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    loan_reports.lose(
        loan, told["sample"], mass_ng=told["mass"], reason=told["reason"], by=request.user, at=timezone.now()
    )
    return _to(loan, "account")


def _find(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    loan_reports.find(
        loan, told["sample"], place=told["place"], reason=told["reason"], by=request.user, at=timezone.now()
    )
    return _to(loan, "account")


def _close(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    returns.close(loan, reason=told["reason"], by=request.user, at=timezone.now())
    return _to(loan)


def _cancel(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    operations.cancel(loan, reason=told["reason"], by=request.user, at=timezone.now())
    return _to(loan)


WAYS = (
    Way("pack", _("Pack a parcel to the borrower"), _("Pack it"), PackForm, _packing(Direction.OUT),
        _("Each sample goes whole. Seals, carrier and gross mass are told when it is handed over.")),
    Way("pack back", _("Pack a parcel back to the store"), _("Pack it"), BackForm, _packing(Direction.BACK)),
    Way("take in", _("Take in what was brought in person"), _("Take it in"), TakeInForm, _take_in),
    Way("hand on", _("Hand samples on to another loan"), _("Pack it"), OnwardForm, _packing(Direction.ONWARD),
        _("This is the keeper's consent: the other borrower answers for them once they arrive.")),
    Way("renew", _("Renew"), _("Renew it"), RenewForm, _renew, _("Counted from the day on which it was due.")),
    Way("recall", _("Recall"), _("Recall it"), RecallForm, _recall, _("Everything is asked for back, whatever the term is."),
        is_grave=True),
    Way("lift", _("Lift the recall"), _("Lift it"), ReasonForm, _lift),
    Way("lose", _("Record that something cannot be found"), _("Record it as missing"), LoseForm, _lose, is_grave=True),
    Way("find", _("Record that something was found"), _("Record it as found"), FindForm, _find),
    Way("except", _("Record an exception"), _("Record the exception"), ExceptForm, _except),
    Way("pass duty", _("Let somebody else answer for it"), _("Pass the duty on"), DutyForm, _pass_duty,
        _("No mass moves. Whoever hands samples on sends them in a parcel.")),
    Way("close", _("Close the loan"), _("Close it"), CloseForm, _close,
        _("Everything that came back was accepted; what is missing is written off by a director, with the reason.")),
    Way("cancel", _("Cancel the loan"), _("Cancel it"), ReasonForm, _cancel, _("Nothing of it has left. What was promised is free again."),
        is_grave=True),
)  # fmt: skip
