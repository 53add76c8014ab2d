"""What stands on a label? The samples and places that were named, in the order in which they were named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aliquot.site.models import Balance, Place, Sample, SampleName


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one thing. `names` are its own, in any script; `kind` is sample or place."""

    kind: str
    code: str
    mission: str = ""
    use_class: str = ""
    sealed: bool = False
    size: str = ""
    names: tuple[str, ...] = ()


def of(names: Sequence[str]) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """Return what stands on the labels, and the names that nothing has; three statements."""
    wanted = list(dict.fromkeys(names))
    samples = {row.number: row for row in Sample.objects.filter(number__in=wanted)}
    called: dict[int, list[str]] = {}
    for pk, name in (
        SampleName.objects.filter(sample__in=samples.values()).order_by("pk").values_list("sample", "name")
    ):
        called.setdefault(pk, []).append(name)
    places = {row.code: row for row in Place.objects.filter(code__in=wanted)}
    found = [
        _of_sample(samples[name], called) if name in samples else _of_place(places[name])
        for name in wanted if name in samples or name in places
    ]  # fmt: skip
    return tuple(found), tuple(name for name in wanted if name not in samples and name not in places)


def _of_sample(row: Sample, called: dict[int, list[str]]) -> Said:
    return Said(
        "sample", row.number, row.mission, row.use_class, row.sealed, names=tuple(called.get(row.pk, ()))
    )


def _of_place(row: Place) -> Said:
    return Said("place", row.code, size=row.kind, names=tuple(filter(None, (row.name_en, row.name_zh))))


def within(code: str, most: int) -> tuple[str, ...]:
    """Return the codes of what stands directly in a place, then the numbers of what lies directly in it."""
    codes = (
        Place.objects.filter(parent__code=code, closed_at=None)
        .order_by("code")
        .values_list("code", flat=True)
    )
    found = list(codes[:most])
    lying = Balance.objects.filter(holder__place__code=code, mass_ng__gt=0).order_by("sample__number")
    return (*found, *lying.values_list("sample__number", flat=True)[: most - len(found)])
