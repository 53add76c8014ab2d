"""Acts on results: cite a publication, record an analysis, keep its raw files. One transaction an act.

Nothing is changed: what is wrong is superseded by a further record that names it. Mass that an analysis used up is an
entry of the ledger, in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from aliquot import acts, analyses, fault, mass, result_citations, texts
from aliquot.analyses import Measured, Read
from aliquot.fault import Fault, Refused
from aliquot.ledger import CONSUMPTION, Entry
from aliquot.site import queries
from aliquot.site.models import (
    Analysis,
    Balance,
    Commitment,
    Holder,
    Measurement,
    Person,
    Publication,
    RawFile,
    Sample,
)
from aliquot.site.operations import storage
from aliquot.site.operations.ledger import append, lock, moment
from aliquot.site.operations.storage import Received

RAW_FILES_MOST = 40


def new_key() -> str:
    return secrets.token_urlsafe(9)


# -- publications --------------------------------------------------------------------------------------------


@transaction.atomic
def cite(told: Mapping[str, object], *, key: str = "", by: Person, at: datetime) -> Publication:
    """Name a publication, or set right what is said of the one of that key; the same citation is kept once."""
    found, faults = result_citations.read(told, on=at.date())
    fault.refuse_if(faults)
    lock()
    before = queries.results.publication(key) if key else _same(found)
    if key and before is None:
        raise Refused([fault.of("publication", "there is no such publication", "load the page again")])
    if before is not None and queries.results.value_of(before) == found:
        return before
    return Publication.objects.create(
        key=before.key if before else new_key(), version=before.version + 1 if before else 1, citation=found.citation,
        doi=found.doi, year=found.year, accepted_on=found.accepted_on, embargo_until=found.embargo_until, by=by.key, at=at,
    )  # fmt: skip


def _same(found: result_citations.Publication) -> Publication | None:
    """Return the publication that is cited so already; another that only shares the DOI is not taken for it."""
    rows = queries.results.newest().filter(citation=found.citation, doi=found.doi, year=found.year)
    return next((one for one in rows if queries.results.value_of(one) == found), None)


# -- analyses ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What an analysis was held against: the rows of its sample, holder and publication, as far as there are such."""

    read: Read
    sample: Sample | None
    holder: Holder | None


@transaction.atomic
def record(
    told: Mapping[str, object],
    *,
    by: Person,
    at: datetime,
    at_holders: frozenset[str] | None = None,
    supersedes: str = "",
    why: str = "",
) -> Analysis:
    """Record an analysis; raise `Refused` with every fault, and with every doubt unless `sure` says why it is so.

    `at_holders` keeps somebody to the holders that they answer for; None lets them record at any, and from the literature.
    """
    lock()
    before = _superseded(supersedes, why, by, at_holders) if supersedes else None
    known = look(told, at=at, at_holders=at_holders, again=before)
    faults = [*known.read.faults, *_doubted(known.read, told)]
    fault.refuse_if([*faults, *_check_duplicate(known)] if not before else faults)
    entry = before.entry_id if before else None
    if known.read.analysis.consumed_ng and before is None:
        entry = _consume(known, by, at).index
    return _write(told, known, entry, before, why, by, at)


def look(
    told: Mapping[str, object],
    *,
    at: datetime,
    at_holders: frozenset[str] | None,
    again: Analysis | None = None,
) -> Known:
    """Read what was told and hold it against catalogue and ledger; its faults stand in `read`."""
    read = analyses.read(told, on=at.date())
    one = read.analysis
    sample = Sample.objects.filter(number=one.sample).first() if one.sample else None
    holder = _holder(one.holder) if one.holder else None
    faults: list[Fault] = []
    if one.origin == "facility" and one.sample and sample is None:
        faults.append(fault.of("sample", "there is no sample {sample} in the catalogue",
                               "write its number, or say that it comes from the literature", sample=one.sample))  # fmt: skip
    if one.holder and holder is None:
        faults.append(fault.of("holder", "there is no holder {said}", "write the code of a place, or the key of a holder",
                               said=one.holder[:60]))  # fmt: skip
    if at_holders is not None and (one.origin == "literature" or (holder and holder.key not in at_holders)):
        faults.append(
            fault.of("holder", "you record results of what your own institution holds", "name your loan")
        )
    if sample and holder and one.measured_on and one.origin == "facility":
        held = queries.results.held_ng(sample, holder, one.measured_on)
        faults += analyses.check_custody(one, held)
        if again is None:
            faults += _check_free(sample, holder, one.consumed_ng)
    if again is not None and one.consumed_ng != again.consumed_ng:
        faults.append(fault.of("consumed", "the mass that was used up stands in the ledger", "correct it there; here leave {mass}",
                               mass=mass.show(again.consumed_ng)))  # fmt: skip
    if (
        one.origin == "literature"
        and told.get("publication")
        and not queries.results.publication(str(told["publication"])[:24])
    ):
        faults.append(fault.of("publication", "there is no such publication", "cite it first"))
    return Known(replace(read, faults=(*read.faults, *faults)), sample, holder)


def _holder(said: str) -> Holder | None:
    """Return the holder of this key, or of the place with this code."""
    place = queries.places.by_code(said)
    return place.holder if place else Holder.objects.filter(key=said).first()


