"""Keeping the store: places are made, corrected, moved with all that is in them, closed and opened again.

Nothing is posted: mass stays with the holder of the place that it lies in, wherever that place goes. The ledger's head
is locked, so that nothing is put into a place while it is closed, and no two moves make a ring.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from aliquot import fault, places
from aliquot.fault import Fault
from aliquot.places import Kind, What
from aliquot.site.models import Balance, Head, Holder, Place, PlaceMove, Sample
from aliquot.site.operations.ledger import lock
from aliquot.site.queries import places as reads

AT_ONCE = 500
REASON_MOST = 2000
# SQLite takes at least 32,766 values in a statement.
STATED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a place. `country` is for sites: ISO 3166, two letters."""

    kind: str = ""
    name_en: str = ""
    name_zh: str = ""
    container_type: str = ""
    atmosphere: str = ""
    allowed_materials: str = ""
    country: str = ""

    @property
    def materials(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(places.material(word) for word in self.allowed_materials.split()))


# -- making ----------------------------------------------------------------------------------------------------


@transaction.atomic
def make(
    codes: Sequence[str], told: Told, *, into: str = "", holder: str = "", by: str, at: datetime
) -> tuple[Place, ...]:
    """Make a place for each code, all alike, in the place with the code `into`; a site stands in none.

    With `holder` the one place is that which the ledger calls so already (`place:a1`).
    """
    lock()
    parent = reads.by_code(into) if into else None
    known = (
        Holder.objects.filter(key=holder, root="place", place=None).first() if places.is_key(holder) else None
    )
    fault.refuse_if(_check_made(codes, told, into, parent, holder, known))
    above = reads.chain(parent.pk) if parent else ()
    made = []
    for code in codes:
        row = Place(parent=parent, site=above[-1] if above else None, code=code, **_columns(told))
        row.holder = known or Holder(key=_new_key(), root="place")
        if known and not (row.name_en or row.name_zh):
            row.name_en, row.name_zh = (known.detail, "") if parent else (known.name_en, known.name_zh)
        _name(row, above[-1] if above else row, told.country or row.holder.country)
        row.holder.save()
        row.save()
        _note(row, What.MADE, by=by, at=at)
        if known:
            _restate_public([row.pk], row.holder)
        made.append(row)
    return tuple(made)


def _check_made(
    codes: Sequence[str], told: Told, into: str, parent: Place | None, holder: str, known: Holder | None
) -> Iterator[Fault]:
    if not codes or len(codes) > AT_ONCE:
        yield fault.of("code", "1 to {most} places are made at once", "give each a code", most=AT_ONCE)
    said = [code.casefold() for code in codes]
    for code in codes[:AT_ONCE]:
        wrong = places.check_code(code)
        yield from wrong
        if said.count(code.casefold()) > 1 or (not wrong and reads.is_taken(code)):
            yield _taken(code)
    if holder and known is None:
        yield fault.of("holder", "the ledger has no place {holder} that wants setting up", "choose one of the list",
                       holder=holder[:120])  # fmt: skip
    elif holder and len(codes) > 1:
        yield fault.of("code", "one holder of the ledger is one place", "give one code")
    yield from _check_told(told)
    if into and parent is None:
        yield _no_place("parent", into)
    elif told.kind in list(Kind):
        above = reads.values(reads.chain(parent.pk)) if parent else ()
        yield from places.check_stands(places.Place("", Kind(told.kind), ""), above)


def _check_told(told: Told) -> Iterator[Fault]:
    if told.kind not in list(Kind):
        yield fault.of("kind", "“{word}” is not a kind of place", "use one of: {words}",
                       word=told.kind[:40], words=", ".join(Kind))  # fmt: skip
        return
    yield from places.check_name(told.name_en, "name_en")
    yield from places.check_name(told.name_zh, "name_zh")
    yield from places.check_words(Kind(told.kind), container_type=told.container_type,
                                  air=told.atmosphere, touching=told.materials)  # fmt: skip
    if len(" ".join(told.materials)) > 200:
        yield fault.of(
            "allowed_materials", "these are too many materials", "name those that may touch a sample"
        )
    country = told.country
    if country and told.kind != Kind.SITE:
        yield fault.of("country", "only a site has a country", "leave it empty")
    elif country and not (
        len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()
    ):
        yield fault.of("country", "“{country}” is not the code of a country", "write two capitals such as CN",
                       country=country[:10])  # fmt: skip


def _taken(code: str) -> Fault:
    return fault.of("code", "the code {code} is taken", "give each place a code of its own", code=code[:60])


