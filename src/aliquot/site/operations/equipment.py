"""Keeping tools and instruments: entered, corrected, taken out of use and back, cleaned, calibrated.

A cleaning is an act at the bench (`operations.handling`); what is out of use stays, because acts name it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aliquot import equipment, fault, places
from aliquot.equipment import Calibrated
from aliquot.site.models import Calibration, Instrument, Person, Tool
from aliquot.site.operations import handling
from aliquot.site.operations.handling import Recorded
from aliquot.site.operations.ledger import lock


@transaction.atomic
def keep_tool(
    key: str, *, name_en: str = "", name_zh: str = "", material: str = "", new: bool = True
) -> Tool:
    """Enter a tool by the number engraved on it, or correct what is said of it. Return it."""
    lock()
    material = places.material(material)
    known = Tool.objects.filter(key__iexact=key).first()
    fault.refuse_if(
        (*equipment.check_tool(key=key, name_en=name_en, name_zh=name_zh, material=material),
         *_check_known(known, key, new=new))
    )  # fmt: skip
    row = known or Tool(key=key)
    row.name_en, row.name_zh, row.material = name_en, name_zh, material
    row.save()
    return row


@transaction.atomic
def keep_instrument(
    key: str, *, kind: str = "", name_en: str = "", name_zh: str = "", serial: str = "", new: bool = True
) -> Instrument:
    """Enter an instrument, or correct what is said of it. Return it."""
    lock()
    known = Instrument.objects.filter(key__iexact=key).first()
    wrong = equipment.check_instrument(key=key, kind=kind, name_en=name_en, name_zh=name_zh, serial=serial)
    fault.refuse_if((*wrong, *_check_known(known, key, new=new)))
    row = known or Instrument(key=key)
    row.kind, row.name_en, row.name_zh, row.serial = kind, name_en, name_zh, serial
    row.save()
    return row


def _check_known(known: Tool | Instrument | None, key: str, *, new: bool) -> tuple[fault.Fault, ...]:
    if new and known:
        return (fault.of("key", "the number {key} is taken", "give each a number of its own", key=key[:60]),)
    if not new and (known is None or known.key != key):
        return (fault.of("key", "“{key}” is not in the list", "check what is engraved on it", key=key[:60]),)
    return ()


@transaction.atomic
def retire(row: Tool | Instrument, *, at: datetime) -> None:
    """Take something out of use."""
    lock()
    now = type(row).objects.get(pk=row.pk)
    if now.retired_at:
        raise fault.Refused(
            [fault.of("key", "{key} is out of use already", "there is nothing to do", key=row.key)]
        )
    type(row).objects.filter(pk=row.pk).update(retired_at=at)


@transaction.atomic
def use_again(row: Tool | Instrument) -> None:
    """Take something back into use."""
    lock()
    now = type(row).objects.get(pk=row.pk)
    if not now.retired_at:
        raise fault.Refused([fault.of("key", "{key} is in use", "there is nothing to do", key=row.key)])
    type(row).objects.filter(pk=row.pk).update(retired_at=None)


def clean(batch: str, *, tools: str, method: str, note: str = "", by: Person, at: datetime) -> Recorded:
    """Record that tools were cleaned together; `tools` are their numbers, parted by lines, spaces or commas."""
    numbers = "\n".join(tools.replace(",", " ").split())
    return handling.record(
        "clean", {"batch": batch, "tools": numbers, "method": method, "note": note}, by=by, at=at
    )


@transaction.atomic
def calibrate(
    instrument: Instrument, key: str, *, reference: str = "", sd: str = "", valid_until: str = "",
    done_at: datetime | None = None, by: str, at: datetime,
) -> Calibration:  # fmt: skip
    """Record that an instrument was held against a reference: from then on readings carry its standard deviation.

    `sd` is one standard deviation, a mass as text; `valid_until` a day as text; both may be empty but for a balance's sd.
    """
    lock()
    told = equipment.read_calibration(
        key=key, at=done_at or at, reference=reference, sd=sd, valid_until=valid_until,
        is_balance=instrument.kind == "balance", now=at,
    )  # fmt: skip
    faults = [] if isinstance(told, Calibrated) else list(told)
    if Instrument.objects.get(pk=instrument.pk).retired_at:
        faults.append(
            fault.of("key", "{key} is out of use", "take it back into use first", key=instrument.key)
        )
    if Calibration.objects.filter(instrument=instrument, key=key).exists():
        faults.append(fault.of("key", "{key} has a calibration {calibration} already", "give each a key of its own",
                               key=instrument.key, calibration=key[:60]))  # fmt: skip
    if faults or not isinstance(told, Calibrated):
        raise fault.Refused(faults)
    return Calibration.objects.create(instrument=instrument, key=told.key, at=told.at, by=by, reference=told.reference,
                                      sd_ng=told.sd_ng, valid_until=told.valid_until)  # fmt: skip
