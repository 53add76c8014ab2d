"""Acts on sealed samples that were proposed: which wait, for whom, and how each stands. Never writes."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import QuerySet

from aliquot.site.models import Approval, Person, Proposal


class Standing(StrEnum):
    """How a proposal stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DONE = "done"


def standing(proposal: Proposal, answers: list[Approval] | None = None) -> Standing:
    """Return how a proposal stands: one no refuses it, and so many yes as its policy asked for approve it."""
    given = [one.yes for one in (proposal.approvals.all() if answers is None else answers)]
    if proposal.handling_id is not None:
        return Standing.DONE
    if proposal.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if not all(given):
        return Standing.REFUSED
    return Standing.APPROVED if len(given) >= proposal.needed else Standing.WAITING


def all_open() -> QuerySet[Proposal]:
    """Return the proposals that were neither carried out nor withdrawn, oldest first; refused ones among them."""
    rows = Proposal.objects.filter(handling=None, withdrawn_at=None).order_by("at", "pk")
    return rows.select_related("sample", "by").prefetch_related("approvals__person")


def waiting_for(person: Person) -> list[Proposal]:
    """Return the proposals that this person may still answer: not their own, and not answered by them."""
    return [
        one
        for one in all_open()
        if one.by_id != person.pk
        and standing(one) is Standing.WAITING
        and person.pk not in {answer.person_id for answer in one.approvals.all()}
    ]


def one(number: int) -> Proposal | None:
    """Return a proposal with its sample, its people and their answers."""
    rows = Proposal.objects.filter(pk=number).select_related("sample", "by", "handling")
    return rows.prefetch_related("approvals__person").first()
