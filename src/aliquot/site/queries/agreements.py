"""Reading agreements: who sees which, what one says, who signed, which lapse when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from aliquot import agreements, detached, policy
from aliquot.agreements import Item, Party, Terms
from aliquot.detached import PublicKey
from aliquot.policy import Policy
from aliquot.site.models import AgreementLine, AgreementStep, LoanAgreement, Person, Waiver


def all_of_them() -> QuerySet[LoanAgreement]:
    """Return every agreement, newest first: for those who see all."""
    return LoanAgreement.objects.select_related("request", "borrower")


def mine(person: Person) -> QuerySet[LoanAgreement]:
    """Return the agreements that somebody is a party to, from when they were offered."""
    own = (
        Q(borrower=person)
        | Q(request__lead=person)
        | Q(loan__duties__person=person, loan__duties__until=None)
    )
    return all_of_them().filter(own).exclude(state="drafted").distinct()


def one(key: str, person: Person, *, sees_all: bool) -> LoanAgreement | None:
    """Return an agreement by its key to those who may open it."""
    rows = all_of_them() if sees_all else mine(person)
    return rows.filter(key=key).first()


def is_borrower(row: LoanAgreement, person: Person) -> bool:
    """Whether somebody signs this agreement for the borrower."""
    return row.borrower_id == person.pk or (row.request is not None and row.request.lead_id == person.pk)


def rules(row: LoanAgreement) -> Policy:
    """Return the policy under which it was made: the pack as it was then."""
    return policy.read_kept(row.policy, row.policy_text)


def terms(row: LoanAgreement) -> Terms:
    """Return what the clauses were filled with."""
    return from_json(row.told)


def report_months(row: LoanAgreement) -> int:
    """Return within how many months of the first arrival results are due: as agreed, else as policy has it; 0: no rule."""
    if row.modality != "research":
        return 0
    return int(row.told.get("report_months", 0)) or rules(row).paper_months


def lines(row: LoanAgreement) -> QuerySet[AgreementLine]:
    """Return its lines with their samples and promises."""
    return row.lines.select_related("sample", "commitment").order_by("order")


def sign_until(row: LoanAgreement) -> date | None:
    """Return the last day to sign, an exception with it; None where policy has no rule."""
    if row.sign_by is None:
        return None
    waived = Waiver.objects.filter(subject=f"agreement:{row.key}", rule="policy:signature")
    return max([row.sign_by, *waived.values_list("expires_on", flat=True)])


def unsigned(today: date) -> list[LoanAgreement]:
    """Return the agreements that were offered and not signed in time: they can lapse."""
    rows = all_of_them().filter(state="offered", sign_by__lt=today).order_by("sign_by", "pk")
    return [row for row in rows if (last := sign_until(row)) is not None and last < today]


def signed_text(row: LoanAgreement) -> str:
    """Return the text whose SHA-256 the agreement states: what a detached signature is made over."""
    return "\n".join((*row.clauses, row.text_en, row.text_zh))


def keys(row: LoanAgreement) -> dict[str, AgreementStep]:
    """Return by side the step by which its public key was registered last."""
    return {step.told["side"]: step for step in row.steps.filter(act="register key").order_by("order")}


def key_for(row: LoanAgreement, act: str) -> tuple[PublicKey, AgreementStep] | None:
    """Return the key that was registered for whoever does this act, `sign` or `countersign`."""
    step = keys(row).get("borrower" if act == "sign" else "lender")
    key = detached.read_key(step.told["key"]) if step is not None else None
    return (key, step) if step is not None and isinstance(key, PublicKey) else None


# -- as JSON ---------------------------------------------------------------------------------------------------


def as_json(told: Terms) -> dict[str, Any]:
    """Return terms as they are kept."""
    return {
        "number": told.number, "modality": told.modality,
        "lender": _party(told.lender), "borrower": _party(told.borrower),
        "items": [[i.sample, i.mass_ng, i.form, i.consumed_most_ng, i.whole] for i in told.items],
        "begins": told.begins.isoformat(), "ends": told.ends.isoformat(), "security": told.security,
        "credit": told.credit, "purpose": told.purpose, "return_plan": told.return_plan, "renewals": told.renewals,
        "renewal_months": told.renewal_months, "inventory_months": told.inventory_months,
        "insured_for": told.insured_for, "amends": told.amends, "report_months": told.report_months, "countries": list(told.countries),
    }  # fmt: skip


def _party(party: Party) -> list[str]:
    return [party.institution, party.person, party.country]


def from_json(kept: Mapping[str, Any]) -> Terms:
    """Return terms that were kept by `as_json`."""
    return Terms(
        number=kept["number"], modality=kept["modality"], lender=Party(*kept["lender"]),
        borrower=Party(*kept["borrower"]), items=tuple(Item(*each) for each in kept["items"]),
        begins=date.fromisoformat(kept["begins"]), ends=date.fromisoformat(kept["ends"]), security=kept["security"],
        credit=kept["credit"], purpose=kept["purpose"], return_plan=kept["return_plan"], renewals=kept["renewals"],
        renewal_months=kept["renewal_months"], inventory_months=kept["inventory_months"],
        insured_for=kept["insured_for"], amends=kept["amends"], report_months=kept.get("report_months", 0),
        countries=_countries(kept),
    )  # fmt: skip


def _countries(kept: Mapping[str, Any]) -> tuple[str, str]:
    english, chinese = kept.get("countries", ("", ""))
    return english, chinese


def document(row: LoanAgreement) -> agreements.Document:
    """Return the agreement clause by clause, as it is written today; `sha256` of the row says whether that is what was signed."""
    return agreements.document(terms(row), policy=row.policy)
