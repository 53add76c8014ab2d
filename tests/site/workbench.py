"""A bench to work at: places, a balance that was calibrated, tools that were cleaned. Makers with defaults."""

from __future__ import annotations

from datetime import UTC, date, datetime

from aliquot.site.models import Calibration, Cleaning, Holder, Instrument, Person, Place, Tool
from aliquot.site.operations import handling
from aliquot.site.operations.handling import Recorded

# The collection of these tests is received in March.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
EARLIER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def a_bench() -> None:
    """A room with a steel-only cabinet in it, tools of steel and copper, a balance and a scanner."""
    room = Place.objects.create(holder=_holder("place:room"), kind="room", code="ROOM 1")
    Place.objects.create(
        holder=_holder("place:box"), parent=room, kind="cabinet", code="BOX 7", allowed_materials="steel PTFE"
    )
    Place.objects.create(
        holder=_holder("place:old"), parent=room, kind="cabinet", code="OLD", closed_at=EARLIER
    )
    tools = [
        Tool.objects.create(key="T-1", name_en="tweezers", material="steel"),
        Tool.objects.create(key="T-2", name_en="chisel", material="copper"),
    ]
    Tool.objects.create(key="T-0", name_en="broken sieve", material="steel", retired_at=EARLIER)
    batch = Cleaning.objects.create(batch="B-1", at=EARLIER, by="person:17", method="ultrasonic")
    batch.tools.set(tools[:1])
    a_balance()
    Instrument.objects.create(key="ct-1", kind="scanner", name_en="scanner")


def a_balance(key: str = "bal-1", sd_ng: int | None = 1_000, until: date | None = None) -> Instrument:
    balance = Instrument.objects.create(key=key, kind="balance", name_en="balance")
    Calibration.objects.create(
        instrument=balance, key=f"{key}/1", at=EARLIER, by="person:17", sd_ng=sd_ng, valid_until=until
    )
    return balance


def _holder(key: str) -> Holder:
    return Holder.objects.create(key=key, root="place", name_en="Test laboratory")


def done(kind: str, by: Person, **told: object) -> Recorded:
    """Record an act at the bench, now."""
    return handling.record(kind, told, by=by, at=NOW)
