"""Reading hearings: who is to be heard and from where, when, and what a plan would be; and each applicant's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from aliquot import hearings
from aliquot.fault import Fault
from aliquot.hearings import Party, Terms
from aliquot.site.models import Call, Hearing, HearingPlan, PanelMember, Person, Request, ReviewerProfile
from aliquot.site.queries import calls, requests


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part in the hearings of a call: requests that wait to be heard, members of its panel, and their zones."""

    requests: tuple[Request, ...]
    members: tuple[PanelMember, ...]
    zones: Mapping[str, str]


def of_call(call: Call) -> QuerySet[Hearing]:
    """Return the hearings of a call in this round of each request, in the order of time."""
    rows = Hearing.objects.filter(
        request__call=call, request__state__in=(*requests.REVIEWED, *requests.ENDED)
    )
    return rows.select_related("request__lead", "request__call").order_by("begins", "pk")


def newest_plan(call: Call) -> HearingPlan | None:
    """Return how the hearings were planned last."""
    return HearingPlan.objects.filter(call=call).first()


def parties(call: Call) -> Parties:
    """Return who takes part, in four queries. A zone is that of the last plan, else of the profile, else empty or UTC."""
    rows = [row for row in call.requests.filter(state="on the short list").select_related("lead")
            .prefetch_related("hearings").order_by("pk") if not _is_over(row)]  # fmt: skip
    members = tuple(calls.panel(call))
    people = {*(one.person_id for one in members), *(row.lead_id for row in rows)}
    known = dict(ReviewerProfile.objects.filter(person__in=people).values_list("person_id", "zone"))
    kept = newest_plan(call)
    zones = {row.key: known.get(row.lead_id, "") for row in rows}
    zones |= {one.person.key: known.get(one.person_id, "UTC") for one in members}
    return Parties(tuple(rows), members, zones | (dict(kept.zones) if kept else {}))


def _is_over(row: Request) -> bool:
    return any(one.heard is not None and one.round == row.round for one in row.hearings.all())


def proposal(
    found: Parties, terms: Terms, zones: Mapping[str, str]
) -> tuple[hearings.Hearing, ...] | tuple[Fault, ...]:
    """Return the schedule, or everything against it, of these parties where they are then; what is missing is as known."""
    there = {**found.zones, **zones}
    return hearings.plan(
        [Party(row.key, there.get(row.key, "")) for row in found.requests],
        [Party(one.person.key, there.get(one.person.key, "UTC")) for one in found.members], terms,
    )  # fmt: skip


def own(key: str, person: Person) -> Hearing | None:
    """Return the hearing of a request in this round, to those who wrote the request; to others it is not there."""
    row = requests.mine(person).filter(key=key).first()
    if row is None:
        return None
    return row.hearings.filter(round=row.round).select_related("request__call").first()


def zone_of(hearing: Hearing) -> str:
    """Return the zone in which the applicant of a hearing is then, as it was planned."""
    kept = newest_plan(hearing.request.call)
    return str(kept.zones.get(hearing.request.key, "UTC")) if kept else "UTC"
