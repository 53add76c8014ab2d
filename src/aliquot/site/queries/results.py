"""Reading results: what was measured on a sample, the ages that rest on it, and who may see which. Never writes.

Everybody sees what rests on something published whose embargo is over, and of that what was published: the fields of
`Told`, put together here. Who recorded it, where the split was, and what was doubted stand in `Kept`, for those who see all of it
and for whoever recorded it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from aliquot import analyses, fault, published_ages, results
from aliquot.analyses import Measured
from aliquot.result_citations import Publication as Published
from aliquot.result_records import Kept as KeptAge
from aliquot.results import Part
from aliquot.site.models import (
    AgeRow,
    Analysis,
    DerivedAge,
    Holder,
    Loan,
    Measurement,
    Person,
    Posting,
    Publication,
    ResultsDraft,
    Sample,
)
from aliquot.site.queries import loans
from aliquot.site.queries.paging import Page

ANALYSES_MOST = 300
AGES_MOST = 100
PAGE = 50


@dataclass(frozen=True, slots=True)
class Sees:
    """What a reader may see besides what is public on a day: all of it, or what they recorded themselves or hold."""

    on: date
    all: bool = False
    key: str = ""
    # What was measured at these holders of the ledger, too: whoever answers for a loan sees all of its results.
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of an analysis besides what is public."""

    by: str
    at: datetime
    analyst: str
    holder: str
    sure: str
    is_public: bool


@dataclass(frozen=True)
class Told:
    """One analysis, as it may be told."""

    pk: int
    key: str
    origin: str
    number: str
    in_catalogue: bool
    label: str
    material: str
    method: str
    instrument: str
    laboratory: str
    standards: str
    measured_on: date | None
    consumed_ng: int
    entry: int | None
    note: str
    values: tuple[Measured, ...]
    publication: Published | None
    publication_key: str
    raw: tuple[tuple[str, str, int], ...]
    supersedes: str
    why: str
    kept: Kept | None

    @property
    def called(self) -> str:
        """What a row of it is called: the sample, and the label where there is one."""
        return f"{self.number} {self.label}".strip() or self.key

    @cached_property
    def by_analyte(self) -> Mapping[str, Measured]:
        return {one.analyte: one for one in self.values}

    @property
    def part(self) -> Part:
        """The analysis as a row of a request."""
        return Part(self.key, self.called, self.by_analyte)


