"""How is an act on mass written down? One maker for each kind of entry.

A maker arranges postings and checks nothing: `invariants.check` says whether the entry may stand. Masses are
nanograms above zero; the maker sets the signs. Holders are whole (`place:a3`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aliquot.ledger import ATTRITION, Entry, Kind, Posting, Stamp, Use


def _entry(stamp: Stamp, kind: Kind, postings: Iterable[Posting], uses: Iterable[Use] = ()) -> Entry:
    return Entry(stamp.index, stamp.at, kind, stamp.by, tuple(postings), tuple(uses), stamp.basis)


def _passed(sample: str, *, source: str, target: str, mass_ng: int) -> tuple[Posting, Posting]:
    return Posting(sample, source, -mass_ng), Posting(sample, target, mass_ng)


def receive(
    stamp: Stamp, masses_ng: Mapping[str, int], *, origin: str, place: str, uses: Iterable[Use] = ()
) -> Entry:
    """Samples arrive from a mission or a giver."""
    pairs = (_passed(s, source=origin, target=place, mass_ng=ng) for s, ng in masses_ng.items())
    return _entry(stamp, Kind.RECEIVE, (posting for pair in pairs for posting in pair), uses)


def split(
    stamp: Stamp,
    parent: str,
    *,
    cuts: Iterable[Posting],
    attrition_ng: int = 0,
    source: str,
    uses: Iterable[Use] = (),
) -> Entry:
    """One parent gives daughters, each a cut with its holder; dust and kerf are attrition."""
    made = tuple(cuts)
    taken = Posting(parent, source, -(sum(cut.mass_ng for cut in made) + attrition_ng))
    lost = (Posting(parent, ATTRITION, attrition_ng),) if attrition_ng else ()
    return _entry(stamp, Kind.SPLIT, (taken, *made, *lost), uses)


def combine(
    stamp: Stamp,
    result: str,
    *,
    parts: Iterable[Posting],
    attrition_ng: int = 0,
    target: str,
    uses: Iterable[Use] = (),
) -> Entry:
    """Several samples become one; what is lost is posted to the first."""
    given = tuple(parts)
    taken = tuple(Posting(part.sample, part.holder, -part.mass_ng) for part in given)
    lost = (Posting(given[0].sample, ATTRITION, attrition_ng),) if attrition_ng else ()
    made = Posting(result, target, sum(part.mass_ng for part in given) - attrition_ng)
    return _entry(stamp, Kind.COMBINE, (*taken, made, *lost), uses)


def renumber(
    stamp: Stamp, old: str, new: str, *, holdings_ng: Mapping[str, int], uses: Iterable[Use] = ()
) -> Entry:
    """A sample gets a new number wherever it is held; the old one stays findable."""
    postings = [p for h, ng in holdings_ng.items() for p in (Posting(old, h, -ng), Posting(new, h, ng))]
    return _entry(stamp, Kind.RENUMBER, postings, uses)


def move(
    stamp: Stamp, sample: str, *, source: str, target: str, mass_ng: int, uses: Iterable[Use] = ()
) -> Entry:
    """From one place of the store to another."""
    return _entry(stamp, Kind.MOVE, _passed(sample, source=source, target=target, mass_ng=mass_ng), uses)


def ship(stamp: Stamp, sample: str, *, source: str, transit: str, mass_ng: int) -> Entry:
    """Out of the house, on its way."""
    return _entry(stamp, Kind.SHIP, _passed(sample, source=source, target=transit, mass_ng=mass_ng))


def deliver(stamp: Stamp, sample: str, *, transit: str, target: str, mass_ng: int) -> Entry:
    """Arrived with a borrower, or at another store."""
    return _entry(stamp, Kind.DELIVER, _passed(sample, source=transit, target=target, mass_ng=mass_ng))


def consume(stamp: Stamp, sample: str, *, source: str, fate: str, mass_ng: int) -> Entry:
    """Used up: by analysis, by handling, or destroyed; `fate` is one of the `spent:` holders."""
    return _entry(stamp, Kind.CONSUME, _passed(sample, source=source, target=fate, mass_ng=mass_ng))


def give_back(stamp: Stamp, sample: str, *, source: str, target: str, mass_ng: int) -> Entry:
    """Back from a loan (the kind is `return`, which is a word of the language)."""
    return _entry(stamp, Kind.RETURN, _passed(sample, source=source, target=target, mass_ng=mass_ng))


def give(stamp: Stamp, sample: str, *, source: str, given: str, mass_ng: int) -> Entry:
    """Title passes: a gift, an exchange, a donation."""
    return _entry(stamp, Kind.GIVE, _passed(sample, source=source, target=given, mass_ng=mass_ng))


def lose(stamp: Stamp, sample: str, *, source: str, missing: str, mass_ng: int) -> Entry:
    """It cannot be found where the book has it."""
    return _entry(stamp, Kind.LOSE, _passed(sample, source=source, target=missing, mass_ng=mass_ng))


def find(stamp: Stamp, sample: str, *, missing: str, target: str, mass_ng: int) -> Entry:
    """What was missing is there again."""
    return _entry(stamp, Kind.FIND, _passed(sample, source=missing, target=target, mass_ng=mass_ng))


def adjust(stamp: Stamp, sample: str, *, holder: str, drift: str, gain_ng: int) -> Entry:
    """A reweighing finds more (`gain_ng` above zero) or less than the book has."""
    return _entry(stamp, Kind.ADJUST, _passed(sample, source=drift, target=holder, mass_ng=gain_ng))


def record(stamp: Stamp, claim: str, step: int, *, sha256: str) -> Entry:
    """A step of the public register is on record: no mass moves; `sha256` is that of the step's text, in hexadecimal."""
    basis = (f"register:{claim}/{step}", f"sha256:{sha256}", *stamp.basis)
    return _entry(Stamp(stamp.index, stamp.at, stamp.by, basis), Kind.RECORD, ())


def correct(stamp: Stamp, corrected: int, *, postings: Iterable[Posting], uses: Iterable[Use] = ()) -> Entry:
    """A further entry sets right what an earlier one got wrong, and names it."""
    basis = (f"entry:{corrected}", *stamp.basis)
    return _entry(Stamp(stamp.index, stamp.at, stamp.by, basis), Kind.CORRECT, postings, uses)
