"""Where does a thing stand, what may stand in what, and where was it on a past day? The store as a tree.

A site has rooms, cabinets, shelves and containers; each stands in a larger one, containers in containers too. What
touches a sample is stainless steel, aluminium or PTFE [N26]; Chang'e material is kept in nitrogen [C23] and shelved by
whether it has met air [C22]. Container types are those of a CC0 vocabulary. Knows no database, no clock and no mass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from aliquot import fault
from aliquot.fault import Fault


class Kind(StrEnum):
    """How big a place is, the largest first."""

    SITE = "site"
    ROOM = "room"
    CABINET = "cabinet"
    SHELF = "shelf"
    CONTAINER = "container"


class What(StrEnum):
    """What happened to a place; each is a line of its history."""

    MADE = "made"
    MOVED = "moved"
    CORRECTED = "corrected"
    CLOSED = "closed"
    OPENED = "opened"


# What may touch a sample that has never left the keeper's hands [N26].
MATERIALS: Final = ("steel", "aluminium", "PTFE")
# What a place can be filled with: nitrogen [C23], air [C22]; vacuum and helium kept two Apollo cores [N15].
ATMOSPHERES: Final = ("nitrogen", "helium", "vacuum", "air")
# https://purl.org/orex/voc/container/, version 0.1.0, CC0: notation -> preferred label.
CONTAINER_TYPES: Final[Mapping[str, str]] = {
    "aluminumcontainer": "Aluminum container",
    "aluminumwrapping": "Aluminum wrapping",
    "customcontainer": "Custom container",
    "glassvial": "Glass vial",
    "polycarbonatecontainer": "Polycarbonate container",
    "teflonbag": "Teflon bag",
}

ROOT: Final = "place:"
KEY_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another
KEY_LENGTH: Final = 6
CODE_MOST: Final = 60
NAME_MOST: Final = 200
_CODE: Final = re.compile(r"[^\s/\\:?#%<>\"'&]{1,60}")
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_ORDER: Final = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its holder's key, in the place with the key `parent` (none: a site). `materials` empty: no rule."""

    key: str
    kind: Kind
    code: str
    parent: str = ""
    atmosphere: str = ""
    materials: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """At a time (RFC 3339, UTC) a place came to stand in `parent`; the first of a place is its making."""

    place: str
    parent: str
    at: str


Tree = Mapping[str, Place]
# A place and all that it stands in, the nearest first.
Chain = Sequence[Place]


# -- the tree ------------------------------------------------------------------------------------------------


def chain(tree: Tree, key: str) -> tuple[Place, ...]:
    """Return the place and all that it stands in, the nearest first; a tree with a ring is our mistake."""
    found: list[Place] = []
    while key:
        found.append(tree[key])
        len(found) <= len(tree) or fault.bug(f"{key} stands in itself")
        key = tree[key].parent
    return tuple(found)


def below(tree: Tree, key: str) -> frozenset[str]:
    """Return the keys of all that stands in a place, however deep."""
    children: dict[str, list[str]] = {}
    for place in tree.values():
        children.setdefault(place.parent, []).append(place.key)
    found: set[str] = set()
    waiting = [key]
    while waiting:
        inside = children.get(waiting.pop(), [])
        found.update(inside)
        waiting += inside
    return frozenset(found)


def move(tree: Tree, key: str, parent: str) -> Tree | tuple[Fault, ...]:
    """Return the tree with a place, and all that is in it, put into another; or every fault of that."""
    faults = check_stands(tree[key], chain(tree, parent) if parent else ())
    return faults or {**tree, key: replace(tree[key], parent=parent)}


def check_stands(place: Place, into: Chain, *, where: str = "parent") -> tuple[Fault, ...]:
    """Return why a place cannot stand in the first of these places (none: by itself)."""
    return tuple(_stands(place, into, where))


def _stands(place: Place, into: Chain, where: str) -> Iterator[Fault]:
    if not into:
        if place.kind is not Kind.SITE:
            yield fault.of(where, "only a site stands by itself", "say in which place it stands")
        return
    parent = into[0]
    if place.kind is Kind.SITE:
        yield fault.of(where, "a site stands in no other place", "leave the place empty, or make it a room")
    elif parent.kind is not Kind.CONTAINER and _ORDER.index(parent.kind) >= _ORDER.index(place.kind):
        yield fault.of(where, "{code} is not larger than what would stand in it",
                       "choose a larger place; the order is site, room, cabinet, shelf, container", code=parent.code)  # fmt: skip
    elif parent.kind is Kind.CONTAINER and place.kind is not Kind.CONTAINER:
        yield fault.of(
            where, "only a container stands in a container", "choose a shelf, a cabinet, a room or a site"
        )
    if any(one.key == place.key for one in into):
        yield fault.of(where, "{code} cannot stand in itself or in what it holds", "choose a place outside it",
                       code=place.code)  # fmt: skip
    shut = next((one for one in into if one.closed), None)
    if shut:
        yield fault.of(
            where, "{code} is closed", "choose another place, or open it again first", code=shut.code
        )


def larger(kind: Kind) -> tuple[str, ...]:
    """Return the kinds of place that one of this kind may stand in."""
    above = tuple(one.value for one in _ORDER[: _ORDER.index(kind)])
    return (*above, Kind.CONTAINER.value) if kind is Kind.CONTAINER else above


# -- the past ------------------------------------------------------------------------------------------------


