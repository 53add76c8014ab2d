"""Incidents: reported, followed step by step, closed with an outcome. Nothing of a file is ever taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from aliquot import fault, incidents, policy
from aliquot.fault import Fault, Refused
from aliquot.site.models import Entry, Incident, IncidentStep, Person, Place, Sample
from aliquot.site.operations.ledger import lock
from aliquot.site.queries.handling import POLICY


@dataclass(frozen=True, slots=True)
class Report:
    """What is told when an incident is reported; `noticed` is a moment in UTC as a person types it."""

    kind: str
    what: str
    noticed: str
    happened: str = ""
    place: str = ""
    samples: Sequence[str] = ()
    entries: Sequence[str] = ()


@transaction.atomic
def report(told: Report, *, by: Person, at: datetime) -> Incident:
    """Open the file of an incident."""
    lock()
    noticed = moment(told.noticed)
    samples, unknown = _samples(told.samples)
    entries, lost = _entries(told.entries)
    place = Place.objects.filter(code=told.place.strip()).first() if told.place.strip() else None
    faults = [
        *incidents.check_report(
            kind=told.kind, what=told.what, happened=told.happened, noticed=noticed, at=at
        ),
        *unknown,
        *lost,
    ]
    if told.place.strip() and place is None:
        faults.append(fault.of("place", "there is no place {code}", "write the code on its label",
                               code=told.place[:60]))  # fmt: skip
    fault.refuse_if(faults)
    hours = policy.load(POLICY).incident_report_hours
    made = Incident.objects.create(
        key=f"I-{Incident.objects.count() + 1:04d}",
        kind=told.kind,
        noticed_at=noticed,
        reported_at=at,
        happened=told.happened.strip(),
        due_at=incidents.due(noticed, hours) if noticed else None,
        place=place,
        what=told.what.strip(),
        by=by,
    )
    made.samples.set(samples)
    made.entries.set(entries)
    return made


def moment(text: str) -> datetime | None:
    """Return the moment that a person typed, in UTC where no offset is told; None where it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _samples(numbers: Sequence[str]) -> tuple[list[Sample], list[Fault]]:
    wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    if len(wanted) > incidents.SAMPLES_MOST:
        return [], [fault.of("samples", "there are more than {most} rows", "report it as several incidents",
                             most=incidents.SAMPLES_MOST)]  # fmt: skip
    found = {row.number: row for row in Sample.objects.filter(number__in=wanted)}
    missing = [
        fault.of("samples", "there is no sample {number}", "search the catalogue for it", number=number[:80])
        for number in wanted
        if number not in found
    ]
    return list(found.values()), missing


def _entries(numbers: Iterable[str]) -> tuple[list[Entry], list[Fault]]:
    wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    known = [int(one) for one in wanted if one.isascii() and one.isdigit() and len(one) < 19]
    found = {row.index: row for row in Entry.objects.filter(index__in=known)}
    missing = [
        fault.of("entries", "there is no entry {number}", "write the number of an entry of the ledger",
                 number=one[:40])
        for one in wanted
        if not (one.isascii() and one.isdigit() and len(one) < 19 and int(one) in found)
    ]  # fmt: skip
    return list(found.values()), missing


@transaction.atomic
def note(
    incident: Incident, *, kind: str, who: str = "", text: str, by: Person, at: datetime
) -> IncidentStep:
    """Note who was told, what was found out, or what was done."""
    lock()
    _refuse_closed(incident)
    fault.refuse_if(incidents.check_step(kind=kind, who=who, text=text))
    return IncidentStep.objects.create(
        incident=incident, kind=kind, at=at, by=by, who=who.strip(), text=text.strip()
    )


def _refuse_closed(incident: Incident) -> None:
    if Incident.objects.filter(pk=incident.pk).exclude(closed_at=None).exists():
        raise Refused([fault.of("incident", "{key} is closed", "report what is new as an incident of its own",
                                key=incident.key)])  # fmt: skip


@transaction.atomic
def close(incident: Incident, *, outcome: str, by: Person, at: datetime) -> Incident:
    """Close the file with its outcome; somebody must have been told of it."""
    lock()
    _refuse_closed(incident)
    told = incident.steps.filter(kind=incidents.Step.TOLD).count()
    fault.refuse_if(incidents.check_close(outcome=outcome, told=told))
    Incident.objects.filter(pk=incident.pk).update(outcome=outcome.strip(), closed_at=at, closed_by=by)
    return Incident.objects.get(pk=incident.pk)
