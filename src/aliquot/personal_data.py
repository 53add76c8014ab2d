"""Does a text name somebody, and what stands in the place of the name once they are forgotten?

Names and addresses are looked for as they are written, and in JSON with its structure kept, so that what reads it still can. How
else a text may speak of somebody ("the principal investigator from Hong Kong") is for people to find. Knows no tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from aliquot import identifiers

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

SHORTEST: Final = 2
# Letters of scripts that part their words; Chinese and Japanese do not.
_LETTER: Final = r"[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_ORCID: Final = re.compile(r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]{3}[0-9X]")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as texts name them: the key that stays, their names and addresses, their ORCID iDs."""

    key: str
    names: tuple[str, ...]
    orcids: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All that is looked for, the longest first, so that a name within an address does not spoil it."""
        orcids = [form for orcid in self.orcids for form in (orcid, orcid.replace("-", ""))]
        found = {word.strip() for word in (*self.names, *orcids) if len(word.strip()) >= SHORTEST}
        return tuple(sorted(found, key=lambda word: (-len(word), word)))


def pattern(person: Person) -> re.Pattern[str] | None:
    """Return what finds somebody in a text, or None where there is nothing to look for.

    A name of several words and an address are found in any case, one word only as it is written, and never within another
    word of a script that has spaces.
    """
    parts = [_part(word) for word in person.words]
    return re.compile("|".join(parts)) if parts else None


def _part(word: str) -> str:
    said = r"\s+".join(re.escape(one) for one in word.split())
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, word[0]) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, word[-1]) else ""
    any_case = "@" in word or len(word.split()) > 1
    return f"{before}(?i:{said}){after}" if any_case else f"{before}{said}{after}"


def names(text: str, person: Person) -> bool:
    """Whether a text names somebody."""
    looked_for = pattern(person)
    return looked_for is not None and looked_for.search(text) is not None


def without(value: Json, person: Person) -> Json:
    """Return a text, or JSON, with the key of somebody, or an ORCID iD of nobody, in the place of each of their names."""
    looked_for = pattern(person)
    if looked_for is None:
        return value

    def said(found: re.Match[str]) -> str:
        return nobodys_orcid(person.key) if _ORCID.fullmatch(found[0]) else person.key

    def go(each: Json) -> Json:
        if isinstance(each, str):
            return looked_for.sub(said, each)
        if isinstance(each, list):
            return [go(one) for one in each]
        if isinstance(each, dict):
            return {looked_for.sub(said, name): go(one) for name, one in each.items()}
        return each

    return go(value)


def nobodys_orcid(key: str) -> str:
    """Return an ORCID iD that reads well and was given to nobody: from a block that ORCID does not use.

    A request has one, or could not be read any more. ORCID's block begins at 0000-0001-5000-0007 (ORCID, structure of the identifier).
    """
    digits = f"{int(key.partition(':')[2]) % 10**7:015d}"
    check = identifiers.orcid_check(digits)
    whole = f"{digits}{check}"
    return "-".join(whole[i : i + 4] for i in range(0, 16, 4))


def spelled(words: Iterable[str]) -> tuple[str, ...]:
    """Return in which ways a database may hold each word: as it is, and as JSON writes it in ASCII."""
    found: dict[str, None] = {}
    for word in words:
        first = word.split()[0] if word.split() else ""
        if first:
            found[first] = None
            found[json.dumps(first)[1:-1]] = None
    return tuple(found)


def orcids_beside(told: Json, person: Person) -> set[str]:
    """Return the ORCID iDs that stand beside a name of somebody, as in the lead and the team of a request."""
    found: set[str] = set()
    if isinstance(told, Mapping):
        name, orcid = told.get("name"), told.get("orcid")
        if isinstance(name, str) and isinstance(orcid, str) and names(name, person):
            read = identifiers.orcid(orcid)
            found |= {read} if isinstance(read, str) else set()
        for one in told.values():
            found |= orcids_beside(one, person)
    elif isinstance(told, list):
        for one in told:
            found |= orcids_beside(one, person)
    return found
