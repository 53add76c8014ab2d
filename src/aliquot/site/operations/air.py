"""Taking in readings of the air: a table whole or not at all, or a few by themselves. A reading is never overwritten.

What is there already with the same value is left as it is, so a table can be imported again; another value at the same
time is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aliquot import air, fault
from aliquot.air import Reading
from aliquot.fault import Fault, Refused
from aliquot.formats import readings
from aliquot.formats.readings import Row, Wrong
from aliquot.site.models import Environment, Instrument, Place
from aliquot.site.operations.ledger import lock

AT_ONCE = 500
LOOKED_UP = 5_000
Taken = dict[tuple[int, datetime, str], tuple[Decimal, str]]


@dataclass(slots=True)
class Told:
    """What an import did, or would do: rows there are, readings added, those there already, and what is wrong."""

    rows: int = 0
    added: int = 0
    already_there: int = 0
    sha256: str = ""
    wrong: list[Wrong] = field(default_factory=list)
    # The first few of the readings that are added: for a look before it is done.
    first: tuple[Row, ...] = ()


def look(data: bytes, *, at: datetime) -> Told:
    """Tell what importing a table would do; nothing is written."""
    return _look(readings.read(data, now=at))[0]


@transaction.atomic
def import_table(data: bytes, *, by: str, at: datetime) -> Told:
    """Import a table of readings if nothing at all is wrong with it; else tell what is, and write nothing."""
    table = readings.read(data, now=at)
    lock()
    told, rows = _look(table)
    if not told.wrong:
        Environment.objects.bulk_create(_stamped(rows, by), batch_size=1000)
    return told


@transaction.atomic
def add(said: Sequence[Mapping[str, str]], *, by: str, at: datetime) -> Told:
    """Add a few readings: `place`, `at`, `quantity`, `value`, `unit`, `instrument` each. Raises `Refused`."""
    if not 1 <= len(said) <= AT_ONCE:
        raise Refused([fault.of("readings", "1 to {most} readings are taken at once", "send fewer, or import a table",
                                most=AT_ONCE)])  # fmt: skip
    table = readings.Table(lines=len(said))
    for i, one in enumerate(said):
        read = air.read(one, now=at)
        table.named.append((i, one.get("place", ""), one.get("instrument", "")))
        if not one.get("place"):
            table.wrong.append(
                Wrong(i, "place", fault.of("place", "the place is missing", "give the code on its label"))
            )
        if isinstance(read, Reading):
            table.rows.append(Row(i, one.get("place", ""), read, one.get("instrument", "")))
        else:
            table.wrong += (Wrong(i, each.where, each) for each in read)
    lock()
    told, rows = _look(table)
    fault.refuse_if(_at_row(each) for each in told.wrong)
    Environment.objects.bulk_create(_stamped(rows, by))
    return told


def _at_row(wrong: Wrong) -> Fault:
    one = wrong.fault
    return Fault(f"readings[{wrong.line}].{wrong.column}", one.what, one.todo, one.values)


def _look(table: readings.Table) -> tuple[Told, list[Environment]]:
    """Return what would be done with a table, and the rows that are new."""
    # No name has a NUL, and PostgreSQL cannot even be asked for it.
    codes, keys = ({row[n] for row in table.named if "\0" not in row[n]} for n in (1, 2))
    places = dict(Place.objects.filter(code__in=codes).values_list("code", "pk"))
    instruments = dict(Instrument.objects.filter(key__in=keys).values_list("key", "pk"))
    wrong = [*table.wrong, *(each for row in table.named for each in _unknown(*row, places, instruments))]
    known = [
        row
        for row in table.rows
        if row.place in places and (not row.instrument or row.instrument in instruments)
    ]
    taken = _taken(known, places)
    new, told = [], Told(rows=table.lines, sha256=table.sha256)
    seen: Taken = {}
    for row in known:
        key = places[row.place], row.reading.at, row.reading.quantity
        value = row.reading.value, row.reading.unit
        before = taken.get(key) or seen.get(key)
        seen[key] = value
        if before is None:
            new.append(row)
        elif before == value:
            told.already_there += 1
        else:
            wrong.append(_other(row, *before))
    told.wrong = sorted(wrong, key=lambda each: (each.line, each.column))
    told.added, told.first = len(new), tuple(new[:10])
    return told, [_row(row, places, instruments) for row in new]


def _unknown(
    line: int, place: str, instrument: str, places: Mapping[str, int], instruments: Mapping[str, int]
) -> Iterable[Wrong]:
    if place and place not in places:
        yield Wrong(line, "place", fault.of("place", "there is no place “{name}”",
                    "check its label, or set the place up first", name=place[:60]))  # fmt: skip
    if instrument and instrument not in instruments:
        yield Wrong(line, "instrument", fault.of("instrument", "“{name}” is not in the list of tools and instruments",
                    "check what is engraved on it, or enter it first", name=instrument[:60]))  # fmt: skip


def _other(row: Row, value: Decimal, unit: str) -> Wrong:
    said = fault.of("value", "{there} was read there at this time already, not {value}",
                    "correct the row; a reading that was taken is not overwritten",
                    there=f"{plain(value)} {unit}", value=f"{plain(row.reading.value)} {row.reading.unit}")  # fmt: skip
    return Wrong(row.line, "value", said)


def plain(value: Decimal) -> str:
    """Return a value's digits without zeros that say nothing: `0.800000` is `0.8`."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _taken(rows: Sequence[Row], places: Mapping[str, int]) -> Taken:
    """Return the readings of these places at these times that are there already."""
    found: Taken = {}
    for first in range(0, len(rows), LOOKED_UP):
        some = rows[first : first + LOOKED_UP]
        times = [row.reading.at for row in some]
        there = Environment.objects.filter(
            place__in={places[row.place] for row in some}, at__gte=min(times), at__lte=max(times)
        )
        for place, at, quantity, value, unit in there.values_list("place", "at", "quantity", "value", "unit"):
            found[place, at, quantity] = value, unit
    return found


def _row(row: Row, places: Mapping[str, int], instruments: Mapping[str, int]) -> Environment:
    read = row.reading
    return Environment(place_id=places[row.place], at=read.at, quantity=read.quantity, value=read.value,
                       unit=read.unit, instrument_id=instruments.get(row.instrument))  # fmt: skip


def _stamped(rows: Iterable[Environment], by: str) -> list[Environment]:
    found = list(rows)
    for row in found:
        row.by = by
    return found