def _check_free(sample: Sample, holder: Holder, consumed_ng: int) -> Iterable[Fault]:
    """What is used up lies there today, and what is promised to somebody stays untouched."""
    if not consumed_ng:
        return
    there = (
        Balance.objects.filter(sample=sample, holder=holder).values_list("mass_ng", flat=True).first() or 0
    )
    if consumed_ng > there:
        yield fault.of("consumed", "{there} of it are there now", "correct the mass, or what the ledger says first",
                       there=mass.show(there))  # fmt: skip
        return
    if holder.root != "place":
        return
    stored = (
        Balance.objects.filter(sample=sample, holder__root="place").aggregate(ng=Sum("mass_ng"))["ng"] or 0
    )
    promised = (
        Commitment.objects.filter(sample=sample, released_at=None).aggregate(ng=Sum("mass_ng"))["ng"] or 0
    )
    if promised and stored - consumed_ng < promised:
        yield fault.of("consumed", "{promised} of it are promised", "use up less, or release the promise first",
                       promised=mass.show(promised))  # fmt: skip


def _doubted(read: Read, told: Mapping[str, object]) -> tuple[Fault, ...]:
    sure = told.get("sure")
    return () if isinstance(sure, str) and sure.strip() else read.doubts


def _check_duplicate(known: Known) -> Iterable[Fault]:
    """The same values of the same sample by the same method are recorded once."""
    if twin(known.read.analysis) is not None:
        yield fault.of("sample", "this very analysis is recorded already", "correct it by superseding the one that is there")  # fmt: skip


def twin(one: analyses.Analysis) -> Analysis | None:
    """Return the analysis that is recorded with the same values; None where there is none."""
    values = _signature(one.values)
    rows = Analysis.objects.filter(number=one.sample, label=one.label, method=one.method, superseded_by=None)
    if one.measured_on:
        rows = rows.filter(measured_on=one.measured_on)
    for row in rows.prefetch_related("measurements")[: queries.results.ANALYSES_MOST]:
        if sorted((m.analyte, m.unit, m.value, m.sd) for m in row.measurements.all()) == values:
            return row
    return None


def _signature(values: Iterable[Measured]) -> list[tuple[str, str, float | None, float | None]]:
    return sorted((one.analyte, one.unit, _float(one.value), _float(one.sd)) for one in values)


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))


def _superseded(key: str, why: str, by: Person, at_holders: frozenset[str] | None) -> Analysis:
    """Return the analysis that a further record sets right."""
    before = Analysis.objects.filter(key=key).first()
    faults = list(texts.check("why", why, most=500, needed=True))
    if before is None or (at_holders is not None and before.by != by.key):
        raise Refused([fault.of("supersedes", "there is no such analysis", "load the page again")])
    if hasattr(before, "superseded_by"):
        faults.append(fault.of("supersedes", "this was set right already", "set right the newest record"))
    fault.refuse_if(faults)
    return before


def _consume(known: Known, by: Person, at: datetime) -> Entry:
    if known.sample is None or known.holder is None:
        fault.bug("an analysis without split and holder used up mass")
    number, source = known.sample.number, known.holder.key
    used_ng = known.read.analysis.consumed_ng
    return append(
        lambda s: acts.consume(s, number, source=source, fate=CONSUMPTION, mass_ng=used_ng),
        by=by.key,
        at=moment(at),
    )


def _write(
    told: Mapping[str, object],
    known: Known,
    entry: int | None,
    before: Analysis | None,
    why: str,
    by: Person,
    at: datetime,
) -> Analysis:
    one = known.read.analysis
    made = Analysis.objects.create(
        key=new_key(), origin=one.origin, sample=known.sample, number=one.sample, label=one.label, material=one.material,
        method=one.method, instrument=one.instrument, laboratory=one.laboratory, holder=known.holder,
        standards=one.standards, measured_on=one.measured_on, analyst=one.analyst, consumed_ng=one.consumed_ng,
        entry_id=entry, note=one.note, sure=str(told.get("sure") or "").strip(), told=analyses.as_told(told),
        publication=str(told.get("publication") or ""), supersedes=before, why=why.strip(), by=by.key, at=at,
    )  # fmt: skip
    Measurement.objects.bulk_create(
        Measurement(
            analysis=made, order=order, analyte=value.analyte, unit=value.unit, text=value.text, value=_float(value.value),
            sd=_float(value.sd), uncertainty=value.uncertainty, level=value.level, kind=value.kind,
            detection_limit="" if value.limit is None or value.text.startswith("<") else str(value.limit),
        )
        for order, value in enumerate(one.values)
    )  # fmt: skip
    return made


def keep_raw(arrived: Sequence[Received], analysis: Analysis, *, by: Person, at: datetime) -> list[RawFile]:
    """Keep files of the instrument with an analysis, untouched, each under its hash; one that is there is kept once."""
    if len(arrived) + analysis.raw_files.count() > RAW_FILES_MOST:
        raise Refused([fault.of("files", "an analysis keeps at most {most} files", "pack them into one",
                                most=RAW_FILES_MOST)])  # fmt: skip
    for one in arrived:
        storage.put(one)
    with transaction.atomic():
        kept = []
        for one in arrived:
            file = storage.record(one, at=at)
            row = RawFile.objects.filter(analysis=analysis, file=file).first()
            kept.append(
                row
                or RawFile.objects.create(analysis=analysis, file=file, name=one.name[:200], by=by.key, at=at)
            )
        return kept
