"""What does it do to join samples or to rename one: combine, renumber, homogenise, and to grind or polish one?"""

from __future__ import annotations

from aliquot import acts, fault
from aliquot.fault import Fault
from aliquot.handling import closing, taking
from aliquot.handling.closing import Closing
from aliquot.handling.known import Known, Made, Part, Plan
from aliquot.handling.reading import Told
from aliquot.ledger import ATTRITION, Posting

_NOT_HERE = ("origin:", "given:", "spent:", "drift:")


def wear(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan an act in which a sample stays what it is and may lose a little: homogenise, polish."""
    number, loss_ng = told.text("sample"), told.mass_ng("loss") or 0
    if not loss_ng:
        return Plan(parts=(Part(number, "handled"),))
    here = taking.find(known, number, told.text("source"), where="sample")
    if isinstance(here, Fault):
        return (here,)
    sums = Closing(here.book_ng, loss_ng, None, ())
    faults = (*closing.check(sums, reason="", where="loss"), *taking.promised(here, loss_ng, where="loss"))
    return faults or Plan(
        (taking.used_up(number, here.holder, ATTRITION, loss_ng),),
        parts=(Part(number, "handled", loss_ng),),
    )


def combine(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan the making of one sample from several."""
    faults: list[Fault] = []
    parts: list[Posting] = []
    for row in told.rows("parts"):
        where = f"parts[{row.row}]"
        here = taking.find(known, row.text("sample"), row.text("source"),
                           where=f"{where}.sample", at=f"{where}.source")  # fmt: skip
        if isinstance(here, Fault):
            faults.append(here)
            continue
        ng = row.mass_ng("mass")
        ng = here.book_ng if ng is None else ng
        sums = Closing(here.book_ng, ng, None, ())
        faults += closing.check(sums, reason="", where=f"{where}.mass")
        faults += taking.promised(here, ng, where=f"{where}.mass")
        parts.append(Posting(here.piece.number, here.holder, ng))
    faults += _fit(told, parts)
    return tuple(faults) or _combined(told, known, parts)


def _fit(told: Told, parts: list[Posting]) -> list[Fault]:
    faults = []
    named = [row.text("sample") for row in told.rows("parts")]
    if len(set(named)) < 2:
        faults.append(fault.of("parts", "fewer than two samples are combined", "name all that go in"))
    for row in told.rows("parts"):
        if named.count(row.text("sample")) > 1 and not row.text("source"):
            faults.append(fault.of(f"parts[{row.row}].sample", "“{name}” stands here twice", "name it once",
                                   name=row.text("sample")))  # fmt: skip
        if row.mass_ng("mass") == 0:
            faults.append(
                fault.of(f"parts[{row.row}].mass", "a part of no mass is none", "leave the row out")
            )
    if parts and (told.mass_ng("loss") or 0) >= sum(part.mass_ng for part in parts):
        faults.append(fault.of("loss", "nothing would be left of the whole", "check the mass that was lost"))
    return faults


def _combined(told: Told, known: Known, parts: list[Posting]) -> Plan:
    whole, loss_ng = told.text("number"), told.mass_ng("loss") or 0
    target = taking.target(told, "target", known, parts[0].holder)
    names = tuple(dict.fromkeys(part.sample for part in parts))
    pieces = [known.pieces[name] for name in names]
    forms = {piece.form for piece in pieces}
    form = told.text("form") or (forms.pop() if len(forms) == 1 else "powder")
    return Plan(
        (lambda stamp: acts.combine(stamp, whole, parts=parts, attrition_ng=loss_ng, target=target),),
        made=(Made(whole, names[0], form=form, condition=_worst(tuple(p.condition for p in pieces))),),
        parts=(*(Part(name, "parent", sum(p.mass_ng for p in parts if p.sample == name)) for name in names),
               Part(whole, "daughter", sum(part.mass_ng for part in parts) - loss_ng)),
        heirs=((whole, names),),
    )  # fmt: skip


def _worst(conditions: tuple[str, ...]) -> str:
    """Return the condition of what is made of parts in these: the furthest from pristine."""
    order = ("pristine", "", "air-exposed", "returned", "special")
    return max(conditions, key=order.index)


def renumber(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan a new number for a sample, wherever it is held now."""
    old, new = told.text("sample"), told.text("number")
    piece = known.pieces[old]
    held_ng = {key: ng for key, ng in piece.held_ng.items() if ng and not key.startswith(_NOT_HERE)}
    if not held_ng:
        return (fault.of("sample", "nothing of {sample} is left to renumber",
                         "note the other name on its page", sample=old),)  # fmt: skip
    if piece.promised_ng:
        return (fault.of("sample", "part of {sample} is promised under this number",
                         "release the promise first, and make it anew under the new number", sample=old),)  # fmt: skip
    return Plan(
        (lambda stamp: acts.renumber(stamp, old, new, holdings_ng=held_ng),),
        made=(Made(new, old, sd_ng=piece.sd_ng),),
        parts=(Part(old, "parent", sum(held_ng.values())), Part(new, "daughter", sum(held_ng.values()))),
        heirs=((new, (old,)),),
    )
