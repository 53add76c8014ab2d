"""Acts on the public register: propose a claim, look at it as a second person, link it, withdraw it. One transaction an act.

Nothing is changed: each act is a further step, whose text is hashed, and whose hash goes into the ledger's log in the same
transaction. What may be done in which state is decided in `register_claims`; who may do it, in `permissions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from aliquot import acts, fault, register_claims, texts
from aliquot.facts import Record
from aliquot.fault import Fault
from aliquot.register_claims import Act, Kind, Step, Tie
from aliquot.site import queries
from aliquot.site.models import Person, RegisterClaim, RegisterStep
from aliquot.site.operations import notices, register_index
from aliquot.site.operations.ledger import append, lock, moment
from aliquot.site.queries import claims
from aliquot.site.queries.register import around


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is told when a claim is proposed; see docs/record.md.

    `fact` has the fields of a table of the record's files without `key` and `state`. `source`, where given, is a source that
    the register has not: it is proposed as a claim of its own, and put first among the sources of the fact.
    """

    kind: str = Kind.STATEMENT
    fact: Mapping[str, object] = field(default_factory=dict)
    source: Mapping[str, object] | None = None
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    why: str = ""


@transaction.atomic
def propose(told: Proposal, *, by: Person, at: datetime) -> RegisterClaim:
    """Enter a claim, and its source where that is new; return the claim's row, or raise `Refused` with every fault.

    A fault's `where` is the field of the fact; one of the new source has `source.` before it.
    """
    lock()
    record, number = _around([told]), _next_number()
    cited = _Cited.of(told.source, record, number)
    key = _key(number + (cited is not None))
    fact, faults = _read(told, cited.record if cited else record, cited, key)
    fault.refuse_if([*(cited.faults if cited else ()), *faults])
    if cited:
        _enter(number, Kind.SOURCE, cited.fact, by=by, at=at)
    return _enter(
        number + (cited is not None),
        Kind(told.kind),
        fact,
        links=_links(told),
        why=told.why.strip(),
        by=by,
        at=at,
    )


MANY_MOST = 500


def look_over(
    told: Sequence[Proposal], source: Mapping[str, object] | None
) -> tuple[tuple[Fault, ...], list[tuple[Fault, ...]]]:
    """Return what is wrong with a source common to many claims, and with each claim; nothing is written."""
    record, number = _around(told), _next_number()
    cited = _Cited.of(source, record, number)
    known = cited.record if cited else record
    found = [_read(one, known, cited, _key(number + 1 + i))[1] for i, one in enumerate(told)]
    return tuple(cited.faults) if cited else (), found


@transaction.atomic
def propose_many(
    told: Sequence[Proposal], source: Mapping[str, object] | None, *, by: Person, at: datetime
) -> list[RegisterClaim]:
    """Enter many claims that rest on one source, all or none."""
    lock()
    if not 0 < len(told) <= MANY_MOST:
        raise fault.Refused(
            [fault.of("table", "it has no claim, or more than {most}", "import it in parts", most=MANY_MOST)]
        )
    record, number = _around(told), _next_number()
    cited = _Cited.of(source, record, number)
    first = number + (cited is not None)
    read = [
        _read(one, cited.record if cited else record, cited, _key(first + i)) for i, one in enumerate(told)
    ]
    fault.refuse_if([*(cited.faults if cited else ()), *(one for _fact, faults in read for one in faults)])
    if cited:
        _enter(number, Kind.SOURCE, cited.fact, by=by, at=at)
    return [
        _enter(first + i, Kind(one.kind), fact, links=_links(one), why=one.why.strip(), by=by, at=at)
        for i, (one, (fact, _faults)) in enumerate(zip(told, read, strict=True))
    ]


def _around(told: Sequence[Proposal]) -> Record:
    """Return the part of the record that proposals name: what they are held against."""
    keys = {key for one in told for key in around.named(one.fact, one.links)}
    subjects = {key for one in told if isinstance(key := one.fact.get("about"), str)}
    return around.record(keys=sorted(keys), about=sorted(subjects), about_most=len(subjects))


