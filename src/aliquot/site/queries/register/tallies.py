"""How many are there, of what pages only count? Of the shipped record by counting, of claims by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.db.models import Count, Q, Sum

from aliquot.register import PartyKind, State, Transfer
from aliquot.register_claims import Kind as ClaimKind
from aliquot.register_index import Role
from aliquot.site.models import RegisterClaim, RegisterMention
from aliquot.site.queries.register import around, in_force

TRANSFERS = Q(kind=ClaimKind.TRANSFER.value)
STATEMENTS = Q(kind=ClaimKind.STATEMENT.value)
GONE = Q(state=State.REFUTED.value) | Q(superseded=True)  # refuted, as far as the record in force goes


def named(roles: Iterable[Role]) -> dict[Role, set[str]]:
    """Return every key that claims in force name in a role."""
    found: dict[Role, set[str]] = {role: set() for role in roles}
    if not in_force.has_claims():
        return found
    rows, day = RegisterMention.objects.filter(role__in=[*found]), in_force.view().day
    if day:
        rows = rows.filter(claim__since__lte=day)
    for role, key in rows.values_list("role", "key").distinct():
        found[Role(role)].add(key)
    return found


def kinds_of_transfers(where: Q = TRANSFERS) -> dict[str, int]:
    """Return how many claims of transfers there are of each kind."""
    if not in_force.has_claims():
        return {}
    rows = around.rows().filter(TRANSFERS & where).order_by()
    return dict(rows.values_list("says").annotate(Count("pk")))


def countries(shipped: Iterable[Transfer], where: Q) -> Counter[str]:
    """Return how many transfers touch each country, as giver's, receiver's or holder's."""
    counts = Counter(code for one in shipped for code in one.countries)
    if in_force.has_claims():
        rows = RegisterMention.objects.filter(
            role=Role.COUNTRY, claim__in=around.rows().filter(where).values("pk")
        )
        counts.update(dict(rows.order_by().values_list("key").annotate(Count("pk"))))
    return counts


def ways(shipped: Iterable[Transfer], where: Q) -> Counter[tuple[str, str]]:
    """Return how many transfers went from one country to another."""
    counts = Counter((one.giver.country, one.receiver.country) for one in shipped)
    if in_force.has_claims():
        rows = around.rows().filter(where).exclude(pair="").order_by()
        lands = lands_of_states()
        for pair, count in rows.values_list("pair").annotate(Count("pk")):
            giver, _mark, receiver = pair.partition(">")
            counts[_land(giver, lands), _land(receiver, lands)] += count
    return counts


def lands_of_states() -> Mapping[str, str]:
    """Return the country of each state, by the state's key."""
    lands = {
        one.key: one.country
        for one in in_force.shipped_on(None).parties.values()
        if one.kind is PartyKind.STATE
    }
    if in_force.has_claims():
        rows = around.rows().filter(kind=ClaimKind.PARTY.value, says=PartyKind.STATE.value)
        lands |= dict(rows.values_list("key", "object"))
    return lands


def _land(at: str, lands: Mapping[str, str]) -> str:
    return at[1:] if at.startswith("=") else lands.get(at, "")


def of_sources(keys: Iterable[str]) -> dict[str, int]:
    """Return how many claims rest on each of these sources."""
    if not in_force.has_claims():
        return {}
    rows, day = RegisterMention.objects.filter(role=Role.SOURCE, key__in=[*keys]), in_force.view().day
    if day:
        rows = rows.filter(claim__since__lte=day)
    return dict(rows.order_by().values_list("key").annotate(Count("pk")))


def undated() -> int:
    """Return how many claims rest on sources without a date alone, whatever the day; see `register_known.undated`."""
    return _undated(in_force.view().revision) if in_force.has_claims() else 0


@lru_cache(maxsize=2)
def _undated(_revision: in_force.Revision) -> int:
    return RegisterClaim.objects.filter(TRANSFERS | STATEMENTS, in_force=True, is_dated=False).count()


def years() -> dict[int, int]:
    """Return how many claims the timeline has of each year."""
    if not in_force.has_claims():
        return {}
    rows = around.rows().filter(year__isnull=False).exclude(STATEMENTS & GONE).order_by()
    return dict(rows.values_list("year").annotate(Count("pk")))


def masses_ng(where: Q) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the mass of the transfers that are so, and how many they are, by their one mission and their kind."""
    if not in_force.has_claims():
        return {}
    rows = (
        around.rows().filter(where, mentions__role=Role.SOLE).order_by().values_list("mentions__key", "says")
    )
    sums = rows.annotate(Sum("mass_ng"), Count("pk"))
    return {(mission, kind): (int(sum_ng or 0), count) for mission, kind, sum_ng, count in sums}