def parents_at(moves: Iterable[Move], before: str) -> dict[str, str]:
    """Return in what each place stood just before a time; places that were made later are not there.

    Moves are given in the order in which they happened; times are compared as text, as RFC 3339 in UTC can be.
    """
    return {one.place: one.parent for one in moves if one.at < before}


# -- what a place is like ------------------------------------------------------------------------------------


def atmosphere(of: Chain) -> str:
    """Return what a place is filled with: its own word, else that of the nearest place around it; `""` if unknown."""
    return next((one.atmosphere for one in of if one.atmosphere), "")


def materials(of: Chain) -> frozenset[str]:
    """Return what may touch what lies in a place, by the nearest rule; empty where there is none."""
    return frozenset(next((one.materials for one in of if one.materials), ()))


def check_tools(of: Chain, tools: Mapping[str, str]) -> tuple[Fault, ...]:
    """Return which tools, by number and material, may not touch what lies in a place."""
    rule = materials(of)
    return tuple(
        fault.of("tools", "{tool} is of {material}, which may not touch what is kept in {code}",
                 "take a tool of: {allowed}", tool=tool, material=material, code=of[0].code,
                 allowed=", ".join(sorted(rule)))
        for tool, material in sorted(tools.items()) if rule and material not in rule
    )  # fmt: skip


def check_air(before: Chain, after: Chain, *, pristine: int, reason: str) -> tuple[Fault, ...]:
    """Return what speaks against bringing `pristine` samples from a place without air into one with air.

    It is a warning: whoever gives a reason may do it.
    """
    was, becomes = atmosphere(before), atmosphere(after)
    if not pristine or reason.strip() or becomes != "air" or was in ("", "air"):
        return ()
    return (fault.of("reason", "samples that never met air would come into air: {count}",
                     "choose a place without air, or say why this must be", count=pristine),)  # fmt: skip


# -- what is typed -------------------------------------------------------------------------------------------


def key(number: int) -> str:
    """Return the opaque key that a number stands for; whoever makes a place draws the number."""
    letters = []
    for _ in range(KEY_LENGTH):
        number, rest = divmod(number, len(KEY_LETTERS))
        letters.append(KEY_LETTERS[rest])
    return ROOT + "".join(letters)


def is_key(text: str) -> bool:
    """Say whether a text can be the key by which the ledger calls a place."""
    return text.startswith(ROOT) and text.isprintable() and len(text) <= 120


def check_code(code: str, where: str = "code") -> tuple[Fault, ...]:
    """Return why a text cannot stand on a label as a place's code."""
    if not code:
        return (fault.of(where, "the place has no code", "give it what stands on its label"),)
    plain = code.isprintable() and unicodedata.is_normalized("NFC", code) and code.strip(".") != ""
    if not plain or not _CODE.fullmatch(code):
        return (fault.of(where, "“{code}” cannot be a code",
                         "write 1 to {most} letters, digits and marks such as - . , without spaces, slashes and colons",
                         code=code[:CODE_MOST], most=CODE_MOST),)  # fmt: skip
    return ()


def check_words(kind: Kind, *, container_type: str, air: str, touching: Sequence[str]) -> tuple[Fault, ...]:
    """Return what is wrong with how a place is described: its type, its atmosphere, its materials."""
    return tuple(_words(kind, container_type, air, touching))


def _words(kind: Kind, container_type: str, air: str, touching: Sequence[str]) -> Iterator[Fault]:
    if container_type and container_type not in CONTAINER_TYPES:
        yield fault.of("container_type", "“{word}” is not a type of container", "use one of: {words}",
                       word=container_type[:40], words=", ".join(CONTAINER_TYPES))  # fmt: skip
    elif container_type and kind is not Kind.CONTAINER:
        yield fault.of("container_type", "only a container has a type", "leave it empty")
    if air and air not in ATMOSPHERES:
        yield fault.of("atmosphere", "“{word}” is not an atmosphere", "use one of: {words}",
                       word=air[:40], words=", ".join(ATMOSPHERES))  # fmt: skip
    for word in touching:
        yield from check_material(word, "allowed_materials")


def check_material(word: str, where: str = "material") -> tuple[Fault, ...]:
    """Return why a word cannot name a material."""
    if _WORD.fullmatch(word):
        return ()
    return (fault.of(where, "“{word}” cannot name a material", "write one word such as: {words}",
                     word=word[:40], words=", ".join(MATERIALS)),)  # fmt: skip


def material(word: str) -> str:
    """Return the material as it is written here: `ptfe` is `PTFE`."""
    return next((known for known in MATERIALS if known.casefold() == word.casefold()), word)


def check_name(name: str, where: str) -> tuple[Fault, ...]:
    """Return why a text cannot be a place's name; it may have none."""
    if len(name) <= NAME_MOST and (name.isprintable() and unicodedata.is_normalized("NFC", name)):
        return ()
    return (fault.of(where, "this cannot be a name", "write at most {most} characters on one line",
                     most=NAME_MOST),)  # fmt: skip


def check_closing(*, samples: int, places: int, where: str = "place") -> tuple[Fault, ...]:
    """Return why a place cannot be closed: something is in it."""
    faults = []
    if samples:
        faults.append(fault.of(where, "samples are in it: {count}", "move them first", count=samples))
    if places:
        faults.append(
            fault.of(where, "open places are in it: {count}", "move or close them first", count=places)
        )
    return tuple(faults)
