"""Reading the catalogue for a table of it: published samples, and of each what the public may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet

from aliquot.formats.export import Row
from aliquot.site.models import Sample, SampleName

BATCH = 5000
_FIELDS = (
    "pk", "number", "mission", "material", "subtype", "form", "condition", "use_class", "sealed", "aggregate",
    "availability", "holder__root", "holder__name_en", "holder__country", "start_ng", "mass_ng",
    "pristine_percent", "note_en", "note_zh", "sources",
)  # fmt: skip


def rows(among: QuerySet[Sample] | None = None) -> Iterator[Row]:
    """Yield every published sample (or those of `among`), sorted by number, read in batches.

    A batch goes on after the last number of the one before it, so that no batch is slower than another.
    """
    wanted = (Sample.objects.all() if among is None else among).filter(published=True).order_by("number")
    last: str | None = None
    while True:
        after = wanted if last is None else wanted.filter(number__gt=last)
        batch = list(after.values_list(*_FIELDS)[:BATCH])
        if not batch:
            return
        names = _names([row[0] for row in batch])
        for pk, *said in batch:
            yield _row(said, tuple(names.get(pk, ())))
        last = batch[-1][1]


def _names(samples: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, name in (
        SampleName.objects.filter(sample__in=samples).order_by("pk").values_list("sample_id", "name")
    ):
        found[pk].append(name)
    return found


def _row(said: list, names: tuple[str, ...]) -> Row:
    number, mission, material, subtype, form, condition, use_class, sealed, aggregate, availability = said[
        :10
    ]
    held, holder, country, start_ng, mass_ng, pristine, note, note_zh, sources = said[10:]
    return Row(
        number=number,
        mission=mission,
        material=material,
        subtype=subtype,
        form=form,
        condition=condition,
        use_class=use_class,
        sealed=sealed,
        aggregate=aggregate,
        availability=availability,
        held=held or "",
        holder=holder or "",
        country=country or "",
        start_ng=start_ng,
        # A sample that was never weighed in has no mass recorded; that is not a mass of nothing.
        mass_ng=None if start_ng is None else mass_ng,
        pristine_percent="" if pristine is None else str(pristine),
        names=names,
        note=note,
        note_zh=note_zh,
        sources=sources,
    )
