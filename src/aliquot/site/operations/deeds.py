"""Gifts, donations, transfers, deposits, exchanges: recorded once, with the entry of the ledger and a receipt that its key signed.

What is given here leaves the ledger's places for `given:`; a deposit goes to another place of the store by parcel and stays ours.
What others gave long ago, or to others, is recorded without an entry: the deed is known, the mass may not be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.conf import settings
from django.db import transaction

from aliquot import acts, commitments, dates, deeds, fault, mass, receipts, texts
from aliquot.deeds import Item, Kind, Way
from aliquot.fault import Fault, Refused
from aliquot.ledger import Entry
from aliquot.site import instance, queries
from aliquot.site.models import (
    Deed,
    DeedItem,
    DeedReceipt,
    Exchange,
    ExchangeLeg,
    Holder,
    Person,
    Posting,
    Sample,
)
from aliquot.site.operations import commitments as promises
from aliquot.site.operations import lending
from aliquot.site.operations.ledger import append, lock, moment
from aliquot.site.operations.life_cycles import new_key

KEEPERS = ("curator", "director")


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a deed; `when` as dates are written (`2022-02-04`, `1973`, `?`)."""

    kind: str
    way: str
    giver: str
    receiver: str
    instrument: str
    when: str
    items: tuple[Item, ...]
    country: str = ""
    occasion: str = ""
    present_holder: str = ""
    sources: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What one side of an exchange gives: a share (`10 %`, `1/200`) of a mass, or a mass alone."""

    way: str
    party: str
    what: str
    base_ng: int | None
    share: str = "1/1"


@transaction.atomic
def record(
    told: Told, *, moves: bool = True, place: str = "", exchange: Exchange | None = None, answers: Deed | None = None,
    replaces: Deed | None = None, entries: Mapping[str, int] | None = None, by: Person, at: datetime,
) -> Deed:  # fmt: skip
    """Record a deed. Where it `moves` and passes title away from here, each sample of it leaves the store, all or as told.

    What is deposited goes to a `place` of the store, such as that of a backup store, all of each sample, sealed ones too.
    What is received comes in at the bench (`receive`); a deed that moves nothing names such entries by their samples. A deed that
    replaces another moves nothing. Where title passes and mass leaves, a director gives.
    """
    lock()
    said = _read(told)
    rows = _samples(said)
    faults = [*_check_who(by), *deeds.check(said), *_check_links(said, exchange, answers, replaces)]
    gives = moves and replaces is None and said.way is Way.GIVEN and said.passes_title
    deposits = moves and replaces is None and said.way is Way.GIVEN and not said.passes_title
    faults += _check_given(said, rows) if gives else _check_deposited(said, place) if deposits else []
    if gives and "director" not in lending.who(by):
        faults.append(fault.of("person", "what leaves for good is given by a director", "ask the director"))
    named = dict(entries or {})
    faults += _check_entries(named, rows)
    fault.refuse_if(faults)
    key = new_key()
    holder = Holder.objects.create(key=f"given:{key}", root="given", name_en=said.receiver[:200], name_zh=said.receiver[:200],
                                   country=said.country) if gives else _given_to(named)  # fmt: skip
    made = Deed.objects.create(
        key=key, number=lending.number(Deed, "D"), kind=said.kind, way=said.way, giver=said.giver.strip(),
        receiver=said.receiver.strip(), country=said.country, occasion=said.occasion.strip(),
        instrument=said.instrument.strip(), when=said.when.text, first=said.when.first, last=said.when.last,
        passes_title=said.passes_title, holder=holder, present_holder=said.present_holder.strip(), exchange=exchange,
        answers=answers, replaces=replaces, sources=said.sources.strip()[:200], note=said.note.strip(), by=by.key, at=at,
    )  # fmt: skip
    for i, item in enumerate(said.items, start=1):
        row = rows.get(item.sample)
        entry = None
        if row is not None and (gives or deposits):
            entry = (
                _give(made, row, item, by=by, at=at) if gives else _deposit(made, row, place, by=by, at=at)
            )
        index = entry.index if entry else named.get(item.sample)
        given_ng = -min(p.mass_ng for p in entry.postings) if entry else item.mass_ng
        if entry is None and index is not None and given_ng is None:
            given_ng = _moved_ng(index, item.sample)
        DeedItem.objects.create(deed=made, order=i, sample=row, what=item.what.strip(), mass_ng=given_ng,
                                entry_id=index)  # fmt: skip
    return made


def _check_entries(named: Mapping[str, int], rows: Mapping[str, Sample]) -> Iterator[Fault]:
    """An entry that recorded it already is one, and moved that sample."""
    for number, index in named.items():
        if number not in rows:
            yield fault.of(
                "entries", "{sample} is not among what changed hands", "leave it out", sample=number[:100]
            )
        elif not Posting.objects.filter(entry=index, sample=rows[number]).exists():
            yield fault.of("entries", "entry {index} did not move {sample}", "name the entry that recorded it",
                           index=index, sample=number)  # fmt: skip


def _moved_ng(index: int, number: str) -> int:
    rows = Posting.objects.filter(entry=index, sample__number=number, mass_ng__gt=0)
    return sum(rows.values_list("mass_ng", flat=True))


def _given_to(named: Mapping[str, int]) -> Holder | None:
    """Return the holder to whom the named entries gave, where they gave."""
    to = Posting.objects.filter(entry__in=list(named.values()), holder__root="given", mass_ng__gt=0)
    return Holder.objects.filter(pk__in=to.values("holder")).first()


def _read(told: Told) -> deeds.Deed:
    """Return the deed that was told; raise `Refused` for words that are none."""
    when = deeds.read_when(told.when)
    faults = [when] if isinstance(when, Fault) else []
    for where, word, known in (("kind", told.kind, set(Kind)), ("way", told.way, set(Way))):
        if word not in known:
            faults.append(fault.of(where, "this is no kind of deed", "choose one of those that are offered"))
    if faults or isinstance(when, Fault):
        raise Refused(faults)
    return deeds.Deed(
        kind=Kind(told.kind), way=Way(told.way), giver=told.giver, receiver=told.receiver, country=told.country,
        occasion=told.occasion, instrument=told.instrument, when=when, items=told.items,
        present_holder=told.present_holder, sources=told.sources, note=told.note,
    )  # fmt: skip


def _samples(said: deeds.Deed) -> dict[str, Sample]:
    return {item.sample: lending.sample(item.sample) for item in said.items if item.sample}


def _check_who(by: Person) -> Iterator[Fault]:
    if not lending.who(by) & set(KEEPERS):
        yield fault.of("person", "this is not yours to do", "ask a curator")


def _check_links(
    said: deeds.Deed, exchange: Exchange | None, answers: Deed | None, replaces: Deed | None
) -> Iterator[Fault]:
    if (said.kind is Kind.EXCHANGE) != (exchange is not None):
        yield fault.of(
            "exchange",
            "it is not told to which exchange this belongs",
            "name it where it is one, and there alone",
        )
    if answers is not None and answers.way == said.way:
        yield fault.of("answers", "a return gift goes the other way", "name the gift that it answers")
    if replaces is not None and hasattr(replaces, "replaced_by"):
        yield fault.of("replaces", "this was replaced already", "replace the newer one")


def _check_given(said: deeds.Deed, rows: dict[str, Sample]) -> list[Fault]:
    """What is given is there, free, and not promised to anybody."""
    found = []
    for i, item in enumerate(said.items):
        if not item.sample:
            found.append(
                fault.of(
                    f"items[{i}].sample",
                    "what is given has a number here",
                    "cut it first, then name its number",
                )
            )
            continue
        row = rows[item.sample]
        _, there_ng = lending.in_store(row)
        wanted = commitments.Commitment(row.number, item.mass_ng or there_ng, "deed")
        found += commitments.check(
            wanted,
            balance_ng=there_ng,
            committed_ng=promises.committed_ng(row),
            reserve_ng=0,
            sealed=row.sealed,
        )
    return found


def _give(made: Deed, row: Sample, item: Item, *, by: Person, at: datetime) -> Entry:
    place, there_ng = lending.in_store(row)
    mass_ng, given = item.mass_ng or there_ng, f"given:{made.key}"
    return append(
        lambda s: acts.give(s, row.number, source=place, given=given, mass_ng=mass_ng),
        by=by.key, at=moment(at), basis=(f"deed:{made.key}",),
    )  # fmt: skip


def _check_deposited(said: deeds.Deed, place: str) -> Iterator[Fault]:
    """What is deposited has a number here, and a place to go to."""
    for i, item in enumerate(said.items):
        if not item.sample:
            yield fault.of(
                f"items[{i}].sample", "what is given has a number here", "cut it first, then name its number"
            )
        if item.mass_ng is not None:
            yield fault.of(
                f"items[{i}].mass", "a sample is deposited whole", "cut it first, and leave the mass out"
            )
    if not Holder.objects.filter(key=place, root="place").exists():
        yield fault.of("place", "there is no such place in the store", "choose a place of the store")


def _deposit(made: Deed, row: Sample, place: str, *, by: Person, at: datetime) -> Entry:
    here, mass_ng = lending.in_store(row, whole=True)
    return append(
        lambda s: acts.move(s, row.number, source=here, target=place, mass_ng=mass_ng),
        by=by.key, at=moment(at), basis=(f"deed:{made.key}",),
    )  # fmt: skip


@transaction.atomic
def agree(
    *, title_en: str, title_zh: str = "", instrument: str, when: str = "?", legs: Sequence[Agreed], sources: str = "",
    by: Person, at: datetime,
) -> Exchange:  # fmt: skip
    """Record an exchange with what each side gives; deeds fill it, one or many each way."""
    lock()
    said = deeds.read_when(when)
    shares = [deeds.read_share(leg.share, f"legs[{i}].share") for i, leg in enumerate(legs)]
    faults = [*_check_who(by), *texts.check("title_en", title_en, most=300, needed=True),
              *texts.check("instrument", instrument, most=deeds.TEXT_MOST, needed=True), *_check_legs(legs)]  # fmt: skip
    faults += [one for one in (said, *shares) if isinstance(one, Fault)]
    fault.refuse_if(faults)
    made = Exchange.objects.create(
        key=new_key(), number=lending.number(Exchange, "X"), title_en=title_en.strip(), title_zh=title_zh.strip(),
        instrument=instrument.strip(), when=said.text if isinstance(said, dates.When) else "?", sources=sources[:200],
        by=by.key, at=at,
    )  # fmt: skip
    ExchangeLeg.objects.bulk_create(
        ExchangeLeg(exchange=made, way=leg.way, party=leg.party.strip(), what=leg.what.strip(), base_ng=leg.base_ng,
                    share_over=share.numerator, share_under=share.denominator)
        for leg, share in zip(legs, shares, strict=True) if isinstance(share, Fraction)
    )  # fmt: skip
    return made


def _check_legs(legs: Sequence[Agreed]) -> Iterator[Fault]:
    if sorted(leg.way for leg in legs) not in (["given"], ["received"], ["given", "received"]):
        yield fault.of(
            "legs", "an exchange has a leg each way", "tell what is given and what is received, each once"
        )
    for i, leg in enumerate(legs):
        yield from texts.check(f"legs[{i}].party", leg.party, most=deeds.NAME_MOST, needed=True)
        yield from texts.check(f"legs[{i}].what", leg.what, most=deeds.NAME_MOST, needed=True)
        if leg.base_ng is not None and not 0 < leg.base_ng <= mass.MAX_NG:
            yield fault.of(
                f"legs[{i}].base", "a mass is above zero or not known", "leave it out where it is not known"
            )


@transaction.atomic
def sign_receipt(deed: Deed, *, by: Person, at: datetime) -> DeedReceipt:
    """Return the receipt of a deed, signed by the ledger's key; asked twice, it is the same receipt."""
    lock()
    held = DeedReceipt.objects.filter(deed=deed).first()
    if held is not None:
        return held
    fault.refuse_if(_check_who(by))
    rows = deed.items.select_related("sample").all()
    said = receipts.Receipt(
        number=deed.number, kind=deed.kind, title="passes" if deed.passes_title else "stays", giver=deed.giver,
        receiver=deed.receiver, on=deed.when, instrument=deed.instrument,
        items=tuple((row.sample.number if row.sample else row.what, row.mass_ng) for row in rows),
        entries=tuple(queries.deeds.entries(deed)),
    )  # fmt: skip
    note = receipts.sign(said, instance.read_signing_key(settings.HOME))
    return DeedReceipt.objects.create(deed=deed, note=note, by=by.key, at=at)
