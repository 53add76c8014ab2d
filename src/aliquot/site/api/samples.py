"""Samples: the catalogue page by page, one sample, its family, its postings. Only what is published."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router
from ninja.decorators import decorate_view

from aliquot import fault, samples
from aliquot.fault import Refused
from aliquot.register import Words
from aliquot.site import queries
from aliquot.site.api import cursors
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import Faults, Paged, WordsShape
from aliquot.site.api.shapes.samples import (
    UNKNOWN,
    HeldShape,
    HistoryPage,
    HolderShape,
    LineageShape,
    MemberShape,
    NamedHolder,
    NameShape,
    PartShape,
    PostingShape,
    SamplePage,
    SampleQuestion,
    SampleRow,
    SampleShape,
    StayShape,
    StepShape,
    WeighingShape,
)
from aliquot.site.models import Holder, Posting, Sample
from aliquot.site.queries import api as reads
from aliquot.site.queries.samples import Row, Sheet, Whom

router = Router(tags=["Samples"])
Number = Annotated[
    str, Field(min_length=1, max_length=samples.MAX_LENGTH, description="As given, with any sign.")
]


@router.get(
    "/samples", response={200: SamplePage, 400: Faults}, operation_id="samples", summary="The catalogue"
)
@decorate_view(kept(reads.ledger_state, SampleQuestion))
def list_samples(request: HttpRequest, asked: Query[SampleQuestion]) -> SamplePage:
    """Published samples in the order of their numbers, filtered, page by page."""
    wanted = {
        name: "" if value == UNKNOWN else str(value)
        for name in ("mission", "use_class", "form", "condition", "availability")
        if (value := getattr(asked, name)) is not None
    }
    if asked.holder is not None:
        wanted["held_by"] = asked.holder
    page = reads.samples(wanted, after=_after(asked.cursor), limit=asked.limit)
    rows = [SampleRow(**_row(row)) for row in queries.samples.rows(page.pks)]
    return SamplePage(items=rows, next=cursors.write(f"number {page.next}") if page.next else None)


def _after(cursor: str | None) -> str:
    if cursor is None:
        return ""
    word, _, number = _place(cursor).partition(" ")
    if word != "number" or samples.check_number(number):
        raise Refused([cursors.unknown()])
    return number


def _place(cursor: str) -> str:
    place = cursors.read(cursor)
    if isinstance(place, fault.Fault):
        raise Refused([place])
    return place


@router.get(
    "/samples/{path:number}/lineage",
    response={200: LineageShape, 400: Faults, 404: Faults},
    operation_id="lineage",
    summary="A sample's family",
)
@decorate_view(kept(reads.ledger_state))
def lineage(request: HttpRequest, number: Number) -> LineageShape:
    """What a sample was made from, and what was made from it."""
    family = queries.ledger.family(_sample(number))
    shown = reads.published({n for step in family.descents for n in (step.parent, step.daughter)})
    family = samples.Family(one for one in family.descents if {one.parent, one.daughter} <= shown)
    return LineageShape(
        number=number,
        ancestors=_members(family.ancestors(number)),
        descendants=_members(family.descendants(number)),
        steps=[
            StepShape(
                entry=None if one.entry == samples.STATED else one.entry,
                kind=one.kind,
                parent=one.parent,
                daughter=one.daughter,
            )
            for one in family.descents
        ],
    )


def _members(found: Iterable[samples.Member]) -> list[MemberShape]:
    return [MemberShape(number=one.number, generation=one.generation) for one in found]


@router.get(
    "/samples/{path:number}/history",
    response={200: HistoryPage, 400: Faults, 404: Faults},
    operation_id="history",
    summary="A sample's postings",
)
@decorate_view(kept(reads.ledger_state, Paged))
def history(request: HttpRequest, number: Number, asked: Query[Paged]) -> HistoryPage:
    """Every posting that touches a sample, oldest first."""
    after = _after_posting(asked.cursor)
    found = reads.history(_sample(number), after=after, limit=asked.limit + 1)
    page = found[: asked.limit]
    more = len(found) > asked.limit
    last = cursors.write(f"posting {page[-1].entry_id} {page[-1].line}") if more else None
    return HistoryPage(items=[_posting(one) for one in page], next=last)


def _after_posting(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return -1, -1
    match _place(cursor).split(" "):
        case ["posting", entry, line] if cursors.is_count(entry) and cursors.is_count(line):
            return int(entry), int(line)
    raise Refused([cursors.unknown()])


@router.get(
    "/samples/{path:number}",
    response={200: SampleShape, 400: Faults, 404: Faults},
    operation_id="sample",
    summary="One sample",
)
@decorate_view(kept(reads.ledger_state))
def one_sample(request: HttpRequest, number: Number) -> SampleShape:
    """All that is published of a sample. A number may hold any sign; write `/` and `%` of it as %2F and %25."""
    sheet = None if samples.check_number(number) else queries.samples.sheet(number)
    if sheet is None:
        raise _no_sample(number)
    return SampleShape(**_row(sheet.row), **_rest(sheet))


def _sample(number: str) -> Sample:
    found = None if samples.check_number(number) else reads.sample(number)
    if found is None:
        raise _no_sample(number)
    return found


def _no_sample(number: str) -> Exception:
    return missing(
        "number", "no sample {number} is published", "look for it in /api/v1/samples", number=number
    )


# -- shaping -------------------------------------------------------------------------------------------------


def _row(row: Row) -> dict[str, object]:
    return {
        "number": row.number,
        "mission": row.mission or None,
        "material": row.material or None,
        "form": row.form or UNKNOWN,
        "use_class": row.use_class or None,
        "condition": row.condition or UNKNOWN,
        "availability": row.availability,
        "aggregate": row.aggregate,
        "mass_ng": row.mass_ng,
        "mass_sd_ng": row.mass_sd_ng,
        "holder": NamedHolder(key=row.whom.key, **_holder(row.whom)) if row.whom else None,
    }


def _holder(whom: Whom) -> dict[str, object]:
    return {"kind": whom.root, "name": _words(whom.name), "country": whom.country or None}


def _words(words: Words) -> WordsShape:
    return WordsShape(en=words.en, zh=words.zh)


def _rest(sheet: Sheet) -> dict[str, object]:
    """Return what a sample has beyond its line in the catalogue."""
    return {
        "system": sheet.number.system or None,
        "parts": [PartShape(name=p.name, text=p.text, meaning=p.meaning) for p in sheet.number.parts],
        "names": [NameShape(name=n.name, kind=n.kind, source=n.source or None) for n in sheet.names],
        "subtype": sheet.subtype or None,
        "sealed": sheet.sealed,
        "start_ng": sheet.start_ng,
        "start_sd_ng": sheet.start_sd_ng,
        "pristine_percent": sheet.pristine_percent or None,
        "note": _words(sheet.note),
        "sources": list(sheet.sources),
        "held": [HeldShape(holder=HolderShape(**_holder(h.whom)), mass_ng=h.mass_ng) for h in sheet.held],
        "custody": [
            StayShape(
                holder=HolderShape(**_holder(stay.whom)),
                since=stay.since,
                until=stay.until,
                entry=stay.entry,
                mass_ng=stay.mass_ng,
            )
            for stay in sheet.stays
        ],
        "is_custody_whole": sheet.is_custody_whole,
        "weighings": [
            WeighingShape(
                at=one.at.isoformat(),
                reading=one.reading,
                mass_ng=one.mass_ng,
                sd_ng=one.sd_ng,
                count=one.count,
                book_ng=one.book_ng,
            )
            for one in sheet.weighings
        ],
        "daughters": sheet.daughters,
    }


def _posting(row: Posting) -> PostingShape:
    return PostingShape(
        entry=row.entry_id,
        line=row.line,
        at=row.entry.at,
        kind=row.entry.kind,
        holder=_named(row.holder),
        mass_ng=row.mass_ng,
    )


def _named(holder: Holder) -> NamedHolder:
    whom = Whom(holder.key, Words(holder.name_en, holder.name_zh), holder.country)
    return NamedHolder(key=whom.key, **_holder(whom))
