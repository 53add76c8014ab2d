"""Institutions: of which type each is, as a curator read it in the ROR registry; for the statistics of calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from aliquot import fault
from aliquot.site.models import InstitutionType, Person
from aliquot.site.operations.life_cycles import parts


@transaction.atomic
def note_types(types: Mapping[str, str], *, known: Mapping[str, str], by: Person, at: datetime) -> int:
    """Note the types of institutions by their ROR IDs, of those in `known` alone; return how many were changed."""
    faults = []
    if "curator" not in parts(by):
        faults.append(fault.of("person", "types of institutions are noted by curators", "ask a curator"))
    for ror, kind in types.items():
        if ror not in known:
            faults.append(
                fault.of("ror", "this institution is not among those that ask", "load the page again")
            )
        elif kind not in InstitutionType.Type.values:
            faults.append(
                fault.of(
                    f"type-{ror}", "this is no type of institution", "choose one of those that are offered"
                )
            )
    fault.refuse_if(faults)
    held = dict(InstitutionType.objects.select_for_update().values_list("ror", "type"))
    changed = {ror: kind for ror, kind in types.items() if held.get(ror) != kind}
    for ror, kind in changed.items():
        InstitutionType.objects.update_or_create(ror=ror, defaults={"type": kind, "by": by, "at": at})
    return len(changed)
