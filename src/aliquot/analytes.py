"""What can be measured, in which units, and within which bounds? Elements, oxides, isotope ratios, deltas, ages.

A share of the whole is never above the whole; an isotope ratio is never below zero; nothing of the Moon is older than the Solar
System. `usual` is where a value of lunar rock or soil lies as a rule: wide on purpose, for asking back and for guessing
what went wrong, and never for refusing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

SHARES: Final = {
    "wt%": Decimal("1e-2"),
    "ppm": Decimal("1e-6"),
    "ppb": Decimal("1e-9"),
    "ppt": Decimal("1e-12"),
}
TIMES_MA: Final = {"Ma": Decimal(1), "Ga": Decimal(1000), "ka": Decimal("0.001")}
SOLAR_SYSTEM_MA: Final = Decimal(4568)
# How other tables write the same units.
_SAME: Final = {
    "%": "wt%", "%m/m": "wt%", "wt.%": "wt%", "wt pct": "wt%", "percent": "wt%", "mg/kg": "ppm", "ug/g": "ppm", "µg/g": "ppm",
    "μg/g": "ppm", "ug/kg": "ppb", "ng/g": "ppb", "pg/g": "ppt", "ratio": "", "none": "", "-": "", "‰": "permil",
    "per mil": "permil", "per mill": "permil", "myr": "Ma", "gyr": "Ga", "kyr": "ka",
}  # fmt: skip
_SYMBOLS: Final = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo "
    "Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi "
    "Th U"
)
_ELEMENTS: Final = frozenset(_SYMBOLS.split())
# Oxide -> the share in percent that lunar rocks and soils have as a rule, at most.
OXIDES: Final = {
    "SiO2": 80, "FeOT": 35, "Fe2O3T": 40, "TiO2": 20, "Al2O3": 40, "Cr2O3": 5, "FeO": 35, "Fe2O3": 5, "MnO": 2, "MgO": 50, "CaO": 25, "Na2O": 5,
    "K2O": 6, "P2O5": 5, "SO3": 5, "NiO": 2, "BaO": 2, "ZrO2": 2, "CO2": 2, "H2O": 2,
}  # fmt: skip
# Elements that can be more than a trace, in ppm at most; any other has 5,000.
_PLENTY: Final = {
    "O": 500_000, "Si": 375_000, "Fe": 400_000, "Ca": 180_000, "Mg": 300_000, "Al": 210_000, "Ti": 120_000, "Na": 40_000,
    "K": 50_000, "Cr": 20_000, "Mn": 15_000, "P": 22_000, "S": 20_000, "Ni": 20_000, "Co": 20_000,
}  # fmt: skip
_ISOTOPES: Final = re.compile(
    r"(?:([A-Z][a-z]?)(\d{1,3})|(\d{1,3})([A-Z][a-z]?))\*?\s*[/_]?\s*(?:([A-Z][a-z]?)(\d{1,3})|(\d{1,3})([A-Z][a-z]?))",
    re.ASCII,
)
_DELTA: Final = re.compile(r"(?:d|δ|delta|D|Δ|e|ε|epsilon)[ _-]?(\d{1,3}[A-Z][a-z]?|[A-Z][a-z]?)", re.ASCII)
PLAIN: Final = {
    "age": tuple(TIMES_MA),
    "fraction": ("", "wt%"),
    "Ar39": ("", "mol"),
    "J": ("",),
    "rho": ("",),
    "LOI": ("wt%",),
}


@dataclass(frozen=True, slots=True)
class Analyte:
    """What is measured: `name` as it is kept, and whether it is a share of the mass, a ratio, a delta, or another quantity."""

    name: str
    sort: str


def find(text: str) -> Analyte | None:
    """Return what a text names: `rb`, `SiO2`, `87Sr/86Sr`, `SR87_SR86`, `d18O`, `age`; None where it is nothing known."""
    said = text.strip()
    for names, sort in ((_ELEMENTS, "share"), (OXIDES, "share"), (PLAIN, "plain")):
        same = next((name for name in names if name == said), None) or next(
            (name for name in sorted(names) if name.casefold() == said.casefold()), None
        )
        if same:
            return Analyte(same, sort)
    shaped = re.sub(r"([A-Za-z])([A-Za-z]?)", lambda m: m[1].upper() + m[2].lower(), said)
    if found := _ISOTOPES.fullmatch(shaped):
        over, under = _isotope(found.group(1, 2, 3, 4)), _isotope(found.group(5, 6, 7, 8))
        return Analyte(over + under, "ratio") if over and under else None
    if found := _DELTA.fullmatch(said):
        return Analyte(f"{'e' if said[0] in 'eε' else 'd'}{found[1]}", "delta")
    return None


def _isotope(parts: tuple[str | None, ...]) -> str:
    element, number = parts[0] or parts[3], parts[1] or parts[2]
    return f"{element}{number}" if element in _ELEMENTS else ""


def unit(text: str, analyte: Analyte | None) -> str | None:
    """Return the unit as it is kept; None where it is none of this analyte."""
    if analyte is None:
        return None
    said = text.strip()
    known = {one.casefold(): one for one in units_of(analyte)}
    found = _SAME.get(said.casefold(), said)
    return known.get(found.casefold())


def units_of(analyte: Analyte | None) -> tuple[str, ...]:
    """Return the units that an analyte may have; the empty one is that of plain numbers."""
    if analyte is None:
        return ()
    sorts = {"share": tuple(SHARES), "ratio": ("",), "delta": ("permil", "epsilon")}
    return sorts.get(analyte.sort) or PLAIN[analyte.name]


def as_percent(value: Decimal, of: str) -> Decimal:
    """Return a share of the mass in percent."""
    return value * SHARES[of] * 100


def impossible(analyte: Analyte, value: Decimal, of: str, where: str) -> Iterator[Fault]:
    """Yield why there is no such value, with its likely cause."""
    if analyte.sort in ("share", "ratio", "plain") and value < 0:
        yield fault.of(where, "{analyte} is below zero", "see whether a sign was lost or what was subtracted",
                       analyte=analyte.name)  # fmt: skip
    elif analyte.sort == "share" and value * SHARES[of] > 1:
        yield fault.of(where, "{value} {unit} of {analyte} is more than the whole sample", _cause(analyte, value, of),
                       value=f"{value:f}", unit=of, analyte=analyte.name,
                       likely=_likely(analyte, value, of))  # fmt: skip
    elif analyte.name == "age" and value * TIMES_MA[of] > 10_000:
        yield fault.of(where, "{value} {unit} is older than anything", "see whether the age is in another unit",
                       value=f"{value:f}", unit=of)  # fmt: skip
    elif analyte.name == "fraction" and value > (100 if of else 1):
        yield fault.of(where, "a share is at most 1, or 100 %", "see whether it is in percent")
    elif analyte.name == "rho" and abs(value) >= 1:
        yield fault.of(where, "a correlation lies between -1 and 1", "give it with all its digits")


def unusual(analyte: Analyte, value: Decimal, of: str, where: str) -> Iterator[Fault]:
    """Yield what somebody should look at again before it is recorded."""
    if analyte.name == "age" and value * TIMES_MA[of] > SOLAR_SYSTEM_MA:
        yield fault.of(
            where, "this is older than the Solar System, 4,568 Ma", "see which constants and unit it has"
        )
    elif analyte.sort == "share" and value * SHARES[of] > _usual(analyte):
        yield fault.of(where, "so much {analyte} is unusual for the Moon", "see whether number and unit are right",
                       analyte=analyte.name)  # fmt: skip


def _usual(analyte: Analyte) -> Decimal:
    """Return the share that is usual at most."""
    if analyte.name in OXIDES:
        return Decimal(OXIDES[analyte.name]) / 100
    return Decimal(_PLENTY.get(analyte.name, 5_000)) / 1_000_000


# What may have happened to a number, most likely first: by how much it is then too large.
_CAUSES: Final = {
    "wt%": (
        (10, "a decimal point was lost, it seems: {likely} {unit} would be usual"),
        (100, "a decimal point was lost, it seems: {likely} {unit} would be usual"),
        (10_000, "the number is in ppm, it seems: give that unit"),
    ),
    "ppm": (
        (1000, "the number is in ppb, it seems: give that unit"),
        (10_000, "it was turned from % into ppm twice, it seems: {likely} {unit} would be usual"),
        (10, "a decimal point was lost, it seems: {likely} {unit} would be usual"),
    ),
    "ppb": (
        (1000, "it was turned into ppb twice, it seems: {likely} {unit} would be usual"),
    ),
}  # fmt: skip
_NO_CAUSE: Final = "check the number and its unit"


def _cause(analyte: Analyte, value: Decimal, of: str) -> str:
    return _guess(analyte, value, of)[1]


def _likely(analyte: Analyte, value: Decimal, of: str) -> str:
    """Return the value that was probably meant; a dash where nothing is likely."""
    factor = _guess(analyte, value, of)[0]
    return f"{(value / factor).normalize():f}" if factor else "–"


def _guess(analyte: Analyte, value: Decimal, of: str) -> tuple[int, str]:
    for factor, said in _CAUSES.get(of, ()):
        if value / factor * SHARES[of] <= _usual(analyte):
            return factor, said
    return 0, _NO_CAUSE
