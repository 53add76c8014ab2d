"""Which acts does the page of an agreement offer to whom, and what is told of each?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aliquot import agreements, detached, loan_terms
from aliquot.loan_terms import Waiver
from aliquot.site import loan_words, queries
from aliquot.site.models import LoanAgreement, Person
from aliquot.site.operations import agreement_keys
from aliquot.site.operations import agreements as operations
from aliquot.site.operations.agreements import Signature
from aliquot.site.web import loans_ways
from aliquot.site.web.acting import Body
from aliquot.site.web.loans_ways import DayField, LongField, ReasonForm, Way, WayForm


class SignForm(WayForm):
    """Who signed, as what, and the file of it."""

    name = forms.CharField(label=_("Who signed"), max_length=agreements.NAME_MOST)
    capacity = forms.CharField(label=_("In which capacity"), max_length=agreements.NAME_MOST, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of signature"), choices=loan_words.SIGNATURES.items, initial="scan"
    )
    file = forms.FileField(
        label=_("The signed copy, or the file of the signature"),
        help_text=_(
            "A scan as PDF or picture; or a detached signature over the text for signing, of minisign, of OpenSSH (ssh-keygen -Y sign -n file), or plain in base64."
        ),
    )
    sha256 = forms.CharField(
        label=_("SHA-256 of the text that was signed"), required=False, max_length=64,
        help_text=_("For a detached signature: so that the right text was signed."),
        widget=forms.TextInput(attrs={"class": "hash", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip


class KeyForm(WayForm):
    """The public key with which a side will sign."""

    side = forms.ChoiceField(label=_("For whom"))
    key = LongField(
        label=_("Public key"), rows=4, most=detached.KEY_MOST,
        help_text=_("Of minisign, of OpenSSH (ssh-ed25519), or a key or certificate in PEM: Ed25519, ECDSA, RSA."),
    )  # fmt: skip

    def make(self) -> None:
        self.fields["side"].choices = [(side, loan_words.SIDES[side]) for side in sides(self.about, self.by)]


class WaiveForm(WayForm):
    """A later day to sign, on somebody's authority."""

    authority = forms.CharField(label=_("On whose authority"), max_length=loan_terms.AUTHORITY_MOST)
    expires_on = DayField(label=_("It may be signed until"))
    reason = LongField(label=_("Reason"), most=loan_terms.REASON_MOST)


def of(row: LoanAgreement, person: Person, today: date) -> list[Way]:
    """Return the acts that somebody may try now; what stands against one is said when it is tried."""
    mine = queries.agreements.is_borrower(row, person)
    who = loans_ways.parts(person, borrower=mine)
    may = {step.act for step in agreements.CYCLE.steps if step.source == row.state and who & set(step.who)}
    last = queries.agreements.sign_until(row)
    late = last is not None and last < today
    may -= {"lapse"} if not late else {"sign"}
    may -= (
        {"replace", "end"}
        if getattr(row, "loan", None) is None or row.loan.state != "closed"
        else {"replace"}
    )
    if row.state == "signed" and row.steps.filter(act="offer", by=person.key).exists():
        may.discard("countersign")
    found = [way for way in WAYS if way.act in may]
    found += [KEY] if sides(row, person) else []
    return [*found, WAIVE] if row.state == "offered" and "director" in who else found


def sides(row: LoanAgreement, person: Person | None) -> list[str]:
    """Return for which sides somebody may register a key now."""
    if person is None:
        return []
    who = loans_ways.parts(person, borrower=queries.agreements.is_borrower(row, person))
    return [
        side
        for side, (_act, states, by) in agreement_keys.SIDES.items()
        if row.state in states and who & set(by)
    ]


def _to(row: LoanAgreement) -> Body:
    return {"to": f"{reverse('agreement', args=[row.key])}#stands"}


def _offer(request: HttpRequest, row: LoanAgreement, _told: dict[str, Any]) -> Body:
    operations.offer(row, by=request.user, at=timezone.now())
    return _to(row)


def _sign(request: HttpRequest, row: LoanAgreement, told: dict[str, Any]) -> Body:
    with loans_ways.kept(told["file"]) as arrived:
        said = Signature(
            told["name"], told["capacity"], told["kind"], arrived, told["sha256"].strip().lower()
        )
        operations.sign(row, said, by=request.user, at=timezone.now())
    return _to(row)


def _countersign(request: HttpRequest, row: LoanAgreement, told: dict[str, Any]) -> Body:
    with loans_ways.kept(told["file"]) as arrived:
        said = Signature(
            told["name"], told["capacity"], told["kind"], arrived, told["sha256"].strip().lower()
        )
        loan = operations.countersign(row, said, by=request.user, at=timezone.now())
    return {"to": reverse("loan", args=[loan.key])}


def _move(request: HttpRequest, row: LoanAgreement, told: dict[str, Any]) -> Body:
    act = request.POST["act"]
    operations.move(row, act, reason=told.get("reason", ""), by=request.user, at=timezone.now())
    return _to(row)


def _register(request: HttpRequest, row: LoanAgreement, told: dict[str, Any]) -> Body:
    agreement_keys.register(row, told["side"], told["key"], by=request.user, at=timezone.now())
    return _to(row)


def _waive(request: HttpRequest, row: LoanAgreement, told: dict[str, Any]) -> Body:
    said = Waiver("signature", told["authority"], told["reason"], told["expires_on"])
    operations.waive(row, said, by=request.user, at=timezone.now())
    return _to(row)


WAYS = (
    Way("offer", _("Offer it to the borrower"), _("Offer it"), WayForm, _offer,
        _("From that day on the working days run in which it is signed.")),
    Way("sign", _("Record the borrower's signature"), _("Record the signature"), SignForm, _sign),
    Way("countersign", _("Countersign for the lender"), _("Countersign"), SignForm, _countersign,
        _("With it the agreement is in force. Whoever offered it does not countersign.")),
    Way("lapse", _("Let it lapse"), _("Let it lapse"), WayForm, _move,
        _("The last day to sign has passed. What was promised is free again."), is_grave=True),
    Way("end", _("End the agreement"), _("End it"), WayForm, _move, _("Its loan is closed.")),
    Way("decline", _("Decline it"), _("Decline it"), ReasonForm, _move, _("What was promised is free again."), is_grave=True),
    Way("withdraw", _("Withdraw it"), _("Withdraw it"), ReasonForm, _move, _("What was promised is free again."), is_grave=True),
)  # fmt: skip
KEY = Way("register key", _("Register a public key"), _("Register it"), KeyForm, _register,
          _("A detached signature is held against it. Whose key it is, the parties tell each other."))  # fmt: skip
WAIVE = Way("waive", _("Allow a later day to sign"), _("Record the exception"), WaiveForm, _waive)
