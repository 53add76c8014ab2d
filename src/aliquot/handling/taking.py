"""From where is a sample taken, what do the scales say, and may the promised part be touched? What many acts ask first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aliquot import acts, fault, mass
from aliquot.fault import Fault
from aliquot.handling.known import Gear, Known, Piece, Weighed, Write
from aliquot.handling.reading import Told, Values
from aliquot.ledger import Posting

DRIFT = "drift:bench"


@dataclass(frozen=True, slots=True)
class Here:
    """A sample where it is taken from: its holder, and how many nanograms of it the book has there."""

    piece: Piece
    holder: str
    book_ng: int


def find(known: Known, number: str, source: str, *, where: str, at: str = "source") -> Here | Fault:
    """Return where in the store the sample lies: at the place that was told, or at its only one.

    `where` names the field of the sample, `at` that of the place.
    """
    piece = known.pieces[number]
    held_ng = {key: ng for key, ng in piece.held_ng.items() if key.startswith("place:") and ng}
    if source:
        holder = known.spots[source].holder
        if holder in held_ng:
            return Here(piece, holder, held_ng[holder])
        return fault.of(at, "nothing of {sample} lies there", "it lies at: {places}",
                        sample=number, places=", ".join(sorted(held_ng)) or "–")  # fmt: skip
    if not held_ng:
        return fault.of(where, "nothing of {sample} lies in the store", "see who has it on its page", sample=number)  # fmt: skip
    if len(held_ng) > 1:
        return fault.of(at, "{sample} lies in several places", "say from which: {places}",
                        sample=number, places=", ".join(sorted(held_ng)))  # fmt: skip
    ((holder, ng),) = held_ng.items()
    return Here(piece, holder, ng)


def promised(here: Here, taken_ng: int, *, where: str) -> Iterator[Fault]:
    """What is promised to somebody stays untouched, unless the act rests on that promise."""
    in_store_ng = sum(ng for key, ng in here.piece.held_ng.items() if key.startswith("place:"))
    if here.piece.promised_ng and in_store_ng - taken_ng < here.piece.promised_ng <= in_store_ng:
        yield fault.of(
            where,
            "{promised} of {sample} are promised, and {rest} would be left",
            "take less, name the promise that this rests on, or release it first",
            promised=mass.show(here.piece.promised_ng),
            sample=here.piece.number,
            rest=mass.show(max(in_store_ng - taken_ng, 0)),
        )


def balance_of(told: Values, known: Known) -> Gear | None:
    """Return the balance that was named, if one was."""
    name = told.text("balance")
    return known.instruments[name] if name else None


def sd_of(told: Values, name: str, balance: Gear | None) -> int | None:
    """Return the standard deviation that was told of a mass, or that of the balance, or None."""
    told_ng = told.mass_ng(name)
    return balance.sd_ng if told_ng is None and balance else told_ng


def target(told: Values, name: str, known: Known, otherwise: str) -> str:
    """Return the holder of the place that was told, or the other."""
    place = told.text(name)
    return known.spots[place].holder if place else otherwise


def adjusting(number: str, holder: str, gain_ng: int) -> tuple[Write, ...]:
    """Return the entry that brings the book of a sample to what was found, or nothing where nothing differs."""
    if not gain_ng:
        return ()
    return (lambda stamp: acts.adjust(stamp, number, holder=holder, drift=DRIFT, gain_ng=gain_ng),)


def seen(number: str, mass_ng: int, sd_ng: int | None, book_ng: int, balance: Gear | None) -> tuple[Weighed, ...]:  # fmt: skip
    """Return a mass that a named balance showed in passing as a weighing, where its uncertainty is known."""
    if balance is None or sd_ng is None or not mass_ng:
        return ()
    return (
        Weighed(
            number,
            mass.show(mass_ng),
            mass_ng,
            sd_ng,
            book_ng,
            balance=balance.key,
            calibration=balance.calibration,
        ),
    )


def used_up(number: str, holder: str, fate: str, mass_ng: int) -> Write:
    """Return the entry of mass that ends."""
    return lambda stamp: acts.consume(stamp, number, source=holder, fate=fate, mass_ng=mass_ng)


def postings_of(masses_ng: Mapping[str, int], source: str, target: str) -> tuple[Posting, ...]:
    """Return the postings that bring some mass of each sample from one holder to another."""
    return tuple(
        posting
        for number, ng in masses_ng.items()
        for posting in (Posting(number, source, -ng), Posting(number, target, ng))
    )


def classes_known(told: Told, known: Known, rows: str) -> Iterator[Fault]:
    """A class of use is one of the facility's policy."""
    for row in told.rows(rows):
        word = row.text("use_class")
        if word and known.policy.use(word) is None:
            yield fault.of(f"{rows}[{row.row}].use_class", "the policy has no class of use “{word}”",
                           "use one of: {words}", word=word,
                           words=", ".join(use.key for use in known.policy.uses))  # fmt: skip
