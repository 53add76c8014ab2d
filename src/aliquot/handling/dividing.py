"""What does an act that divides do: sieve, split, riffle, chip, saw, pick, section, mount?

Daughters are postings of one split; the parent keeps the rest. Fines that are kept are a daughter too, what is lost is
attrition. The last word on the entry have the ledger's invariants.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aliquot import acts, fault
from aliquot.fault import Fault
from aliquot.handling import closing, taking
from aliquot.handling.closing import Closing
from aliquot.handling.known import Change, Gear, Known, Made, Part, Plan, use_of
from aliquot.handling.reading import Told, Values
from aliquot.handling.table import COUNTED
from aliquot.handling.taking import Here
from aliquot.ledger import ATTRITION, Posting
from aliquot.weighings import combined_sd_ng

# What a daughter is where its form is not told; elsewhere it is what its parent is.
_FORM_OF: Final = {"chip": "fragment", "pick": "fragment", "section": "section"}


def divide(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan one of the acts that have rows of daughters."""
    number = told.text("parent")
    here = taking.find(known, number, told.text("source"), where="parent")
    faults = [*taking.classes_known(told, known, "cuts"), *_amounts(told), *_fines(told)]
    if isinstance(here, Fault):
        return (here, *faults)
    balance = taking.balance_of(told, known)
    sums = _sums(told, here, balance)
    faults += closing.check(sums, reason=told.text("reason"), where="parent")
    faults += taking.promised(here, sums.taken_ng, where="parent")
    return tuple(faults) or _divided(told, known, here, balance, sums)


def _amounts(told: Told) -> Iterator[Fault]:
    for row in told.rows("cuts"):
        if row.mass_ng("mass") == 0:
            yield fault.of(f"cuts[{row.row}].mass", "a daughter of no mass is none", "leave the row out")


def _fines(told: Told) -> Iterator[Fault]:
    """Fines that are kept have a number and a mass; those that are not kept are a loss."""
    number, fines_ng = told.text("fines_number"), told.mass_ng("fines")
    if number and not fines_ng:
        yield fault.of("fines", "{sample} has no mass", "tell what the fines weigh", sample=number)
    if fines_ng and not number:
        yield fault.of(
            "fines_number",
            "fines that are kept have no number",
            "give them a number of their own, or tell their mass as lost in handling",
        )
    if number and number in (row.text("number") for row in told.rows("cuts")):
        yield fault.of("fines_number", "the number {sample} stands here twice",
                       "give each daughter a number of its own", sample=number)  # fmt: skip


def _sums(told: Told, here: Here, balance: Gear | None) -> Closing:
    """Return the masses that must add up; a deviation that nobody stated counts as none."""
    rows = told.rows("cuts")
    cuts_ng = sum(row.mass_ng("mass") or 0 for row in rows)
    sds = [here.piece.sd_ng, *(taking.sd_of(row, "sd", balance) for row in rows)]
    own = balance.sd_ng if balance else None
    sds += [own for name in ("fines", "loss") if told.mass_ng(name)]
    left_ng = told.mass_ng("left")
    if left_ng is not None:
        sds.append(taking.sd_of(told, "left_sd", balance) if left_ng else None)
    taken_ng = cuts_ng + (told.mass_ng("fines") or 0) + (told.mass_ng("loss") or 0)
    return Closing(here.book_ng, taken_ng, left_ng, tuple(sd for sd in sds if sd))


