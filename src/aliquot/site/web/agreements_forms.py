"""What is told to make an agreement or to amend one: parties, term, purpose, safe keeping, and each sample line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext_lazy

from aliquot import agreements, loan_terms, mass
from aliquot.agreements import Party
from aliquot.fault import Fault
from aliquot.loan_terms import Waiver
from aliquot.policy import Policy
from aliquot.site import law_words, loan_words, queries
from aliquot.site.models import Commitment, LoanAgreement, Request
from aliquot.site.operations.agreements import Told
from aliquot.site.web.loans_ways import DayField, LongField, MassField, WayForm


@dataclass(frozen=True, slots=True)
class Line:
    """A sample that the agreement is to name, and how much of it is lent."""

    sample: str
    mass_ng: int
    form: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """On what an agreement is made: the samples, the policy, and what its fields begin with."""

    lines: tuple[Line, ...]
    rules: Policy
    begin: dict[str, Any]


def of_request(request: Request, *, today: date) -> About:
    """Return what an agreement on a granted request is made on, filled in with what was asked for."""
    rules = queries.calls.rules(request.call)
    said, lines = queries.requests.value(request), queries.promises.of_request(request)
    use = next((one for one in rules.uses if not one.sealed and one.loan_months), None)
    ends = loan_terms.months_after(today, use.loan_months) if use else today
    last = queries.agreements.all_of_them().filter(policy=rules.key).first()
    lender = queries.agreements.terms(last).lender if last else Party("", "", "")
    begin = {
        "modality": "research", "use_class": use.key if use else "", "begins": today, "ends": ends,
        "lender_institution": lender.institution, "lender_person": lender.person, "lender_country": lender.country,
        "borrower_institution": said.lead.institution, "borrower_person": said.lead.name,
        "borrower_country": said.lead.country, "security": said.security, "return_plan": said.return_plan,
        "purpose": said.summary, "credit": queries.agreements.terms(last).credit if last else "",
    }  # fmt: skip
    destroyed = {line.sample: line.destructive_percent for line in said.lines if line.sample}
    found = _lines(lines)
    begin |= {
        f"consumed_most_{i}": mass_of(line.mass_ng * destroyed[line.sample] // 100)
        for i, line in enumerate(found)
        if destroyed.get(line.sample)
    }
    return About(found, rules, begin)


def _lines(rows: Iterable[Commitment]) -> tuple[Line, ...]:
    return tuple(Line(row.sample.number, row.mass_ng, row.sample.form) for row in rows)


def mass_of(mass_ng: int) -> str:
    """Return a mass as it is typed."""
    return mass.show(mass_ng).replace(",", "")


def of_agreement(old: LoanAgreement) -> About:
    """Return what an amendment is made on: the same samples, and all that was agreed so far."""
    terms, rules = queries.agreements.terms(old), queries.agreements.rules(old)
    begin: dict[str, Any] = {
        "modality": terms.modality, "use_class": old.use_class, "begins": terms.begins, "ends": terms.ends,
        "lender_institution": terms.lender.institution, "lender_person": terms.lender.person,
        "lender_country": terms.lender.country, "borrower_institution": terms.borrower.institution,
        "borrower_person": terms.borrower.person, "borrower_country": terms.borrower.country, "purpose": terms.purpose,
        "security": terms.security, "credit": terms.credit, "return_plan": terms.return_plan,
        "insured_for": terms.insured_for, "report_months": terms.report_months or None,
    }  # fmt: skip
    for i, item in enumerate(terms.items):
        begin |= {
            f"consumed_most_{i}": mass_of(item.consumed_most_ng) if item.consumed_most_ng else "",
            f"whole_{i}": item.whole,
        }
    return About(tuple(Line(item.sample, item.mass_ng, item.form) for item in terms.items), rules, begin)


class TermsForm(WayForm):
    """All that the clauses are filled with. Which clauses stand in the text follows from the modality and the policy."""

    modality = forms.ChoiceField(label=gettext_lazy("Kind of loan"), choices=loan_words.MODALITIES.items)
    use_class = forms.ChoiceField(label=gettext_lazy("Class of use"))
    lender_institution = forms.CharField(
        label=gettext_lazy("Institution that lends"), max_length=agreements.NAME_MOST
    )
    lender_person = forms.CharField(
        label=gettext_lazy("Who answers for it there"), max_length=agreements.NAME_MOST
    )
    lender_country = forms.ChoiceField(label=gettext_lazy("Country of the lender"))
    borrower_institution = forms.CharField(
        label=gettext_lazy("Institution that borrows"), max_length=agreements.NAME_MOST
    )
    borrower_person = forms.CharField(
        label=gettext_lazy("Who answers for the samples"), max_length=agreements.NAME_MOST
    )
    borrower_country = forms.ChoiceField(label=gettext_lazy("Country of the borrower"))
    begins = DayField(label=gettext_lazy("From"))
    ends = DayField(
        label=gettext_lazy("Until"), help_text=gettext_lazy("The day by which everything is back.")
    )
    purpose = LongField(label=gettext_lazy("Purpose"), most=agreements.TEXT_MOST)
    security = LongField(label=gettext_lazy("Safe keeping"), most=agreements.TEXT_MOST)
    return_plan = LongField(label=gettext_lazy("What comes back, and how"), most=agreements.TEXT_MOST)
    credit = LongField(
        label=gettext_lazy("Credit line"), rows=2, most=agreements.TEXT_MOST,
        help_text=gettext_lazy("What a publication says of where the samples come from, word for word."),
    )  # fmt: skip
    insured_for = forms.CharField(
        label=gettext_lazy("Insured for"), max_length=agreements.NAME_MOST, required=False
    )
    report_months = forms.IntegerField(
        label=gettext_lazy("Results due after how many months"), required=False, min_value=1,
        max_value=agreements.MONTHS_MOST,
        help_text=gettext_lazy("Counted from the first arrival; of research alone. Empty: as policy has it, where it names a day."),
    )  # fmt: skip
    waiver_authority = forms.CharField(
        label=gettext_lazy("Longer than policy allows: on whose authority"),
        max_length=loan_terms.AUTHORITY_MOST,
        required=False,
    )
    waiver_until = DayField(label=gettext_lazy("Until when at most"), required=False)
    waiver_reason = LongField(label=gettext_lazy("Why"), rows=2, required=False)

    TEMPLATE: ClassVar[str] = "agreements/edit.html"
    RENAMED: ClassVar[Mapping[str, str]] = {
        "authority": "waiver_authority",
        "reason": "waiver_reason",
        "expires_on": "waiver_until",
    }
    GROUPS = (
        (gettext_lazy("What is lent for what"), ("modality", "use_class", "begins", "ends", "purpose", "return_plan", "report_months")),
        (gettext_lazy("Lender"), ("lender_institution", "lender_person", "lender_country")),
        (gettext_lazy("Borrower"), ("borrower_institution", "borrower_person", "borrower_country", "security", "credit", "insured_for")),
        (gettext_lazy("Exception to the term"), ("waiver_authority", "waiver_until", "waiver_reason")),
    )  # fmt: skip

    def make(self) -> None:
        about: About = self.about
        language = get_language() or "en"
        lent = [one for one in about.rules.uses if not one.sealed and one.loan_months]
        self.fields["use_class"].choices = [
            (one.key, one.name_zh if language.startswith("zh") else one.name_en) for one in lent
        ]
        named = [("", ""), *law_words.countries()]
        for name in ("lender_country", "borrower_country"):
            self.fields[name].choices = named
        for i in range(len(about.lines)):
            self.fields[f"consumed_most_{i}"] = MassField(required=False)
            self.fields[f"whole_{i}"] = forms.BooleanField(required=False)
        self.initial = about.begin | self.initial

    def groups(self) -> list[tuple[object, list[forms.BoundField]]]:
        """Return the fields in the parts of the page."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def rows(self) -> list[tuple[Line, forms.BoundField, forms.BoundField]]:
        """Return each sample with its two fields."""
        lines: Sequence[Line] = self.about.lines
        return [(line, self[f"consumed_most_{i}"], self[f"whole_{i}"]) for i, line in enumerate(lines)]

    def of_row(self, one: Fault) -> Fault:
        """Return a fault of an item as that of its row here."""
        return one

    def lent(self) -> dict[int, str]:
        """Return the sample of each row."""
        return {i: line.sample for i, line in enumerate(self.about.lines)}

    def told(self) -> Told:
        """Return what was told, once the form is sound."""
        said, lent = self.cleaned_data, self.lent()
        waiver = (said["waiver_authority"], said["waiver_reason"], said["waiver_until"])
        return Told(
            modality=said["modality"], use_class=said["use_class"], lender=_party(said, "lender"),
            borrower=_party(said, "borrower"), begins=said["begins"], ends=said["ends"], security=said["security"],
            credit=said["credit"], purpose=said["purpose"], return_plan=said["return_plan"],
            insured_for=said["insured_for"], report_months=said["report_months"] or 0,
            consumed_most_ng=_by_sample(lent, said),
            whole=frozenset(sample for i, sample in lent.items() if said[f"whole_{i}"]),
            waivers=(Waiver("loan-months", waiver[0], waiver[1], waiver[2] or said["ends"]),) if any(waiver) else (),
        )  # fmt: skip


def _by_sample(lent: Mapping[int, str], said: dict[str, Any]) -> dict[str, int]:
    """Return what may be used up of each sample, together where several rows name it."""
    found: dict[str, int] = {}
    for i, sample in lent.items():
        found[sample] = found.get(sample, 0) + (said[f"consumed_most_{i}"] or 0)
    return found


def _party(said: dict[str, Any], side: str) -> Party:
    return Party(said[f"{side}_institution"], said[f"{side}_person"], said[f"{side}_country"])
