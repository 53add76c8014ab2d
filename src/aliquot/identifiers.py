"""Is this the identifier of a person or of an institution, by its check digits? ORCID iD and ROR ID.

ORCID: sixteen characters, the last by ISO 7064 MOD 11-2. ROR: nine characters, a leading 0, six of Crockford's base 32
(no i, l, o, u), and two digits by ISO 7064 MOD 97-10 over the number that the seven before them state (ror.org/facts).
Check digits catch a slip of the finger; whether such a person or institution is registered, nobody is asked.
"""

from __future__ import annotations

import re
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

_BASE_32: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_ORCID: Final = re.compile(
    r"(?:https?://orcid\.org/)?([0-9]{4})-?([0-9]{4})-?([0-9]{4})-?([0-9]{3}[0-9X])", re.ASCII
)
_ROR: Final = re.compile(rf"(?:https?://)?(?:ror\.org/)?(0[{_BASE_32}]{{6}})([0-9]{{2}})", re.ASCII)


def orcid(text: str, where: str = "orcid") -> str | Fault:
    """Return the ORCID iD as `0000-0002-1825-0097`, or the fault that makes it none. Its address is taken too."""
    found = _ORCID.fullmatch(text.strip().rstrip("/").replace("x", "X"))
    if found is None:
        return fault.of(
            where, "“{text}” is not an ORCID iD", "write it as 0000-0002-1825-0097", text=text[:60]
        )
    digits = "".join(found.groups())
    if orcid_check(digits[:15]) != digits[15]:
        return fault.of(where, "the last character of “{text}” does not fit the others",
                        "compare it with the ORCID record", text=text[:60])  # fmt: skip
    return "-".join(found.groups())


def orcid_check(digits: str) -> str:
    """Return the sixteenth character of fifteen digits (ISO 7064 MOD 11-2)."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    value = (12 - total % 11) % 11
    return "X" if value == 10 else str(value)


def ror(text: str, where: str = "ror") -> str | Fault:
    """Return the ROR ID as its nine characters, or the fault that makes it none. Its address is taken too."""
    found = _ROR.fullmatch(text.strip().rstrip("/").lower())
    if found is None:
        return fault.of(
            where, "“{text}” is not a ROR ID", "write it as 05gq02987, or as its address", text=text[:60]
        )
    if ror_check(found[1]) != found[2]:
        return fault.of(where, "the last two digits of “{text}” do not fit the others",
                        "compare it with the ROR record", text=text[:60])  # fmt: skip
    return found[1] + found[2]


def ror_check(seven: str) -> str:
    """Return the two check digits of the first seven characters (ISO 7064 MOD 97-10)."""
    number = 0
    for letter in seven:
        number = number * 32 + _BASE_32.index(letter)
    return f"{98 - number * 100 % 97:02d}"
