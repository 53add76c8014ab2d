"""Hearings: planned for everybody on the short list at once, and noted as they went."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from aliquot import fault, hearings
from aliquot.fault import Refused
from aliquot.hearings import Party, Terms
from aliquot.site import queries
from aliquot.site.models import Call, Hearing, Person, Request, ReviewerProfile
from aliquot.site.operations import requests
from aliquot.site.operations.life_cycles import check_reason, parts


@transaction.atomic
def plan(call: Call, terms: Terms, *, zones: Mapping[str, str], by: Person) -> list[Hearing]:
    """Plan a hearing for each request on the short list; `zones` says by a request's key where its applicant is then.

    Planned again, those that are not over yet are moved.
    """
    now = Call.objects.select_for_update().get(pk=call.pk)
    faults = []
    if "chair" not in parts(by):
        faults.append(fault.of("person", "hearings are planned by a chair", "ask the chair"))
    if now.state not in ("in review", "in hearings"):
        faults.append(fault.of("call", "this call has no hearings now", "plan them after the reviews"))
    fault.refuse_if(faults)
    rows = list(
        now.requests.filter(state="on the short list").exclude(hearings__heard__isnull=False).order_by("pk")
    )
    profiles = ReviewerProfile.objects.in_bulk(
        [one.person_id for one in now.panel.all()], field_name="person_id"
    )
    panel = [Party(one.person.key, profiles[one.person_id].zone if one.person_id in profiles else "UTC")
             for one in queries.calls.panel(now)]  # fmt: skip
    found = hearings.plan([Party(row.key, zones.get(row.key, "")) for row in rows], panel, terms)
    planned = [one for one in found if isinstance(one, hearings.Hearing)]
    if not planned:
        raise Refused(one for one in found if isinstance(one, fault.Fault))
    by_key = {row.key: row for row in rows}
    return [_keep(by_key[one.key], one) for one in planned]


def _keep(row: Request, one: hearings.Hearing) -> Hearing:
    made, _ = Hearing.objects.update_or_create(request=row, round=row.round,
                                               defaults={"begins": one.begins, "ends": one.ends})  # fmt: skip
    return made


@transaction.atomic
def note(hearing: Hearing, *, heard: bool, note: str, by: Person) -> Hearing:
    """Note whether somebody was heard; where not, why not."""
    requests.lock(hearing.request)
    now = Hearing.objects.get(pk=hearing.pk)
    faults = check_reason(note)
    if "chair" not in parts(by):
        faults.append(fault.of("person", "hearings are noted by a chair", "ask the chair"))
    if not heard and not note.strip():
        faults.append(fault.of("note", "it is not told why somebody was not heard", "say why"))
    fault.refuse_if(faults)
    now.heard, now.note = heard, note.strip()
    now.save(update_fields=["heard", "note"])
    return now
