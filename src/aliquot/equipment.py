"""What may a tool, an instrument or a calibration be called, and what must be said of it? Knows no database.

A tool is of a material, because only stainless steel, aluminium and PTFE touch a pristine sample [N26]; a reading of a
balance names the balance and its calibration [N14].
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from aliquot import fault, mass, places
from aliquot.fault import Fault

# What weighs, looks, measures the inside, a spectrum or the air.
INSTRUMENTS: Final = ("balance", "microscope", "camera", "scanner", "spectrometer", "sensor")
KEY_MOST: Final = 60
_KEY: Final = re.compile(r"[^\s/\\?#%<>\"'&,;]{1,60}")


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What is told of a calibration; the standard deviation in nanograms, for balances."""

    key: str
    at: datetime
    reference: str
    sd_ng: int | None
    valid_until: date | None


def check_key(key: str, where: str = "key") -> tuple[Fault, ...]:
    """Return why a text cannot be the number engraved on a tool, or an instrument's."""
    plain = key.isprintable() and unicodedata.is_normalized("NFC", key) and bool(key.strip("."))
    if plain and _KEY.fullmatch(key):
        return ()
    return (fault.of(where, "“{key}” cannot be a number of a tool or an instrument",
                     "write 1 to {most} letters, digits and marks without spaces, commas and slashes",
                     key=key[:KEY_MOST], most=KEY_MOST),)  # fmt: skip


def check_tool(*, key: str, name_en: str, name_zh: str, material: str) -> tuple[Fault, ...]:
    """Return what is wrong with what is told of a tool."""
    return (*check_key(key), *_check_names(name_en, name_zh), *places.check_material(material))


def check_instrument(*, key: str, kind: str, name_en: str, name_zh: str, serial: str) -> tuple[Fault, ...]:
    """Return what is wrong with what is told of an instrument."""
    faults = [*check_key(key), *_check_names(name_en, name_zh)]
    if kind not in INSTRUMENTS:
        faults.append(fault.of("kind", "“{word}” is not a kind of instrument", "use one of: {words}",
                               word=kind[:40], words=", ".join(INSTRUMENTS)))  # fmt: skip
    if len(serial) > 80 or not serial.isprintable():
        faults.append(
            fault.of("serial", "this cannot be a serial number", "write at most 80 characters on one line")
        )
    return tuple(faults)


def _check_names(name_en: str, name_zh: str) -> Iterator[Fault]:
    if not name_en and not name_zh:
        yield fault.of("name_en", "it has no name", "say what it is, in one language at least")
    yield from places.check_name(name_en, "name_en")
    yield from places.check_name(name_zh, "name_zh")


def read_calibration(
    *, key: str, at: datetime, reference: str, sd: str, valid_until: str, is_balance: bool, now: datetime
) -> Calibrated | tuple[Fault, ...]:
    """Return what is told of a calibration, or every fault of it; a balance's has a standard deviation."""
    faults = list(check_key(key))
    if at > now:
        faults.append(fault.of("at", "this is in the future", "enter a calibration when it is done"))
    if len(reference) > places.NAME_MOST or not reference.isprintable():
        faults.append(fault.of("reference", "this cannot name a reference", "write at most {most} characters on one line",
                               most=places.NAME_MOST))  # fmt: skip
    sd_ng = mass.read(sd, "sd") if sd.strip() else None
    if isinstance(sd_ng, Fault):
        faults.append(sd_ng)
    elif is_balance and not sd_ng:
        faults.append(fault.of("sd", "a balance's calibration has a standard deviation",
                               "give it as a mass above zero, such as 0.02 mg"))  # fmt: skip
    elif not is_balance and sd_ng is not None:
        faults.append(
            fault.of("sd", "only a balance has a standard deviation in units of mass", "leave it empty")
        )
    until = _day(valid_until, at, faults)
    if faults or isinstance(sd_ng, Fault):
        return tuple(faults)
    return Calibrated(key, at, reference, sd_ng, until)


def _day(text: str, at: datetime, faults: list[Fault]) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        faults.append(
            fault.of("valid_until", "“{text}” is not a day", "write it as 2027-03-31", text=text[:40])
        )
        return None
    if day < at.date():
        faults.append(fault.of("valid_until", "it would have run out before it was made", "check both days"))
    return day
