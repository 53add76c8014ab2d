"""Sets for schools: what is in each, when it is with whom, and each booking's way to a loan of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import agreements
from aliquot.agreements import Party
from aliquot.shows import Booking
from aliquot.site import law_words, permissions, queries
from aliquot.site.models import Loan, SetBooking, TeachingSet
from aliquot.site.operations import shows as operations
from aliquot.site.operations.agreements import Told
from aliquot.site.permissions import Act
from aliquot.site.web import loans_ways, shows
from aliquot.site.web.acting import Body
from aliquot.site.web.loans_ways import DayField, LongField, Way, WayForm
from aliquot.site.web.samples import POLICY

USE, DAYS_MOST = "public-interest", 3650


class SetForm(WayForm):
    """A set: its name, its samples, for how long a school has it at most."""

    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=300)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), required=False, max_length=300)
    samples = LongField(label=gettext_lazy("Samples"), help_text=gettext_lazy("One number a line."), rows=5)
    days_most = forms.IntegerField(
        label=gettext_lazy("Days at a school at most"), min_value=0, max_value=DAYS_MOST, initial=14,
        help_text=gettext_lazy("0: as long as policy lends."),
    )  # fmt: skip
    RENAMED: ClassVar[dict[str, str]] = {"sample": "samples"}


class BookForm(WayForm):
    """A school, whom to reach there, from when to when."""

    school = forms.CharField(label=gettext_lazy("School or museum"), max_length=300)
    contact = forms.CharField(label=gettext_lazy("Whom to reach there"), max_length=300)
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))


class _OfBooking(WayForm):
    """One of the bookings that are no loan yet."""

    booking = forms.ModelChoiceField(label=gettext_lazy("Booking"), queryset=SetBooking.objects.none())

    def make(self) -> None:
        self.fields["booking"].queryset = waiting(self.about)
        self.fields["booking"].label_from_instance = lambda one: f"{one.first} – {one.last} · {one.school}"


class CancelForm(_OfBooking):
    """A booking that is let go."""


class AgreeForm(_OfBooking):
    """What the agreement is filled with beside days and samples."""

    lender = forms.CharField(label=gettext_lazy("Lender"), max_length=agreements.NAME_MOST)
    lender_person = forms.CharField(
        label=gettext_lazy("Who answers for the lender"), max_length=agreements.NAME_MOST
    )
    country = forms.ChoiceField(label=gettext_lazy("Country of the school"))
    security = LongField(label=gettext_lazy("How it is kept safe"))
    credit = LongField(label=gettext_lazy("Credit line"), rows=2)
    purpose = LongField(label=gettext_lazy("What it is for"), rows=2)
    return_plan = LongField(label=gettext_lazy("How it comes back"), rows=2)
    RENAMED: ClassVar[dict[str, str]] = {"lender_institution": "lender", "borrower_person": "booking",
                                         "borrower_institution": "booking", "ends": "booking", "begins": "booking"}  # fmt: skip

    def make(self) -> None:
        super().make()
        self.fields["country"].choices = law_words.countries()


class JoinForm(_OfBooking):
    """The loan that came of the agreement."""

    loan = forms.ModelChoiceField(
        label=gettext_lazy("Loan"), queryset=Loan.objects.none(), to_field_name="key"
    )

    def make(self) -> None:
        super().make()
        self.fields["loan"].queryset = queries.loans.all_of_them().filter(modality="education", booking=None)
        self.fields["loan"].label_from_instance = lambda one: f"{one.number} · {one.holder.name_en}"


def waiting(row: TeachingSet) -> QuerySet[SetBooking]:
    """Return the bookings of a set that stand and are no loan yet."""
    return queries.shows.bookings(row).filter(loan=None)


def name(row: TeachingSet) -> str:
    """Return what a set is called in the reader's language."""
    return row.name_zh if (get_language() or "en").startswith("zh") and row.name_zh else row.name_en


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_LOANS)
def sets(request: HttpRequest) -> HttpResponse:
    """Show the sets; a curator makes another."""
    make = Way("make", _("Make a set"), _("Make it"), SetForm, _make)
    ran = loans_ways.run(request, [make] if permissions.may(request.user, Act.KEEP_LOANS) else [], None)
    if ran.body is not None:
        return redirect("set", key=str(ran.body["key"]))
    rows = queries.shows.sets_listed(timezone.now().date())
    context = {
        "rows": [(row, name(row), count, booking) for row, count, booking in rows],
        "offered": ran.offered,
        "faults": ran.faults,
        "crumbs": shows.crumbs(request, {"label": _("Sets for schools")}),
    }
    return render(request, "shows/sets.html", context, status=ran.status)


