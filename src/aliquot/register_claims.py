"""What is a claim that somebody proposes, what may be done with it, and which record is in force with all of them?

A claim is a chain of steps: proposed, then looked at by somebody else, linked, withdrawn. The text of a step is one line of
canonical JSON whose SHA-256 stands in the ledger, and names the hash of the step before it. What a claim says is a table
with the fields of the record's files (docs/record.md), read by the same code. Knows no database, no person's name and no clock.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

from aliquot import fault, register_check, register_read, texts
from aliquot.facts import Mission, Party, Record, Round, Source, Statement, Transfer
from aliquot.fault import Fault
from aliquot.register_table import KEY, Table
from aliquot.ties import Tie
from aliquot.vocabulary import State

Fact = Statement | Transfer | Source | Party
Values = Mapping[str, object]

TEXT_MOST: Final = 4000
FIELDS_MOST: Final = 40
LINKS_MOST: Final = 20


class Kind(StrEnum):
    """What a claim is about."""

    STATEMENT = "statement"
    TRANSFER = "transfer"
    SOURCE = "source"
    PARTY = "party"


class Act(StrEnum):
    """What is done with a claim in one step."""

    PROPOSE = "propose"
    CONFIRM = "confirm"  # a second person has seen that the source says so
    VERIFY = "verify"  # and the evidence suffices: a primary source, or two independent ones
    REFUTE = "refute"
    DOUBT = "doubt"  # nobody can say; kept as a question
    LINK = "link"
    WITHDRAW = "withdraw"


JUDGING: Final = frozenset({Act.CONFIRM, Act.VERIFY, Act.REFUTE, Act.DOUBT})
AFTER: Final[Mapping[Act, State]] = {
    Act.CONFIRM: State.CLAIMED,
    Act.VERIFY: State.VERIFIED,
    Act.REFUTE: State.REFUTED,
    Act.DOUBT: State.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a claim. `previous` is the hash of the step before it; `at` is RFC 3339 in UTC, `by` an opaque key."""

    claim: str
    number: int
    act: Act
    at: str
    by: str
    kind: Kind
    fact: Values = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    why: str = ""
    previous: str = ""


def text(step: Step) -> str:
    """Return the canonical text of a step: JSON with sorted keys, no spaces, UTF-8 in NFC, without a line end."""
    said = {
        "act": step.act.value,
        "at": step.at,
        "by": step.by,
        "claim": step.claim,
        "fact": dict(step.fact),
        "kind": step.kind.value,
        "links": {tie: list(keys) for tie, keys in step.links.items()},
        "previous": step.previous,
        "step": step.number,
        "why": step.why,
    }
    made = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", made)


def digest(step_text: str) -> str:
    """Return the SHA-256 of a step's text, in hexadecimal, as the ledger cites it."""
    return sha256(step_text.encode()).hexdigest()


