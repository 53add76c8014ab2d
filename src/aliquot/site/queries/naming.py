"""What is called so? Samples by number or name, places by code or key, tools and instruments by number."""

from __future__ import annotations

from dataclasses import dataclass

from aliquot.site.models import Instrument, Place, Sample, Tool

MOST = 20


@dataclass(frozen=True, slots=True)
class Called:
    """One thing with that name: which kind of page it has, the name that leads there, and what it is called."""

    kind: str
    name: str
    what: str = ""


def exactly(text: str, *, places: bool, work: bool, kind: str = "") -> tuple[Called, ...]:
    """Return all that is called exactly so, a code or a number in capitals or not; at most four statements."""
    found: list[Called] = []
    if kind in ("", "sample"):
        found += _samples(text)
    if places and kind in ("", "place"):
        rows = (
            Place.objects.filter(holder__key=text)
            if text.startswith("place:")
            else Place.objects.filter(code__iexact=text)
        )
        found += (Called("place", row.code, row.name_en or row.name_zh) for row in rows[:MOST])
    if work and kind in ("", "tool"):
        found += (
            Called("tool", row.key, row.name_en or row.name_zh)
            for row in Tool.objects.filter(key__iexact=text)[:MOST]
        )
    if work and kind in ("", "instrument"):
        rows = Instrument.objects.filter(key__iexact=text)[:MOST]
        found += (Called("instrument", row.key, row.name_en or row.name_zh) for row in rows)
    return tuple(found)


def _samples(text: str) -> list[Called]:
    """Return the sample of this number; else those that have it as a further name."""
    numbered = Sample.objects.filter(number=text, published=True).values_list("number", flat=True)
    named = Sample.objects.filter(names__name=text, published=True).values_list("number", flat=True)
    found = list(numbered[:1]) or list(named.distinct().order_by("number")[:MOST])
    return [Called("sample", number) for number in found]