@dataclass(frozen=True, slots=True)
class _Cited:
    """A source that the register has not yet: as told, under which key, with the record as it would be."""

    key: str
    fact: Mapping[str, object]
    record: Record
    faults: tuple[Fault, ...]

    @staticmethod
    def of(source: Mapping[str, object] | None, record: Record, number: int) -> _Cited | None:
        if source is None:
            return None
        fact, key = register_claims.tidy(source), _key(number)
        found = register_claims.check_fact(Kind.SOURCE, fact, key=key, record=record)
        faults = tuple(fault.Fault(f"source.{one.where}", one.what, one.todo, one.values) for one in found)
        return _Cited(key, fact, record if faults else _with_source(record, fact, key), faults)


def _read(
    told: Proposal, record: Record, cited: _Cited | None, key: str
) -> tuple[dict[str, object], tuple[Fault, ...]]:
    """Return the fields of a claim, its new source first, and what is wrong with it."""
    sources = [*([cited.key] if cited else ()), *_sources(told.fact)]
    fact = register_claims.tidy({**told.fact, "sources": sources} if sources else told.fact)
    faults = [*_check_kind(told.kind), *texts.check("why", told.why, most=register_claims.TEXT_MOST)]
    if told.kind in list(Kind):
        rests = told.kind in (Kind.STATEMENT, Kind.TRANSFER)
        faults += [_no_source()] if rests and not sources else []
        found = register_claims.check_fact(Kind(told.kind), fact, key=key, record=record)
        # Of a source that is wrong itself nothing is said twice.
        unsaid = (cited and cited.faults) or (rests and not sources)
        faults += [one for one in found if not (unsaid and one.where == "sources")]
    return fact, (*faults, *register_claims.check_links(_links(told), record=record, key=key))


def _links(told: Proposal) -> dict[str, tuple[str, ...]]:
    return {tie: tuple(dict.fromkeys(keys)) for tie, keys in told.links.items() if keys}


def _check_kind(kind: str) -> list[Fault]:
    if kind in list(Kind):
        return []
    return [fault.of("kind", "there is no kind of claim “{kind}”", "use one of: {listed}", kind=kind[:40],
                     listed=", ".join(Kind))]  # fmt: skip


def _no_source() -> Fault:
    return fault.of("sources", "no source is told", "name one of the register by its key, or tell a new one")


def _sources(fact: Mapping[str, object]) -> list[object]:
    given = fact.get("sources", [])
    return [*given] if isinstance(given, list | tuple) else [given]


def _with_source(record: Record, cited: Mapping[str, object], key: str) -> Record:
    """Return the record as it would be with the new source, for holding the fact against it."""
    new = register_claims.Claim(
        key, Kind.SOURCE, cited, register_claims.State.CLAIMED, checked=True, withdrawn=False, links={}
    )
    return register_claims.joined(record, [new])


def _next_number() -> int:
    last = RegisterClaim.objects.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _key(number: int) -> str:
    return f"claim-{number}"


def _enter(
    number: int,
    kind: Kind,
    fact: Mapping[str, object],
    *,
    links: Mapping[str, tuple[str, ...]] | None = None,
    why: str = "",
    by: Person,
    at: datetime,
) -> RegisterClaim:
    about = fact.get("about", "") if kind is Kind.STATEMENT else ""
    row = RegisterClaim.objects.create(
        number=number, key=_key(number), kind=kind.value, about=about, state=register_claims.State.CLAIMED.value,
        by=by, at=at, changed_at=at,
    )  # fmt: skip
    step = Step(row.key, 1, Act.PROPOSE, moment(at), by.key, kind, fact, links or {}, why)
    _write(row, step, by=by, at=at)
    return row