def _no_place(where: str, code: str) -> Fault:
    return fault.of(
        where, "there is no place “{name}”", "check its label, or set the place up first", name=code[:60]
    )


def _columns(told: Told) -> dict[str, str]:
    return {
        "kind": told.kind,
        "name_en": told.name_en,
        "name_zh": told.name_zh,
        "container_type": told.container_type,
        "atmosphere": told.atmosphere,
        "allowed_materials": " ".join(told.materials),
    }


def _new_key() -> str:
    while True:
        key = places.key(secrets.randbelow(len(places.KEY_LETTERS) ** places.KEY_LENGTH))
        if not Holder.objects.filter(key=key).exists():
            return key


def _name(row: Place, site: Place, country: str = "") -> None:
    """Give a place's holder the names of its site, which the public may read, and its own for those who may see it."""
    holder = row.holder
    if site is row:
        holder.name_en, holder.name_zh = row.name_en, row.name_zh
        holder.country = country
    else:
        holder.name_en, holder.name_zh, holder.country = (
            site.holder.name_en,
            site.holder.name_zh,
            site.holder.country,
        )
    holder.detail = " ".join(filter(None, (row.code, row.name_en or row.name_zh)))[:200]


def _note(
    row: Place, what: What, *, by: str, at: datetime, reason: str = "", changes: Sequence[Sequence[str]] = ()
) -> None:
    """Write a line of a place's history; its time never runs backwards."""
    last = PlaceMove.objects.filter(place=row).order_by("-at", "-pk").values_list("at", flat=True).first()
    PlaceMove.objects.create(place=row, parent=row.parent, at=max(at, last) if last else at, by=by, what=what,
                             changes=[list(each) for each in changes], reason=reason.strip())  # fmt: skip


# -- correcting ------------------------------------------------------------------------------------------------


@transaction.atomic
def correct(code: str, told: Told, *, new_code: str = "", reason: str = "", by: str, at: datetime) -> Place:
    """Say of a place what it is rightly called and like; what it was stays in its history."""
    lock()
    row = _found(code)
    was = reads.chain(row.pk)
    new_code = new_code or row.code
    now = _columns(told) | {"code": new_code, "country": told.country}
    before = _columns(told_of(row)) | {"code": row.code, "country": told_of(row).country}
    changes = [(name, before[name], now[name]) for name in now if before[name] != now[name]]
    fault.refuse_if(_check_corrected(row, was, told, new_code, reason, bool(changes)))
    for name, _, value in changes:
        if name != "country":
            setattr(row, name, value)
    _name(row, was[-1] if row.parent_id else row, told.country)
    row.holder.save()
    row.save()
    if not row.parent_id:
        _restate_public(reads.branch(row.pk), row.holder)
    _note(row, What.CORRECTED, by=by, at=at, reason=reason, changes=changes)
    return row


def _check_corrected(
    row: Place, was: Sequence[Place], told: Told, new_code: str, reason: str, differs: bool
) -> Iterator[Fault]:
    yield from _check_reason(reason)
    wrong_code = places.check_code(new_code)
    yield from wrong_code
    if not wrong_code and reads.is_taken(new_code, but=row.pk):
        yield _taken(new_code)
    if not differs:
        yield fault.of("place", "nothing of {code} would be different", "change what is wrong", code=row.code)
    wrong = tuple(_check_told(told))
    yield from wrong
    if told.kind not in list(Kind):
        return
    own, *above = reads.values(was)
    becomes = replace(own, kind=Kind(told.kind), atmosphere=told.atmosphere)
    if becomes.kind is not own.kind:
        yield from places.check_stands(becomes, tuple(above), where="kind")
        for kind in Place.objects.filter(parent=row).order_by().values_list("kind", flat=True).distinct():
            if told.kind not in places.larger(Kind(kind)):
                yield fault.of("kind", "what stands in {code} would be too large for it", "move it elsewhere first",
                               code=row.code)  # fmt: skip
                break
    if not wrong:
        yield from places.check_air(
            (own, *above), (becomes, *above), pristine=reads.breathing(row.pk), reason=reason
        )


def _restate_public(pks: Sequence[int], site: Holder, *, moved_to: Place | None = None) -> None:
    """Call all these places by the names of their site, and have the catalogue's index read their samples again."""
    names = {"name_en": site.name_en, "name_zh": site.name_zh, "country": site.country}
    revision = Head.objects.values_list("revision", flat=True).get(pk=1) + 1
    Head.objects.filter(pk=1).update(revision=revision)
    for first in range(0, len(pks), STATED_AT_ONCE):
        some = pks[first : first + STATED_AT_ONCE]
        if moved_to:
            Place.objects.filter(pk__in=some).update(site=moved_to)
        Holder.objects.filter(place__in=some).exclude(pk=site.pk).update(**names)
        Sample.objects.filter(holder__place__in=some).update(revision=revision)


