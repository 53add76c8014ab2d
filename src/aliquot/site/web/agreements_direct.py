"""An agreement without a request, such as for a show or a museum: the same form, with samples that a curator names line by line.

What stands in `?policy=`, `?show=` and `?sample=` is filled in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import agreements, loan_terms, policy
from aliquot.agreements import Party
from aliquot.fault import Fault
from aliquot.policy import Policy
from aliquot.site import permissions, queries
from aliquot.site.models import Person
from aliquot.site.operations import agreements as operations
from aliquot.site.operations.agreements import Told
from aliquot.site.permissions import Act
from aliquot.site.web import agreements as pages
from aliquot.site.web.agreements_forms import About, TermsForm
from aliquot.site.web.loans_ways import MassField
from aliquot.site.web.samples import POLICY

ROWS, ROWS_MOST = 3, 40
_LINE = ("sample", "mass", "consumed_most", "whole")


class DirectForm(TermsForm):
    """The terms, who of those with an account borrows, and the samples row by row."""

    account = forms.EmailField(
        label=gettext_lazy("Their account here"), required=False,
        help_text=gettext_lazy("The e-mail address of whoever answers for the samples, so that they sign and report on their own pages."),
    )  # fmt: skip
    TEMPLATE = "agreements/direct.html"
    GROUPS = tuple(
        (title, ("account", *names) if "borrower_institution" in names else names)
        for title, names in TermsForm.GROUPS
    )

    def make(self) -> None:
        super().make()
        asked = self.data.get("rows", "") if self.is_bound else ""
        known = asked.isascii() and asked.isdigit() and len(asked) < 4
        self.count = min(max(int(asked), 1), ROWS_MOST) if known else self.about.begin.get("rows", ROWS)
        for i in range(self.count):
            self.fields[f"sample_{i}"] = forms.CharField(label=_("Sample"), required=False, max_length=100)
            self.fields[f"mass_{i}"] = MassField(label=_("Lent"), required=False)
            self.fields[f"consumed_most_{i}"] = MassField(label=_("May be used up"), required=False)
            self.fields[f"whole_{i}"] = forms.BooleanField(label=_("Lent whole"), required=False)

    def lines(self) -> list[list[forms.BoundField]]:
        """Return the fields of each row."""
        return [[self[f"{name}_{i}"] for name in _LINE] for i in range(self.count)]

    def lent(self) -> dict[int, str]:
        """Return the sample of each row in which something stands."""
        said = self.cleaned_data
        used = (i for i in range(self.count) if any(said.get(f"{name}_{i}") for name in _LINE))
        return {i: said[f"sample_{i}"].strip() for i in used}

    def clean_account(self) -> Person | None:
        address = self.cleaned_data["account"]
        found = queries.loan_pages.person_of(address)
        if address and found is None:
            raise forms.ValidationError(
                _("Nobody has an account with this address; leave it out, or invite them.")
            )
        return found

    def samples(self) -> list[tuple[str, int | None]]:
        """Return what is lent of which sample; nothing where all of it is and no mass was told."""
        said = self.cleaned_data
        masses = {i: said[f"mass_{i}"] for i in self.lent()}
        return [
            (sample, 0 if masses[i] is None and not said[f"whole_{i}"] else masses[i])
            for i, sample in self.lent().items()
        ]

    def of_row(self, one: Fault) -> Fault:
        """Return a fault of an item as that of its row: items are counted without the empty ones."""
        rows = list(self.lent())
        first, _bracket, rest = one.where.partition("[")
        index, _end, name = rest.partition("]")
        if first == "items" and index.isdigit() and int(index) < len(rows):
            return replace(one, where=f"items[{rows[int(index)]}]{name}")
        return replace(one, where="items[0].sample") if one.where == "items" and not rows else one


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_LOANS)
def direct(request: HttpRequest) -> HttpResponse:
    """Prepare an agreement that no request led to: fill in, look at the text, draft it."""
    rules = _rules(request)
    way = [{"label": _("Agreements"), "href": reverse("agreements")}, {"label": _("Without a request")}]
    context = {
        "heading": _("Agreement without a request"), "eyebrow": _("Prepare an agreement"), "crumbs": pages.crumbs(request, *way),
        "packs": [(one, _name(policy.load(one))) for one in policy.packs()], "policy": rules.key,
    }  # fmt: skip
    form = DirectForm(request.POST or None, about=_about(request, rules), by=request.user)
    if "more" in request.POST:
        typed = request.POST.dict() | {"rows": min(form.count + ROWS, ROWS_MOST)}
        form = DirectForm(about=replace(_about(request, rules), begin=typed), by=request.user)
        return pages.shown(request, form, context)

    def make(told: Told) -> operations.LoanAgreement:
        return operations.make_direct(told, form.samples(), policy_key=rules.key, borrower=form.cleaned_data["account"],
                                      by=request.user, at=timezone.now())  # fmt: skip

    return pages.drafted(request, form, make, context)


def _rules(request: HttpRequest) -> Policy:
    asked = request.GET.get("policy", "")
    return policy.load(asked if asked in policy.packs() else POLICY)


def _name(rules: Policy) -> str:
    return rules.name_zh if (get_language() or "en").startswith("zh") else rules.name_en


def _about(request: HttpRequest, rules: Policy) -> About:
    """Return what the form begins with: what this policy's last agreement said of the lender, and what the address says."""
    today = timezone.now().date()
    lent = [one for one in rules.uses if not one.sealed and one.loan_months]
    use = next((one for one in lent if one.key == "public-interest"), lent[0] if lent else None)
    last = queries.agreements.all_of_them().filter(policy=rules.key).first()
    said = queries.agreements.terms(last) if last else None
    lender = said.lender if said else Party("", "", "")
    begin: dict[str, Any] = {
        "modality": "public-interest", "use_class": use.key if use else "", "begins": today,
        "ends": loan_terms.months_after(today, use.loan_months) if use else today,
        "lender_institution": lender.institution, "lender_person": lender.person, "lender_country": lender.country,
        "credit": said.credit if said else "",
    } | _of_show(request)  # fmt: skip
    named = [number[:100].replace("\0", "") for number in request.GET.getlist("sample")[:ROWS_MOST]]
    begin |= {f"sample_{i}": number for i, number in enumerate(named)} | {"rows": max(ROWS, len(named))}
    return About((), rules, begin)


def _of_show(request: HttpRequest) -> dict[str, Any]:
    key = request.GET.get("show", "")
    show = queries.shows.all_of_them().filter(key=key).first() if key.isalnum() else None
    if show is None:
        return {}
    return {
        "begins": show.first, "ends": show.last, "borrower_institution": show.venue, "borrower_country": show.country,
        "purpose": show.title_en, "security": show.security_plan, "insured_for": show.insurance[: agreements.NAME_MOST],
    }  # fmt: skip