def _make(request: HttpRequest, about: object, told: dict[str, Any]) -> Body:  # noqa: ARG001
    numbers = [line.strip() for line in told["samples"].splitlines() if line.strip()]
    made = operations.make_set(
        name_en=told["name_en"], name_zh=told["name_zh"], samples=list(dict.fromkeys(numbers)),
        days_most=told["days_most"], by=request.user, at=timezone.now(),
    )  # fmt: skip
    return {"key": made.key}


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_LOANS)
def one_set(request: HttpRequest, key: str) -> HttpResponse:
    """Show a set and its bookings; a curator books it, lets go, agrees, joins the loan."""
    row = TeachingSet.objects.filter(key=key).first()
    if row is None:
        raise Http404
    ran = loans_ways.run(request, _ways(row) if permissions.may(request.user, Act.KEEP_LOANS) else [], row)
    if ran.body is not None:
        return redirect(str(ran.body["to"]))
    context = {
        "set": row,
        "heading": name(row),
        "samples": row.samples.order_by("number"),
        "bookings": list(queries.shows.bookings(row)),
        "offered": ran.offered,
        "faults": ran.faults,
        "crumbs": shows.crumbs(
            request, {"label": _("Sets for schools"), "href": reverse("sets")}, {"label": row.number}
        ),
    }
    return render(request, "shows/set.html", context, status=ran.status)


def _ways(row: TeachingSet) -> list[Way]:
    ways = [Way("book", _("Book it for a school"), _("Book it"), BookForm, _book)]
    if waiting(row).exists():
        ways += [
            Way("agree", _("Draft the agreement"), _("Draft it"), AgreeForm, _agree,
                lead=_("All samples of the set, each whole, for the days that were booked.")),
            Way("join", _("Join the loan"), _("Join it"), JoinForm, _join,
                lead=_("Once the agreement is countersigned there is a loan.")),
            Way("cancel", _("Let a booking go"), _("Let it go"), CancelForm, _cancel, is_grave=True),
        ]  # fmt: skip
    return ways


def _here(row: TeachingSet) -> Body:
    return {"to": reverse("set", args=[row.key])}


def _book(request: HttpRequest, row: TeachingSet, told: dict[str, Any]) -> Body:
    days = Booking(told["first"], told["last"])
    operations.book(
        row, days, school=told["school"], contact=told["contact"], by=request.user, at=timezone.now()
    )
    return _here(row)


def _agree(request: HttpRequest, row: TeachingSet, told: dict[str, Any]) -> Body:  # noqa: ARG001
    booking: SetBooking = told["booking"]
    said = Told(
        modality="education", use_class=USE, begins=booking.first, ends=booking.last,
        lender=Party(told["lender"], told["lender_person"], ""),
        borrower=Party(booking.school, booking.contact, told["country"]),
        **{name: told[name] for name in ("security", "credit", "purpose", "return_plan")},
    )  # fmt: skip
    made = operations.agree_booking(booking, said, policy_key=POLICY, by=request.user, at=timezone.now())
    return {"to": reverse("agreement", args=[made.key])}


def _join(request: HttpRequest, row: TeachingSet, told: dict[str, Any]) -> Body:
    operations.join_booking(told["booking"], told["loan"], by=request.user)
    return _here(row)


def _cancel(request: HttpRequest, row: TeachingSet, told: dict[str, Any]) -> Body:
    operations.cancel_booking(told["booking"], by=request.user, at=timezone.now())
    return _here(row)