@dataclass(frozen=True)
class Age:
    """One derived age: its request and answer, its rows, and what it was made from."""

    pk: int
    key: str
    title: str
    task: str
    clock: str
    meaning: str
    sets: tuple[str, ...]
    version: str
    age_ma: float | None
    half_ma: float | None
    at: datetime
    by: str
    why: str
    beside: str
    is_published: bool
    request: str
    answer: str
    request_sha256: str
    answer_sha256: str

    @cached_property
    def asked(self) -> dict[str, object]:
        return dict(json.loads(self.request))

    @cached_property
    def answered(self) -> dict[str, object]:
        return dict(json.loads(self.answer))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an age: its number, its analysis, and the reason where it was left out."""

    row: int
    analysis: str
    number: str
    label: str
    material: str
    omitted: str
    set_right_by: str | None


# -- publications --------------------------------------------------------------------------------------------


def newest() -> QuerySet[Publication]:
    """Return each publication in its newest version."""
    later = Publication.objects.filter(key=OuterRef("key"), version__gt=OuterRef("version"))
    return Publication.objects.filter(~Exists(later))


def public_keys(on: date) -> QuerySet[Publication, str]:
    """Return the keys of what is out on a day: as `result_citations.Publication.is_public` says."""
    out = Q(accepted_on__lte=on) | ~Q(doi="") | Q(year__isnull=False)
    free = Q(embargo_until=None) | Q(embargo_until__lte=on)
    return newest().filter(out, free).values("key")


def publication(key: str) -> Publication | None:
    return newest().filter(key=key).first()


def value_of(row: Publication) -> Published:
    return Published(row.citation, row.doi, row.year, row.accepted_on, row.embargo_until)


def embargoed(sees: Sees) -> list[Publication]:
    """Return what is kept back after today, earliest first, of what the reader may see."""
    rows = newest().filter(embargo_until__gt=sees.on).order_by("embargo_until", "pk")
    if not sees.all:
        rows = rows.filter(by=sees.key)
    return list(rows[:ANALYSES_MOST])


# -- analyses ------------------------------------------------------------------------------------------------


def visible(sees: Sees) -> QuerySet[Analysis]:
    """Return the analyses that somebody may see, superseded ones too."""
    rows = Analysis.objects.all()
    if sees.all:
        return rows
    seen = Q(publication__in=public_keys(sees.on)) & (Q(sample=None) | Q(sample__published=True))
    own = Q(by=sees.key) if sees.key else Q(pk=None)
    return rows.filter(seen | own | Q(holder__key__in=sees.holders) if sees.holders else seen | own)


def of_loans(loans_of: Iterable[Loan], sees: Sees) -> tuple[Told, ...]:
    """Return the newest state of each analysis of what was out on these loans, while it was with the borrower."""
    rows = visible(sees).filter(holder__in=[one.holder_id for one in loans_of], superseded_by=None)
    return told(rows.order_by("pk")[: results.ROWS_MOST], sees)


def ages_resting_on(analyses_of: Iterable[Told], sees: Sees) -> tuple[Age, ...]:
    """Return the ages that rest on any of these analyses, newest first."""
    on = AgeRow.objects.filter(age=OuterRef("pk"), analysis__in=[one.pk for one in analyses_of])
    return _ages(visible_ages(sees).filter(Exists(on))[:AGES_MOST])


def of_sample(number: str, sees: Sees) -> tuple[Told, ...]:
    """Return the newest state of each analysis of a sample, oldest first. Four queries."""
    return told(visible(sees).filter(number=number, superseded_by=None).order_by("pk")[:ANALYSES_MOST], sees)


def chosen(keys: Iterable[str], sees: Sees) -> tuple[Told, ...]:
    """Return the analyses of these keys that somebody may see, in the order of the keys."""
    wanted = list(dict.fromkeys(keys))[: results.ROWS_MOST]
    found = {one.key: one for one in told(visible(sees).filter(key__in=wanted), sees)}
    return tuple(found[key] for key in wanted if key in found)


def in_catalogue(number: str) -> bool:
    """Whether the catalogue has a published sample of this number."""
    return Sample.objects.filter(number=number, published=True).exists()


def count_of(number: str, sees: Sees) -> int:
    """Return how many analyses of a sample somebody may see."""
    return visible(sees).filter(number=number, superseded_by=None).count()


def citing(keys: Iterable[str], sees: Sees) -> tuple[Told, ...]:
    """Return the newest analyses that name one of these publications, in the order in which they were recorded."""
    rows = visible(sees).filter(publication__in=list(keys), superseded_by=None).order_by("pk")
    return told(rows[: results.ROWS_MOST], sees)


def papers(sees: Sees) -> list[Publication]:
    """Return the publications that analyses rest on which somebody may see, newest first."""
    keys = visible(sees).exclude(publication="").values("publication")
    return list(newest().filter(key__in=keys).order_by("-pk")[:ANALYSES_MOST])


def one_analysis(key: str, sees: Sees) -> Told | None:
    return next(iter(told(visible(sees).filter(key=key), sees)), None)


def told(rows: QuerySet[Analysis], sees: Sees) -> tuple[Told, ...]:
    """Return analyses with their values, raw files and publications."""
    found = list(
        rows.select_related("holder", "supersedes").prefetch_related("measurements", "raw_files__file")
    )
    keys = {one.publication for one in found} - {""}
    papers = {one.key: value_of(one) for one in newest().filter(key__in=keys)}
    return tuple(_told(one, papers.get(one.publication), sees) for one in found)


def _told(row: Analysis, paper: Published | None, sees: Sees) -> Told:
    holder = row.holder.key if row.holder else ""
    own = sees.all or (sees.key and row.by == sees.key) or holder in sees.holders
    is_public = paper is not None and paper.is_public(sees.on)
    kept = Kept(row.by, row.at, row.analyst, holder, row.sure, is_public) if own else None
    return Told(
        pk=row.pk, key=row.key, origin=row.origin, number=row.number, in_catalogue=row.sample_id is not None,
        label=row.label, material=row.material, method=row.method, instrument=row.instrument, laboratory=row.laboratory,
        standards=row.standards, measured_on=row.measured_on, consumed_ng=row.consumed_ng, entry=row.entry_id,
        note=row.note if own or row.origin == "literature" else "",
        values=tuple(_measured(one) for one in row.measurements.all()), publication=paper, publication_key=row.publication,
        raw=tuple((one.name, one.file.sha256, one.file.size_bytes) for one in row.raw_files.all()),
        supersedes=row.supersedes.key if row.supersedes else "", why=row.why if own else "", kept=kept,
    )  # fmt: skip


def _measured(row: Measurement) -> Measured:
    """Return the value as it was read when it was recorded: from the same text."""
    said = {name: getattr(row, name) for name in ("analyte", "unit", "uncertainty", "level", "kind")}
    found, wrong, _ = analyses.read_value({**said, "value": row.text, "limit": row.detection_limit})
    return found or fault.bug(f"measurement {row.pk} cannot be read: {wrong}")


def held_ng(sample: Sample, holder: Holder, day: date) -> int:
    """Return the most that a holder had of a sample on a day, by the ledger."""
    rows = Posting.objects.filter(sample=sample, holder=holder).order_by("entry_id", "line")
    return analyses.held_ng(rows.values_list("entry__at", "mass_ng"), day)


def raw_file(key: str, sha256: str, sees: Sees) -> tuple[str, str] | None:
    """Return name and media type of a raw file of an analysis that somebody may see."""
    rows = visible(sees).filter(key=key, raw_files__file__sha256=sha256)
    return rows.values_list("raw_files__name", "raw_files__file__content_type").first()


def lately(sees: Sees, number: int) -> Page:
    """Return a page of analyses, newest first."""
    rows = visible(sees).filter(superseded_by=None)
    start = (number - 1) * PAGE
    return Page(told(rows.order_by("-pk")[start : start + PAGE], sees), rows.count(), number, PAGE)


# -- ages ----------------------------------------------------------------------------------------------------


def visible_ages(sees: Sees) -> QuerySet[DerivedAge]:
    """Return the ages that somebody may see: to everybody what was published and rests on public analyses alone."""
    rows = DerivedAge.objects.select_related("beside", "published")
    if sees.all:
        return rows
    hidden = AgeRow.objects.filter(age=OuterRef("pk")).exclude(analysis__publication__in=public_keys(sees.on))
    of_hidden = AgeRow.objects.filter(age=OuterRef("pk"), analysis__sample__published=False)
    public = Q(published__isnull=False) & ~Exists(hidden) & ~Exists(of_hidden)
    return rows.filter(public | Q(by=sees.key) if sees.key else public)


def age(key: str, sees: Sees) -> Age | None:
    return next(iter(_ages(visible_ages(sees).filter(key=key))), None)


def ages_of_sample(number: str, sees: Sees) -> tuple[Age, ...]:
    """Return the ages that rest on analyses of a sample, newest first."""
    on = AgeRow.objects.filter(age=OuterRef("pk"), analysis__number=number)
    return _ages(visible_ages(sees).filter(Exists(on))[:AGES_MOST])


def kept_ages(key: str = "") -> Iterator[KeptAge]:
    """Yield every age, or the one of this key, as it was kept, oldest first; a few in memory at a time."""
    rows = DerivedAge.objects.order_by("pk")
    for row in (rows.filter(key=key) if key else rows).iterator(chunk_size=100):
        yield KeptAge(row.key, row.title, row.request, row.answer, row.request_sha256, row.answer_sha256)


def variants(found: Age, sees: Sees) -> tuple[Age, ...]:
    """Return what stands beside an age: what it was made from, what was made from it or from the same one."""
    near = Q(beside_id=found.pk) | Q(variants__pk=found.pk)
    if found.beside:
        near |= Q(beside__key=found.beside)
    return _ages(visible_ages(sees).filter(near).exclude(pk=found.pk).distinct().order_by("pk")[:AGES_MOST])


def rows_of(found: Age) -> tuple[Row, ...]:
    """Return the rows of an age in order."""
    rows = AgeRow.objects.filter(age_id=found.pk).order_by("row")
    return tuple(
        Row(*one)
        for one in rows.values_list(
            "row",
            "analysis__key",
            "analysis__number",
            "analysis__label",
            "analysis__material",
            "omitted",
            "analysis__superseded_by__key",
        )
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ages are compared: by the clock, what they mean, the site of a sample that they rest on, how it was measured."""

    clock: str = ""
    meaning: str = ""
    site: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """An age among others: how many samples it rests on, of which sites, measured by which methods."""

    age: Age
    samples: int
    sites: tuple[str, ...]
    methods: tuple[str, ...]


