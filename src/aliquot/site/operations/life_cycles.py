"""Taking a step of a life cycle: which parts somebody plays, and what is refused."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable

from aliquot import fault, life_cycles
from aliquot.calls import check_text
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Need, Step
from aliquot.requests import LEAD, TEAM
from aliquot.site import queries
from aliquot.site.models import Call, Person, Request

REASON_MOST = 8_000


def parts(person: Person, request: Request | None = None) -> frozenset[str]:
    """Return the words of the tables for what somebody is here, and to this request."""
    roles = {role.value for role in queries.people.roles_of(person)}
    if request is not None and request.lead_id == person.pk:
        roles |= {LEAD, TEAM}
    elif request is not None and request.members.filter(person=person).exists():
        roles.add(TEAM)
    return frozenset(roles)


def lock(request: Request) -> Request:
    """Return the request as it is now, with its call; nobody else writes to either until the transaction ends."""
    call = Call.objects.select_for_update().get(pk=request.call_id)
    now = Request.objects.select_for_update().get(pk=request.pk)
    now.call = call
    return now


def take(
    cycle: LifeCycle,
    *,
    state: str,
    act: str,
    who: Collection[str],
    holding: Iterable[Need] = (),
    also: Iterable[Fault] = (),
) -> Step:
    """Return the step; raise `Refused` with every reason against it, those of `also` with them."""
    found = life_cycles.take(cycle, state=state, act=act, who=who, holding={need.key for need in holding})
    if isinstance(found, Step):
        fault.refuse_if(also)
        return found
    raise fault.Refused((*found, *also))


def check_reason(reason: str) -> list[Fault]:
    """Return what is wrong with a reason, should there be one."""
    return list(check_text("reason", reason, most=REASON_MOST)) if reason.strip() else []


def new_key() -> str:
    """Return a key that nobody can guess from another."""
    return secrets.token_hex(10)
