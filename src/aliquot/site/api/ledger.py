"""The log: its entries, the proof of each, and the newest checkpoint."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from base64 import b64encode
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router
from ninja.decorators import decorate_view

from aliquot import book, checkpoint, fault
from aliquot.fault import Refused
from aliquot.ledger import Entry as Act
from aliquot.site import instance, queries
from aliquot.site.api import cursors
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import INDEX_MAX, Faults
from aliquot.site.api.shapes.ledger import (
    CheckpointShape,
    EntryPage,
    EntryQuestion,
    EntryShape,
    LineShape,
    UseShape,
)
from aliquot.site.models import Entry
from aliquot.site.queries import api as reads

router = Router(tags=["Ledger"])
Number = Annotated[int, Field(ge=0, le=INDEX_MAX, description="Number of an entry.")]
_PLAIN = {
    "responses": {
        200: {"description": "A C2SP tlog-proof.", "content": {"text/plain": {"schema": {"type": "string"}}}}
    }
}


@router.get("/entries", response={200: EntryPage, 400: Faults}, operation_id="entries", summary="Entries")
@decorate_view(kept(reads.ledger_state, EntryQuestion))
def entries(request: HttpRequest, asked: Query[EntryQuestion]) -> EntryPage:
    """Entries, newest first; with `after`, those above a number, oldest first, which is how to follow the log."""
    after, before = _place(asked)
    if after is not None:
        found = reads.entries_after(after, limit=asked.limit + 1)
        word = "after"
    else:
        found = reads.entries_before(before, limit=asked.limit + 1)
        word = "before"
    page = found[: asked.limit]
    last = cursors.write(f"{word} {page[-1].index}") if len(found) > asked.limit else None
    covered = _covered()
    return EntryPage(items=[_entry(one, covered) for one in page], next=last)


def _place(asked: EntryQuestion) -> tuple[int | None, int | None]:
    """Return the entry after which, or before which, the page begins."""
    if asked.cursor is None:
        return asked.after, None
    if asked.after is not None:
        raise Refused([fault.of("after", "is given together with a cursor", "leave one of them out")])
    place = cursors.read(asked.cursor)
    match place.split(" ") if isinstance(place, str) else []:
        case ["after", index] if cursors.is_count(index):
            return int(index), None
        case ["before", index] if cursors.is_count(index):
            return None, int(index)
    raise Refused([cursors.unknown()])


@router.get(
    "/entries/{number}/proof",
    response={400: Faults, 404: Faults},
    openapi_extra=_PLAIN,
    operation_id="proof",
    summary="The proof of an entry",
)
@decorate_view(kept(reads.ledger_state))
def proof(request: HttpRequest, number: Number) -> HttpResponse:
    """A C2SP tlog-proof, as text, that `aliquot check-proof` checks. It carries the entry and the checkpoint."""
    signed = queries.ledger.checkpoint()
    if signed is None or number >= signed.size:
        todo = "ask again after the next publication" if reads.entry(number) else "see /api/v1/entries"
        raise missing("number", "no signed checkpoint covers an entry {number}", todo, number=number)
    return HttpResponse(queries.ledger.prove(number, signed), content_type="text/plain; charset=utf-8")


@router.get(
    "/entries/{number}",
    response={200: EntryShape, 400: Faults, 404: Faults},
    operation_id="entry",
    summary="One entry",
)
@decorate_view(kept(reads.ledger_state))
def one_entry(request: HttpRequest, number: Number) -> EntryShape:
    """One entry, parsed and as text."""
    found = reads.entry(number)
    if found is None:
        raise missing("number", "there is no entry {number}", "see /api/v1/entries", number=number)
    return _entry(found, _covered())


@router.get(
    "/checkpoint",
    response={200: CheckpointShape, 404: Faults},
    operation_id="checkpoint",
    summary="The newest checkpoint",
)
@decorate_view(kept(reads.ledger_state))
def newest_checkpoint(request: HttpRequest) -> CheckpointShape:
    """The newest checkpoint, with the key that verifies it."""
    found = queries.ledger.checkpoint()
    if found is None:
        raise missing("checkpoint", "nothing was signed yet", "ask again after the first publication")
    signed = checkpoint.parse(found.note.partition("\n\n")[0] + "\n")
    if isinstance(signed, tuple):
        fault.bug(f"the checkpoint of {found.size} cannot be read back: {signed[0]}")
    return CheckpointShape(
        origin=signed.origin,
        size=found.size,
        root=_base64(found.root),
        note=found.note,
        signed_at=found.signed_at.isoformat(),
        vkey=str(instance.read_signing_key(settings.HOME).verifier),
    )


def _covered() -> int:
    newest = queries.ledger.checkpoint()
    return newest.size if newest else 0


def _base64(content: bytes) -> str:
    return b64encode(bytes(content)).decode()


def _entry(row: Entry, covered: int) -> EntryShape:
    act = book.parse(row.text)
    if not isinstance(act, Act):
        fault.bug(f"entry {row.index} cannot be read back: {act[0]}")
    return EntryShape(
        entry=row.index,
        at=row.at,
        kind=act.kind.value,
        by=row.by,
        postings=[LineShape(sample=p.sample, holder=p.holder, mass_ng=p.mass_ng) for p in act.postings],
        uses=[UseShape(sample=u.sample, use_class=u.use_class, sealed=u.sealed) for u in act.uses],
        basis=list(act.basis),
        text=row.text,
        leaf_hash=_base64(row.leaf_hash),
        is_proven=row.index < covered,
    )
