"""What becomes of a loss on loan? One incident, from the first word of it to its end.

An inventory that cannot find a sample opens it, and moves no mass; what is then recorded as missing, found or written off is noted
in the same file. Who is told, and what came of it, people note themselves; closing it is theirs (`incidents.close`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from aliquot.incidents import Kind, Step
from aliquot.site import queries
from aliquot.site.models import Incident, Loan, Person, Role
from aliquot.site.operations import incidents, notices
from aliquot.site.operations.incidents import Report
from aliquot.site.operations.ledger import moment
from aliquot.site.queries import notices as reads


def report(
    loan: Loan, told: Mapping[str, str], *, entry: int | None = None, by: Person, at: datetime
) -> None:
    """Open an incident on samples that cannot be found, and tell curators; where one is open, note it there."""
    known = noted(loan, told, Step.DONE, entry=entry, by=by, at=at)
    new = [number for number in told if number not in known]
    if new:
        said = "\n".join(_line(loan, number, told[number]) for number in new)
        entries = [] if entry is None else [str(entry)]
        made = incidents.report(
            Report(kind=Kind.LOST, what=said, noticed=moment(at), samples=new, entries=entries), by=by, at=at
        )
        people = reads.holding(Role.CURATOR) - {by.pk}
        notices.tell("loan-loss", people, subject=queries.loans.subject(loan), occasion=made.key, at=at,
                     loan=loan.number)  # fmt: skip


def noted(
    loan: Loan, told: Mapping[str, str], kind: Step, *, entry: int | None = None, by: Person, at: datetime
) -> frozenset[str]:
    """Note what is new of samples in their open incidents; return the samples that have one."""
    known: set[str] = set()
    for one in _open(told):
        here = [sample.number for sample in one.samples.all() if sample.number in told]
        said = "\n".join(_line(loan, number, told[number]) for number in here)
        incidents.note(one, kind=kind, text=said, by=by, at=at)
        if entry is not None:
            one.entries.add(entry)
        known.update(here)
    return frozenset(known)


def _open(samples: Collection[str]) -> list[Incident]:
    rows = Incident.objects.filter(
        kind__in=(Kind.LOST, Kind.STOLEN), closed_at=None, samples__number__in=samples
    )
    return list(rows.distinct().prefetch_related("samples"))


def _line(loan: Loan, number: str, said: str) -> str:
    """Return what is told of a sample, in the words in which it was told."""
    return f"{loan.number} · {number}: {said.strip() or '–'}"
