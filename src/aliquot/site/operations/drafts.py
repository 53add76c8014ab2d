"""Tables on their way in, in the browser: kept as they came, mended cell by cell, then taken in whole or not at all.

What was mended stands beside the files and never in them. Two people at one draft: who saves second is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from aliquot import fault
from aliquot.fault import Refused
from aliquot.formats import mapping as mappings
from aliquot.formats.tables import Mended
from aliquot.site import queries
from aliquot.site.models import Draft, DraftFile, Entry, Person
from aliquot.site.operations import imports, storage
from aliquot.site.operations.imports import Order, Told
from aliquot.site.operations.ledger import moment
from aliquot.site.operations.storage import Received

FILES_MOST = 10
CELLS_MOST = 2_000
CELL_CHARS_MOST = 10_000


def start(arrived: Sequence[Received], mapping: str, *, by: Person, at: datetime) -> Draft:
    """Keep the tables and the mapping (its TOML text) by which they are to be read."""
    read = mappings.read(mapping, "mapping")
    if not arrived or len(arrived) > FILES_MOST:
        raise Refused([fault.of("files", "from 1 to {most} tables make an import", "choose that many",
                                most=FILES_MOST)])  # fmt: skip
    for one in arrived:
        storage.put(one)
    names = _names(arrived)
    with transaction.atomic():
        draft = Draft.objects.create(by=by, at=at, title=read.title[:200], mapping=mapping)
        DraftFile.objects.bulk_create(
            DraftFile(draft=draft, file=storage.record(one, at=at), order=order, name=name)
            for order, (one, name) in enumerate(zip(arrived, names, strict=True))
        )
    return draft


def _names(arrived: Sequence[Received]) -> list[str]:
    """Return a name of its own for each file."""
    names: list[str] = []
    for one in arrived:
        name = one.name[:150]
        names.append(name if name not in names else f"{name} ({len(names) + 1})")
    return names


def tables_of(draft: Draft) -> list[tuple[str, bytes]]:
    """Return the name and the bytes of each table of a draft."""
    found = []
    for one in queries.drafts.files(draft):
        with default_storage.open(queries.files.path_of(one.file.sha256)) as file:
            found.append((one.name, file.read()))
    return found


def mended_of(draft: Draft) -> Mended:
    """Return what stands in cells instead of what the files say."""
    names = {str(one.order): one.name for one in queries.drafts.files(draft)}
    found = {}
    for key, text in draft.mended.items():
        order, line, column = key.split(":", 2)
        found[names[order], int(line), column] = text
    return found


def look(draft: Draft, *, accepted: Collection[str] = (), place: str = "", by: Person, at: datetime) -> Told:
    """Return what taking the draft in would do, and everything that stands against it."""
    how = _order(draft, accepted, place, by, at)
    return imports.import_tables(tables_of(draft), replace(how, dry_run=True), mended=mended_of(draft))


def _order(draft: Draft, accepted: Collection[str], place: str, by: Person, at: datetime) -> Order:
    read = mappings.read(draft.mapping, "mapping")
    labelled = queries.places.by_code(place) if place else None
    key = labelled.holder.key.removeprefix("place:") if labelled else place
    return Order(read, by.key, moment(at), tuple(accepted), key)


@transaction.atomic
def mend(draft: Draft, cells: Mapping[str, str], *, version: int) -> Draft:
    """Write what stands in some cells (`file:line:column`) instead of what the files say; all of it or nothing."""
    now = Draft.objects.select_for_update().get(pk=draft.pk)
    _refuse_ended(now)
    if now.version != version:
        raise Refused([fault.of("cells", "somebody has mended this import meanwhile",
                                "look at what stands here now, then mend what is left")])  # fmt: skip
    mended = {**now.mended, **cells}
    columns = {one.name for one in mappings.read(now.mapping, "mapping").columns}
    orders = {str(one.order) for one in queries.drafts.files(now)}
    for key, text in cells.items():
        parts = key.split(":", 2)
        if len(parts) != 3 or parts[0] not in orders or not parts[1].isdigit() or parts[2] not in columns:
            raise Refused([fault.of("cells", "there is no such cell", "load the page again")])
        if len(text) > CELL_CHARS_MOST:
            raise Refused([fault.of("cells", "a cell is longer than {most} characters", "shorten it",
                                    most=CELL_CHARS_MOST)])  # fmt: skip
    if len(mended) > CELLS_MOST:
        raise Refused([fault.of("cells", "more than {most} cells were mended", "mend the table itself, and import it anew",
                                most=CELLS_MOST)])  # fmt: skip
    now.mended, now.version = mended, now.version + 1
    now.save(update_fields=["mended", "version"])
    return now


def _refuse_ended(draft: Draft) -> None:
    if draft.taken_at is not None:
        raise Refused([fault.of("draft", "this was taken in already", "start another import")])
    if draft.dropped_at is not None:
        raise Refused([fault.of("draft", "this was dropped", "start another import")])


@transaction.atomic
def take(
    draft: Draft, *, accepted: Collection[str] = (), place: str = "", version: int, by: Person, at: datetime
) -> Told:
    """Take the draft in, whole; where anything stands against it nothing is written and `Told.standing` says it."""
    now = Draft.objects.select_for_update().get(pk=draft.pk)
    _refuse_ended(now)
    if now.version != version:
        raise Refused([fault.of("cells", "somebody has mended this import meanwhile",
                                "look at what stands here now, then mend what is left")])  # fmt: skip
    first = queries.ledger.head().size
    told = imports.import_tables(tables_of(now), _order(now, accepted, place, by, at), mended=mended_of(now))
    if not told.standing:
        now.taken_at = at
        now.entry = Entry.objects.filter(index=first).first()
        now.save(update_fields=["taken_at", "entry"])
    return told


@transaction.atomic
def drop(draft: Draft, *, at: datetime) -> None:
    """Let a draft go; its files stay."""
    now = Draft.objects.select_for_update().get(pk=draft.pk)
    _refuse_ended(now)
    now.dropped_at = at
    now.save(update_fields=["dropped_at"])