def read_step(step_text: str) -> Step:
    """Return the step of a text that `text` made."""
    said = json.loads(step_text)
    return Step(
        claim=said["claim"],
        number=said["step"],
        act=Act(said["act"]),
        at=said["at"],
        by=said["by"],
        kind=Kind(said["kind"]),
        fact=said["fact"],
        links={tie: tuple(keys) for tie, keys in said["links"].items()},
        why=said["why"],
        previous=said["previous"],
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as its steps left it. `checked` is whether somebody other than its proposer has looked at it."""

    key: str
    kind: Kind
    fact: Values
    state: State
    checked: bool
    withdrawn: bool
    links: Mapping[str, tuple[str, ...]]
    told_at: str = ""  # when it was proposed, as its first step has it

    @property
    def counts(self) -> bool:
        """Whether it is part of the record in force: looked at by a second person, and not withdrawn."""
        return self.checked and not self.withdrawn


def claim(steps: Iterable[Step]) -> Claim:
    """Return what the steps of one claim, in order, leave of it."""
    found: Claim | None = None
    for step in steps:
        found = after(found, step)
    return found or fault.bug("a claim has at least the step that proposes it")


def after(before: Claim | None, step: Step) -> Claim:
    """Return the claim after one more step."""
    if before is None:
        return Claim(step.claim, step.kind, step.fact, State.CLAIMED, False, False, step.links, step.at)
    links = {
        tie: tuple(dict.fromkeys([*before.links.get(tie, ()), *step.links.get(tie, ())]))
        for tie in {*before.links, *step.links}
    }
    return replace(
        before,
        state=AFTER.get(step.act, before.state),
        checked=before.checked or step.act in JUDGING,
        withdrawn=before.withdrawn or step.act is Act.WITHDRAW,
        links=links,
    )


def check_steps(steps: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """Yield what is wrong with steps, each given with the text of its entry: hash, chain, canonical form."""
    last: dict[str, tuple[int, str]] = {}
    for step_text, entry_text in steps:
        try:
            step = read_step(step_text)
            canonical = text(step)
            is_step = isinstance(step.claim, str) and isinstance(step.number, int)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            is_step = False
        if not is_step:
            yield fault.of("register", "a step cannot be read", "restore the register as it was published")
            continue
        where, digested = f"{step.claim}/{step.number}", digest(step_text)
        if f"basis register:{where}\nbasis sha256:{digested}\n" not in entry_text:
            yield fault.of(
                where, "the ledger has another hash for it", "restore the register as it was published"
            )
        if canonical != step_text:
            yield fault.of(
                where, "it is not written in its canonical form", "restore the register as it was published"
            )
        number, previous = last.get(step.claim, (0, ""))
        if (step.number, step.previous) != (number + 1, previous):
            yield fault.of(
                where, "it does not follow the step before it", "restore the register as it was published"
            )
        last[step.claim] = step.number, digested


_RECORDED: Final = re.compile(r"^basis register:(\S{1,80})\nbasis sha256:([0-9a-f]{64})$", re.MULTILINE)


def check_published(lines: Iterable[str], book: str) -> Iterator[Fault]:
    """Yield what is wrong with steps as they were published beside a book, against that book; none may be missing."""
    recorded, told = dict(_RECORDED.findall(book)), set[str]()

    def beside() -> Iterator[tuple[str, str]]:
        for line in lines:
            where = _where(line)
            told.add(where)
            yield line, f"basis register:{where}\nbasis sha256:{recorded.get(where, '')}\n"

    yield from check_steps(beside())
    for where in sorted(recorded.keys() - told):
        yield fault.of(
            where, "the book has it on record, and it is not told", "ask for the register as it was published"
        )


def _where(step_text: str) -> str:
    """Return claim and number of a step; empty where it cannot be read."""
    try:
        said = json.loads(step_text)
        return f"{said['claim']}/{said['step']}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


# -- what a claim says -------------------------------------------------------------------------------------


def tidy(said: Values) -> dict[str, object]:
    """Return the fields that are told, trimmed, in NFC; what is told in one language stands for the other."""
    made: dict[str, object] = {}
    for name, value in said.items():
        if isinstance(value, str):
            trimmed = unicodedata.normalize("NFC", value.strip())
            if trimmed:
                made[name] = trimmed
        elif isinstance(value, list | tuple):
            kept = [
                unicodedata.normalize("NFC", one.strip()) if isinstance(one, str) else one for one in value
            ]
            if kept := [one for one in kept if one != ""]:
                made[name] = kept
        elif value is not None:
            made[name] = value
    for name in [*made]:
        stem, mark, language = name.rpartition("_")
        other = f"{stem}_{'zh' if language == 'en' else 'en'}"
        if mark and language in ("en", "zh") and other not in made:
            made[other] = made[name]
    return made


def check_fact(kind: Kind, said: Values, *, key: str, record: Record) -> tuple[Fault, ...]:
    """Return every fault of what a claim says against this record; the field is `Fault.where`."""
    faults = [*_check_size(said)]
    if faults:
        return tuple(faults)
    found = read_fact(kind, said, key=key, state=State.CLAIMED, record=record, faults=faults)
    if isinstance(found, Statement | Transfer):
        faults += register_check.check_fact(record, found)
    if isinstance(found, Statement) and not is_subject(record, found.about):
        faults.append(fault.of("about", "the register has nothing under “{key}”",
                               "search for the mission, party, transfer or round", key=found.about[:60]))  # fmt: skip
    return tuple(replace(one, where=one.where.rpartition(": ")[2]) for one in faults)


def _check_size(said: Values) -> Iterator[Fault]:
    if len(said) > FIELDS_MOST:
        yield fault.of(
            "fact", "there are more than {most} fields", "tell what the guide names", most=FIELDS_MOST
        )
    for name, value in said.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, str):
                yield from texts.check(str(name)[:40], one, most=TEXT_MOST)


def read_fact(
    kind: Kind, said: Values, *, key: str, state: State, record: Record, faults: list[Fault]
) -> Fact | None:
    """Return the fact that the fields tell, under the claim's key and state; None with what is wrong added to `faults`."""
    fields: dict[str, object] = {name: value for name, value in said.items() if name not in ("key", "state")}
    fields["key"] = key
    if kind in (Kind.STATEMENT, Kind.TRANSFER):
        fields["state"] = state.value
    table = Table(fields, where="", faults=faults)
    found: Fact
    if kind is Kind.STATEMENT:
        found = register_read.statement(table)
    elif kind is Kind.TRANSFER:
        found = register_read.transfer(table, record.parties)
    elif kind is Kind.SOURCE:
        found = register_read.source(table)
    else:
        found = register_read.party(table)
    table.end()
    return found if table.is_sound else None


def is_subject(record: Record, key: str) -> bool:
    """Whether something can be said of this key: the record has it, or says something of it already."""
    kinds: tuple[Mapping[str, Mission | Party | Transfer | Round], ...] = (
        record.missions, record.parties, record.transfers, record.rounds,
    )  # fmt: skip
    return any(key in kind for kind in kinds) or bool(record.about(key))


def check_links(links: Mapping[str, Iterable[str]], *, record: Record, key: str) -> Iterator[Fault]:
    """Yield what is wrong with links to other facts; the field is the tie."""
    for tie, keys in links.items():
        if tie not in list(Tie):
            yield fault.of("links", "there is no link “{tie}”", "use one of: {listed}", tie=tie[:40],
                           listed=", ".join(Tie))  # fmt: skip
            continue
        every = list(keys)
        if len(every) > LINKS_MOST:
            yield fault.of(tie, "there are more than {most} links", "link the nearest ones", most=LINKS_MOST)
        for other in every[:LINKS_MOST]:
            if other == key or not (KEY.fullmatch(other) and has_fact(record, other)):
                yield fault.of(tie, "the register has no other fact “{key}”", "copy the key from its page",
                               key=other[:60])  # fmt: skip


def has_fact(record: Record, key: str) -> bool:
    """Whether the record has a statement, transfer or round of this key."""
    return key in record.statements or key in record.transfers or key in record.rounds


# -- what may be done with it ------------------------------------------------------------------------------


def check_act(
    act: Act, before: Claim, *, by: str, proposer: str, why: str, record: Record
) -> Iterator[Fault]:
    """Yield why this step may not follow; whoever proposed a claim never judges it."""
    yield from texts.check("why", why, most=TEXT_MOST, needed=act in (Act.REFUTE, Act.DOUBT, Act.WITHDRAW))
    if before.withdrawn:
        yield fault.of("act", "{key} is withdrawn", "propose it anew", key=before.key)
        return
    if act in JUDGING and by == proposer:
        yield fault.of(
            "act", "you proposed {key} yourself", "ask a second person to look at it", key=before.key
        )
    if act is Act.WITHDRAW and by != proposer:
        yield fault.of(
            "act", "only whoever proposed {key} withdraws it", "refute it, and say why", key=before.key
        )
    if act is Act.WITHDRAW and before.checked:
        yield fault.of("act", "a second person has looked at {key}", "refute it, and say why", key=before.key)
    if act in AFTER and before.checked and before.state is AFTER[act]:
        yield fault.of(
            "act",
            "somebody found the same of {key} already",
            "do nothing, or judge otherwise",
            key=before.key,
        )
    if act in (Act.VERIFY, Act.CONFIRM):
        faults: list[Fault] = []
        found = read_fact(
            before.kind, before.fact, key=before.key, state=AFTER[act], record=record, faults=faults
        )
        if isinstance(found, Statement | Transfer):
            faults += register_check.check_fact(record, found)
        yield from (replace(one, where="act") for one in faults)


# -- the record in force -----------------------------------------------------------------------------------


def joined(
    shipped: Record,
    claims: Iterable[Claim],
    *,
    superseded: Iterable[str] = (),
) -> Record:
    """Return the shipped record with every claim that counts.

    A source counts that a claim rests on which does. What a verified claim supersedes is refuted in it, and so is what
    `superseded` names, where those claims themselves are not given; nothing of the shipped record is left out.
    """
    every = _counting(claims)
    refuted = {*superseded}
    if not every and not refuted:
        return shipped
    made: dict[Kind, dict[str, Fact]] = {kind: {} for kind in Kind}
    faults: list[Fault] = list(shipped.faults)
    known = shipped
    for kind in (Kind.SOURCE, Kind.PARTY, Kind.TRANSFER, Kind.STATEMENT):
        for one in every:
            if one.kind is kind and (fact := _read(one, known, faults)):
                made[kind][one.key] = fact
        known = _with(known, made[kind])
    statements, transfers = dict(known.statements), dict(known.transfers)
    refuted |= {
        key for one in every if one.state is State.VERIFIED for key in one.links.get(Tie.SUPERSEDES, ())
    }
    for old in refuted:
        if old in statements:
            statements[old] = replace(statements[old], state=State.REFUTED)
        elif old in transfers:
            transfers[old] = replace(transfers[old], state=State.REFUTED)
    by_date = sorted(transfers.items(), key=lambda item: (item[1].date.sort_key, item[0]))
    return replace(
        known,
        statements=statements,
        transfers=dict(by_date),
        faults=tuple(faults),
        ties={one.key: one.links for one in every if any(one.links.values())},
    )


def _counting(claims: Iterable[Claim]) -> list[Claim]:
    given = list(claims)
    cited = {key for one in given if one.counts for key in _cited(one)}
    return [one for one in given if one.counts or (one.kind is Kind.SOURCE and one.key in cited)]


def _cited(one: Claim) -> list[object]:
    keys = one.fact.get("sources", [])
    return list(keys) if isinstance(keys, list | tuple) else []


def _read(one: Claim, record: Record, faults: list[Fault]) -> Fact | None:
    found = read_fact(one.kind, one.fact, key=one.key, state=one.state, record=record, faults=faults)
    if isinstance(found, Source) and one.told_at:
        return replace(found, taken_in=date.fromisoformat(one.told_at[:10]))
    return found


def _with(record: Record, new: Mapping[str, Fact]) -> Record:
    """Return the record with these facts beside its own, all of one sort."""
    if not new:
        return record
    return replace(
        record,
        sources={**record.sources, **{key: one for key, one in new.items() if isinstance(one, Source)}},
        parties={**record.parties, **{key: one for key, one in new.items() if isinstance(one, Party)}},
        transfers={**record.transfers, **{key: one for key, one in new.items() if isinstance(one, Transfer)}},
        statements={
            **record.statements,
            **{key: one for key, one in new.items() if isinstance(one, Statement)},
        },
    )
