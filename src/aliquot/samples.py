"""What is a sample called, and what was it made from? Numbers and genealogy.

A number is kept as it was given; its parsed parts stand beside it and never replace it. Genealogy is a graph,
not a tree of suffixes: soil 10002 became 10084, grains are combined, numbers change. Knows no mass.
Number patterns: domain facts, sections 1.6 (Chang'e: the reading is unverified), 2.2 (Apollo), 3.1 (JAXA).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from aliquot import fault
from aliquot.book import WORD
from aliquot.fault import Fault

MAX_LENGTH: Final = 100
STATED: Final = -1


@dataclass(frozen=True, slots=True)
class Part:
    """One parsed part of a number: what it is called, what is written, what it is read as, if anything."""

    name: str
    text: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A sample number as given, the system it seems to follow, and its parts (none where none fits)."""

    given: str
    system: str = ""
    parts: tuple[Part, ...] = ()


_MISSIONS: Final = {"CE5": "change-5", "CE6": "change-6"}
_COLLECTED: Final = {"C": "scooped", "Z": "drilled"}
_PREPARED: Final = {"FM": "powder", "YX": "lithic fragment", "GP": "polished mount"}
_CHANGE: Final = re.compile(r"(CE[56])([CZ])([0-9]{4})(?:(YJ)(FM|YX)([0-9]{3})([0-9]{2})?(GP)?)?")
_APOLLO: Final = re.compile(r"([0-9]{5})(?:,([0-9]{1,5}))?")
_RYUGU: Final = re.compile(r"([ABC])([0-9]{4})(?:-([A-Za-z0-9]+))?")
_LOT: Final = re.compile(r"lot:([a-z0-9.-]+)(?::([a-z0-9.+:-]+))?")


def read(given: str) -> Number:
    """Return the number with the parts of the first system whose pattern it fits; never fails."""
    for system, pattern, parts in _SYSTEMS:
        match = pattern.fullmatch(given)
        if match:
            return Number(given, system, tuple(part for part in parts(match) if part.text))
    return Number(given)


def _change_parts(match: re.Match[str]) -> tuple[Part, ...]:
    mission, collected, container, use, form, serial, cut, mount = (g or "" for g in match.groups())
    return (
        Part("mission", mission, _MISSIONS[mission]),
        Part("collected", collected, _COLLECTED[collected]),
        Part("container", container),
        Part("use", use, "research" if use else ""),
        Part("form", form, _PREPARED.get(form, "")),
        Part("serial", serial),
        Part("split", cut),
        Part("preparation", mount, _PREPARED.get(mount, "")),
    )


def _apollo_parts(match: re.Match[str]) -> tuple[Part, ...]:
    return Part("generic", match[1]), Part("specific", match[2] or "")


def _ryugu_parts(match: re.Match[str]) -> tuple[Part, ...]:
    return Part("chamber", match[1]), Part("serial", match[2]), Part("subsample", match[3] or "")


def _lot_parts(match: re.Match[str]) -> tuple[Part, ...]:
    return Part("collection", match[1]), Part("lot", match[2] or "")


_SYSTEMS: Final = (
    ("change", _CHANGE, _change_parts),
    ("apollo", _APOLLO, _apollo_parts),
    ("ryugu", _RYUGU, _ryugu_parts),
    ("lot", _LOT, _lot_parts),
)


def check_number(given: str, where: str = "number") -> tuple[Fault, ...]:
    """Return what keeps this from being a sample number: empty, too long, a space, a control character, not NFC."""
    if not given:
        return (fault.of(where, "the number is missing", "give the sample's number as it is written on it"),)
    faults: list[Fault] = []
    if len(given) > MAX_LENGTH:
        faults.append(fault.of(where, "the number is longer than {most} characters",
                               "give the number alone, without remarks", most=MAX_LENGTH))  # fmt: skip
    if not re.fullmatch(WORD, given):
        faults.append(fault.of(where, "“{number}” has a space or a character that cannot be seen",
                               "write the number without it", number=given[:40]))  # fmt: skip
    if not unicodedata.is_normalized("NFC", given):
        faults.append(
            fault.of(where, "“{number}” is not in Unicode's form NFC", "type it again", number=given[:40])
        )
    return tuple(faults)


# -- genealogy -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Descent:
    """One step of genealogy: in entry `entry`, `daughter` was made from `parent` by `kind`.

    The entry is `STATED` where no entry tells, but a catalogue that was imported.
    """

    entry: int
    parent: str
    daughter: str
    kind: str


@dataclass(frozen=True, slots=True)
class Member:
    """One sample of a family and how many generations it is from the one asked for (negative: before it)."""

    number: str
    generation: int


class Family:
    """The graph of some descents. A sample that was poured back into its parent makes a ring; that is history."""

    def __init__(self, descents: Iterable[Descent]) -> None:
        self.descents = tuple(sorted(set(descents)))
        self._daughters: dict[str, list[str]] = defaultdict(list)
        self._parents: dict[str, list[str]] = defaultdict(list)
        for step in self.descents:
            self._daughters[step.parent].append(step.daughter)
            self._parents[step.daughter].append(step.parent)

    def parents(self, number: str) -> tuple[str, ...]:
        """The samples that this one was made from, each once."""
        return tuple(dict.fromkeys(self._parents.get(number, ())))

    def daughters(self, number: str) -> tuple[str, ...]:
        """The samples made from this one, each once."""
        return tuple(dict.fromkeys(self._daughters.get(number, ())))

    def ancestors(self, number: str) -> tuple[Member, ...]:
        """All that it was made from, nearest first."""
        return tuple(Member(n, -far) for n, far in _reached(number, self._parents))

    def descendants(self, number: str) -> tuple[Member, ...]:
        """All that was made from it, nearest first."""
        return tuple(Member(n, far) for n, far in _reached(number, self._daughters))


def _reached(start: str, steps: dict[str, list[str]]) -> Iterable[tuple[str, int]]:
    """Yield what can be reached from `start`, breadth first, each once, with its distance."""
    seen = {start}
    queue = deque([(start, 0)])
    while queue:
        number, far = queue.popleft()
        for reached in steps.get(number, ()):
            if reached not in seen:
                seen.add(reached)
                queue.append((reached, far + 1))
                yield reached, far + 1


def descents(
    *, entry: int, kind: str, parents: Iterable[str], daughters: Iterable[str]
) -> tuple[Descent, ...]:
    """Return the steps of one split, combine or renumber: every daughter comes from every parent."""
    made = tuple(daughters)
    return tuple(Descent(entry, parent, daughter, kind) for parent in parents for daughter in made)
