"""Hearings: planned for everybody on the short list at once, and noted as they went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from aliquot import fault, hearings
from aliquot.fault import Refused
from aliquot.hearings import Terms
from aliquot.site import queries
from aliquot.site.models import Call, Hearing, HearingPlan, Person, Request
from aliquot.site.operations import notices
from aliquot.site.operations.life_cycles import check_reason, lock, parts


@transaction.atomic
def plan(call: Call, terms: Terms, *, zones: Mapping[str, str], by: Person, at: datetime) -> list[Hearing]:
    """Plan a hearing for each request on the short list; `zones` says by key where applicants and members are then.

    Whose zone is not given is where they were at the last plan, or where their profile has them. Planned again, those that
    are not over yet are moved.
    """
    now = Call.objects.select_for_update().get(pk=call.pk)
    faults = []
    if "chair" not in parts(by):
        faults.append(fault.of("person", "hearings are planned by a chair", "ask the chair"))
    if now.state not in ("in review", "in hearings"):
        faults.append(fault.of("call", "this call has no hearings now", "plan them after the reviews"))
    fault.refuse_if(faults)
    parties = queries.hearings.parties(now)
    found = queries.hearings.proposal(parties, terms, zones)
    planned = [one for one in found if isinstance(one, hearings.Hearing)]
    if not planned:
        raise Refused(one for one in found if isinstance(one, fault.Fault))
    days = {"first": terms.first.isoformat(), "last": terms.last.isoformat()}
    kept = {"terms": asdict(terms) | days, "zones": {**parties.zones, **zones}, "by": by, "at": at}
    HearingPlan.objects.update_or_create(call=now, defaults=kept)
    by_key = {row.key: row for row in parties.requests}
    return [_keep(by_key[one.key], one, by, at) for one in planned]


def _keep(row: Request, one: hearings.Hearing, by: Person, at: datetime) -> Hearing:
    made, _ = Hearing.objects.update_or_create(request=row, round=row.round,
                                               defaults={"begins": one.begins, "ends": one.ends})  # fmt: skip
    notices.hearing_set(made, by=by, at=at)
    return made


@transaction.atomic
def note(hearing: Hearing, *, heard: bool, note: str, by: Person) -> Hearing:
    """Note whether somebody was heard; where not, why not."""
    lock(hearing.request)
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