def _divided(told: Told, known: Known, here: Here, balance: Gear | None, sums: Closing) -> Plan:
    rows, number, loss_ng = told.rows("cuts"), here.piece.number, told.mass_ng("loss") or 0
    made = [_daughter(told, row, here, balance) for row in rows]
    cuts = [
        Posting(row.text("number"), taking.target(row, "container", known, here.holder), row.mass_ng("mass") or 0)
        for row in rows
    ]  # fmt: skip
    fines_ng = told.mass_ng("fines") or 0
    if fines_ng:
        fines = told.text("fines_number")
        made.append(Made(fines, number, form="powder", sd_ng=balance.sd_ng if balance else None))
        cuts.append(Posting(fines, here.holder, fines_ng))
    uses = [use for row in rows for use in use_of(row.text("number"), row.text("use_class"), known.policy)]
    written = taking.adjusting(number, here.holder, sums.drift_ng)
    counted = [one.number for one in made if one.form in COUNTED]
    seen = [
        weighed
        for one, cut in zip(made, cuts, strict=True)
        if one.number not in counted
        for weighed in taking.seen(one.number, cut.mass_ng, one.sd_ng, cut.mass_ng, balance)
    ]
    left_ng = told.mass_ng("left")
    if left_ng is not None:
        left_sd = taking.sd_of(told, "left_sd", balance)
        seen += taking.seen(number, left_ng, left_sd, here.book_ng + sums.drift_ng - sums.taken_ng, balance)
    return Plan(
        writes=(*written, lambda stamp: acts.split(
            stamp, number, cuts=cuts, attrition_ng=loss_ng, source=here.holder, uses=uses)),
        made=tuple(made),
        parts=(Part(number, "parent", sums.taken_ng),
               *(Part(cut.sample, "daughter", cut.mass_ng) for cut in cuts)),
        weighed=tuple(seen),
        changes=_left(told, here, balance, sums),
        heirs=tuple((one.number, (number,)) for one in made),
    )  # fmt: skip


def _daughter(told: Told, row: Values, here: Here, balance: Gear | None) -> Made:
    form = row.text("form") or _FORM_OF.get(told.kind) or here.piece.form
    return Made(
        row.text("number"),
        here.piece.number,
        material=row.text("material"),
        form=form,
        sd_ng=taking.sd_of(row, "sd", balance),
    )


def _left(told: Told, here: Here, balance: Gear | None, sums: Closing) -> tuple[Change, ...]:
    """Return how sure the parent's mass is afterwards: as sure as the balance, or as all that went into it."""
    if told.mass_ng("left"):
        sd_ng = taking.sd_of(told, "left_sd", balance)
    else:
        sd_ng = combined_sd_ng(*sums.sds_ng) if here.piece.sd_ng is not None else None
    return (Change(here.piece.number, sd_ng=sd_ng),) if sd_ng is not None else ()


def mount(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan the mounting of a sample, or of a part of it under a number of its own."""
    number, new = told.text("sample"), told.text("number")
    here = taking.find(known, number, told.text("source"), where="sample")
    if isinstance(here, Fault):
        return (here,)
    loss_ng, into_ng = told.mass_ng("loss") or 0, told.mass_ng("mass")
    if not new:
        if into_ng is not None and into_ng + loss_ng < here.book_ng:
            return (fault.of("number", "part of {sample} is mounted, and the mount has no number",
                             "give the mount a number of its own", sample=number),)  # fmt: skip
        lost = (taking.used_up(number, here.holder, ATTRITION, loss_ng),) if loss_ng else ()
        return Plan(lost, parts=(Part(number, "handled", here.book_ng - loss_ng),),
                    changes=(Change(number, form="mount"),))  # fmt: skip
    into_ng = here.book_ng - loss_ng if into_ng is None else into_ng
    if into_ng <= 0:
        return (fault.of("mass", "a mount of no mass is none", "tell the mass that goes in"),)
    sums = Closing(here.book_ng, into_ng + loss_ng, None, ())
    faults = (
        *closing.check(sums, reason="", where="mass"),
        *taking.promised(here, sums.taken_ng, where="mass"),
    )
    if faults:
        return faults
    cut = Posting(new, here.holder, into_ng)
    return Plan(
        (lambda stamp: acts.split(stamp, number, cuts=[cut], attrition_ng=loss_ng, source=here.holder),),
        made=(Made(new, number, form="mount", sd_ng=here.piece.sd_ng),),
        parts=(Part(number, "parent", sums.taken_ng), Part(new, "daughter", into_ng)),
        heirs=((new, (number,)),),
    )  # fmt: skip


def sums(told: Told, known: Known) -> Closing | None:
    """Return how far a division adds up that is still being typed; nothing while a name in it is not known."""
    named = (
        (told.text("parent"), known.pieces),
        (told.text("source"), known.spots),
        (told.text("balance"), known.instruments),
    )
    if any(name and name not in there for name, there in named) or not told.text("parent"):
        return None
    here = taking.find(known, told.text("parent"), told.text("source"), where="parent")
    return None if isinstance(here, Fault) else _sums(told, here, taking.balance_of(told, known))
