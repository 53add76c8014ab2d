"""What does an act at the bench do, and may it be done? From what was told and what is known, to a plan or every fault.

Three questions in order: do the names exist (`check_names`), may this be done to these samples at all (`check_samples`),
does it add up (the planner of each kind). Whether the entry may stand is for the ledger's invariants to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from aliquot import fault
from aliquot.fault import Fault
from aliquot.handling import dividing, examining, joining, keeping
from aliquot.handling.known import Gear, Known, Plan
from aliquot.handling.reading import Mention, Told, mentions
from aliquot.handling.table import COUNTED, KINDS, Type
from aliquot.ledger import root_of

_DOCUMENT: Final = re.compile(r"[a-z][a-z-]*:[^\s]+")
# What others decided on when they approved an act, besides its samples: by type, and by name.
_DECIDED_TYPES: Final = frozenset({Type.CHOICE, Type.HOLDER})
_DECIDED: Final = frozenset({"entry", "lines", "dose", "beam", "amount", "authority"})

_PLANNERS: Final[dict[str, Callable[[Told, Known], Plan | tuple[Fault, ...]]]] = {
    **dict.fromkeys(("sieve", "split", "riffle", "chip", "saw", "pick", "section"), dividing.divide),
    **dict.fromkeys(("unseal", "pot", "expose", "image", "scan", "spectrum"), examining.look),
    **dict.fromkeys(("polish", "homogenise"), joining.wear),
    "receive": keeping.receive,
    "mount": dividing.mount,
    "combine": joining.combine,
    "renumber": joining.renumber,
    "weigh": examining.weigh,
    "adjust": keeping.adjust,
    "move": keeping.move,
    "clean": examining.clean,
    "lose": keeping.lose,
    "find": keeping.find,
    "destroy": keeping.destroy,
    "correct": keeping.correct,
}


def plan(told: Told, known: Known, *, approved: bool = False) -> Plan | tuple[Fault, ...]:
    """Return what the act does, or every fault of it. `approved`: the approvals that a sealed sample wants are there.

    The names must have been checked.
    """
    faults = [*check_moment(told, known), *check_samples(told, known)]
    if not approved:
        faults += check_sealed(told, known)
    planned = _PLANNERS[told.kind](told, known)
    if isinstance(planned, Plan):
        return tuple(faults) or planned
    return (*faults, *planned)


def check_names(told: Told, known: Known) -> Iterator[Fault]:
    """Yield a fault for each name that stands for nothing, or for something that is not used any more."""
    for one in mentions(told):
        yield from _NAME_CHECKS[one.type](one, known)
    if told.text("second") == known.by:
        yield fault.of("second", "the second person is the one who acts", "name somebody else")


def _no_sample(one: Mention, known: Known) -> Iterator[Fault]:
    if one.name not in known.pieces:
        yield fault.of(one.where, "there is no sample {sample} in the catalogue",
                       "check the number, or receive the sample first", sample=one.name)  # fmt: skip


def _taken(one: Mention, known: Known) -> Iterator[Fault]:
    if one.name in known.pieces:
        yield fault.of(one.where, "the number {sample} is taken", "give the new sample a number of its own",
                       sample=one.name)  # fmt: skip


def _no_place(one: Mention, known: Known) -> Iterator[Fault]:
    spot = known.spots.get(one.name)
    if spot is None:
        yield fault.of(one.where, "there is no place “{name}”", "check its label, or set the place up first",
                       name=one.name)  # fmt: skip
    elif spot.closed and one.where != "source":
        yield fault.of(one.where, "the place “{name}” is closed", "choose another, or open it again", name=one.name)  # fmt: skip


def _no_holder(one: Mention, known: Known) -> Iterator[Fault]:
    """Where mass comes from or ends may be named as one likes; who has it must be known."""
    if root_of(one.name) in ("place", "transit", "loan", "given") and one.name not in known.holders:
        yield fault.of(one.where, "nobody and nothing is known as “{holder}”", "check the key in the ledger",
                       holder=one.name)  # fmt: skip


def _no_person(one: Mention, known: Known) -> Iterator[Fault]:
    if one.name not in known.people:
        yield fault.of(one.where, "“{name}” is nobody who works here", "name a person who has an account", name=one.name)  # fmt: skip


def _no_gear(one: Mention, found: Mapping[str, Gear]) -> Iterator[Fault]:
    gear = found.get(one.name)
    if gear is None:
        yield fault.of(one.where, "“{name}” is not in the list of tools and instruments",
                       "check what is engraved on it, or enter it first", name=one.name)  # fmt: skip
    elif gear.retired:
        yield fault.of(one.where, "“{name}” is out of use", "take another", name=one.name)


_NAME_CHECKS: Final[dict[Type, Callable[[Mention, Known], Iterator[Fault]]]] = {
    Type.SAMPLE: _no_sample,
    Type.SAMPLES: _no_sample,
    Type.NEW: _taken,
    Type.PLACE: _no_place,
    Type.HOLDER: _no_holder,
    Type.PERSON: _no_person,
    Type.TOOLS: lambda one, known: _no_gear(one, known.tools),
    Type.INSTRUMENT: lambda one, known: _no_gear(one, known.instruments),
}


def check_moment(told: Told, known: Known) -> Iterator[Fault]:
    """What is recorded has happened, and what is cited for ever is a key and no text."""
    if told.text("at") > known.at:
        yield fault.of("at", "this is in the future", "record an act when it is done")
    if told.text("basis") and not _DOCUMENT.fullmatch(told.text("basis")):
        yield fault.of("basis", "“{text}” is not the key of a document", "write it as allocation:2026-1/17; it stands "
                       "in the ledger for ever, so it names nobody", text=told.text("basis")[:60])  # fmt: skip


def check_samples(told: Told, known: Known) -> Iterator[Fault]:
    """What is counted is not weighed or divided as if it were loose; tools are of a material that may touch it."""
    act = KINDS[told.kind]
    for one in existing(told):
        if not act.counted and known.pieces[one.name].form in COUNTED:
            yield fault.of(one.where, "{sample} is counted, not weighed: this is not done to a mount or a section",
                           "polish it, or cut a section of it", sample=one.name)  # fmt: skip
    rules = [known.spots[told.text(name)].materials for name in ("place", "source") if told.text(name)]
    rules = [rule for rule in rules if rule]
    for i, name in enumerate(told.names("tools")):
        if told.kind != "clean" and any(known.tools[name].kind not in rule for rule in rules):
            yield fault.of(f"tools[{i}]", "{tool} is of {material}, which may not touch what is kept there",
                           "take a tool of: {allowed}", tool=name, material=known.tools[name].kind,
                           allowed=", ".join(sorted(frozenset.intersection(*rules))) or "–")  # fmt: skip


def check_sealed(told: Told, known: Known) -> Iterator[Fault]:
    """An act that touches a sealed sample wants approvals first."""
    for one in sealed(told, known) if known.policy.sealed_approvals else ():
        yield fault.of(
            one.where,
            "{sample} is sealed: {needed} people must approve this before it is done",
            "propose the act; it can be carried out once they have approved it",
            sample=one.name,
            needed=known.policy.sealed_approvals,
        )


def sealed(told: Told, known: Known) -> Iterator[Mention]:
    """Yield the sealed samples that the act would open, divide, change or expose. Weighing, moving, counting are free.

    A correction is free as well, as long as it takes nothing of a sealed sample out of the store.
    """
    if told.kind == "correct":
        yield from (Mention("entry", Type.SAMPLE, number) for number in _taken_out(told, known))
    elif KINDS[told.kind].touches or told.text("beam") or told.text("dose"):
        yield from (one for one in existing(told) if known.pieces[one.name].sealed)


def _taken_out(told: Told, known: Known) -> Iterator[str]:
    """Yield the sealed samples of which a correction would leave less in the store, on the way, or missing."""
    if known.entry is None:
        return
    rest_ng: dict[str, int] = {}
    for posting in keeping.correcting(told, known.entry):
        if root_of(posting.holder) in ("place", "transit", "missing"):
            rest_ng[posting.sample] = rest_ng.get(posting.sample, 0) + posting.mass_ng
    yield from (number for number, ng in rest_ng.items() if ng < 0 and known.pieces[number].sealed)


def existing(told: Told) -> Iterator[Mention]:
    """Yield the samples that there are and that the act is done to."""
    yield from (one for one in mentions(told) if one.type in (Type.SAMPLE, Type.SAMPLES))


def is_same(was: Told, now: Told) -> bool:
    """Say whether what is told now is what was decided on: the same samples, words and doses, and no other class of use.

    Masses, numbers of daughters, tools and remarks may differ: nobody knows them before.
    """
    if was.kind != now.kind or not _classes(now) <= _classes(was):
        return False
    names = [field.name for field in KINDS[was.kind].fields
             if field.type in _DECIDED_TYPES or field.name in _DECIDED]  # fmt: skip
    samples = ({one.name for one in existing(was)}, {one.name for one in existing(now)})
    return samples[0] == samples[1] and all(was.of.get(name) == now.of.get(name) for name in names)


def _classes(told: Told) -> set[str]:
    return {row.text("use_class") for row in told.rows("cuts")}


def taken_ng(told: Told) -> int | None:
    """Return the mass that an act takes by what was told of it, or None where it takes all or none."""
    own = [told.mass_ng(name) for name in ("mass", "fines", "loss") if name in told.of]
    rows = [row.mass_ng("mass") for name in ("cuts", "parts") if name in told.of for row in told.rows(name)]
    found = [ng for ng in (*own, *rows) if ng is not None]
    return sum(found) if found else None
