"""What may somebody tell or ask of a loan of theirs? One small form each, beside which every fault stands.

Reports move the ledger at once; what is asked for waits for the keeper's answer.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aliquot import fault, mass, wishes
from aliquot.accountability import Direction
from aliquot.fault import Fault
from aliquot.site import loan_words, permissions, queries
from aliquot.site.models import Loan, Person
from aliquot.site.operations import loan_reports, parcels
from aliquot.site.operations import wishes as operations
from aliquot.site.operations.loan_reports import Consumed, Reported
from aliquot.site.permissions import Act
from aliquot.site.web.acting import Body
from aliquot.site.web.loans_ways import DayField, LongField, MassField, Way, WayForm
from aliquot.wishes import Kind, Wish

NUMBER_MOST, CUTS_MOST = 120, 200


class OneForm(WayForm):
    """An act on one sample that is with the borrower."""

    sample = forms.ChoiceField(label=gettext_lazy("Sample"))

    def make(self) -> None:
        self.fields["sample"].choices = held(self.about)


class ConsumeForm(OneForm):
    """What was used up of a sample."""

    mass = MassField(label=gettext_lazy("Mass used up"))
    fate = forms.ChoiceField(
        label=gettext_lazy("What became of it"), choices=lambda: list(loan_words.FATES.items())
    )
    method = forms.CharField(label=gettext_lazy("Method"), max_length=300)
    reason = LongField(
        label=gettext_lazy("Reason"), required=False,
        help_text=gettext_lazy("Wanted where more is used up than was approved."),
    )  # fmt: skip


class SplitForm(OneForm):
    """What a borrower cut."""

    cuts = LongField(
        label=gettext_lazy("Parts"), rows=4,
        help_text=gettext_lazy("One a line: its number, then its mass, as in: P-1,1,1 12.5 mg"),
    )  # fmt: skip
    attrition = MassField(label=gettext_lazy("Lost in cutting"), required=False)
    method = forms.CharField(label=gettext_lazy("Method"), max_length=300)


class LoseForm(OneForm):
    """What cannot be found."""

    mass = MassField(label=gettext_lazy("Mass"), required=False, help_text=gettext_lazy("Empty: all of it."))
    reason = LongField(label=gettext_lazy("When it was last seen, where you looked"))


class SendForm(WayForm):
    """What is packed to go back."""

    samples = forms.MultipleChoiceField(label=gettext_lazy("Samples"), widget=forms.CheckboxSelectMultiple)

    def make(self) -> None:
        self.fields["samples"].choices = held(self.about)


class BringForm(SendForm):
    """What is about to come back, when and how."""

    on = DayField(label=gettext_lazy("On which day"))
    carrier = forms.CharField(label=gettext_lazy("Who brings it"), max_length=wishes.NAME_MOST)
    reason = LongField(label=gettext_lazy("Remark"), required=False)


class RenewForm(WayForm):
    """For how much longer."""

    months = forms.IntegerField(label=gettext_lazy("Months"), min_value=1, max_value=wishes.MONTHS_MOST)
    reason = LongField(label=gettext_lazy("Reason"))


class TransferForm(WayForm):
    """Who is to take it over."""

    name = forms.CharField(label=gettext_lazy("Who takes it over"), max_length=wishes.NAME_MOST)
    institution = forms.CharField(label=gettext_lazy("Institution"), max_length=wishes.NAME_MOST)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=2,
        help_text=gettext_lazy("Two capital letters, such as FR."),
    )
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy(
            "Whoever has an account here is asked whether they agree; else a curator asks them."
        ),
    )
    reason = LongField(label=gettext_lazy("Reason"))


def held(loan: Loan) -> list[tuple[str, str]]:
    """Return the samples that are with the borrower, to be chosen."""
    there = queries.loans.held(loan).with_borrower
    return [(number, f"{number} · {mass.show(there[number])}") for number in sorted(there)]


# -- reports -----------------------------------------------------------------------------------------------------


def _said(loan: Loan, done: Reported, way: str) -> Body:
    """Return where to go after a report, and what was written."""
    here = reverse("borrowed", args=[loan.key])
    said = _("Recorded as entry {number} of the ledger.").format(number=done.entry.index)
    if done.notes:
        said = f"{said} {_('More is used up than was approved; a curator will ask you about it.')}"
    return {"to": f"{here}#way-{way}", "said": said}


def _consume(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    one = Consumed(told["sample"], told["mass"], told["fate"], told["method"], told["reason"])
    return _said(loan, loan_reports.consume(loan, one, by=request.user, at=timezone.now()), "consume")


def _split(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    done = loan_reports.split(loan, told["sample"], read_cuts(told["cuts"]), attrition_ng=told["attrition"] or 0,
                              method=told["method"], by=request.user, at=timezone.now())  # fmt: skip
    return _said(loan, done, "split")


def read_cuts(text: str) -> list[tuple[str, int]]:
    """Return number and nanograms of each line; raise `Refused` with every line that cannot be read."""
    found: list[tuple[str, int]] = []
    faults: list[Fault] = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        number, _space, weighs = line.partition(" ")
        read = mass.read(weighs)
        if isinstance(read, Fault) or len(number) > NUMBER_MOST:
            faults.append(fault.of("cuts", "“{line}” is no number with a mass", "write each as: P-1,1,1 12.5 mg",
                                   line=line[:60]))  # fmt: skip
        else:
            found.append((number, read))
    if len(found) > CUTS_MOST:
        faults.append(fault.of("cuts", "there are more than {most} parts", "report them in several steps", most=CUTS_MOST))  # fmt: skip
    fault.refuse_if(faults)
    return found


def _lose(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    done = loan_reports.lose(loan, told["sample"], mass_ng=told["mass"], reason=told["reason"], by=request.user,
                             at=timezone.now())  # fmt: skip
    return _said(loan, done, "lose")


def _send(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    made = parcels.pack(loan, Direction.BACK, told["samples"], by=request.user, at=timezone.now())
    return {"to": reverse("parcel", args=[made.key]), "said": ""}


# -- what is asked for -------------------------------------------------------------------------------------------


def _asked(request: HttpRequest, loan: Loan, told: Wish) -> Body:
    made = operations.ask(loan, told, by=request.user, at=timezone.now())
    return {
        "to": reverse("wish", args=[made.key]),
        "said": _("Asked. You are told as soon as there is an answer."),
    }


def _renew(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    return _asked(request, loan, Wish(Kind.RENEWAL, told["reason"], months=told["months"]))


def _transfer(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    named = {name: told[name] for name in ("name", "institution", "country", "email")}
    return _asked(request, loan, Wish(Kind.TRANSFER, told["reason"], **named))


def _bring(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
    wish = Wish(
        Kind.RETURN, told["reason"], samples=tuple(told["samples"]), on=told["on"], carrier=told["carrier"]
    )
    return _asked(request, loan, wish)


_GROUPS: tuple[tuple[Promise, tuple[Way, ...]], ...] = (
    (gettext_lazy("Report"), (
        Way("consume", gettext_lazy("What was used up"), gettext_lazy("Report it"), ConsumeForm, _consume,
            gettext_lazy("The ledger has it at once.")),
        Way("split", gettext_lazy("What was cut"), gettext_lazy("Report it"), SplitForm, _split,
            gettext_lazy("Parts are on loan as what they were cut from; each needs a number of its own.")),
        Way("lose", gettext_lazy("What cannot be found"), gettext_lazy("Report the loss"), LoseForm, _lose,
            gettext_lazy("Say it soon: it is looked for together."), is_grave=True),
    )),
    (gettext_lazy("Bring back"), (
        Way("bring", gettext_lazy("Announce a return"), gettext_lazy("Announce it"), BringForm, _bring,
            gettext_lazy("So that somebody is there. A parcel or a person: say who carries it.")),
        Way("send", gettext_lazy("Pack a parcel"), gettext_lazy("Pack it"), SendForm, _send,
            gettext_lazy("Seals, carrier and gross mass are told on the next page, when it is handed over.")),
    )),
    (pgettext_lazy("heading", "Ask for"), (
        Way("renew", gettext_lazy("A renewal"), gettext_lazy("Ask for it"), RenewForm, _renew),
        Way("transfer", gettext_lazy("That somebody else takes over"), gettext_lazy("Ask for it"), TransferForm, _transfer,
            gettext_lazy("First they agree, then a curator consents; until then you answer for it.")),
    )),
)  # fmt: skip
# What staff do is on the page of the loan; of these they do the reports on a borrower's behalf.
_OF_BORROWERS = ("bring", "renew", "transfer")


def of(loan: Loan, person: Person) -> list[tuple[str, list[Way]]]:
    """Return what somebody may tell and ask now, group by group."""
    own = queries.loans.is_borrower(loan, person)
    keeps = permissions.may(person, Act.KEEP_LOANS)
    if not (own or keeps) or loan.state not in ("with borrower", "recalled"):
        return []
    waiting = set(loan.wishes.filter(state__in=wishes.OPEN).values_list("kind", flat=True))
    closed = {"bring": Kind.RETURN in waiting, "renew": Kind.RENEWAL in waiting or loan.state == "recalled",
              "transfer": Kind.TRANSFER in waiting}  # fmt: skip
    found = [
        (
            str(title),
            [way for way in ways if not closed.get(way.act) and (own or way.act not in _OF_BORROWERS)],
        )
        for title, ways in _GROUPS
    ]
    return [(title, ways) for title, ways in found if ways]


def months_left(loan: Loan) -> tuple[int, int]:
    """Return how often the loan may still be renewed as policy says, and by how many months at most."""
    value = queries.loans.value(loan)
    return max(0, value.terms.renewals - len(value.renewed_months)), value.terms.renewal_months