def _write(row: RegisterClaim, step: Step, *, by: Person, at: datetime) -> RegisterStep:
    """Write a checked step: its text, its hash, the entry that puts it on record, and where it leaves the claim."""
    text = register_claims.text(step)
    digest = register_claims.digest(text)
    entry = append(
        lambda stamp: acts.record(stamp, step.claim, step.number, sha256=digest), by=by.key, at=moment(at)
    )
    made = RegisterStep.objects.create(
        claim=row,
        number=step.number,
        act=step.act.value,
        text=text,
        hash=digest,
        entry_id=entry.index,
        by=by,
        at=at,
    )
    left = claims.value_of(row)
    row.state, row.checked, row.withdrawn = left.state.value, left.checked, left.withdrawn
    row.steps, row.changed_at = step.number, at
    RegisterClaim.objects.filter(pk=row.pk).update(
        state=row.state, checked=row.checked, withdrawn=row.withdrawn, steps=row.steps, changed_at=at
    )
    register_index.renew(row, left)
    return made


@transaction.atomic
def act(
    row: RegisterClaim,
    act: str,
    *,
    why: str = "",
    links: Mapping[str, Sequence[str]] | None = None,
    seen: int | None = None,
    by: Person,
    at: datetime,
) -> RegisterStep:
    """Judge, link or withdraw a claim; whoever confirms or verifies it does so for its sources that nobody has seen yet.

    `seen` is how many steps of the claim the person has before them, where that is known: with more the act is refused.
    """
    lock()
    fault.refuse_if(_check_act(act))
    doing = Act(act)
    row = RegisterClaim.objects.select_related("by").get(pk=row.pk)
    fault.refuse_if(_check_seen(row, seen))
    before, why = claims.value_of(row), why.strip()
    tied = {tie: tuple(dict.fromkeys(keys)) for tie, keys in (links or {}).items() if keys}
    record = around.record(keys=[*around.named(before.fact, before.links), *around.named({}, tied)])
    waiting = _sources_waiting(before) if doing in (Act.CONFIRM, Act.VERIFY) else []
    for source in waiting:
        record = _with_source(record, claims.value_of(source).fact, source.key)
    fault.refuse_if(
        [
            *register_claims.check_act(doing, before, by=by.key, proposer=row.by.key, why=why, record=record),
            *register_claims.check_links(tied, record=record, key=row.key),
            *([] if tied or doing is not Act.LINK else [_no_link()]),
        ]
    )
    for source in waiting:
        if source.by_id != by.pk:
            _step(source, Act.CONFIRM, why="", links={}, by=by, at=at)
    made = _step(row, doing, why=why, links=tied, by=by, at=at)
    if doing in register_claims.JUDGING:
        notices.claim_judged(row, made.number, by=by, at=at)
    return made


def _step(
    row: RegisterClaim,
    doing: Act,
    *,
    why: str,
    links: Mapping[str, tuple[str, ...]],
    by: Person,
    at: datetime,
) -> RegisterStep:
    last = RegisterStep.objects.filter(claim=row).order_by("-number").first() or fault.bug(
        "a claim has steps"
    )
    step = Step(
        row.key,
        last.number + 1,
        doing,
        moment(at),
        by.key,
        Kind(row.kind),
        {},
        links,
        why,
        previous=last.hash,
    )
    return _write(row, step, by=by, at=at)


def _check_act(act: str) -> list[Fault]:
    possible = [one.value for one in Act if one is not Act.PROPOSE]
    if act in possible:
        return []
    return [fault.of("act", "there is no act “{act}” on a claim", "use one of: {listed}", act=act[:40],
                     listed=", ".join(possible))]  # fmt: skip


def _check_seen(row: RegisterClaim, seen: int | None) -> list[Fault]:
    if seen is None or seen == row.steps:
        return []
    return [fault.of("act", "somebody did something about {key} while you looked at it",
                     "read its history, then judge", key=row.key)]  # fmt: skip


def _no_link() -> Fault:
    return fault.of(Tie.CONTRADICTS, "no other fact is named", "copy the key of one from its page")


def _sources_waiting(before: register_claims.Claim) -> list[RegisterClaim]:
    """Return the claims of sources on which this one rests and at which nobody has looked."""
    keys = [key for key in _sources(before.fact) if isinstance(key, str)]
    rows = queries.claims.claims(waiting=True, kind=Kind.SOURCE.value).filter(key__in=keys)
    return list(rows.order_by("number"))