def compared(sees: Sees, wanted: Wanted, *, number: int = 1) -> Page:
    """Return a page of ages, oldest rock first, each with what it rests on. Three queries."""
    rows = visible_ages(sees).filter(age_ma__isnull=False)
    if wanted.clock:
        rows = rows.filter(clock=wanted.clock)
    if wanted.meaning:
        rows = rows.filter(meaning=wanted.meaning)
    if wanted.site or wanted.method:
        on = AgeRow.objects.filter(age=OuterRef("pk"))
        on = on.filter(_of_site(wanted.site)) if wanted.site else on
        rows = rows.filter(Exists(on.filter(analysis__method=wanted.method) if wanted.method else on))
    total, start = rows.count(), (number - 1) * PAGE
    found = list(rows.order_by(F("age_ma").desc(), "pk")[start : start + PAGE])
    return Page(_beside(found), total, number, PAGE)


def _of_site(site: str) -> Q:
    """Return that a sample is of a site: as the catalogue says, or, of another collection, as the record does."""
    exact, begun = published_ages.numbers_of(site)
    near = Q(analysis__number__in=exact)
    for digits in begun:
        near |= Q(analysis__number__regex=rf"^{digits}[0-9]{{3}}(,|$)")
    return Q(analysis__sample__mission=site) | Q(analysis__sample=None) & near


