"""What does a receipt say that the facility's key signed, and can it be believed with nothing but that key at hand?

A receipt is a C2SP signed note (see `signing`): lines of a word and its value, in a fixed order, then the signature. It says
what changed hands and which entry of the ledger recorded it; that the entry stands in the book is what a proof says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aliquot import fault, mass, signing
from aliquot.fault import Fault
from aliquot.signing import SigningKey, VerifierKey

HEADER: Final = "aliquot receipt v1"
_WORDS: Final = ("number", "kind", "title", "from", "to", "on", "instrument")
_AGAIN: Final = "ask for the receipt again"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One hand-over. `items` are samples with what was handed over of each, in nanograms; None: mass not published."""

    number: str
    kind: str
    title: str
    giver: str
    receiver: str
    on: str
    instrument: str
    items: tuple[tuple[str, int | None], ...]
    entries: tuple[int, ...] = ()


def text(receipt: Receipt) -> str:
    """Return the text that is signed; what stands in it has been read back."""
    values = (
        receipt.number,
        receipt.kind,
        receipt.title,
        receipt.giver,
        receipt.receiver,
        receipt.on,
        receipt.instrument,
    )
    lines = [HEADER, *(f"{word} {_line(value)}" for word, value in zip(_WORDS, values, strict=True))]
    lines += [f"item {'?' if ng is None else ng} ng {_line(sample)}" for sample, ng in receipt.items]
    lines += [f"entry {index}" for index in receipt.entries]
    whole = "\n".join(lines) + "\n"
    if isinstance(parse(whole), tuple):
        fault.bug(f"the receipt {receipt.number} cannot be read back from its text")
    return whole


def _line(value: str) -> str:
    """Return a value on one line: what breaks lines or cannot be seen becomes a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split()) or "-"


def sign(receipt: Receipt, key: SigningKey) -> str:
    """Return the receipt as a signed note."""
    return signing.sign(text(receipt), key)


def check(given: bytes | str, key: VerifierKey, where: str = "receipt") -> Receipt | tuple[Fault, ...]:
    """Return the receipt, if the key signed it; or all that is wrong with it."""
    opened = signing.open_note(given, key, where)
    return opened if isinstance(opened, tuple) else parse(opened, where)


def parse(given: str, where: str = "receipt") -> Receipt | tuple[Fault, ...]:
    """Return the receipt that a text states, or all that is wrong with it; nothing of it is believed yet."""
    header, *lines = given.removesuffix("\n").split("\n")
    if header != HEADER:
        return (fault.of(f"{where} line 1", "it is no receipt: its first line is not {header}",
                         "check that this is the right file", header=HEADER),)  # fmt: skip
    faults: list[Fault] = []
    values: dict[str, str] = {}
    items: list[tuple[str, int | None]] = []
    entries: list[int] = []
    for number, line in enumerate(lines, start=2):
        word, _, value = line.partition(" ")
        due = _WORDS[len(values)] if len(values) < len(_WORDS) else ""
        item = _item(value) if word == "item" and not due and not entries else None
        if due and word == due and value:
            values[word] = value
        elif item is not None:
            items.append(item)
        elif (
            word == "entry" and not due and items and value.isascii() and value.isdigit() and len(value) < 19
        ):
            entries.append(int(value))
        else:
            faults.append(fault.of(f"{where} line {number}", "this is not what a receipt has here", _AGAIN))
    if not faults and (len(values) < len(_WORDS) or not items):
        faults.append(fault.of(where, "the receipt ends too early", _AGAIN))
    return tuple(faults) or _receipt(values, items, entries)


def _receipt(values: Mapping[str, str], items: list[tuple[str, int | None]], entries: list[int]) -> Receipt:
    return Receipt(values["number"], values["kind"], values["title"], values["from"], values["to"], values["on"],
                   values["instrument"], tuple(items), tuple(entries))  # fmt: skip


def _item(value: str) -> tuple[str, int | None] | None:
    ng, unit, sample = [*value.split(" ", 2), "", "", ""][:3]
    if unit != "ng" or not sample:
        return None
    if ng == "?":
        return sample, None
    return (sample, int(ng)) if ng.isascii() and ng.isdigit() and 0 < int(ng) <= mass.MAX_NG else None
