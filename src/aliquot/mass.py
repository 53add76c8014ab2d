"""Mass as an integer of nanograms: text becomes a number here and back only here.

Itokawa grains and all of Apollo fit in 64 bits. No float ever holds a mass, and nothing is rounded: a text
that is finer than a nanogram is a fault.
"""

from __future__ import annotations

import re
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

UNITS: Final = {"kg": 10**12, "g": 10**9, "mg": 10**6, "µg": 10**3, "ng": 1}
MAX_NG: Final = 2**63 - 1
_SPELLED: Final = {"μg": "µg", "ug": "µg"}  # Greek mu and the keyboard's u for the micro sign
_TEXT: Final = re.compile(r"([0-9]{1,40})(?:\.([0-9]{1,40}))? ?(kg|g|mg|µg|μg|ug|ng)")
_TODO: Final = "write a number and a unit, with a point for the decimals, such as 1.25 g or 480 mg"


def read(text: str, where: str = "mass") -> int | Fault:
    """Return the nanograms that the text states, or the fault that makes it no mass.

    Accepts a non-negative decimal with a point and one of kg, g, mg, µg (or ug), ng: `1.25 g`, `480mg`.
    """
    given = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    match = _TEXT.fullmatch(given)
    if not match:
        return fault.of(where, _why_not(given), _TODO, text=_shown(given))
    whole, decimals, unit = match[1], match[2] or "", match[3]
    one: int = 10 ** len(decimals)
    mass_ng, rest = divmod(int(whole + decimals) * UNITS[_SPELLED.get(unit, unit)], one)
    if rest:
        return fault.of(where, "“{text}” is finer than a nanogram", "round it to whole nanograms yourself",
                        text=_shown(given))  # fmt: skip
    if mass_ng > MAX_NG:
        return fault.of(where, "“{text}” is more than the ledger can hold (9,223,372 kg)",
                        "check the number and its unit", text=_shown(given))  # fmt: skip
    return mass_ng


def _why_not(given: str) -> str:
    """Return the sentence that fits what is wrong with a text that is no mass."""
    if not given:
        return "the mass is missing"
    if re.fullmatch(r"[0-9]{1,3}(?:[, ][0-9]{3})*(?:,[0-9]+)? *[a-zµμ]*", given) and (
        "," in given or " " in given[:-3]
    ):
        return (
            "“{text}” has a comma or a space where it cannot be told whether it parts thousands or decimals"
        )
    if re.fullmatch(r"[0-9]{1,3}(?:[, ][0-9]{3})+\.[0-9]+ *[a-zµμ]*", given):
        return "“{text}” has marks between its thousands"
    if given.startswith(("-", "−")):
        return "“{text}” is below zero"
    if re.fullmatch(r"[0-9.]+", given):
        return "“{text}” has no unit"
    return "“{text}” is not a mass"


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def grams(mass_ng: int) -> str:
    """Return the mass in grams as an exact decimal without a unit: `1.25`, `-0.000000001`."""
    whole, rest = divmod(abs(mass_ng), 10**9)
    decimals = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if mass_ng < 0 else ''}{whole}{decimals}"


def show(mass_ng: int, separator: str = ",") -> str:
    """Return the exact mass in the unit that a person would choose: `1,731 g`, `75 mg`, `-20 ng`."""
    size_ng = abs(mass_ng)
    unit = next((u for u in ("g", "mg", "µg") if size_ng >= UNITS[u]), "ng" if size_ng else "g")
    whole, rest = divmod(size_ng, UNITS[unit])
    digits = len(str(UNITS[unit])) - 1
    decimals = f".{rest:0{digits}d}".rstrip("0") if rest else ""
    sign = "-" if mass_ng < 0 else ""
    return f"{sign}{whole:,}".replace(",", separator) + f"{decimals} {unit}"