# -- moving ----------------------------------------------------------------------------------------------------


@transaction.atomic
def move(
    code: str, *, into: str, source: str | None = None, reason: str = "", by: str, at: datetime
) -> Place:
    """Put a place, with all that is in it, into another.

    `source` is the code of the place in which whoever moves it saw it stand: if it stands elsewhere by now, somebody
    else was quicker and the move is refused.
    """
    lock()
    row = _found(code)
    target = reads.by_code(into)
    fault.refuse_if(_check_moved(row, target, into, source, reason))
    was, above = reads.chain(row.pk), reads.chain(target.pk)
    own, *_ = before = reads.values(was)
    after = (own, *reads.values(above))
    pristine = 0 if row.atmosphere else reads.breathing(row.pk)
    fault.refuse_if(
        (
            *places.check_stands(own, after[1:]),
            *places.check_air(before, after, pristine=pristine, reason=reason),
        )
    )
    row.parent = target
    row.save()
    if was[-1].pk != above[-1].pk:
        _restate_public(reads.branch(row.pk), above[-1].holder, moved_to=above[-1])
    _note(row, What.MOVED, by=by, at=at, reason=reason)
    return row


def _check_moved(
    row: Place, target: Place | None, into: str, source: str | None, reason: str
) -> Iterator[Fault]:
    yield from _check_reason(reason)
    here = row.parent.code if row.parent else ""
    if source is not None and source != here:
        yield fault.of("place", "{code} was moved meanwhile: it stands in {here} now", "look at it again, then move it",
                       code=row.code, here=here or "–")  # fmt: skip
    if row.closed_at:
        yield fault.of("place", "{code} is closed", "open it again first", code=row.code)
    if target is None:
        yield _no_place("parent", into)
    elif target.pk == row.parent_id:
        yield fault.of("parent", "{code} stands there already", "choose another place", code=row.code)


def _check_reason(reason: str) -> Iterator[Fault]:
    if len(reason) > REASON_MOST:
        yield fault.of(
            "reason", "the reason is longer than {most} characters", "shorten it", most=REASON_MOST
        )


def _found(code: str) -> Place:
    row = reads.by_code(code)
    if row is None:
        raise fault.Refused([_no_place("place", code)])
    return row


# -- closing ---------------------------------------------------------------------------------------------------


@transaction.atomic
def close(code: str, *, reason: str = "", by: str, at: datetime) -> Place:
    """Close an empty place: nothing is put into it any more."""
    lock()
    row = _found(code)
    faults = list(_check_reason(reason))
    if row.closed_at:
        faults.append(fault.of("place", "{code} is closed already", "there is nothing to do", code=row.code))
    faults += places.check_closing(
        samples=Balance.objects.filter(holder=row.holder_id, mass_ng__gt=0).count(),
        places=Place.objects.filter(parent=row, closed_at=None).count(),
    )
    fault.refuse_if(faults)
    row.closed_at = at
    row.save()
    _note(row, What.CLOSED, by=by, at=at, reason=reason)
    return row


@transaction.atomic
def open_again(code: str, *, reason: str = "", by: str, at: datetime) -> Place:
    """Use a place again that was closed."""
    lock()
    row = _found(code)
    faults: list[Fault] = list(_check_reason(reason))
    if not row.closed_at:
        faults.append(fault.of("place", "{code} is open", "there is nothing to do", code=row.code))
    faults += places.check_stands(*_apart(reads.values(reads.chain(row.pk))), where="place")
    fault.refuse_if(faults)
    row.closed_at = None
    row.save()
    _note(row, What.OPENED, by=by, at=at, reason=reason)
    return row


def _apart(of: Sequence[places.Place]) -> tuple[places.Place, Sequence[places.Place]]:
    return of[0], of[1:]


def told_of(row: Place) -> Told:
    """Return what is told of a place now: the ground of a correction."""
    country = "" if row.parent_id else row.holder.country
    return Told(**{name: getattr(row, name) for name in _columns(Told())}, country=country)


def read(said: Mapping[str, object]) -> Told:
    """Return what a form or a program tells of a place; what is no text is nothing."""
    return Told(**{name: _text(said.get(name)) for name in Told.__slots__})


def _text(value: object) -> str:
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
        return " ".join(map(str, value)).strip()
    return value.strip() if isinstance(value, str) else ""
