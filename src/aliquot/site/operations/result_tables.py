"""Tables of results on their way in: kept as they came, mended cell by cell, then taken in whole or not at all.

What was mended stands beside the file and never in it. Two people at one table: who saves second is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from aliquot import fault, result_citations, texts
from aliquot.fault import Fault, Refused
from aliquot.formats import analyses as tables
from aliquot.formats import analysis_mapping
from aliquot.formats.analyses import Table
from aliquot.formats.findings import Wrong
from aliquot.site import queries
from aliquot.site.models import Analysis, Person, ResultsDraft
from aliquot.site.operations import results, storage
from aliquot.site.operations.storage import Received

CELLS_MOST = 2_000
CELL_CHARS_MOST = 500
COMMON = ("origin", "method", "laboratory", "holder", "measured_on", "instrument", "standards", "level", "kind", "material",
          "citation", "doi", "year", "accepted_on", "embargo_until")  # fmt: skip
_CITED = ("citation", "doi", "year", "accepted_on", "embargo_until")
# Stands for the publication that is cited when the table is taken in.
_WILL_BE_CITED = "(cited)"


@dataclass(slots=True)
class Told:
    """What taking a table in would do, or did: the analyses in it, those that are recorded already, what is wrong."""

    table: Table
    wrong: list[Wrong] = field(default_factory=list)
    new: list[dict[str, object]] = field(default_factory=list)
    already: int = 0
    made: list[Analysis] = field(default_factory=list)

    @property
    def faults(self) -> list[Wrong]:
        return [one for one in self.wrong if not one.is_doubt]

    @property
    def doubts(self) -> list[Wrong]:
        return [one for one in self.wrong if one.is_doubt]


def start(
    arrived: Received, common: Mapping[str, str], *, mapping: str = "", by: Person, at: datetime
) -> ResultsDraft:
    """Keep a table, what is the same for all of its rows, and the TOML of the mapping by which it is read."""
    said = {name: str(common.get(name) or "").strip() for name in COMMON}
    faults = [one for name, text in said.items() for one in texts.check(name, text, most=500)]
    if said["origin"] == "literature" or said["citation"]:
        faults += result_citations.read(said, on=at.date())[1]
    fault.refuse_if(faults)
    if mapping:
        analysis_mapping.read(mapping)
    storage.put(arrived)
    with transaction.atomic():
        file = storage.record(arrived, at=at)
        return ResultsDraft.objects.create(
            key=results.new_key(), by=by, at=at, name=arrived.name[:200], file=file,
            common={name: text for name, text in said.items() if text}, mapping=mapping,
        )  # fmt: skip


def look(draft: ResultsDraft, *, at_holders: frozenset[str] | None, at: datetime) -> Told:
    """Return what taking the table in would do, and everything that stands against it, each in its cell."""
    with default_storage.open(queries.files.path_of(draft.file.sha256)) as file:
        data = file.read()
    common = {name: str(text) for name, text in draft.common.items() if name not in _CITED}
    if draft.common.get("citation"):
        common["publication"] = _WILL_BE_CITED
    how = analysis_mapping.read(draft.mapping) if draft.mapping else None
    told = Told(tables.read(data, common, _mended(draft), how))
    told.wrong += told.table.wrong
    for stated in told.table.told:
        one = stated.told
        known = results.look(one, at=at, at_holders=at_holders)
        cited = one.get("publication") == _WILL_BE_CITED
        faults = [f for f in known.read.faults if not (cited and f.where == "publication")]
        told.wrong += tables.placed(told.table, stated, faults)
        told.wrong += tables.placed(told.table, stated, known.read.doubts, doubts=True)
        if not faults and results.twin(known.read.analysis) is not None:
            told.already += 1
        else:
            told.new.append(one)
    told.wrong.sort(key=lambda one: (one.line, one.is_doubt))
    return told


def _mended(draft: ResultsDraft) -> dict[tuple[int, str], str]:
    parted = (key.partition(":") for key in draft.mended)
    return {(int(line), column): draft.mended[f"{line}:{column}"] for line, _, column in parted}


@transaction.atomic
def mend(draft: ResultsDraft, cells: Mapping[str, str], *, version: int) -> ResultsDraft:
    """Write what stands in some cells (`line:column`) instead of what the file says; all of it or nothing."""
    now = _open(draft, version)
    mended = {**now.mended, **cells}
    faults: list[Fault] = []
    for key, text in cells.items():
        line, sign, column = key.partition(":")
        if not (line.isascii() and line.isdigit() and len(line) < 8 and sign) or len(column) > 200:
            faults.append(fault.of("cells", "there is no such cell", "load the page again"))
        faults += texts.check("cells", text, most=CELL_CHARS_MOST)
    if len(mended) > CELLS_MOST:
        faults.append(fault.of("cells", "more than {most} cells were mended", "mend the table itself, and import it anew",
                               most=CELLS_MOST))  # fmt: skip
    fault.refuse_if(faults)
    now.mended, now.version = mended, now.version + 1
    now.save(update_fields=["mended", "version"])
    return now


def _open(draft: ResultsDraft, version: int) -> ResultsDraft:
    """Return the draft for this act alone; what was ended, or changed meanwhile, is refused."""
    now = ResultsDraft.objects.select_for_update().select_related("file").get(pk=draft.pk)
    if now.taken_at is not None or now.dropped_at is not None:
        raise Refused([fault.of("draft", "this was taken in or dropped already", "start another import")])
    if now.version != version:
        raise Refused([fault.of("cells", "somebody has mended this import meanwhile",
                                "look at what stands here now, then mend what is left")])  # fmt: skip
    return now


@transaction.atomic
def take(
    draft: ResultsDraft,
    *,
    sure: str = "",
    at_holders: frozenset[str] | None = None,
    version: int,
    by: Person,
    at: datetime,
) -> Told:
    """Record every analysis of the table, or nothing; `sure` says why what is unusual is right."""
    now = _open(draft, version)
    told = look(now, at_holders=at_holders, at=at)
    against: Sequence[Wrong] = told.faults if sure.strip() else told.wrong
    if against or not (told.new or told.already):
        raise Refused([one.fault for one in against[:20]] or [fault.of("table", "there is nothing to record", "give a table with rows")])  # fmt: skip
    paper = results.cite(now.common, by=by, at=at).key if now.common.get("citation") else ""
    for one in told.new:
        said = {**one, "sure": sure, **({"publication": paper} if paper else {})}
        told.made.append(results.record(said, by=by, at=at, at_holders=at_holders))
    now.taken_at = at
    now.save(update_fields=["taken_at"])
    return told


@transaction.atomic
def drop(draft: ResultsDraft, *, at: datetime) -> None:
    """Let a table go; its file stays."""
    now = _open(draft, draft.version)
    now.dropped_at = at
    now.save(update_fields=["dropped_at"])
