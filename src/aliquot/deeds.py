"""What was given, received, deposited or exchanged for good, on which occasion and by which instrument? Title or not.

A gift and a donation pass title, a deposit does not. A date is kept to the precision that is known (see `dates`), a mass
that was not published stays unknown; neither is ever guessed. Gifts vanished because title passed and tracking stopped
(domain facts, section 7, item 11; the kinds: section 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from aliquot import dates, fault, texts
from aliquot.dates import When
from aliquot.fault import Fault

NAME_MOST, TEXT_MOST, ITEMS_MOST = 300, 4_000, 200


class Kind(StrEnum):
    """How something changes hands."""

    GIFT = "gift"
    DONATION = "donation"
    EXCHANGE = "exchange"
    TRANSFER = "transfer"
    DEPOSIT = "deposit"


class Way(StrEnum):
    """From this facility to somebody, or from somebody to it."""

    GIVEN = "given"
    RECEIVED = "received"


# A deposit stays the property of whoever brought it.
PASSES_TITLE: Final = frozenset({Kind.GIFT, Kind.DONATION, Kind.EXCHANGE, Kind.TRANSFER})


@dataclass(frozen=True, slots=True)
class Item:
    """A sample, or what was given without a number of its own; the mass where it is known."""

    sample: str
    what: str
    mass_ng: int | None


@dataclass(frozen=True, slots=True)
class Deed:
    """One act by which material changes hands."""

    kind: Kind
    way: Way
    giver: str
    receiver: str
    country: str
    occasion: str
    instrument: str
    when: When
    items: tuple[Item, ...]
    present_holder: str = ""
    sources: str = ""
    note: str = ""

    @property
    def passes_title(self) -> bool:
        return self.kind in PASSES_TITLE

    @property
    def mass_ng(self) -> int | None:
        """The mass of all items; None where that of one of them is not known."""
        masses = [item.mass_ng for item in self.items]
        return None if None in masses else sum(ng for ng in masses if ng is not None)


def check(told: Deed) -> Iterator[Fault]:
    """Yield what keeps a deed from being recorded."""
    for name in ("giver", "receiver"):
        yield from texts.check(name, getattr(told, name), most=NAME_MOST, needed=True)
    for name in ("occasion", "instrument", "note", "present_holder", "sources"):
        yield from texts.check(name, getattr(told, name), most=TEXT_MOST)
    if not told.instrument.strip():
        yield fault.of(
            "instrument", "it is not told by which document", "name the agreement, letter or certificate"
        )
    if not 1 <= len(told.items) <= ITEMS_MOST:
        yield fault.of("items", "nothing is named, or more than {most} items", "name from 1 to {most} items",
                       most=ITEMS_MOST)  # fmt: skip
    named = [item.sample for item in told.items if item.sample]
    for i, item in enumerate(told.items):
        if not item.sample.strip() and not item.what.strip():
            yield fault.of(f"items[{i}]", "it is not told what this is", "name a sample, or say what it is")
        if item.mass_ng is not None and item.mass_ng <= 0:
            yield fault.of(
                f"items[{i}].mass", "a mass is above zero or not known", "leave it out where it is not known"
            )
        if item.sample and named.count(item.sample) > 1:
            yield fault.of(f"items[{i}].sample", "{sample} stands here twice", "put both into one line",
                           sample=item.sample[:100])  # fmt: skip


def read_when(text: str) -> When | Fault:
    """Return the date of a deed; `?` where none is known."""
    return dates.read(text.strip() or "?", "when")


# -- what is owed --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an exchange: what was agreed, as a mass or as an exact share of a mass, and what was delivered."""

    party: str
    agreed: Fraction
    base_ng: int | None
    delivered_ng: tuple[int | None, ...]

    @property
    def due_ng(self) -> Fraction | None:
        """What is to be delivered, exactly; None while the mass of which it is a share is not known."""
        return None if self.base_ng is None else self.agreed * self.base_ng

    @property
    def came_ng(self) -> int:
        """What was delivered, as far as masses are known."""
        return sum(ng for ng in self.delivered_ng if ng is not None)

    @property
    def owed_ng(self) -> Fraction | None:
        """What is still owed; below zero where more came than was agreed."""
        return None if self.due_ng is None else self.due_ng - self.came_ng

    @property
    def share(self) -> Fraction | None:
        """Which share was delivered, exactly."""
        return Fraction(self.came_ng, self.base_ng) if self.base_ng else None

    @property
    def is_certain(self) -> bool:
        """Whether every mass is known that the sums rest on."""
        return self.base_ng is not None and None not in self.delivered_ng

    @property
    def is_met(self) -> bool:
        return self.owed_ng is not None and self.owed_ng <= 0


def read_share(text: str, where: str = "share") -> Fraction | Fault:
    """Return an exact share: `10 %`, `0.5 %`, `1/200`. From above nothing to the whole."""
    given = text.strip().replace(" ", "").replace("\u00a0", "")
    number, percent = given.removesuffix("%"), given.endswith("%")
    plain = number.replace("/", "", 1).replace(".", "", 1)
    if plain.isascii() and plain.isdigit() and len(number) <= 20 and not ("/" in number and "." in number):
        parts = number.split("/")
        if all(parts) and not (len(parts) == 2 and int(parts[1]) == 0):
            found = Fraction(number) / (100 if percent else 1)
            if 0 < found <= 1:
                return found
    return fault.of(where, "“{text}” is no share", "write it as 10 %, 0.5 % or 1/200", text=text[:40])


def deposit_leg(*, collection_ng: int, share_percent: int, deposited_ng: int, store: str) -> Leg:
    """Return how far a backup store is from the share that policy wants there."""
    return Leg(store, Fraction(share_percent, 100), collection_ng, (deposited_ng,))
