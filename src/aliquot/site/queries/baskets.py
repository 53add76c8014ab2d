"""Reading baskets, and what can be asked for now: which samples which open call offers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from aliquot.site.models import BasketItem, Call, Person, Sample

# The list of a call is frozen under its hash: it is read once.
_LISTS_KEPT = 64


def open_calls(at: datetime) -> list[Call]:
    """Return the calls that can be asked under now, by deadline, without what they say: one query."""
    rows = Call.objects.filter(state="open", closes__gte=at).defer("told", "policy_text")
    return list(rows.order_by("closes", "pk"))


def offering(number: str, at: datetime) -> list[Call]:
    """Return the open calls that offer a sample, by deadline; one query once their lists were read."""
    return [call for call in open_calls(at) if number in _offered(call.pk, call.sha256)]


def offered(numbers: Iterable[str], at: datetime) -> frozenset[str]:
    """Return which of these samples some open call offers; one query once their lists were read."""
    lists = [_offered(call.pk, call.sha256) for call in open_calls(at)]
    return frozenset(number for number in numbers if any(number in one for one in lists))


@lru_cache(maxsize=_LISTS_KEPT)
def _offered(pk: int, sha256: str) -> frozenset[str]:  # noqa: ARG001 - an amended call has another hash
    told = Call.objects.values_list("told", flat=True).get(pk=pk)
    return frozenset(str(one["sample"]) for one in told["offers"])


def of_person(person: Person) -> QuerySet[BasketItem]:
    """Return all that lies in somebody's basket, call by call, in the order in which it was put there."""
    rows = BasketItem.objects.filter(person=person).select_related("call", "sample")
    return rows.order_by("call__closes", "call_id", "pk")


def of_call(person: Person, call: Call) -> QuerySet[BasketItem]:
    """Return what lies in somebody's basket for a call."""
    return BasketItem.objects.filter(person=person, call=call).select_related("sample").order_by("pk")


def numbers(person: Person, number: str) -> list[int]:
    """Return for which calls a sample lies in somebody's basket."""
    return list(BasketItem.objects.filter(person=person, sample__number=number).values_list("call_id", flat=True))  # fmt: skip


def sample(number: str) -> Sample | None:
    """Return a sample by its number."""
    return Sample.objects.filter(number=number).first()


def missions(numbers: Iterable[str]) -> dict[str, str]:
    """Return the key of the mission of each of these samples that has one."""
    rows = Sample.objects.filter(number__in=list(numbers)).exclude(mission="")
    return dict(rows.values_list("number", "mission"))