def _beside(found: Sequence[DerivedAge]) -> tuple[Beside, ...]:
    on = AgeRow.objects.filter(age__in=[one.pk for one in found])
    told: dict[int, set[tuple[str, str | None, str]]] = defaultdict(set)
    for age_pk, *rest in on.values_list(
        "age", "analysis__number", "analysis__sample__mission", "analysis__method"
    ):
        told[age_pk].add((rest[0], rest[1], rest[2]))
    made = []
    for row in found:
        some = told[row.pk]
        sites = {site or published_ages.site_of(number) for number, site, _method in some} - {""}
        methods = {method for _number, _site, method in some}
        numbers = {number for number, _site, _method in some}
        made.append(Beside(_age(row), len(numbers), tuple(sorted(sites)), tuple(sorted(methods))))
    return tuple(made)


def methods_used(sees: Sees) -> tuple[str, ...]:
    """Return the codes of the methods of all analyses that somebody may see."""
    return tuple(visible(sees).order_by("method").values_list("method", flat=True).distinct())


def _ages(rows: Iterable[DerivedAge]) -> tuple[Age, ...]:
    return tuple(_age(one) for one in rows)


def _age(row: DerivedAge) -> Age:
    return Age(
        pk=row.pk, key=row.key, title=row.title, task=row.task, clock=row.clock, meaning=row.meaning,
        sets=tuple(row.sets.split()), version=row.version, age_ma=row.age_ma, half_ma=row.half_ma, at=row.at, by=row.by,
        why=row.why, beside=row.beside.key if row.beside else "", is_published=hasattr(row, "published"),
        request=row.request, answer=row.answer, request_sha256=row.request_sha256, answer_sha256=row.answer_sha256,
    )  # fmt: skip


# -- what is owed, and tables on their way in ----------------------------------------------------------------


def reported(numbers: Sequence[str]) -> frozenset[str]:
    """Return those of these samples of which results were recorded."""
    return frozenset(Analysis.objects.filter(number__in=numbers).values_list("number", flat=True))


def published(numbers: Sequence[str]) -> frozenset[str]:
    """Return those of these samples on which something was published."""
    out = newest().filter(Q(accepted_on__isnull=False) | ~Q(doi="")).values("key")
    return frozenset(
        Analysis.objects.filter(number__in=numbers, publication__in=out).values_list("number", flat=True)
    )


def held_by(person: Person) -> frozenset[str]:
    """Return the holders of the ledger at which somebody may record results: the loans that they answer for."""
    return frozenset(loans.held_by(person).values_list("holder__key", flat=True))


def draft(key: str) -> ResultsDraft | None:
    return ResultsDraft.objects.select_related("by", "file").filter(key=key).first()


def drafts(person: Person, *, whole: bool) -> list[ResultsDraft]:
    """Return the tables that wait, newest first; one's own, or all."""
    rows = ResultsDraft.objects.filter(dropped_at=None, taken_at=None).select_related("by")
    return list((rows if whole else rows.filter(by=person))[:PAGE])


def numbers_known(numbers: Iterable[str]) -> dict[str, int]:
    """Return the row of each sample of these numbers that the catalogue has."""
    return dict(Sample.objects.filter(number__in=list(numbers)).values_list("number", "pk"))
